"""What is not written as a flow has to be is found, with the place, a sentence and a mend."""

from __future__ import annotations

import unicodedata

import pytest

from blockwright.language.diagnostics import Span
from tests.language.checking import all_of, findings, flow, only


def says(marked: str, message: str, mend: str | None) -> None:
    found = only(marked)

    assert (found.message, found.mend) == (message, mend)


EACH_STEP = "write each step on a line of its own, beginning with `- `"
CALL = "`- resend confirmation email: {user identity: = user}`"
NAME = "a name is words with single spaces: letters, digits, `-`, `_` and `'`, beginning with a letter"


@pytest.mark.parametrize(
    ("file", "what"),
    [("«-» log: a\n- log: b\n", "a list"), ("«h»ello there\n", "only text"), ("«[»flow, steps]\n", "a list")],
    ids=["a list", "text", "a list in brackets"],
)
def test_a_file_that_is_no_flow_at_all(file: str, what: str) -> None:
    says(
        file,
        f"this file is {what}, and a flow begins with `flow:` and its name",
        "flow: greet a user\nsteps:\n  - log: hello",
    )


def test_inputs_one_level_short() -> None:
    says(
        flow("- ask:\n  «question»: how are you"),
        "`question` stands beside `ask`, so it is no input of it",
        "indent it: inputs stand two blanks further in than `ask`",
    )


def test_two_blocks_in_one_step() -> None:
    says(
        flow("- ask: {question: a}\n  «tell»: {message: b}"),
        "`tell` stands in the same step as `ask`",
        "begin a step of its own: `- tell: …`",
    )


def test_a_block_beside_a_statement() -> None:
    says(
        flow("- log: a\n  «tell»: {message: b}"),
        "`tell` does not belong to `log`",
        "if it is a step of its own, begin it with a dash: `- tell: …`",
    )


def test_only_what_is_called_gives_something_to_save() -> None:
    says(
        flow("- set: {a: 1}\n  «save as»: b"),
        "`save as` does not belong to `set`",
        "only a block, a function or another flow gives something to save",
    )


def test_a_statement_in_other_letters() -> None:
    says(flow("- «If»: = a\n  then: [do it]"), "there is no statement `If`", "did you mean `if`?")
    says(flow("- «retrun»: hello"), "there is no statement `retrun`", "did you mean `return`?")


def test_a_misspelled_modifier_of_a_block() -> None:
    says(flow("- ask: {question: a}\n  «if it fail»: {}"), "no step knows `if it fail`", "did you mean `if it fails`?")


def test_a_misspelled_key_of_a_statement() -> None:
    says(flow("- if: = true\n  then: [do it]\n  «esle»: []"), "`esle` does not belong to `if`", "did you mean `else`?")


def test_a_step_without_a_block() -> None:
    says(flow("- «note: a»"), "this step has no block, only what belongs beside one", CALL)


def test_an_empty_step() -> None:
    says(
        "flow: a\nsteps:\n  - do it\n  -«»\n  - do it\n",
        "this step is empty",
        "write a block after the `- `, or take the line out",
    )


def test_a_list_as_a_step() -> None:
    says(flow("- «[do it]»"), "a step is a block with its inputs below, not a list", CALL)


def test_bare_text_for_inputs() -> None:
    says(
        flow("- ask: «how are you»"),
        "the inputs of `ask` are written with a name each",
        "`- ask:` and below it, two blanks further in, a line `name: value` for each input",
    )


def test_a_list_for_inputs() -> None:
    assert only(flow("- ask: «[a]»")).message == "the inputs of `ask` are written with a name each"


@pytest.mark.parametrize(
    "steps",
    [
        "- if: = true\n  then:«»",
        "- if: = true\n  then: [do it]\n  else:«»",
        "- choose: [{when: = true, do: [do it]}]\n  otherwise:«»",
        "- repeat: 3\n  do:«»",
        "- try: [do it]\n  if it fails: {anything else: ignore}\n  always:«»",
    ],
)
def test_a_key_for_steps_with_nothing_below_it(steps: str) -> None:
    says(flow(steps) + "# the end\n", "steps are missing here", EACH_STEP)


