"""Which values are the same, and which comes first (DMN 1.5, tables 53 and 54), without any message.

The answers have three values: None means that the two cannot be compared. ``operators`` says what that means.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from typing import cast

from blockwright.expressions.caps import CAPS
from blockwright.expressions.cost import SMALL_TEXT, pay_for_comparing, pay_for_text, pay_for_visits
from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.temporal.calendar import instant, local_seconds, offset_of, time_seconds
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Number, Time, YearsDuration
from blockwright.expressions.values.domain import Range, Value
from blockwright.expressions.values.mistakes import too_big


def same(first: Value, second: Value) -> bool | None:
    """Whether two values are equal; None where they are of different types and neither is null."""
    if type(first) is type(second) and type(first) in _COMPOUND:
        comparer = _Comparer()
        answer = comparer.same(first, second, 0)
        comparer.pay()
        return answer
    return _simply_same(first, second)


def precedes(first: Value, second: Value) -> bool | None:
    """Whether the first value comes before the second; None where the two have no order."""
    kind = type(first)
    other = type(second)
    if kind is other:
        if kind is str and len(first) > SMALL_TEXT:  # type: ignore[arg-type]
            pay_for_comparing(first, second)  # type: ignore[arg-type]
        if kind in _ORDERED:
            return first < second  # type: ignore[operator]
    elif (kind is int or kind is Decimal) and (other is int or other is Decimal):
        return first < second  # type: ignore[operator]
    return _precedes_in_time(first, second)


def in_range(value: Value, where: Range) -> bool | None:
    """Whether the value lies in the range; None where it cannot be compared with an end."""
    match where.operator:
        case "=":
            return same(value, where.low)
        case "!=":
            equal = same(value, where.low)
            return None if equal is None else not equal
        case "":
            return _and(_above(value, where), _below(value, where))
    return _below(value, where) if where.low is None else _above(value, where)


def key_of(value: Value) -> Hashable:
    """A key that is equal for equal values, so that sets and dicts can tell them apart."""
    return _Comparer().key(value, 0)


def keys_of(values: Sequence[Value]) -> list[Hashable]:
    """The keys of many values."""
    comparer = _Comparer()
    keys = [value if type(value) is str else comparer.key(value, 0) for value in values]
    comparer.pay()
    pay_for_text(sum(len(value) for value in values if type(value) is str and len(value) > SMALL_TEXT))
    return keys


def places_of(value: Value, values: Sequence[Value]) -> Iterator[int]:
    """Where among many values the ones are that equal this one, counted from 0."""
    comparer = _Comparer()
    for place, other in enumerate(values):
        if comparer.same(other, value, 0):
            yield place
    comparer.pay()


def fraction_of_day(time: Time) -> Number:
    """Seconds since midnight in UTC; local where the time has no zone."""
    return time_seconds(time) - (offset_of(time) or 0)


def _simply_same(first: Value, second: Value) -> bool | None:
    kind = type(first)
    other = type(second)
    if kind is str and other is str and len(first) > SMALL_TEXT:  # type: ignore[arg-type]
        pay_for_comparing(first, second)  # type: ignore[arg-type]
    if kind is other or ((kind is int or kind is Decimal) and (other is int or other is Decimal)):
        return first == second
    return False if first is None or second is None else None


_COMPOUND = frozenset({list, dict, Range, DateTime, Time})
_ORDERED = frozenset({int, str, Decimal, Date})


def _precedes_in_time(first: Value, second: Value) -> bool | None:
    match first, second:
        case DateTime(), DateTime():
            if first.zone == second.zone and not isinstance(first.zone, str):
                return first[:6] < second[:6]
            return instant(first, second.zone) < instant(second, first.zone)
        case Time(), Time():
            return _time_gap(first, second) < 0
        case DaysDuration(), DaysDuration():
            return first.seconds < second.seconds
        case YearsDuration(), YearsDuration():
            return first.months < second.months
    return None


def _time_gap(first: Time, second: Time) -> Number:
    gap = time_seconds(first) - time_seconds(second)
    if first.zone is None or second.zone is None or first.zone == second.zone:
        return gap
    return gap - (offset_of(first) or 0) + (offset_of(second) or 0)


def _above(value: Value, where: Range) -> bool | None:
    if where.low is None or value is None:
        return None
    over = precedes(where.low, value)
    if over is False and where.low_closed:
        return same(where.low, value)
    return over


def _below(value: Value, where: Range) -> bool | None:
    if where.high is None or value is None:
        return None
    under = precedes(value, where.high)
    if under is False and where.high_closed:
        return same(where.high, value)
    return under


def _and(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return True if first and second else None


class _Comparer:
    """Goes through lists and objects, and gives up where they are larger than ``CAPS`` allows."""

    def __init__(self) -> None:
        self.left = CAPS.nodes

    def pay(self) -> None:
        """Pay for what has been looked into."""
        pay_for_visits(CAPS.nodes - self.left)

    def enter(self, size: int, depth: int) -> None:
        self.left -= size + 1
        if depth > CAPS.depth:
            raise too_big(f"values more than {CAPS.depth} levels deep cannot be compared")
        if self.left < 0:
            raise too_big(f"values of more than {CAPS.nodes:,} items in all cannot be compared")

    def same(self, first: Value, second: Value, depth: int) -> bool | None:
        if first is second:
            return True
        if type(first) not in _COMPOUND:
            return _simply_same(first, second)
        match first, second:
            case list(), list():
                return self._lists(first, second, depth)
            case dict(), dict():
                return self._objects(first, second, depth)
            case DateTime(), DateTime():
                if first.zone == second.zone:
                    return first == second
                return instant(first, second.zone) == instant(second, first.zone)
            case Time(), Time():
                return first == second or _time_gap(first, second) == 0
            case Range(), Range():
                return self._ranges(first, second, depth)
        return _simply_same(first, second)

    def _lists(self, first: list[Value], second: list[Value], depth: int) -> bool | None:
        if len(first) != len(second):
            return False
        self.enter(len(first), depth)
        answer: bool | None = True
        for one, other in zip(first, second, strict=True):
            equal = self.same(one, other, depth + 1)
            if equal is False:
                return False
            if equal is None:
                answer = None
        return answer

    def _objects(self, first: dict[str, Value], second: dict[str, Value], depth: int) -> bool | None:
        if first.keys() != second.keys():
            return False
        return self._lists(list(first.values()), [second[key] for key in first], depth)

    def _ranges(self, first: Range, second: Range, depth: int) -> bool | None:
        shape = (first.operator, first.low_closed, first.high_closed)
        if shape != (second.operator, second.low_closed, second.high_closed):
            return False
        return self._lists([first.low, first.high], [second.low, second.high], depth)

    def key(self, value: Value, depth: int) -> Hashable:
        if type(value) is list:
            self.enter(len(value), depth)
            depth += 1
            return list, tuple(
                [
                    item
                    if type(item) is str or (type(item) is int and -_PLAIN < item < _PLAIN)
                    else self.key(item, depth)
                    for item in value
                ]
            )
        if type(value) is int or type(value) is Decimal:
            return _number_key(value)
        match value:
            case bool() | Date() | YearsDuration():
                return type(value), value
            case DaysDuration():
                return DaysDuration, _number_key(value.seconds)
            case dict():
                self.enter(len(value), depth)
                return dict, frozenset([(key, self.key(item, depth + 1)) for key, item in value.items()])
            case DateTime():
                seconds = local_seconds(value) if value.zone is None else instant(value)
                return DateTime, value.zone is None, _number_key(seconds)
            case Time():
                return Time, value.zone is None, _number_key(fraction_of_day(value))
            case Range():
                ends = (self.key(value.low, depth + 1), self.key(value.high, depth + 1))
                return Range, value.operator, value.low_closed, value.high_closed, *ends
        # Lists and numbers were told apart by their exact type above, which a type checker does not follow.
        return cast("Hashable", value)


_PLAIN = 2**60


def _number_key(number: Number) -> Hashable:
    """Small whole numbers as they are, all others as text: Python's hashes of numbers are easy to make collide, and
    then a dict of them takes time in the square of its size."""
    if type(number) is int and -_PLAIN < number < _PLAIN:
        return number
    if type(number) is Decimal and abs(number) < _PLAIN and number == number.to_integral_value():
        return int(number)
    return Decimal, str(Decimal(number).normalize(CONTEXT))
