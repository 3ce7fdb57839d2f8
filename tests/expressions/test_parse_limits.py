"""Any text is an expression or a located problem, quickly: never a crash, never a hang."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions import Expression, SyntaxProblem, parse

NAMES = ["a", "user identity", "first-name", "in stock"]

_PIECES = st.sampled_from(
    """
    |a|user identity|user|first-name|in stock|item|?|partial|count|date and time|not|1|2.5|.5|"x"|"|@"P1D"|@|true|null
    |if|then|else|for|in|return|some|every|satisfies|between|and|or|function|external|instance of|number|list|<|>|<=|=
    |==|!=|+|-|*|/|**|..|.|,|:|(|)|[|]|{|}|->|'|!|&&|%|\\|//|/*|*/|\n|é|🐎|\x00|${|`""".replace("\n    |", "|").split(
        "|"
    )
)


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map(" ".join), st.lists(_PIECES).map("".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_an_expression_or_a_located_problem(text: str) -> None:
    outcome = parsed(text)
    if isinstance(outcome, SyntaxProblem):
        assert outcome.message
        assert 0 <= outcome.start <= outcome.end <= len(text)
    else:
        assert outcome.reads <= set(NAMES)


def parsed(text: str) -> Expression | SyntaxProblem:
    try:
        return parse(text, NAMES)
    except SyntaxProblem as problem:
        return problem


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000 + "]" * 5_000,
        "-" * 5_000 + "a",
        "1" + "+1" * 5_000,
        "if a then 1 else " * 2_000 + "1",
        "{a:" * 2_000 + "1" + "}" * 2_000,
        "a" + ".b" * 5_000,
        "a" + "[1]" * 5_000,
        "function(x) " * 2_000 + "1",
        "not(" * 2_000 + "a" + ")" * 2_000,
        "a instance of " + "list<" * 2_000 + "number" + ">" * 2_000,
        "function(x: " + "function<" * 2_000 + ">->Any" * 2_000 + ") x",
    ],
)
def test_deep_nesting_is_a_problem_with_a_place(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="nested too deeply"):
        parse(text, NAMES)


def test_brackets_that_only_group_may_be_many() -> None:
    assert parse("(" * 200 + "1" + ")" * 200).evaluate() == 1


def test_ninety_levels_can_be_evaluated() -> None:
    assert parse("1" + "+1" * 90).evaluate() == 91
    assert parse("if 1 > 2 then 0 else " * 90 + "7").evaluate() == 7
    assert parse("for x in " * 40 + "[1]" + " return x" * 40).evaluate() == [1]


def test_a_wide_expression_is_no_deep_one() -> None:
    assert parse("count([" + ",".join(["1"] * 20_000) + "])").evaluate() == 20_000


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(SyntaxProblem, match="longer than 100,000 characters"):
        parse(" " * 100_001)


@pytest.mark.parametrize(
    "text",
    [
        "a " * 40_000,
        '"' + "\\" * 90_000,
        "/*" * 40_000,
        "[" * 90_000,
        "1" * 90_000 + "x",
        "{" + "a " * 40_000,
        "f(" + "a " * 40_000,
        "]" * 50_000 + "..",
        "for " + "x" * 90_000,
    ],
)
def test_long_nonsense_is_read_in_linear_time(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text, NAMES)


def test_a_number_of_many_digits_is_rounded_and_a_huge_one_refused() -> None:
    assert str(parse("1" * 40).evaluate()) == "1" * 34 + "0" * 6
    with pytest.raises(SyntaxProblem, match="too large"):
        parse("1e99999")
