"""The named parts of dates, times, durations and ranges (DMN 1.5, tables 65 to 67)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from blockwright.expressions.temporal.calendar import floor, offset_of, weekday
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Number, Time, YearsDuration
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    NUMBER,
    TEXT,
    TIME,
    YEARS_DURATION,
    YES_OR_NO,
    Type,
    optional,
)
from blockwright.expressions.values.domain import Range, Value

Part: TypeAlias = Callable[..., Value]


def _time_offset(moment: DateTime | Time) -> DaysDuration | None:
    offset = offset_of(moment)
    return None if offset is None else DaysDuration(offset)


def _timezone(moment: DateTime | Time) -> str | None:
    return moment.zone if isinstance(moment.zone, str) else None


def _nothing(_: Value) -> None:
    return None


def _clock(step: int, span: int) -> Callable[[DaysDuration], Value]:
    """One place of a duration's clock; it carries the duration's sign."""

    def place(duration: DaysDuration) -> Value:
        size = floor(abs_seconds(duration.seconds)) // step % span
        return -size if duration.seconds < 0 else size

    return place


def _days(duration: DaysDuration) -> Value:
    days = floor(abs_seconds(duration.seconds)) // 86400
    return -days if duration.seconds < 0 else days


def _seconds(duration: DaysDuration) -> Value:
    seconds = abs_seconds(duration.seconds) % 60
    return -seconds if duration.seconds < 0 else seconds


def abs_seconds(seconds: Number) -> Number:
    """The number without its sign."""
    return -seconds if seconds < 0 else seconds


def _months(duration: YearsDuration) -> Value:
    months = abs(duration.months) % 12
    return -months if duration.months < 0 else months


def _years(duration: YearsDuration) -> Value:
    years = abs(duration.months) // 12
    return -years if duration.months < 0 else years


_ON_A_DAY: dict[str, Part] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
}
_ON_A_CLOCK: dict[str, Part] = {
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": lambda value: value.second,
    "time offset": _time_offset,
    "timezone": _timezone,
}

PROPERTIES: Mapping[type, Mapping[str, Part]] = MappingProxyType(
    {
        Date: _ON_A_DAY | {"weekday": weekday},
        DateTime: _ON_A_DAY | {"weekday": lambda value: weekday(value.date)} | _ON_A_CLOCK,
        Time: _ON_A_CLOCK,
        DaysDuration: {
            "days": _days,
            "hours": _clock(3600, 24),
            "minutes": _clock(60, 60),
            "seconds": _seconds,
            "years": _nothing,
            "months": _nothing,
        },
        YearsDuration: {
            "years": _years,
            "months": _months,
            "days": _nothing,
            "hours": _nothing,
            "minutes": _nothing,
            "seconds": _nothing,
        },
        Range: {
            "start": lambda value: value.low,
            "end": lambda value: value.high,
            "start included": lambda value: value.low_closed,
            "end included": lambda value: value.high_closed,
        },
    }
)
"""The parts of a value by its Python type, each a function of the value."""

_DAY_TYPES: dict[str, Type] = {"year": NUMBER, "month": NUMBER, "day": NUMBER, "weekday": NUMBER}
_CLOCK_TYPES: dict[str, Type] = {
    "hour": NUMBER,
    "minute": NUMBER,
    "second": NUMBER,
    "time offset": optional(DAYS_DURATION),
    "timezone": optional(TEXT),
}

PROPERTY_TYPES: Mapping[Type, Mapping[str, Type]] = MappingProxyType(
    {
        DATE: _DAY_TYPES,
        DATE_AND_TIME: _DAY_TYPES | _CLOCK_TYPES,
        TIME: _CLOCK_TYPES,
        DAYS_DURATION: dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
        YEARS_DURATION: dict.fromkeys(("years", "months"), NUMBER),
    }
)
"""The types of those parts, by the type of the value; a range's are ``RANGE_PROPERTY_TYPES``."""

RANGE_PROPERTY_TYPES: Mapping[str, Type] = MappingProxyType(
    {"start": ANYTHING, "end": ANYTHING, "start included": YES_OR_NO, "end included": YES_OR_NO}
)
"""The types of a range's parts; its ends are also null, or of the range's item type."""
