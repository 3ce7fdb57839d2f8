"""Values that are lent to an expression instead of copied, and code that runs unprepared: nobody can tell."""

from __future__ import annotations

import copy
import datetime
import decimal
from collections import UserDict
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import example, given, settings

from blockwright.expressions import evaluate, parse
from blockwright.expressions.lending import can_be_lent
from blockwright.expressions.values import give, take
from blockwright.failure import Failure
from tests.expressions.generated import Scope, expressions, scopes


def outcome(evaluation: Callable[[], object]) -> object:
    """The value with the types of its parts, or all of the failure."""
    try:
        return repr(evaluation())
    except Failure as failure:
        return failure.code, failure.message, failure.place


@given(expressions(), scopes())
@settings(max_examples=150, deadline=None)
@example("string(n) + string([n])", Scope({"n": Decimal("2.0")}, {}))
@example("string(n) + string(-n)", Scope({"n": Decimal("-0.0")}, {}))
@example("string(n) + string(n * 1)", Scope({"n": Decimal("1E+3")}, {}))
@example("numbers[n]", Scope({"n": Decimal("2.0"), "numbers": [1, 2]}, {}))
@example("for x in 1..n return x", Scope({"n": Decimal("2.0")}, {}))
def test_lent_values_give_what_copies_give_and_stay_as_they_are(text: str, scope: Scope) -> None:
    expression = parse(text, scope.values)
    before = copy.deepcopy(scope.values)
    lent = outcome(lambda: expression.evaluate(scope.values))
    copied = outcome(lambda: give(expression.value({name: take(value) for name, value in before.items()})))
    assert lent == copied
    assert repr(scope.values) == repr(before)


@given(expressions("yes"), scopes())
@settings(max_examples=150, deadline=None)
@example('if user identity = "a" then 1 else 2', Scope({"user identity": 7}, {}))
@example('user identity > "a" and is paid', Scope({"user identity": "b", "is paid": None}, {}))
@example("row.price > 3", Scope({"row": {"price": 4}}, {}))
@example("n > 3 or maybe", Scope({"n": None, "maybe": 7}, {}))
@example('contains(user identity, "@") and string length(user identity) > 3', Scope({"user identity": [1]}, {}))
def test_what_is_worked_out_unprepared_is_worked_out_right(text: str, scope: Scope) -> None:
    expression = parse(text, scope.values)
    prepared = outcome(lambda: expression.value(scope.values))
    with decimal.localcontext() as context:
        context.prec = 2
        assert outcome(lambda: expression.value(scope.values)) == prepared


class Words(str):
    pass


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("0." + "1" * 35),
        Decimal("1." + "0" * 40),
        Decimal("1E-7000"),
        Decimal("1E+7000"),
        10**34,
        -(10**34),
        Words("a"),
        (1, 2),
        {1: 2},
        {Words("a"): 1},
        UserDict(),
        datetime.date(2026, 1, 31),
        object(),
        "a" * 1_000_001,
    ],
    ids=lambda value: f"{type(value).__name__} {str(value)[:12]}",
)
@pytest.mark.parametrize("where", [lambda value: value, lambda value: [1, {"a": [value]}]], ids=["alone", "inside"])
def test_what_is_not_of_an_expression_s_own_kind_is_taken(value: object, where: Callable[[object], object]) -> None:
    given_value = where(value)
    assert not can_be_lent(given_value)
    assert outcome(lambda: parse("a", ["a"]).evaluate({"a": given_value})) == outcome(
        lambda: give(take(given_value, "a"))
    )


def test_plain_values_are_lent() -> None:
    assert can_be_lent([{"a": 1, "b": Decimal("9.99"), "c": ["text", None, True, {}, []]}, 10**34 - 1])


def test_what_is_very_deep_or_larger_than_memory_is_not_lent() -> None:
    deep: list[object] = []
    shared: list[object] = ["x"] * 1000
    for _ in range(50):
        deep = [deep]
        shared = [shared, shared]
    assert not can_be_lent(deep)
    assert not can_be_lent(shared)
    looped: list[object] = []
    looped.append(looped)
    assert not can_be_lent(looped)


def test_what_comes_out_is_never_what_went_in() -> None:
    rows = [{"a": [1]}]
    for text in ("rows", "rows[1]", "rows[1].a", "{b: rows}", "rows[a[1] = 1]", "append(rows, rows[1])"):
        value = evaluate(text, {"rows": rows})
        assert isinstance(value, list | dict)
        value.clear()
        assert rows == [{"a": [1]}]


def test_a_function_keeps_the_values_it_was_made_with_whatever_becomes_of_them() -> None:
    xs = [1, 2]
    function = parse("function() sum(xs)", ["xs"]).evaluate({"xs": xs})
    xs.append(3)
    assert parse("f()", ["f"]).evaluate({"f": function}) == 3
