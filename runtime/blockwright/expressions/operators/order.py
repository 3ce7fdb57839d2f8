"""The operators that compare and decide: ``=``, ``<``, ``between``, ``and``, ``or`` (DMN 1.5, tables 50 to 55)."""

from __future__ import annotations

from decimal import Decimal

from blockwright.expressions import compare
from blockwright.expressions.cost import SMALL_TEXT, pay_for_comparing
from blockwright.expressions.operators import mends
from blockwright.expressions.values import Value, fail, is_a


def equal(first: Value, second: Value) -> Value:
    """``first = second``. Across types null, and a mistake, unless one of them is null."""
    kind = type(first)
    if kind is type(second) and kind in _QUICK:
        if kind is str and len(first) > SMALL_TEXT:  # type: ignore[arg-type]
            pay_for_comparing(first, second)  # type: ignore[arg-type]
        return first == second
    answer = compare.same(first, second)
    return _not_alike(first, second) if answer is None else answer


def not_equal(first: Value, second: Value) -> Value:
    """``first != second``: the opposite of ``=``."""
    kind = type(first)
    if kind is type(second) and kind in _QUICK:
        if kind is str and len(first) > SMALL_TEXT:  # type: ignore[arg-type]
            pay_for_comparing(first, second)  # type: ignore[arg-type]
        return first != second
    answer = compare.same(first, second)
    return _not_alike(first, second) if answer is None else not answer


def less(first: Value, second: Value) -> Value:
    """``first < second``: two numbers, texts, dates, times or durations of one kind."""
    kind = type(first)
    if kind is type(second) and kind in _QUICK_ORDER:
        if kind is str and len(first) > SMALL_TEXT:  # type: ignore[arg-type]
            pay_for_comparing(first, second)  # type: ignore[arg-type]
        return first < second  # type: ignore[operator]
    if first is None or second is None:
        return None
    answer = compare.precedes(first, second)
    return _no_order(first, second) if answer is None else answer


def less_equal(first: Value, second: Value) -> Value:
    """``first <= second``."""
    kind = type(first)
    if kind is type(second) and kind in _QUICK_ORDER:
        if kind is str and len(first) > SMALL_TEXT:  # type: ignore[arg-type]
            pay_for_comparing(first, second)  # type: ignore[arg-type]
        return first <= second  # type: ignore[operator]
    if first is None or second is None:
        return None
    answer = compare.precedes(first, second)
    if answer is None:
        return _no_order(first, second)
    return answer or compare.same(first, second)


def greater(first: Value, second: Value) -> Value:
    """``first > second``."""
    return less(second, first)


def greater_equal(first: Value, second: Value) -> Value:
    """``first >= second``."""
    return less_equal(second, first)


def between(value: Value, low: Value, high: Value) -> Value:
    """``value between low and high``, both ends included."""
    return both(less_equal(low, value), less_equal(value, high))


def both(first: Value, second: Value) -> Value:
    """``first and second`` of evaluated operands, with three values: false wins, then null."""
    if first is False or second is False:
        return False
    if first is True and second is True:
        return True
    return _logic(first, second, "and")


def either_of(first: Value, second: Value) -> Value:
    """``first or second`` of evaluated operands, with three values: true wins, then null."""
    if first is True or second is True:
        return True
    if first is False and second is False:
        return False
    return _logic(first, second, "or")


def truth(value: Value, what: str = "the condition") -> bool:
    """A condition's value as Python's True or False; null and anything else is a mistake, and False."""
    if value is True or value is False:
        return value
    if value is None:
        fail(f"there is no value for {what}, which must be yes or no")
    else:
        fail(f"{is_a(value)}; {what} must be yes or no")
    return False


_QUICK = frozenset({int, str, bool, Decimal})
_QUICK_ORDER = frozenset({int, str, Decimal})


def _not_alike(first: Value, second: Value) -> Value:
    if type(first) is type(second):
        return fail("the two hold values of different types at the same place, which cannot be compared")
    kinds = mends.two_durations(first, second) or f"{is_a(first)} and {is_a(second)}"
    return fail(f"{kinds}; values of different types cannot be compared")


def _no_order(first: Value, second: Value) -> Value:
    for operand in (first, second):
        if compare.precedes(operand, operand) is None:
            return fail(f"{is_a(operand)}; only numbers, texts, dates, times and durations can be ordered")
    mend = mends.reading(first, second) or "only values of one type can be ordered"
    return fail(f"{mends.two_durations(first, second) or f'{is_a(first)} and {is_a(second)}'}; {mend}")


def _logic(first: Value, second: Value, word: str) -> Value:
    for operand in (first, second):
        if operand is not None and operand is not True and operand is not False:
            return fail(f'{is_a(operand)}; "{word}" joins only yes or no')
    return None
