"""Every statement, modifier and form of a flow is read and modelled."""

from __future__ import annotations

from typing import TypeVar

import pytest

from blockwright.language import steps as s
from blockwright.language.document import Document, read_document
from blockwright.language.source import Source
from blockwright.language.steps import StepPart
from blockwright.language.writing import Formula, Plain, Template, Written, WrittenList, WrittenObject
from tests.language.checking import flow

Kind = TypeVar("Kind", bound=StepPart)


def read(text: str) -> Document:
    return read_document(Source("flow.yaml", text))


def step(text: str, kind: type[Kind]) -> Kind:
    """The one step that a text writes."""
    (found,) = read(flow(text)).steps
    assert type(found) is kind
    return found


def plain(value: Written | None) -> str:
    """What was typed, for a value without expressions; an expression begins with ``=``."""
    if isinstance(value, Formula):
        return f"= {value.text}"
    assert isinstance(value, Plain)
    return value.scalar.text


def names(steps: s.Steps) -> list[str]:
    return [type(each).__name__ for each in steps]


def test_a_flow_has_a_name_and_a_text_about_it() -> None:
    document = read("flow: greet a user\nabout: Says hello.\nsteps:\n  - do it\n")

    assert document.flow.text == "greet a user"
    assert document.about is not None
    assert document.about.text == "Says hello."


def test_an_input_is_a_type_alone_or_all_that_is_known_of_it() -> None:
    inputs = """\
name: text
colour:
  type: text, optional
  about: What to paint with.
  example: red
  default: green
  choices: [red, green]
"""
    short, long = read(flow("- do it", inputs)).inputs

    assert (short.name.text, short.type.text, short.about) == ("name", "text", None)
    assert (long.name.text, long.type.text) == ("colour", "text, optional")
    assert long.about is not None
    assert long.about.text == "What to paint with."
    assert (plain(long.example), plain(long.default)) == ("red", "green")
    assert [plain(choice) for choice in long.choices] == ["red", "green"]


def test_inputs_may_be_left_empty() -> None:
    assert read("flow: a\ninputs:\nsteps:\n  - do it\n").inputs == ()


def test_a_block_is_its_label_with_its_inputs_below() -> None:
    call = step("- ask:\n    question: how are you\n    tone: = tone\n  save as: the answer", s.Call)

    assert call.called.text == "ask"
    assert [(name.text, plain(value)) for name, value in call.inputs] == [
        ("question", "how are you"),
        ("tone", "= tone"),
    ]
    assert call.save_as is not None
    assert call.save_as.text == "the answer"


@pytest.mark.parametrize("text", ["- log out current user", "- log out current user:", "- log out current user: {}"])
def test_a_block_without_inputs_may_be_bare_text(text: str) -> None:
    call = step(text, s.Call)

    assert (call.called.text, call.inputs, call.save_as) == ("log out current user", (), None)


def test_every_step_may_carry_the_modifiers() -> None:
    call = step(
        """\
        - note: remember this
          ask: {question: a}
          save as: b
          skip: true
          time limit: 10 seconds
          retry: {more tries: 3, wait: 1 second, growing: 2, at most: 1 minute, only for: [rate limited]}
          if it fails: {3102: ignore}
        """,
        s.Call,
    )

    assert call.note is not None
    assert call.note.text == "remember this"
    assert call.skip is True
    assert plain(call.time_limit) == "10 seconds"
    assert call.retry is not None
    retry = call.retry
    times = [plain(each) for each in (retry.more_tries, retry.wait, retry.growing, retry.at_most)]
    assert times == ["3", "1 second", "2", "1 minute"]
    assert isinstance(retry.only_for, WrittenList)
    assert len(call.handlers) == 1


def test_a_step_stands_where_its_own_key_stands() -> None:
    call = step("- note: a\n  ask: {question: b}", s.Call)
    branch = step("- note: a\n  then: [do it]\n  if: = b", s.If)

    assert (call.span.line, branch.span.line) == (4, 5)


@pytest.mark.parametrize(("written", "meant"), [("true", True), ("yes", True), ("false", False), ("no", False)])
def test_skip_is_yes_or_no(written: str, meant: bool) -> None:
    assert step(f"- do it:\n  skip: {written}", s.Call).skip is meant


def test_handlers_are_for_one_code_for_several_or_for_anything_else() -> None:
    call = step(
        """\
        - ask: {question: a}
          if it fails:
            3102: ignore
            3103, not now , 3104:
              - do it
              - fail again
            anything else:
              - return: a
        """,
        s.Call,
    )

    first, several, others = call.handlers
    assert [code.text for code in first.codes] == ["3102"]
    assert first.steps == ()
    assert [(code.text, code.span.column) for code in several.codes] == [("3103", 7), ("not now", 13), ("3104", 23)]
    assert names(several.steps) == ["Call", "FailAgain"]
    assert others.codes == ()
    assert names(others.steps) == ["Return"]


def test_set_gives_values_to_variables() -> None:
    values = step("- set: {total: = total + 1, greeting: hello}", s.Set).values

    assert [(name.text, plain(value)) for name, value in values] == [("total", "= total + 1"), ("greeting", "hello")]


def test_if_has_branches() -> None:
    branch = step("- if: = a > 1\n  then: [do it]\n  else:\n    - do it\n    - do it", s.If)

    assert plain(branch.condition) == "= a > 1"
    assert (len(branch.then), len(branch.otherwise)) == (1, 2)


