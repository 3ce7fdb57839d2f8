"""The tests that authors write for a flow are checked like its steps."""

from __future__ import annotations

import pytest

from blockwright.language import program as p
from blockwright.language.cases import checked as c
from tests.language.checking import findings, only, program

FLOW = """\
flow: a
inputs: {name: text, times: {type: number, default: 1}, colour: {type: text, choices: [red, green], default: red}}
steps:
  - ask: {question: '${name} ${times} ${colour}'}
    save as: answer
  - return: = answer
tests:
  - «it»: works
    given: GIVEN
    with: WITH
    expect: EXPECT
"""


def case(*, given: str = "{}", with_: str = "{name: b}", expect: str = "{returns: b}") -> str:
    marked = FLOW.replace("GIVEN", given).replace("WITH", with_).replace("EXPECT", expect)
    return marked if "»" not in given + with_ + expect else marked.replace("«it»", "it")


def unmarked(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@pytest.mark.parametrize(
    ("with_", "message", "mend"),
    [
        ("{times: 2}", "this test gives no value for `name`", "add to its `with:` a line `name: …`"),
        ("{}", "this test gives no value for `name`", "add to its `with:` a line `name: …`"),
        ("{«nam»: b}", "the flow has no input called `nam`", "did you mean `name`?"),
        (
            "{name: b, «taste»: red}",
            "the flow has no input called `taste`",
            "it has `name`, `times`, `colour`",
        ),
        ("{name: b, times: «often»}", "`times` must be a number, not the text “often”", None),
        ("{name: b, colour: «gren»}", "`colour` cannot be “gren”", "did you mean `green`?"),
        ("{name: = «name»}", "there is no name `name` here", None),
        ("{name: = «1 + 2»}", "`name` must be a text, and this is a number", None),
    ],
)
def test_inputs_of_a_test(with_: str, message: str, mend: str | None) -> None:
    found = only(case(with_=with_))

    assert found.message == message
    assert mend is None or found.mend == mend


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("{fails: «[1]»}", "`fails` is written with keys of its own"),
        ("{fails: {code: 3102, «blok»: 1}}", "`blok` does not belong to `fails`"),
        ("{fails: «3103»}", "the flow cannot fail with 3103"),
        ("{fails: {code: «not nov»}}", "the flow cannot fail with not nov"),
        ("{fails: «unavailable»}", "the flow cannot fail with unavailable"),
        ("{fails: «cancelled»}", "the flow cannot fail with cancelled"),
        ("{returns: «1»}", "the flow returns text, and this is a number"),
        ("{returns: «null»}", "the flow returns text, and this is nothing"),
        ("{returns: «[b]»}", "the flow returns text, and this is a list of text"),
        ("{returns: '= «{a: 1 + 1}»'}", "the flow returns text, and this is an object"),
        ("{fails: {code: 3102, message: «[a]»}}", "`message` must be a text, and this is a list of text"),
        ("{log: «b»}", "`log` must be a list of text, not the text “b”"),
        ("{log has: «b»}", "`log has` must be a list of text, not the text “b”"),
        ("{emails to: [«[1]»]}", "an item of `emails to` must be a text, and this is a list of number"),
        ("{emails to: «a@b.c»}", "`emails to` must be a list of text, not the text “a@b.c”"),
        ("{emails to: {a@b.c: «{d: e}»}}", "`a@b.c` must be a text, and this is an object"),
        ("{calls: «ask»}", "calls are written as a list"),
        ("{calls: [«{ask: {}, tell: {}}»]}", "a call is a block with its inputs behind it"),
        ("{calls: [«aks»]}", "there is no block called `aks`"),
        ("{calls: [ask: {«questoin»: a}]}", "`ask` has no input called `questoin`"),
        ("{calls: [add up: {numbers: «1»}]}", "`numbers` must be a list of number, not the text “1”"),
        ("{calls: [paint: {colour: «rde»}]}", "`colour` cannot be “rde”"),
        ("{calls: [paint: {coats: «1.5»}]}", "`coats` must be a whole number"),
        ("{never calls: [«aks»]}", "there is no block called `aks`"),
        ("{time passed: «soon»}", "`time passed` must be a days and time duration, not the text “soon”"),
        ("{users: «{email: a}»}", "`users` must be a list of object"),
        ("{«returns»: b, fails: 3102}", "a flow that fails returns nothing"),
    ],
)
def test_what_a_test_expects(expect: str, message: str) -> None:
    assert only(case(expect=expect)).message == message


