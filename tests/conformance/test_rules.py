"""What the standard says, rule by rule: ``rules/*.txt`` has an expression and what it equals in each line."""

from __future__ import annotations

from pathlib import Path

import pytest

from blockwright.expressions import SyntaxProblem, parse
from blockwright.expressions.values import Value
from blockwright.failure import Failure
from tests.conformance.typed import write_typed

RULES = sorted(Path(__file__).with_name("rules").glob("*.txt"))
PARTED_BY = "  =>  "


def rules() -> list[tuple[str, str]]:
    lines = [line for file in RULES for line in file.read_text("utf-8").splitlines()]
    return [(expression, expected) for expression, expected in (line.split(PARTED_BY) for line in lines)]


def standard(text: str) -> Value:
    """The value as a decision has it: what is not FEEL has none, as a mistake has none."""
    try:
        return parse(text, unknown_names=True, sugar=False).value({}, errors="null")
    except SyntaxProblem:
        return None


@pytest.mark.parametrize(("expression", "expected"), rules())
def test_an_expression_has_the_value_that_the_standard_says(expression: str, expected: str) -> None:
    assert write_typed(standard(expression)) == write_typed(parse(expected).value({}))


@pytest.mark.parametrize(("expression", "expected"), rules())
def test_where_mistakes_are_failures_it_has_the_same_value_or_there_was_a_warning(
    expression: str, expected: str
) -> None:
    try:
        read = parse(expression, sugar=False)
    except SyntaxProblem:
        assert expected == "null"
        return
    try:
        value = read.value({})
    except Failure:
        assert read.evaluate_with_warnings({})[1]
    else:
        assert write_typed(value) == write_typed(parse(expected).value({}))


def test_every_area_has_rules() -> None:
    assert len(RULES) >= 10
    assert len(set(rules())) == len(rules()) >= 600
