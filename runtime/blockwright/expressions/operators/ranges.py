"""Ranges: building them, looking for values in them, and going through them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from blockwright.expressions import compare
from blockwright.expressions.budget import spend
from blockwright.expressions.cost import SMALL_TEXT, pay_for_comparing, pay_for_items
from blockwright.expressions.operators.order import either_of, equal
from blockwright.expressions.temporal.calendar import date_of, day_number
from blockwright.expressions.temporal.types import Date
from blockwright.expressions.values import Range, Value, caps, describe, fail, is_a, shown, too_big, whole


def range_between(low: Value, high: Value, low_closed: bool, high_closed: bool) -> Value:
    """The range ``[low..high]``: its ends are of one type that has an order, and the first does not come later.

    An end that is null leaves a range that nothing can be compared with.
    """
    if low is not None and high is not None:
        wrong = compare.precedes(high, low)
        if wrong is None:
            return fail(
                f"a range needs two ends of one type that has an order, not {describe(low)} and {describe(high)}"
            )
        if wrong:
            return fail(f"the range from {shown(low)} to {shown(high)} ends before it starts")
    return Range(low, high, low_closed and low is not None, high_closed and high is not None)


def unary_range(operator: str, value: Value) -> Value:
    """The range of a test with one end, such as ``< 10``; the operator is a comparison, ``=`` or ``!=``."""
    if operator in ("=", "!="):
        return Range(value, value, operator == "=", operator == "=", operator)
    if value is None:
        return None
    if compare.precedes(value, value) is None:
        return fail(f'{is_a(value)}, which has no order, so "{operator}" cannot use it')
    if operator[0] == "<":
        return Range(None, value, False, operator == "<=", operator)
    return Range(value, None, operator == ">=", False, operator)


def member(value: Value, test: Value) -> Value:
    """``value in test``: within a range, among the items of a list (which may be ranges), or equal to a value.

    A list is in the lists that have it as an item, and in those that equal it: ``[1, 2] in ([1], [1, 2])``.
    """
    match test:
        case Range():
            return _within(value, test)
        case list():
            answer = _among(value, test)
            if answer is not True and type(value) is list and compare.same(value, test):
                return True
            return answer
    return equal(value, test)


def member_of_any(value: Value, tests: Sequence[Value]) -> Value:
    """``value in (test, test, …)``: whether any test holds."""
    answer: Value = False
    for test in tests:
        answer = either_of(answer, member(value, test))
        if answer is True:
            return True
    return answer


def iterate(domain: Value) -> Sequence[Value] | None:
    """What ``for x in domain`` goes through: the items of a list, or the whole numbers or dates of a closed range.

    None where there is nothing to go through.
    """
    match domain:
        case list():
            return domain
        case None:
            return None
        case Range():
            return _items_of_range(domain)
    fail(f"{is_a(domain)}; only a list or a range can be gone through one by one")
    return None


def count_range(low: Value, high: Value) -> Sequence[Value] | None:
    """What ``for x in low..high`` goes through: whole numbers or dates, upwards or downwards, both ends included."""
    if low is None or high is None:
        return None
    match low, high:
        case Date(), Date():
            return _dates(day_number(*low), day_number(*high))
    first = whole(low)
    last = whole(high)
    if first is None or last is None:
        wrong = low if first is None else high
        fail(f"{shown(wrong)} is not a whole number; counting goes from one whole number to another")
        return None
    step = 1 if first <= last else -1
    _limit_rounds(abs(last - first) + 1)
    return range(first, last + step, step)


_QUICK = frozenset({int, str, bool, Decimal})


def _within(value: Value, where: Range) -> Value:
    answer = compare.in_range(value, where)
    if answer is None and value is not None:
        for end in (where.low, where.high):
            if compare.same(value, end) is None:
                return fail(f"{is_a(value)}, and {shown(where)} is a range of other values")
    return answer


def _among(value: Value, items: list[Value]) -> Value:
    pay_for_items(len(items))
    unknown = False
    kind = type(value)
    is_long = kind is str and len(value) > SMALL_TEXT  # type: ignore[arg-type]
    for item in items:
        if type(item) is kind and kind in _QUICK:
            if is_long:
                pay_for_comparing(item, value)  # type: ignore[arg-type]
            if item == value:
                return True
            continue
        if type(item) is Range and kind is not Range:
            answer = compare.in_range(value, item)
        else:
            answer = compare.same(value, item) or False
        if answer:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


def _items_of_range(domain: Range) -> Sequence[Value] | None:
    low, high = domain.low, domain.high
    if low is None or high is None or domain.operator:
        fail(f"{shown(domain)} has no end, so it cannot be gone through one by one")
        return None
    if isinstance(low, Date) and isinstance(high, Date):
        first, last = day_number(*low), day_number(*high)
        return _dates(first + (not domain.low_closed), last - (not domain.high_closed), up=True)
    start, end = whole(low), whole(high)
    if start is None or end is None:
        fail(f"{shown(domain)} is not a range of whole numbers or dates, so it cannot be gone through one by one")
        return None
    start += not domain.low_closed
    end -= not domain.high_closed
    _limit_rounds(end - start + 1)
    return range(start, end + 1)


def _dates(first: int, last: int, up: bool = False) -> Sequence[Value]:
    step = 1 if up or first <= last else -1
    days = range(first, last + step, step)
    _limit_rounds(len(days))
    spend(len(days))
    return [date_of(day) for day in days]


def _limit_rounds(rounds: int) -> None:
    if rounds > caps().items:
        raise too_big(f"a range of more than {caps().items:,} values is too long to go through")