@pytest.mark.parametrize(
    "expect",
    [
        "{}",
        "{returns: '1'}",
        "{returns: '= \"a\" + string(1 + 1)'}",
        "{fails: 3102}",
        "{fails: not now}",
        "{fails: {code: bad value, message: m, details: {a: 1}}}",
        "{fails: unexpected}",
        "{fails: timed out}",
        "{fails: too many log lines}",
        "{log: [a], emails to: [b@c.d]}",
        "{log has: [1]}",
        "{emails to: {b@c.d: welcome, e@f.g: [hello, goodbye]}}",
        "{calls: [ask, ask: {question: b}, do it], never calls: [tell]}",
        "{time passed: 3 days}",
        "{time passed: '= duration(\"PT3S\")'}",
        "{users: [{email: a@b.c, roles: [staff]}]}",
    ],
)
def test_what_a_test_may_expect(expect: str) -> None:
    assert findings(unmarked(case(expect=expect))) == ()


def test_a_test_says_what_it_tests() -> None:
    assert only(case().replace("«it»: works", "it: «' '»")).message == "this test does not say what it tests"


def test_two_tests_that_say_the_same_are_pointed_out() -> None:
    twice = unmarked(case()) + "  - it: «' works'»\n    with: {name: b}\n    expect: {}\n"

    assert (only(twice).message, only(twice).severity) == ("another test of the flow says the same", "warning")


def test_what_a_test_says_is_one_line() -> None:
    text = unmarked(case()).replace("it: works", "it: |\n      works\n      well")

    assert [each.sentence for each in program(text).cases] == ["works well"]


RETURNING = """\
flow: a
PROMISE
steps:
  - STEPS
tests: [{it: works, expect: {returns: EXPECTED}}]
"""


def returning(steps: str, expected: str, promise: str = "about: it") -> str:
    return RETURNING.replace("STEPS", steps).replace("EXPECTED", expected).replace("PROMISE", promise)


@pytest.mark.parametrize(
    ("steps", "expected", "message"),
    [
        ("log: a", "«sent»", "the flow returns nothing, and this is text"),
        ("if: = now() > now()\n    then: [return: 1]", "«'1'»", "the flow returns a number, and this is text"),
        ("return: {a: 1}", "«{a: '1'}»", "the flow returns an object, and never one like this"),
        ("return: {a: 1}", "«{b: 1}»", "the flow returns an object, and never one like this"),
    ],
)
def test_what_a_test_expects_is_held_against_what_the_steps_return(steps: str, expected: str, message: str) -> None:
    found = only(returning(steps, expected))

    assert (found.message, found.rule) == (message, "types")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("log: a", "null"),
        ("if: = now() > now()\n    then: [return: 1]", "null"),
        ("if: = now() > now()\n    then: [return: 1]\n  - return: a", "2"),
        ("look up: {identity: a}\n    save as: b\n  - return: = b", "{name: a, age: 1, friends: []}"),
        ("do it:\n    save as: b\n  - return: = b.c", "2"),
        ("return: []", "[1, a]"),
        ("try: [return: a]\n    always: [log: b]", "c"),
        ("another flow:\n    save as: b\n  - return: = b", "2"),
    ],
)
def test_what_the_steps_may_return_is_no_finding(steps: str, expected: str) -> None:
    found = [each.message for each in findings(returning(steps, expected)) if each.rule == "types"]

    assert found == []