def test_steps_that_are_no_list() -> None:
    says(flow("- if: = true\n  then:\n    «log: a»"), "steps are written as a list", EACH_STEP)


def test_a_flow_without_steps() -> None:
    assert only("flow: a\nsteps:«»\nabout: b\n").message == "steps are missing here"
    assert only("flow: «a»\nsteps: []\n").message == "`a` has no steps"
    assert only("«flow»: a\n").message == "a flow needs `steps:`"


def test_a_flow_without_a_name() -> None:
    says("«steps»: [do it]\n", "a flow needs `flow:`", "write it like `flow: greet a user`, `steps: […]`")
    assert only("flow:«»\nsteps: [do it]\n").message == "a name is missing here"


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("- «if»: = true", "`if` needs `then:`"),
        ("- «for each»: a\n  do: [do it]", "`for each` needs `in:`"),
        ("- «for each»: a\n  in: []", "`for each` needs `do:`"),
        ("- «count»: a\n  to: 3\n  do: [do it]", "`count` needs `from:`"),
        ("- «count»: a\n  from: 3\n  do: [do it]", "`count` needs `to:`"),
        ("- «repeat»: 3", "`repeat` needs `do:`"),
        ("- «while»: = true", "`while` needs `do:`"),
        ("- «until»: = true", "`until` needs `do:`"),
        ("- choose: [{«when»: = true}]", "a case of `choose` needs `do:`"),
        ("- choose: [{«do»: []}]", "a case of `choose` needs `when:`"),
        ("- fail: {«code»: 3}", "`fail` needs `message:`"),
        ("- fail: {«message»: a}", "`fail` needs `code:`"),
        ("- do it:\n  retry: {«wait»: 1 second}", "`retry` needs `more tries:`"),
    ],
)
def test_a_key_that_is_missing(steps: str, message: str) -> None:
    assert only(flow(steps)).message == message


def test_all_missing_keys_of_a_step_are_named_at_once() -> None:
    found = findings(flow("- count: n"))

    assert [each.message for each in found] == [f"`count` needs `{key}:`" for key in ("from", "to", "do")]
    assert {each.span for each in found} == {Span(3, 5, 3, 10)}


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("- «set»", "`set` needs more than its name"),
        ("- «log»", "`log` needs more than its name"),
        ("- «fail»", "`fail` needs more than its name"),
        ("- «try»", "`try` needs more than its name"),
        ("- fail: «no»", "`fail` is written with keys of its own"),
        ("- set: «total»", "variables are written with a name each"),
        ("- set:«»\n- do it", "variables are missing here"),
        ("- choose: «{a: b}»", "cases are written as a list"),
        ("- together: «do it»", "branches are written as a list"),
        ("- do it:\n  retry: «3»", "`retry` is written with keys of its own"),
        ("- do it:\n  note: «[a]»", "this must be plain text"),
        ("- do it:\n  skip: «maybe»", "`maybe` is neither true nor false"),
        ("- do it:\n  save as: «[a]»", "this must be plain text"),
    ],
)
def test_the_wrong_kind_of_value(steps: str, message: str) -> None:
    assert only(flow(steps)).message == message


@pytest.mark.parametrize("word", ["stop loop", "next round", "fail again"])
def test_a_word_alone_takes_no_value(word: str) -> None:
    says(flow(f"- «{word}»: now"), f"`{word}` has nothing behind it", f"write `- {word}` alone")
    says(flow(f"- «{word}»: {{a: 1}}"), f"`{word}` has nothing behind it", f"write `- {word}` alone")


