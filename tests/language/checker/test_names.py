"""Names that clash, or that an expression could take for something else, are found."""

from __future__ import annotations

import pytest

from tests.language.checking import findings, flow, only


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("{total: 1, «Total»: 2}", "`Total` differs from `total` only by capital letters"),
        ("{user name: 1, «user-name»: 2}", "`user-name` differs from `user name` only by blanks and signs"),
        ("{user name: 1, «user_name»: 2}", "`user_name` differs from `user name` only by blanks and signs"),
        ('{user s: 1, «"user\'s"»: 2}', "`user's` differs from `user s` only by blanks and signs"),
        ("{«failure»: 1}", "`failure` is the name of what a handler is given"),
        ("{«if»: 1}", "`if` is a word of the expressions' own"),
        ("{«not»: 1}", "`not` is a word of the expressions' own"),
        ("{«null»: 1}", "`null` is a word of the expressions' own"),
        ("{«true»: 1}", "`true` is a word of the expressions' own"),
        ("{sent: 1, «not sent»: 2}", "`not sent` could be taken for something made of `sent`"),
        ("{a: 1, b: 2, «a and b»: 3}", "`a and b` could be taken for something made of `a` and `b`"),
        ("{a: 1, b: 2, «a-b»: 3}", "`a-b` could be taken for something made of `a` and `b`"),
        ("{a: 1, «a-1»: 3}", "`a-1` could be taken for something made of `a` and `1`"),
        ("{ready: 1, «if ready»: 3}", "`if ready` could be taken for something made of `ready`"),
        ("{x: 1, y: 2, «x in y»: 3}", "`x in y` could be taken for something made of `x` and `y`"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_told_apart(names: str, message: str) -> None:
    assert only(flow(f"- set: {names}")).message == message


@pytest.mark.parametrize(
    "name",
    ["not sent", "log in name", "date of birth", "if ready", "return code", "for sale", "true colour", "sum", "date",
     "count", "item", "order number", "between us", "in stock", "function name", "e-mail", "user's age", "some users",
     "of", "instance", "null count", "every one", "partial"],
)  # fmt: skip
def test_a_name_may_hold_words_of_the_expressions(name: str) -> None:
    key = f'"{name}"' if "'" in name else name

    assert findings(flow(f"- set: {{{key}: 1}}\n- return: = {name}\n  note: x\n  if it fails: {{}}")) == ()


def test_a_loop_needs_a_name_of_its_own() -> None:
    loop = "- for each: «user»\n  in: [a]\n  do: [log: = user]"

    assert (
        only(flow(loop, "user: text")).message
        == "`user` is already a name of this flow; a loop needs a name of its own"
    )
    assert only(flow(f"- set: {{user: 1}}\n{loop}")).rule == "clash"
    assert only(flow(f"{loop}\n- ask: {{question: a}}\n  save as: user")).rule == "clash"


def test_a_loop_in_a_loop_needs_another_name() -> None:
    inner = "- count: «n»\n  from: 1\n  to: 2\n  do: [log: = n]"
    steps = "- for each: n\n  in: [1]\n  do:\n    - " + inner.removeprefix("- ").replace("\n", "\n    ")

    assert only(flow(steps)).message == "`n` is the name of a loop around this one"


def test_each_function_has_names_of_its_own() -> None:
    functions = "greet:\n  inputs: {Name: text}\n  steps: [set: {total: 1}, return: '${Name} ${total}']"

    assert findings(flow("- set: {total: 1, name: a}\n- greet: {Name: '${name} ${total}'}", functions=functions)) == ()


def test_a_name_is_reported_once_wherever_it_is_set() -> None:
    assert only(flow("- set: {total: 1}\n- set: {«Total»: 2}\n- set: {Total: 3}")).rule == "name"


def test_too_many_names() -> None:
    names = ", ".join(f"n{number}: {number}" for number in range(5000))

    assert only(flow(f"- set: {{{names}}}\n- set: {{«one more»: 1}}")).message == "there are more than 5,000 names here"
