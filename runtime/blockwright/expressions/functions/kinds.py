"""Which Python types the values of a type have: what a call looks at first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Time, YearsDuration
from blockwright.expressions.types import (
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
)
from blockwright.expressions.values import Function, Range

Kinds: TypeAlias = frozenset[type] | None


def kinds_of(of: Type) -> Kinds:
    """The Python types of a type's values; None for any. Items of lists and entries of objects are not looked at."""
    match of:
        case Basic():
            return _KINDS.get(of)
        case Either():
            options = [kinds_of(option) for option in of.options]
            found = [option for option in options if option is not None]
            return frozenset().union(*found) if len(found) == len(options) else None
        case ListOf():
            return frozenset({list})
        case ObjectOf():
            return frozenset({dict})
        case RangeOf():
            return frozenset({Range})
        case FunctionOf():
            return frozenset({Function})


_KINDS: Mapping[Basic, frozenset[type]] = {
    NOTHING: frozenset({type(None)}),
    NUMBER: frozenset({int, Decimal}),
    TEXT: frozenset({str}),
    YES_OR_NO: frozenset({bool}),
    DATE: frozenset({Date}),
    TIME: frozenset({Time}),
    DATE_AND_TIME: frozenset({DateTime}),
    DAYS_DURATION: frozenset({DaysDuration}),
    YEARS_DURATION: frozenset({YearsDuration}),
}
