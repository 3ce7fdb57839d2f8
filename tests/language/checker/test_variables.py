"""A variable is read where it can have been given a value, and nowhere else."""

from __future__ import annotations

import pytest

from tests.language.checking import all_of, findings, flow, only

TOO_EARLY = "`x` is read here before any step can have given it a value"


@pytest.mark.parametrize(
    "steps",
    [
        "- log: = «x»\n- set: {x: 1}",
        "- set: {x: = «x» + 1}",
        "- set: {y: = «x», x: 1}\n- log: = y",
        "- ask: {question: '${«x»}'}\n  save as: x",
        "- ask: {question: a}\n  save as: x\n  if it fails:\n    3102: [log: = «x»]",
        "- if: = «x» = 1\n  then: [set: {x: 1}]",
        "- if: = a\n  then: [set: {x: 1}]\n  else: [log: = «x»]",
        "- choose:\n    - {when: = a, do: [set: {x: 1}]}\n    - {when: = «x» > 1, do: [do it]}",
        "- choose:\n    - {when: = a, do: [set: {x: 1}]}\n  otherwise: [log: = «x»]",
        "- if: = a\n  then:\n    - set: {x: 1}\n    - return: = x\n- log: = «x»",
        "- if: = a\n  then:\n    - set: {x: 1}\n    - fail: {code: 1, message: '${x}'}\n- log: = «x»",
        "- for each: n\n  in: = [«x»]\n  do: [set: {x: = n}]",
        "- repeat: = «x»\n  do: [set: {x: 2}]",
        "- count: n\n  from: 1\n  to: = «x»\n  do: [set: {x: = n}]",
        "- try: [log: = «x»]\n  always: [set: {x: 1}]",
        "- try: [do it]\n  if it fails: {anything else: [log: = «x»]}\n  always: [set: {x: 1}]",
        "- try: [ask: {question: a}]\n  if it fails:\n    3102: [set: {x: 1}]\n    3104: [log: = «x»]",
        "- set: {a: {deep: [= «x»]}, x: 1}",
        "- log: = for n in [1] return n + «x»\n- set: {x: 1}",
    ],
)
def test_a_variable_is_read_too_early(steps: str) -> None:
    found = only(flow(steps, "a: yes or no"))

    assert (found.message, found.mend) == (TOO_EARLY, "set it in an earlier step: `- set: {x: …}`")


@pytest.mark.parametrize(
    "steps",
    [
        "- set: {x: 1}\n- log: = x",
        "- set: {x: 1, y: = x}\n- log: = y",
        "- set: {x: 1}\n- set: {x: = x + 1}",
        "- ask: {question: a}\n  save as: x\n- log: = x",
        "- if: = a\n  then: [set: {x: 1}]\n- log: = x",
        "- if: = a\n  then: [set: {x: 1}]\n  else: [set: {x: 2}]\n- log: = x",
        "- repeat: 3\n  do:\n    - if: = a\n      then: [log: = x]\n    - set: {x: 1}",
        "- while: = x != 3\n  do: [set: {x: 3}]",
        "- until: = x = 3\n  do: [set: {x: 3}]",
        "- for each: n\n  in: [1]\n  do: [set: {x: = n}]\n- log: = x",
        "- repeat: 3\n  do:\n    - set: {x: 1}\n    - stop loop\n- log: = x",
        "- repeat: 3\n  do:\n    - if: = a\n      then: [log: = x, next round]\n    - set: {x: 1}\n    - next round",
        "- while: true\n  do:\n    - try: [stop loop]\n      always: [set: {x: 1}]\n- log: = x",
        "- set: {x: 1}\n  if it fails: {}\n- log: = x",
        "- try:\n    - set: {x: 1}\n    - do it\n  if it fails: {anything else: [log: = x]}",
        "- repeat: 3\n  do:\n    - set: {x: 1}\n    - do it\n  if it fails: {anything else: [log: = x]}",
        "- set: {x: 1, y: = 1 / 0}\n  if it fails: {bad value: [log: = x]}\n- log: = y",
        "- try: [do it]\n  if it fails: {anything else: [set: {x: 1}]}\n- log: = x",
        "- try: [do it]\n  if it fails: {anything else: [set: {x: 1}]}\n  always: [log: = x]",
        "- try: [set: {x: 1}]\n  always: [log: = x]",
        "- try: [do it]\n  always: [set: {x: 1}]\n- log: = x",
        "- repeat: 2\n  do:\n    - ask: {question: a}\n      save as: x\n      if it fails: {3102: [log: = x]}",
        "- log: '= [{x: 1}][x = 1]'\n- set: {x: 1}",
        "- log: = for x in [1] return x\n- set: {x: 1}",
        "- log: '= {x: 1, y: x}.y'\n- set: {x: 1}",
        "- log: = some x in [1] satisfies x = 1\n- set: {x: 1}",
        "- log: = (function(x) x + 1)(2)\n- set: {x: 1}",
        "- set: {x: 1}\n  skip: true\n- set: {x: 2}",
    ],
)
def test_a_variable_is_read_where_it_may_have_been_set(steps: str) -> None:
    assert [each for each in findings(flow(steps, "a: yes or no")) if each.rule != "unused"] == []


