"""Dates, times and durations as FEEL has them: years to ±999,999,999, any fraction of a second, offsets and zones.

Python's own ``datetime`` stops at the year 9999 and at microseconds, and its named zones are objects; these are plain
tuples and numbers. The types themselves check nothing: ``temporal.parts`` builds them from parts that may be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeAlias

Number: TypeAlias = int | Decimal

Zone: TypeAlias = int | str | None
"""An offset from UTC in seconds, the name of an IANA time zone, or None for local time."""

YEAR_LIMIT = 999_999_999
"""Years run from -YEAR_LIMIT to YEAR_LIMIT (DMN 1.5, 10.3.2.3.5)."""


class Date(NamedTuple):
    """A day of the Gregorian calendar."""

    year: int
    month: int
    day: int


class Time(NamedTuple):
    """A time of day; ``second`` may carry a fraction."""

    hour: int
    minute: int
    second: Number
    zone: Zone = None


class DateTime(NamedTuple):
    """A day and a time of day; ``second`` may carry a fraction."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: Number
    zone: Zone = None

    @property
    def date(self) -> Date:
        return Date(self.year, self.month, self.day)

    @property
    def time(self) -> Time:
        return Time(self.hour, self.minute, self.second, self.zone)


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """A days and time duration, counted in seconds."""

    seconds: Number


@dataclass(frozen=True, slots=True)
class YearsDuration:
    """A years and months duration, counted in months."""

    months: int


Temporal: TypeAlias = Date | Time | DateTime | DaysDuration | YearsDuration
