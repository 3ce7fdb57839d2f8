"""The types of values: which one a value has, and whether it is of a given one."""

from __future__ import annotations

from decimal import Decimal

from blockwright.expressions.caps import CAPS
from blockwright.expressions.cost import pay_for_visits
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Time, YearsDuration
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    NOTHING,
    NUMBER,
    TEXT,
    TIME,
    YEARS_DURATION,
    YES_OR_NO,
    Basic,
    Either,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
    fits,
    join,
)
from blockwright.expressions.values.domain import Function, Range, Value
from blockwright.expressions.values.mistakes import too_big


def type_of(value: Value) -> Type:
    """The type of a value; of a list the join of its items' types (an empty list is a list of anything)."""
    looker = _Looker()
    found = looker.type_of(value, 0)
    looker.pay()
    return found


def admits(type: Type, value: Value) -> bool:
    """Whether the value is of the type, as ``instance of`` asks (DMN 1.5, 10.3.2.9.2).

    Null itself is only ``nothing`` or ``anything``; inside lists and objects it may stand for any type.
    """
    looker = _Looker()
    answer = looker.admits(type, value, 0)
    looker.pay()
    return answer


_BASIC: dict[type, Basic] = {
    type(None): NOTHING,
    bool: YES_OR_NO,
    int: NUMBER,
    Decimal: NUMBER,
    str: TEXT,
    Date: DATE,
    Time: TIME,
    DateTime: DATE_AND_TIME,
    DaysDuration: DAYS_DURATION,
    YearsDuration: YEARS_DURATION,
}


class _Looker:
    """Looks through a value, and gives up where it is larger than ``CAPS`` allows."""

    def __init__(self) -> None:
        self.left = CAPS.nodes

    def pay(self) -> None:
        """Pay for what has been looked into."""
        pay_for_visits(CAPS.nodes - self.left)

    def enter(self, value: Value, depth: int) -> None:
        self.left -= len(value) + 1 if isinstance(value, list | dict) else 1
        if depth > CAPS.depth:
            raise too_big(f"the type of a value more than {CAPS.depth} levels deep cannot be told")
        if self.left < 0:
            raise too_big(f"the type of a value with more than {CAPS.nodes:,} items in all cannot be told")

    def type_of(self, value: Value, depth: int) -> Type:
        basic = _BASIC.get(type(value))
        if basic is not None:
            return basic
        self.enter(value, depth)
        match value:
            case list():
                return ListOf(self._join(value, depth))
            case dict():
                return ObjectOf(tuple((key, self.type_of(item, depth + 1)) for key, item in value.items()))
            case Range():
                return RangeOf(self.type_of(value.high if value.low is None else value.low, depth + 1))
            case Function():
                return FunctionOf(value.types, value.result)
            case _:
                return ANYTHING

    def _join(self, items: list[Value], depth: int) -> Type:
        whole: Type | None = None
        for item in items:
            found = self.type_of(item, depth + 1)
            whole = found if whole is None else whole if found == whole else join(whole, found)
            if whole == ANYTHING:
                break
        return ANYTHING if whole is None else whole

    def admits(self, wanted: Type, value: Value, depth: int) -> bool:
        match wanted:
            case Basic():
                return wanted == ANYTHING or _BASIC.get(type(value)) is wanted or _BASIC.get(type(value)) == wanted
            case Either():
                return any(self.admits(option, value, depth) for option in wanted.options)
        self.enter(value, depth)
        match wanted:
            case ListOf():
                return isinstance(value, list) and (
                    wanted.item == ANYTHING or all(self._item(wanted.item, item, depth) for item in value)
                )
            case ObjectOf():
                return isinstance(value, dict) and all(
                    name in value and self._item(of, value[name], depth) for name, of in wanted.fields or ()
                )
            case RangeOf():
                return isinstance(value, Range) and all(
                    self._item(wanted.item, end, depth) for end in (value.low, value.high)
                )
            case FunctionOf():
                return isinstance(value, Function) and _function_fits(value, wanted)

    def _item(self, wanted: Type, value: Value, depth: int) -> bool:
        return value is None or self.admits(wanted, value, depth + 1)


def _function_fits(value: Function, wanted: FunctionOf) -> bool:
    if wanted.parameters is not None:
        if len(wanted.parameters) != len(value.types):
            return False
        pairs = zip(wanted.parameters, value.types, strict=True)
        if not all(fits(given, taken) for given, taken in pairs):
            return False
    return fits(value.result, wanted.result) is not False
