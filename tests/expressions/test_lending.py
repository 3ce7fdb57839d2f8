"""Values that are lent to an expression instead of copied, and code that runs unprepared: nobody can tell."""

from __future__ import annotations

import copy
import datetime
import decimal
import sys
from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from enum import IntEnum

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

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


class Count(IntEnum):
    TWO = 2


ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        *(0.5, 2.0, -0.0, float("nan"), float("inf"), Count.TWO, True, Words("a"), "a" * 1_000_001, 10**35, -(10**34)),
        *(
            Decimal("NaN"),
            Decimal("sNaN"),
            Decimal("-Infinity"),
            Decimal("-0.0"),
            Decimal("1E-7000"),
            Decimal("9E+7000"),
        ),
        *(Decimal("1." + "0" * 38 + "1"), Decimal("2." + "0" * 40), Decimal("9" * 35), 10**34 - 1, object(), {1: 2}),
        *(datetime.date(2024, 2, 29), datetime.timedelta(days=2), (1, 2), [3, (4,)], (), UserDict(price=1)),
        *(OrderedDict(price=4, n="b"), {"price": 0.5, "first name": Words("a")}, {"price": object()}),
    ]
)
"""What Python has, and flows have in another form or not at all."""


@st.composite
def odd_scopes(draw: st.DrawFn) -> dict[str, object]:
    """Scopes in which some values, some items of lists and some entries of objects are odd."""
    values: dict[str, object] = dict(draw(scopes()).values)
    for name in draw(st.lists(st.sampled_from(sorted(values)), max_size=3)):
        value = values[name]
        if isinstance(value, list):
            values[name] = [*value, draw(ODD), *value]
        elif isinstance(value, dict):
            values[name] = {**value, draw(st.sampled_from(["price", "first name", "n"])): draw(ODD)}
        else:
            values[name] = draw(ODD)
    return values


@given(expressions(), odd_scopes())
@settings(max_examples=200, deadline=None)
@example("count(rows[price > 3])", {"rows": [OrderedDict(price=4)]})
@example("rows[price > 3]", {"rows": [OrderedDict(price=4)], "price": 1})
@example("for x in rows return x.price", {"rows": ({"price": 0.5},)})
@example("numbers[1]", {"numbers": (2.0, 1)})
@example("numbers[n]", {"numbers": [5, 6], "n": Decimal("2." + "0" * 40)})
@example("total = 10", {"total": Decimal("1" + "0." + "0" * 38 + "1")})
@example("total > 10", {"total": Decimal("1" + "0." + "0" * 38 + "1")})
@example("total * 2", {"total": Decimal("1." + "0" * 38 + "1")})
@example("2 / total", {"total": Decimal("Infinity")})
@example("total = 3", {"total": Decimal("NaN")})
@example("total * n", {"total": 3, "n": 10**35})
@example('user identity = "a"', {"user identity": Words("a")})
@example("if is paid then numbers else 1", {"is paid": True, "numbers": [(1, 2.0), Decimal("2.0")]})
@example("total[1]", {"total": (1, 2)})
@example("some x in numbers satisfies x", {"numbers": (False, True)})
@example("due.year", {"due": datetime.date(2024, 2, 29)})
@example("[total, {a: numbers}]", {"total": 0.5, "numbers": [object()]})
def test_odd_values_that_are_lent_mean_what_copies_of_them_mean(text: str, values: dict[str, object]) -> None:
    expression = parse(text, values)
    before = repr(values)
    lent = outcome(lambda: expression.evaluate(values))
    copied = outcome(lambda: give(expression.value({name: take(values[name], name) for name in expression.reads})))
    refused = outcome(lambda: [take(values[name], name) for name in expression.reads])
    if isinstance(refused, str):
        assert lent == copied
    else:
        # What is refused may be passed by, but never comes out.
        assert isinstance(lent, str) or lent == copied
        assert "object at" not in str(lent)
    assert repr(values) == before


def test_what_is_passed_by_may_be_anything_and_what_is_looked_at_may_not() -> None:
    rows = [{"price": 12, "owner": object()}, {"price": 3, "owner": object()}]
    assert evaluate("count(rows[price > 10])", {"rows": rows}) == 1
    with pytest.raises(Failure, match=r"rows\[1\]\.owner is of the Python type object"):
        evaluate("rows[price > 10]", {"rows": rows})
    with pytest.raises(Failure, match=r"rows\[1\]\.owner is of the Python type object"):
        evaluate("rows.owner", {"rows": rows})


@pytest.mark.parametrize(
    "text", ["price * 2 + n", "n * n - 1", "count(rows[price > n]) + n", "for x in rows return x.price / n"]
)
def test_many_threads_may_evaluate_one_expression(text: str) -> None:
    scope = {"price": Decimal("9.99"), "n": 3, "rows": [{"price": Decimal(price)} for price in range(5)]}
    expression = parse(text, scope)
    expected = expression.evaluate(scope)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(lambda _: expression.evaluate(scope) == expected, range(400)))
    finally:
        sys.setswitchinterval(before)


def test_calculations_are_those_of_expressions_whatever_the_thread_s_own_are() -> None:
    scope = {"a": Decimal("1.23456789"), "b": Decimal("1.1")}
    with decimal.localcontext(prec=3, traps=[decimal.Inexact]):
        assert evaluate("a * b", scope) == Decimal("1.358024679")
        assert decimal.getcontext().prec == 3


def test_a_scope_that_makes_values_as_they_are_asked_for_is_not_added_to() -> None:
    scope: defaultdict[str, object] = defaultdict(int)
    with pytest.raises(Failure, match='there is no value for "a"'):
        parse("a + 1", ["a"]).evaluate(scope)
    assert not scope


def test_the_budget_holds_where_values_are_lent() -> None:
    expression = parse("some x in xs, y in xs satisfies x < 0", ["xs"])
    with pytest.raises(Failure) as caught:
        expression.evaluate({"xs": list(range(2000))})
    assert (caught.value.code, str(caught.value.place)) == ("too many steps", "expression:1:20")


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
