"""Steps may stand as deep inside one another as Python can compile, and no deeper."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright import Runtime
from blockwright.language.checker.nesting import MOST_BLOCKS, MOST_LEVELS
from tests.language.checking import BLOCKS, findings, flow, only

RUNTIME = Runtime(blocks=BLOCKS)

WRAPS = {
    "loop": ("- repeat: = n\n  do:\n", 1),
    "while": ("- while: = n > 1\n  do:\n", 1),
    "for each": ("- for each: NAME\n  in: [1]\n  do:\n", 1),
    "try": ("- if it fails: {unexpected: ignore}\n  try:\n      - do it\n", 1),
    "handler": ("- try: [do it]\n  if it fails:\n    unexpected:\n", 2),
    "try always": ("- always: [do it]\n  try:\n", 1),
    "always": ("- try: [do it]\n  always:\n", 1),
    "if": ("- if: = n > 1\n  then:\n", 0),
    "handler beside always": ("- try: [do it]\n  always: [do it]\n  if it fails:\n    unexpected:\n", 3),
}
"""Statements with room for steps at their end, and how many of Python's blocks stand around these."""


def nested(wraps: list[str], innermost: str = "- do it") -> str:
    """A flow of statements inside one another."""
    text = innermost
    for number, wrap in reversed(list(enumerate(wraps))):
        head = WRAPS[wrap][0].replace("NAME", f"x{number}")
        text = head + textwrap.indent(text, "      ")
    return flow(f"- log: = n\n{text}", "n: number")


@pytest.mark.parametrize("wrap", [name for name, (_, weight) in WRAPS.items() if weight])
def test_the_deepest_nest_that_is_allowed_can_be_compiled(wrap: str) -> None:
    deepest = MOST_BLOCKS // WRAPS[wrap][1]
    if wrap == "always":
        deepest = 8

    RUNTIME.load_text(nested([wrap] * deepest)).compile()


@pytest.mark.parametrize("wrap", ["loop", "while", "for each", "try", "handler", "try always"])
def test_one_deeper_is_refused(wrap: str) -> None:
    deepest = MOST_BLOCKS // WRAPS[wrap][1]
    found = findings(nested([wrap] * (deepest + 1)))

    assert [(each.message, each.mend) for each in found] == [
        ("steps are nested too deeply here", "move the inner ones into a function")
    ]


def test_the_finding_stands_at_the_first_step_that_is_too_deep() -> None:
    marked = nested(["loop"] * (MOST_BLOCKS + 1), "- «do it»\n- do it")

    assert only(marked).rule == "nesting"


def test_branches_weigh_nothing() -> None:
    RUNTIME.load_text(nested(["if"] * 20)).compile()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(sorted(WRAPS)), max_size=14))
def test_what_the_checker_lets_pass_can_always_be_compiled(wraps: list[str]) -> None:
    text = nested(wraps)
    if not findings(text):
        RUNTIME.load_text(text).compile()


def cases(number: int, last: str = "[do it]") -> str:
    lines = "".join(f"    - when: = n = {case}\n      do: [do it]\n" for case in range(number))
    return flow(f"- choose:\n{lines}  otherwise: {last}", "n: number")


def test_a_choice_of_many_cases() -> None:
    RUNTIME.load_text(cases(MOST_LEVELS - 2)).compile()

    assert [each.rule for each in findings(cases(MOST_LEVELS + 10))] == ["nesting"]


def test_a_step_with_many_handlers() -> None:
    def handled(number: int) -> str:
        handlers = "".join(f"    {code}: [do it]\n" for code in range(number))
        return flow(f"- fail: {{code: = n, message: a}}\n  if it fails:\n{handlers}", "n: number")

    RUNTIME.load_text(handled(MOST_LEVELS - 2)).compile()

    assert [each.rule for each in findings(handled(MOST_LEVELS + 10))] == ["nesting"]


def test_always_inside_always_doubles_and_so_has_an_end() -> None:
    RUNTIME.load_text(nested(["always"] * 10)).compile()

    found = findings(nested(["always"] * 16))
    assert [each.message for each in found] == ["there are too many ways out of this `try` for what its `always` does"]


def test_many_ways_out_of_a_try_times_a_long_always_has_an_end() -> None:
    ways = "\n".join("    - if: = n = 1\n      then: [return: 1]" for _ in range(300))
    long = "\n".join("    - do it" for _ in range(300))
    found = findings(flow(f"- try:\n{ways}\n  always:\n{long}", "n: number"))

    assert [(each.rule, each.mend) for each in found] == [("nesting", "move the steps of `always` into a function")]
