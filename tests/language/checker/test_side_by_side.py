"""What runs side by side shares nothing that changes, and is not left but at its end."""

from __future__ import annotations

import pytest

from blockwright.expressions.types import NUMBER, TEXT, ListOf
from tests.language.checking import all_of, findings, flow, only, program

LEAVES = "keep the value with `set` or `collect as`, and return it behind them"
OUTSIDE = "rounds that run side by side cannot change `a`, which is set outside of them too"
COLLECT = "give the variable in here a name of its own, and collect it: `collect as: …`, `each gives: …`"


def rounds(body: str, before: str = "", behind: str = "", more: str = "at once: 2") -> str:
    return flow(f"{before}\n- for each: n\n  in: [1, 2]\n  {more}\n  do:\n    {body}\n{behind}".strip("\n"))


@pytest.mark.parametrize(
    ("body", "before", "behind"),
    [
        ("- set: {«a»: 1}", "- set: {a: 0}", ""),
        ("- set: {«a»: 1}", "", "- set: {a: 0}"),
        ("- do it:\n      save as: «a»", "- set: {a: 0}", ""),
        ("- repeat: 2\n      do: [set: {«a»: 1}]", "- set: {a: 0}", ""),
        (
            "- for each: m\n      in: [1]\n      collect as: «a»\n      each gives: = m\n      do: [do it]",
            "- set: {a: 0}",
            "",
        ),
    ],
)
def test_rounds_at_once_do_not_change_what_is_set_outside(body: str, before: str, behind: str) -> None:
    found = only(rounds(body, before, behind))

    assert (found.message, found.mend, found.rule) == (OUTSIDE, COLLECT, "side-by-side")


def test_nor_inputs_nor_what_the_rounds_around_them_set() -> None:
    assert only(rounds("- set: {«a»: 1}").replace("steps:", "inputs:\n  a: number\nsteps:")).message == OUTSIDE
    inner = "- set: {a: 1}\n    - for each: m\n      in: [1]\n      at once: 2\n      do: [set: {«a»: 2}]"
    assert only(rounds(inner)).message == OUTSIDE


def test_what_rounds_set_is_gone_behind_them() -> None:
    found = only(rounds("- set: {a: 1}", behind="- log: = «a»"))

    assert found.message == "`a` is read here before any step can have given it a value"


def test_two_loops_may_use_the_same_names_inside() -> None:
    text = rounds("- set: {a: = n}\n    - log: = a")
    steps = text[text.index("  - for each") :]
    assert findings(text + steps.replace("n\n", "m\n").replace("= n", "= m")) == ()


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("- together:\n    - [set: {a: 1}]\n    - [set: {«a»: 2}]", "cannot both give `a` a value"),
        ("- together:\n    - [set: {a: 1}]\n    - [log: = «a»]", "`a` gets its value in another branch"),
        ("- set: {a: 0}\n- together:\n    - [set: {a: 1}]\n    - [log: = «a»]", "`a` gets its value in another branch"),
        (
            "- together:\n    - [log: = «a»]\n    - [do it, set: {a: 1}]\n- log: = a",
            "`a` gets its value in another branch",
        ),
    ],
)
def test_branches_neither_set_nor_read_what_another_sets(steps: str, message: str) -> None:
    found = only(flow(steps))

    assert message in found.message
    assert found.rule == "side-by-side"


@pytest.mark.parametrize(
    "around", ["- together:\n    - [{}]\n    - [do it]", "- for each: n\n  in: [1]\n  at once: 2\n  do: [{}]"]
)
def test_a_flow_does_not_return_from_among_them(around: str) -> None:
    found = only(flow(around.replace("{}", "«return»: 1")))

    assert found.message == "`return` cannot end a flow from among steps that run side by side"
    assert (found.mend, found.rule) == (LEAVES, "side-by-side")
    nested = "if: = 1 > 2\n      then: [«return»: 1]"
    assert (
        only(flow(around.replace("[{}]", f"\n      - {nested}".replace("\n      then", "\n        then")))).mend
        == LEAVES
    )


def test_rounds_at_once_are_not_stopped_but_their_own_loops_are() -> None:
    found = only(rounds("- if: = n > 1\n      then: [«stop loop»]"))

    assert found.message == "`stop loop` cannot stop rounds that run side by side"
    assert found.mend == "use `next round` to end this round alone, or take `at once` out"
    assert findings(rounds("- if: = n > 1\n      then: [next round]\n    - repeat: 2\n      do: [stop loop]")) == ()
    only(flow("- repeat: 2\n  do:\n    - together:\n        - [«stop loop»]\n        - [do it]"))
    only(flow("- repeat: 2\n  do:\n    - together:\n        - [«next round»]\n        - [do it]"))


def test_collecting_needs_both_the_name_and_the_value() -> None:
    assert only(rounds("- do it", more="«collect as»: all", behind="- log: = all")).mend == "`each gives: = …`"
    assert only(rounds("- do it", more="«each gives»: = n")).mend == "`collect as: results`"


def test_what_is_collected_has_the_type_of_what_is_given() -> None:
    text = rounds(
        "- set: {a: = n * 2}", more="collect as: all\n  each gives: = n * 2\n  at once: 2", behind="- log: = all"
    )
    text = text.replace("set: {a: = n * 2}", "log: = n")
    assert program(text).main.scope.types["all"] == ListOf(NUMBER)
    text = rounds("- do it", more="collect failures as: bad", behind="- log: '${bad[1].message}'")
    kept = program(text).main.scope.types["bad"]
    assert isinstance(kept, ListOf)
    assert dict(kept.item.fields)["message"] == TEXT  # type: ignore[union-attr, arg-type]
    assert {name for name, _ in kept.item.fields} == {  # type: ignore[union-attr]
        "code",
        "message",
        "block",
        "details",
        "item",
        "round",
    }


def test_what_all_branches_set_is_there_behind_them() -> None:
    assert findings(flow("- together:\n    - [set: {a: 1}]\n    - [set: {b: 2}]\n- log: = a + b")) == ()
    found = all_of(flow("- together:\n    - [do it]\n    - [fail: {code: 1, message: a}]\n- «log»: a"))
    assert "can never run" in found[0]