@pytest.mark.parametrize(
    ("handlers", "message"),
    [
        ("«ignore»", "handlers are written with a name each"),
        ("\n    «- do it»", "handlers are written with a name each"),
        ("«»\n  note: a", "handlers are missing here"),
        ("{3102: «skip»}", "a handler is a list of steps, or the word `ignore`"),
        ("\n    3102:«»\n  note: a", "a handler is a list of steps, or the word `ignore`"),
        ("{3102: «{return: a}»}", "steps are written as a list"),
        ("{«'3102,'»: ignore}", "a code is missing here"),
        ("{«',3102'»: ignore}", "a code is missing here"),
        ("{«'3102, anything else'»: ignore}", "`anything else` takes every code there is"),
    ],
)
def test_handlers_that_cannot_be_read(handlers: str, message: str) -> None:
    steps = f"- ask: {{question: a}}\n  if it fails: {handlers}".replace(": «»", ":«»")

    assert only(flow(steps)).message == message


@pytest.mark.parametrize("name", ["3 users", "a  b", "what?", "_a", "a,b", "$x", "-", "a.b", "ä" * 201])
def test_what_is_not_a_name(name: str) -> None:
    shown = name if len(name) < 40 else "ä" * 39 + "…"
    quoted = name if name[0].isalpha() else f'"{name}"'
    says(flow(f"- do it:\n  save as: «{quoted}»"), f"`{shown}` is not a name", NAME)


def test_a_name_whose_accents_are_saved_apart_looks_like_one_and_is_told_why_it_is_none() -> None:
    apart = unicodedata.normalize("NFD", "café")

    says(
        flow(f"- do it:\n  save as: «{apart}»"),
        f"`{apart}` is not a name",
        "its accents are saved apart from their letters, as some systems do (NFD): type it anew",
    )


@pytest.mark.parametrize("name", ["a", "user identity", "user's name", "größe", "a-b", "x_1", "用户 名", "a" * 200])
def test_what_is_a_name(name: str) -> None:
    assert all_of(flow(f"- do it:\n  save as: {name}\n- return: = {name}")) == []


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("«name»:", "the input `name` has no type"),
        ("name: «[text]»", "an input is written with keys of its own"),
        ("«name»: {about: a}", "an input needs `type:`"),
        ("name: {type: «[a]»}", "this must be plain text"),
        ("name: {type: text, choices: «a»}", "choices are written as a list"),
        ("«3»: text", "`3` is not a name"),
    ],
)
def test_inputs_that_cannot_be_read(inputs: str, message: str) -> None:
    assert only(flow("- do it", inputs)).message == message


def test_inputs_as_a_list() -> None:
    assert only("flow: a\ninputs: «[name]»\nsteps: [do it]\n").message == "inputs are written with a name each"


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("functions: «[a]»", "functions are written with a name each"),
        ("functions: {a: «b»}", "a function is written with keys of its own"),
        ("functions: {«a»: {inputs: {}}}", "a function needs `steps:`"),
        ("tests: «{a: b}»", "tests are written as a list"),
        ("tests: [{«it»: a}]", "a test needs `expect:`"),
        ("tests: [{«expect»: {}}]", "a test needs `it:`"),
        ("tests: [{it: a, with: «b», expect: {}}]", "inputs are written with a name each"),
        ("tests: [{it: a, given: «b», expect: {}}]", "`given` is written with keys of its own"),
        ("tests: [{it: a, expect: «b»}]", "`expect` is written with keys of its own"),
    ],
)
def test_the_rest_of_a_flow_that_cannot_be_read(rest: str, message: str) -> None:
    assert only(f"flow: a\nsteps: [do it]\n{rest}\n").message == message


def test_everything_is_found_in_one_go() -> None:
    messages = all_of(
        """\
flow: a
steps:
  - log: a
    «tell»: b
  - «if»: = true
  - stop loop
  - set: {«1»: 2}
  - fail: «oops»
«colour»: red
"""
    )

    assert len(messages) == 5


def test_what_yaml_finds_odd_is_said_beside_what_the_flow_gets_wrong() -> None:
    found = all_of("flow: a\nsteps:\n  - log: «one line\n      and another»\n  - «fail»\n")

    assert len(found) == 2


def test_an_unknown_key_of_many_letters_is_cut_short() -> None:
    found = only(f"flow: a\nsteps: [do it]\n«{'x' * 1000}»: b\n")

    assert found.message == f"`{'x' * 39}…` does not belong to a flow"