def test_what_a_test_expects_is_read_by_the_type_that_the_flow_promises() -> None:
    promising = program(returning("return: 0123", "0123", "returns: text"))

    (expected,) = promising.cases[0].expected
    assert isinstance(expected, c.Returns)
    assert isinstance(expected.value, p.Constant)
    assert expected.value.value == "0123"


def test_what_a_test_expects_is_held_against_what_the_flow_promises() -> None:
    assert only(returning("return: a", "«[a]»", "returns: text or number")).message == (
        "`returns` must be a number or a text, and this is a list of text"
    )


def test_a_bare_number_where_the_flow_returns_text_is_mended_by_quotes() -> None:
    assert only(returning("return: '123'", "«123»")).mend == "in quotes it is a text: '123'"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{users: «{a: b}»}", "`users` must be a list of object"),
        ("{users: «[a]»}", "`users` must be a list of object"),
        ("{users: [{created: «soon»}]}", "`created` must be a date or a date and time, not the text “soon”"),
        ("{settings: «a»}", "`settings` must be an object, not the text “a”"),
        ("{settings: «[a]»}", "`settings` must be an object, and this is a list of text"),
        ("{roles: {staff: «a@b.c»}}", "`staff` must be a list of text, not the text “a@b.c”"),
        ("{clock: «noon»}", "`clock` must be a date or a date and time, not the text “noon”"),
        ("{blocks: {«aks»: {gives: a}}}", "there is no block called `aks`"),
        ("{blocks: {ask: «a»}}", "answers are written as a list"),
        ("{blocks: {ask: {«give»: a}}}", "`give` does not belong to an answer"),
        ("{blocks: {ask: {«when»: {question: a}}}}", "this does not say what `ask` answers"),
        ("{blocks: {ask: {«gives»: a, fails: 3102}}}", "a block that fails gives nothing"),
        ("{blocks: {ask: {gives: «[a]»}}}", "what `ask` gives must be a text, and this is a list of text"),
        ("{blocks: {ask: [{fails: 3102}, {fails: «3103»}]}}", "`ask` cannot fail with 3103"),
        ("{blocks: {ask: {when: {«qestion»: a}, gives: b}}}", "`ask` has no input called `qestion`"),
        (
            "{blocks: {ask: {gives: b, takes: «1 second»}}}",
            "`ask` does not wait for anything, so its answer takes no time",
        ),
    ],
)
def test_what_is_given_before_a_test(given: str, message: str) -> None:
    assert only(case(given=given)).message == message


def test_answers_of_a_block_that_gives_nothing_give_nothing() -> None:
    text = "flow: a\nsteps: [tell: {message: b}]\ntests:\n  - it: works\n    given: {blocks: GIVEN}\n    expect: {}\n"

    assert findings(text.replace("GIVEN", "{tell: {}}")) == ()
    assert findings(text.replace("GIVEN", "{tell: {gives: null}}")) == ()
    assert only(text.replace("GIVEN", "{tell: {gives: «b»}}")).message == "`tell` gives no value"


def test_answers_that_nobody_hears_are_pointed_out() -> None:
    found = only(case(given="{blocks: {«tell»: {}}}"))

    assert (found.severity, found.message) == ("warning", "the flow never calls `tell`, so nobody hears these answers")


def test_codes_are_not_looked_at_while_something_is_wrong_with_the_steps() -> None:
    text = unmarked(case(expect="{fails: 3104}")).replace("- ask:", "- aks:")

    assert [found.rule for found in findings(text)] == ["unknown-block"]


def test_a_checked_flow_knows_its_tests() -> None:
    first, second = program(unmarked(case()) + "  - it: works twice\n    with: {name: c}\n    expect: {}\n").cases

    assert (first.sentence, second.sentence) == ("works", "works twice")
    assert str(first.place) == "no-folder/flow.yaml:8:9"
    assert [type(each).__name__ for each in first.expected] == ["Returns"]
    assert second.expected == ()
