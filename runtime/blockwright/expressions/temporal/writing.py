"""Dates, times and durations as text, in the forms that ``date``, ``time``, ``date and time`` and ``duration`` read."""

from __future__ import annotations

from blockwright.expressions.temporal.types import (
    Date,
    DateTime,
    DaysDuration,
    Number,
    Temporal,
    Time,
    YearsDuration,
    Zone,
)


def temporal_text(value: Temporal) -> str:
    """The value in its ISO 8601 form, such as ``2026-01-31T10:30:00+01:00`` or ``P1DT2H``."""
    match value:
        case DateTime():
            return f"{_date(value.year, value.month, value.day)}T{_time(value.time)}"
        case Date():
            return _date(value.year, value.month, value.day)
        case Time():
            return _time(value)
        case DaysDuration():
            return _days(value.seconds)
        case YearsDuration():
            return _years(value.months)


def offset_text(offset: int) -> str:
    """An offset from UTC in seconds as ``Z``, ``+01:00`` or, where it has seconds, ``+01:00:30``."""
    if offset == 0:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _date(year: int, month: int, day: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}"


def _time(value: Time) -> str:
    return f"{value.hour:02}:{value.minute:02}:{_seconds(value.second, 2)}{_zone(value.zone)}"


def _zone(zone: Zone) -> str:
    if zone is None:
        return ""
    return offset_text(zone) if isinstance(zone, int) else f"@{zone}"


def _seconds(seconds: Number, width: int) -> str:
    first = int(seconds)
    if isinstance(seconds, int) or seconds == first:
        return f"{first:0{width}}"
    fraction = format(seconds - first, "f").partition(".")[2].rstrip("0")
    return f"{first:0{width}}.{fraction}"


def _days(total: Number) -> str:
    if total == 0:
        return "PT0S"
    size = -total if total < 0 else total
    seconds = size % 60
    hours, minutes = divmod(int(size // 60), 60)
    days, hours = divmod(hours, 24)
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    clock += f"{_seconds(seconds, 1)}S" if seconds else ""
    return f"{'-' if total < 0 else ''}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


def _years(total: int) -> str:
    if total == 0:
        return "P0M"
    years, months = divmod(abs(total), 12)
    return f"{'-' if total < 0 else ''}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"