def test_choose_has_cases() -> None:
    choice = step(
        "- choose:\n    - when: = a\n      do: [do it]\n    - {when: = b, do: []}\n  otherwise: [do it, do it]",
        s.Choose,
    )

    assert [(plain(case.condition), len(case.do)) for case in choice.cases] == [("= a", 1), ("= b", 0)]
    assert len(choice.otherwise) == 2


def test_for_each_goes_through_a_list() -> None:
    loop = step("- for each: user\n  in: = users\n  do: [do it]", s.ForEach)

    assert (loop.name.text, plain(loop.items), len(loop.do)) == ("user", "= users", 1)
    assert (loop.at_once, loop.collect_as, loop.each_gives, loop.collect_failures_as) == (None, None, None, None)


def test_for_each_may_work_side_by_side_and_collect() -> None:
    loop = step(
        "- for each: user\n  in: = users\n  at once: 5\n  collect as: names\n  each gives: = user.name\n"
        "  collect failures as: not sent\n  do: [do it]",
        s.ForEach,
    )

    assert (plain(loop.at_once), plain(loop.each_gives)) == ("5", "= user.name")
    assert loop.collect_as is not None
    assert loop.collect_failures_as is not None
    assert (loop.collect_as.text, loop.collect_failures_as.text) == ("names", "not sent")


def test_count_goes_from_one_number_to_another() -> None:
    loop = step("- count: n\n  from: 1\n  to: = most\n  by: 2\n  do: [do it]", s.Count)

    assert (loop.name.text, plain(loop.start), plain(loop.stop), plain(loop.by)) == ("n", "1", "= most", "2")
    assert step("- count: n\n  from: 1\n  to: 2\n  do: []", s.Count).by is None


def test_loops_repeat_and_ask() -> None:
    assert plain(step("- repeat: = n\n  do: [do it]", s.Repeat).times) == "= n"
    assert plain(step("- while: = a\n  do: [do it]", s.While).condition) == "= a"
    assert plain(step("- until: = b\n  do: [do it]", s.Until).condition) == "= b"


@pytest.mark.parametrize(
    ("word", "kind"), [("stop loop", s.StopLoop), ("next round", s.NextRound), ("fail again", s.FailAgain)]
)
def test_a_word_alone_may_have_modifiers_beside_it(word: str, kind: type[StepPart]) -> None:
    assert names(read(flow(f"- {word}\n- {word}:")).steps) == [kind.__name__] * 2

    noted = step(f"- note: why\n  {word}:", kind)
    assert noted.note is not None
    assert (noted.note.text, noted.span.line) == ("why", 4)


def test_try_has_handlers_and_steps_that_always_run() -> None:
    tried = step("- try: [do it]\n  if it fails: {anything else: ignore}\n  always:\n    - do it\n    - do it", s.Try)

    assert (len(tried.steps), len(tried.handlers), len(tried.always)) == (1, 1, 2)


def test_together_has_branches() -> None:
    branches = step("- together:\n    - [do it]\n    - - do it\n      - do it", s.Together).branches

    assert [len(branch) for branch in branches] == [1, 2]


def test_wait_has_a_duration() -> None:
    assert plain(step("- wait: 5 seconds", s.Wait).duration) == "5 seconds"


def test_return_may_have_a_value() -> None:
    assert plain(step("- return: sent", s.Return).value) == "sent"
    assert plain(step("- return", s.Return).value) == ""


def test_fail_has_a_code_a_message_and_maybe_details() -> None:
    failure = step("- fail: {code: 3103, message: no, details: {who: = user}}", s.Fail).failure

    assert (plain(failure.code), plain(failure.message)) == ("3103", "no")
    assert isinstance(failure.details, WrittenObject)
    assert step("- fail: {code: a, message: b}", s.Fail).failure.details is None


def test_log_has_a_text() -> None:
    assert isinstance(step("- log: mailing ${user}", s.Log).text, Template)


def test_functions_have_inputs_and_steps_of_their_own() -> None:
    written = "greet:\n  about: x\n  inputs: {name: text}\n  steps: [do it]"
    (function,) = read(flow("- greet: {name: a}", functions=written)).functions

    assert function.name.text == "greet"
    assert function.about is not None
    assert [each.name.text for each in function.inputs] == ["name"]
    assert names(function.steps) == ["Call"]


def test_a_flow_carries_its_tests() -> None:
    document = read(
        """\
flow: a
steps: [do it]
tests:
  - it: mails a user
    given: {users: [{email: a}], settings: {emailConfirmationRequired: true}}
    with: {user identity: a}
    expect: {returns: sent, fails: 3102, log: [a], emails to: [b]}
"""
    )

    (test,) = document.tests
    assert test.it.text == "mails a user"
    assert [name.text for name, _ in test.inputs] == ["user identity"]
    assert test.given is not None
    assert isinstance(test.given.users, WrittenList)
    assert isinstance(test.given.settings, WrittenObject)
    assert test.expect.fails is not None
    assert (plain(test.expect.returns), plain(test.expect.fails.code)) == ("sent", "3102")
    assert isinstance(test.expect.log, WrittenList)
    assert isinstance(test.expect.emails_to, WrittenList)


def test_every_statement_is_read_by_its_own_model() -> None:
    assert {name: kind.label.strip("`") for name, kind in s.STATEMENTS.items()} == {name: name for name in s.STATEMENTS}


@pytest.mark.parametrize("key", ["wait", "retry", "time limit", "note"])
def test_words_of_the_language_are_free_as_names_of_inputs(key: str) -> None:
    call = step(f"- ask:\n    {key}: 1", s.Call)

    assert [name.text for name, _ in call.inputs] == [key]
