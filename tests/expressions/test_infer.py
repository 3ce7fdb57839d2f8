"""Types before a run: what comes out, and what can never work."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from blockwright.expressions import Problem, evaluating, parse
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    LIST,
    NOTHING,
    NUMBER,
    TEXT,
    TIME,
    YEARS_DURATION,
    YES_OR_NO,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
    optional,
)
from blockwright.failure import Failure
from tests.expressions.generated import Scope, expressions, scopes

ROW = ObjectOf((("price", NUMBER), ("first name", TEXT)))
TYPES: dict[str, Type] = {
    "n": NUMBER,
    "maybe": optional(NUMBER),
    "t": TEXT,
    "yes": YES_OR_NO,
    "day": DATE,
    "delay": DAYS_DURATION,
    "numbers": ListOf(NUMBER),
    "rows": ListOf(ROW),
    "row": ROW,
    "thing": ANYTHING,
    "count": NUMBER,
    "fn": FunctionOf((NUMBER,), TEXT),
}


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("1 + n", NUMBER),
        ("n * 2.5 - n / 3", NUMBER),
        ("n ** 2", NUMBER),
        ("maybe + 1", optional(NUMBER)),
        ("t + t", TEXT),
        ("day + delay", DATE),
        ("day - day", DAYS_DURATION),
        ("delay * 2", DAYS_DURATION),
        ("delay / delay", NUMBER),
        ('@"P1Y" + @"P1M"', YEARS_DURATION),
        ('@"2026-01-31T10:00:00" - @"PT1H"', DATE_AND_TIME),
        ('@"10:00:00"', TIME),
        ("-n", NUMBER),
        ("n = 1", YES_OR_NO),
        ("thing = 1", YES_OR_NO),
        ("n < 1", YES_OR_NO),
        ("maybe < 1", optional(YES_OR_NO)),
        ("n between 1 and 2", YES_OR_NO),
        ("yes and n > 1", YES_OR_NO),
        ("yes or maybe > 1", optional(YES_OR_NO)),
        ("if yes then 1 else n", NUMBER),
        ("if yes then 1 else null", optional(NUMBER)),
        ("[1, n]", ListOf(NUMBER)),
        ("[]", LIST),
        ("{a: 1, b: t}", ObjectOf((("a", NUMBER), ("b", TEXT)))),
        ("{a: 1, b: a + 1}.b", optional(NUMBER)),
        ("row.price", optional(NUMBER)),
        ("rows.first name", ListOf(optional(TEXT))),
        ("day.year", NUMBER),
        ("numbers[1]", optional(NUMBER)),
        ("numbers[item > 1]", ListOf(NUMBER)),
        ("rows[price > 1]", ListOf(ROW)),
        ("rows[1].price", optional(NUMBER)),
        ("for x in numbers return t", ListOf(TEXT)),
        ("for x in 1..3 return x", ListOf(NUMBER)),
        ("some x in 1..3 satisfies x > 1", YES_OR_NO),
        ("[1..5]", RangeOf(NUMBER)),
        ("n instance of text", YES_OR_NO),
        ("function(a: number) a = 1", FunctionOf((NUMBER,), YES_OR_NO)),
        ("count(numbers)", NUMBER),
        ("string length(t)", NUMBER),
        ("upper case(t)", TEXT),
        ("contains(t, t)", YES_OR_NO),
        ("fn(1)", optional(TEXT)),
        ("(function(a) 1)(2)", optional(NUMBER)),
        ("thing", ANYTHING),
        ("thing.price", ANYTHING),
        ("null", NOTHING),
        ("n", NUMBER),
    ],
)
def test_what_comes_out_is_known_from_what_goes_in(text: str, of: Type) -> None:
    inferred = parse(text, TYPES).infer(TYPES)
    assert inferred.type == of
    assert inferred.problems == ()


def problems_of(text: str) -> list[Problem]:
    return list(parse(text, TYPES).infer(TYPES).problems)


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ("t * 2", "t * 2", "a text and a number cannot be multiplied"),
        ("1 + (t * 2)", "t * 2", "a text and a number cannot be multiplied"),
        ("t + n", "t + n", "a text and a number cannot be added"),
        ("day + 1", "day + 1", "a date and a number cannot be added"),
        ("yes - 1", "yes - 1", "yes or no and a number cannot be subtracted"),
        ("-t", "-t", "a text cannot be negated"),
        ("n = t", "n = t", "a number and a text can never be equal"),
        ("n < t", "n < t", "a number and a text have no order"),
        ("yes < yes", "yes < yes", "yes or no and yes or no have no order"),
        ("n between 1 and t", "t", "a number and a text have no order"),
        ("if n then 1 else 2", "n", "this must be yes or no, and it is a number"),
        ("yes and t", "t", "this must be yes or no, and it is a text"),
        ("not(n)", "n", "`negand` of `not` must be yes or no, and this is a number"),
        ("row.prize", "prize", "there is no `prize` in this object"),
        ("rows.prize", "prize", "there is no `prize` in the items of this list"),
        ("n.price", "price", "a number has no `price`"),
        ("day.hour", "hour", "there is no `hour` in a date"),
        ("numbers[0]", "0", "positions count from 1"),
        ("numbers[t]", "t", "a filter is a condition or a position, and this is a text"),
        ("numbers[price > 1]", "price", "there is no name `price` here"),
        ("for x in n return x", "n", "only a list or a range can be gone through, and this is a number"),
        ("for x in t..3 return x", "t", "a text and a number have no order"),
        ("[1..t]", "[1..t]", "a range cannot go from a number to a text"),
        ("n in [day..day]", "[day..day]", "a number and a date have no order"),
        ("n in (1, t)", "t", "a number and a text can never be equal"),
        ("string length(n)", "n", "`string` of `string length` must be a text, and this is a number"),
        ("string length(string: n)", "n", "`string` of `string length` must be a text, and this is a number"),
        ("string length(text: t)", "text: t", "`string length` has no input `text`"),
        ("contains(t)", "contains(t)", "`contains` takes 2 inputs, not 1"),
        ("n(1)", "n", "this is a number, and cannot be called"),
        ("fn(1, 2)", "fn(1, 2)", "this function takes 1 input, not 2"),
        ('@"2026-13-01"', '@"2026-13-01"', "`2026-13-01` is not a date, a time or a duration"),
        ("{a: 1, a: 2}", "a: 2", "`a` is there twice"),
    ],
)
def test_what_can_never_work_is_found(text: str, marked: str, message: str) -> None:
    found = problems_of(text)
    assert [(text[problem.start : problem.end], problem.message) for problem in found] == [(marked, message)]


@pytest.mark.parametrize(
    "text",
    [
        "thing * 2 + thing.price",
        "maybe + 1 < maybe",
        "null * t",
        "n = null",
        "thing = t or yes",
        "thing[1].a[b > 2]",
        "numbers[thing]",
        "string length([t])",
        "count(n)",
        "count(count)",
        "rows[price > n and first name = t]",
        "[1, t, null]",
        "{a: null}.a + 1",
        "for x in thing return x.y * 2",
        "fn(thing)",
        "min(1, 2, 3) + min(numbers)",
    ],
)
def test_what_may_work_is_not_complained_about(text: str) -> None:
    assert problems_of(text) == []


def test_all_problems_are_found_in_the_order_of_the_text() -> None:
    assert [problem.start for problem in problems_of("[t * 2, if n then day + 1 else -t]")] == [1, 11, 18, 31]


def test_a_mend_is_given_where_one_is_known() -> None:
    assert problems_of("t + n")[0].mend == "write `string(…)` around what is not a text"
    assert problems_of("numbers[0]")[0].mend == "write 1 for the first item, -1 for the last"
    assert problems_of("string length(strng: t)")[0].mend == "did you mean `string`?"
    assert problems_of("row.prize")[0].mend == "did you mean `price`?"


@given(expressions(), scopes())
@settings(max_examples=100, deadline=None)
def test_what_gave_a_value_all_of_whose_parts_were_needed_has_no_problem(text: str, scope: Scope) -> None:
    if any(word in text for word in ("if", "and", "or ", "for", "some", "every", "[", "function", ".")):
        return
    expression = parse(text, scope.values)
    with evaluating():
        try:
            value = expression.value(scope.values)
        except Failure:
            return
    assert expression.infer(scope.types).problems == () or value is None
