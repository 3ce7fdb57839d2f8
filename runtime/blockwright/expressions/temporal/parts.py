"""Dates and times from parts that may be wrong: None where no such date or time exists."""

from __future__ import annotations

from blockwright.expressions.temporal.calendar import date_of, day_number, days_in_month
from blockwright.expressions.temporal.types import YEAR_LIMIT, Date, DateTime, Number, Time, Zone
from blockwright.expressions.temporal.zones import is_zone_name

MOST_OFFSET = 14 * 3600
"""The greatest offset from UTC, in seconds (XML Schema, dateTime)."""


def make_date(year: int, month: int, day: int) -> Date | None:
    """The date, where the calendar has it and its year is in bounds."""
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return Date(year, month, day) if -YEAR_LIMIT <= year <= YEAR_LIMIT else None


def make_time(hour: int, minute: int, second: Number, zone: Zone = None) -> Time | None:
    """The time of day, where a clock shows it; 24:00:00 is midnight."""
    if hour == 24 and minute == 0 and second == 0:
        hour = 0
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second < 60 and is_zone(zone)):
        return None
    return Time(hour, minute, second, zone)


def join(date: Date, time: Time) -> DateTime:
    """The moment of a date and a time of day."""
    return DateTime(date.year, date.month, date.day, time.hour, time.minute, time.second, time.zone)


def next_day(date: Date) -> Date | None:
    """The day after; None after the last."""
    return date_of(day_number(*date) + 1)


def is_zone(zone: Zone) -> bool:
    """Whether there is such a zone: a known name, or an offset of at most 14 hours."""
    if zone is None:
        return True
    return is_zone_name(zone) if isinstance(zone, str) else -MOST_OFFSET <= zone <= MOST_OFFSET
