"""Dates, times and durations from text, in the forms of XML Schema and ISO 8601 (DMN 1.5, 10.3.4.1)."""

from __future__ import annotations

import re
from decimal import Decimal

from blockwright.expressions.temporal.arithmetic import days_duration, years_duration
from blockwright.expressions.temporal.parts import join, make_date, make_time, next_day
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Number, Time, YearsDuration, Zone

LONGEST = 200
"""Characters of the longest text that is looked at."""


def read_date(text: str) -> Date | None:
    """The date of a text such as ``2026-01-31``; None where it is none."""
    found = _DATE.fullmatch(text) if len(text) <= LONGEST else None
    return None if found is None else make_date(*_day(found))


def read_time(text: str) -> Time | None:
    """The time of a text such as ``10:30:00.5+01:00`` or ``10:30:00@Europe/Paris``; None where it is none."""
    found = _TIME.fullmatch(text) if len(text) <= LONGEST else None
    return None if found is None else _clock(found)


def read_date_and_time(text: str) -> DateTime | None:
    """The moment of a text such as ``2026-01-31T10:30:00Z``; a date alone is its midnight. None where it is none."""
    if len(text) > LONGEST:
        return None
    day, separator, clock = text.partition("T")
    date = read_date(day)
    if date is None:
        return None
    if not separator:
        return join(date, Time(0, 0, 0))
    time = read_time(clock)
    if time is None:
        return None
    if clock.startswith("24"):
        later = next_day(date)
        return None if later is None else join(later, time)
    return join(date, time)


def read_duration(text: str) -> DaysDuration | YearsDuration | None:
    """The duration of a text such as ``P1DT2H30M`` or ``P1Y6M``; None where it is none."""
    if len(text) > LONGEST:
        return None
    found = _DAYS.fullmatch(text)
    if found is not None:
        days, hours, minutes, seconds = found.group("days", "hours", "minutes", "seconds")
        total = int(days or 0) * 86400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + _seconds(seconds or "0")
        return days_duration(-total if found["sign"] else total)
    found = _YEARS.fullmatch(text)
    if found is None:
        return None
    months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
    return years_duration(-months if found["sign"] else months)


def read_temporal(text: str) -> Date | Time | DateTime | DaysDuration | YearsDuration | None:
    """The value of an ``@"…"`` literal: whichever of the five the text is; None where it is none."""
    head = text[:2]
    if "P" in head:
        return read_duration(text)
    if text[2:3] == ":":
        return read_time(text)
    return read_date_and_time(text) if "T" in text else read_date(text)


_DATE_PART = r"(?P<year>-?(?:[1-9][0-9]{3,8}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME_PART = (
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}(?:\.[0-9]{1,30})?)"
    r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2})(?::(?P<seconds>[0-9]{2}))?"
    r"|@(?P<zone>[^@]+))?"
)
_DATE = re.compile(_DATE_PART)
_TIME = re.compile(_TIME_PART)
_DAYS = re.compile(
    r"(?P<sign>-?)P(?=[0-9T])(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]{1,30})?)S)?)?"
)
_YEARS = re.compile(r"(?P<sign>-?)P(?=[0-9])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?")


def _day(found: re.Match[str]) -> tuple[int, int, int]:
    return int(found["year"]), int(found["month"]), int(found["day"])


def _clock(found: re.Match[str]) -> Time | None:
    zone = _zone(found)
    return make_time(int(found["hour"]), int(found["minute"]), _seconds(found["second"]), zone)


def _zone(found: re.Match[str]) -> Zone:
    if found["utc"]:
        return 0
    if found["zone"]:
        return found["zone"]
    if not found["sign"]:
        return None
    minutes, seconds = int(found["minutes"]), int(found["seconds"] or 0)
    if minutes > 59 or seconds > 59:
        return "?"
    offset = int(found["hours"]) * 3600 + minutes * 60 + seconds
    return -offset if found["sign"] == "-" else offset


def _seconds(text: str) -> Number:
    return Decimal(text) if "." in text else int(text)