def test_a_variable_may_be_called_like_a_function_that_gives_it_its_value() -> None:
    assert findings(flow("- set:\n    count: = count([1])\n- return: = count")) == ()


def test_only_skipped_steps_set_it() -> None:
    found = only(flow("- set: {x: 1}\n  skip: true\n- return: = «x»"))

    assert found.message == "there is no name `x` here"


def test_inputs_always_have_their_value() -> None:
    assert findings(flow("- log: = x\n- set: {x: = x + 1}\n- return: = x", "x: number")) == ()


def test_a_name_of_a_loop_is_known_in_the_loop_only() -> None:
    found = only(flow("- for each: user\n  in: [a]\n  do: [log: = user]\n- log: = «user»"))

    assert found.message == "`user` is known only inside its loop"
    assert found.mend == "keep what you need in a variable with `set`"
    assert only(flow("- log: = «n»\n- count: n\n  from: 1\n  to: 2\n  do: [log: = n]")).rule == "unknown-name"
    assert only(flow("- for each: user\n  in: = [«user»]\n  do: [log: = user]")).rule == "unknown-name"


def test_two_loops_after_one_another_may_share_a_name() -> None:
    loop = "- for each: user\n  in: [a]\n  do: [log: = user]\n"

    assert findings(flow(loop * 2)) == ()


def test_failure_is_known_in_handlers_only() -> None:
    found = only(flow("- do it:\n  if it fails: {anything else: [log: = failure.message]}\n- log: = «failure».message"))

    assert found.message == "`failure` is known only inside `if it fails`"
    assert only(flow("- try: [log: = «failure».code]\n  always: [do it]")).rule == "unknown-name"
    assert only(flow("- log: '= [{failure: 1}][«failure» = 1]'")).rule == "unknown-name"


def test_failure_has_a_code_a_message_a_block_and_details() -> None:
    handler = "- do it:\n  if it fails:\n    anything else:\n      - log: = {}"
    for name in ("code", "message", "block", "details"):
        assert findings(flow(handler.format(f"failure.{name}"))) == ()

    assert only(flow(handler.format("failure.«mesage»"))).mend == "did you mean `message`?"


def test_the_caret_stands_under_the_first_place_where_the_name_is_read() -> None:
    only(flow('- log: = "x" + string(«x») + string(x)\n- set: {x: 1}'))
    only(flow('- log: "x is ${«x»}"\n- set: {x: 1}'))
    only(flow("- log: '= [{x: 1}][x = 1].x + «x»'\n- set: {x: 1}"))
    only(flow("- log: |\n    first\n    second ${«x»}\n- set: {x: 1}"))


def test_every_name_that_is_wrong_is_found_in_one_expression_after_another() -> None:
    marked = flow("- log: = «nobody»\n- log: ${«no one»} and ${«none»}\n- log: [a, {b: = «x»}]\n- set: {x: 1}")

    assert len(all_of(marked)) == 4


@pytest.mark.parametrize(
    ("marked", "message", "mend"),
    [
        ("- log: = «user identty»", "there is no name `user identty` here", "did you mean `user identity`?"),
        ("- log: = «User Identity»", "there is no name `User Identity` here", "did you mean `user identity`?"),
        ("- log: hi ${«useridentity»}", "there is no name `useridentity` here", "did you mean `user identity`?"),
        ("- log: = «sting»(user identity)", "there is no function `sting`", "did you mean `string`?"),
        ("- log: ${«price»}", "there is no name `price` here", None),
    ],
)
def test_an_unknown_name_gets_the_nearest_one(marked: str, message: str, mend: str | None) -> None:
    found = only(flow(marked + "\n- log: = user identity", "user identity: text"))

    assert (found.message, found.mend) == (message, mend)


@pytest.mark.parametrize(
    "steps", ["- set: {«x»: 1}", "- ask: {question: a}\n  save as: «x»", "- set: {y: 1, «x»: = y}"]
)
def test_a_value_that_nothing_uses_is_pointed_out(steps: str) -> None:
    found = only(flow(steps))

    assert (found.severity, found.message) == ("warning", "`x` is given a value that nothing uses")


def test_an_input_that_nothing_uses_is_pointed_out() -> None:
    found = only(flow("- do it", "«x»: text"))

    assert (found.severity, found.message) == ("warning", "the flow asks for `x` and never uses it")


def test_nothing_is_said_of_unused_names_while_a_step_is_skipped_or_something_is_wrong() -> None:
    assert findings(flow("- log: = x\n  skip: true", "x: text")) == ()
    assert only(flow("- log: = «y»", "x: text")).rule == "unknown-name"


def test_the_names_of_loops_need_not_be_used() -> None:
    assert (
        findings(flow("- for each: user\n  in: [a]\n  do: [do it]\n- count: n\n  from: 1\n  to: 2\n  do: [do it]"))
        == ()
    )
