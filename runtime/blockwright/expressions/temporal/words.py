"""Durations in words, as authors write them: ``5 seconds``, ``1 minute 30 seconds``, ``2 hours and 5 minutes``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from blockwright.expressions.temporal.reading import read_duration
from blockwright.expressions.temporal.types import DaysDuration, YearsDuration

_SECONDS: Mapping[str, Decimal] = MappingProxyType(
    {
        "millisecond": Decimal("0.001"),
        "second": Decimal(1),
        "minute": Decimal(60),
        "hour": Decimal(3600),
        "day": Decimal(86_400),
        "week": Decimal(604_800),
    }
)
_MONTHS: Mapping[str, int] = MappingProxyType({"month": 1, "year": 12})
UNITS = (*_SECONDS, *_MONTHS)
"""The words for units of time; each may end with an s."""

_PART = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?) ?([a-z]{1,20})")
_BETWEEN = re.compile(r",? and |, ?| ")
_LONGEST = 100


def read_duration_words(text: str) -> DaysDuration | YearsDuration | None:
    """The duration that words or ISO 8601 write; None when there is none. Each unit stands once, the longest first."""
    if len(text) > _LONGEST:
        return None
    parts = _parts(text)
    if parts is None:
        return read_duration(text)
    units = [unit for _, unit in parts]
    if units != sorted(set(units), key=lambda unit: -_size(unit)):
        return None
    if all(unit in _SECONDS for unit in units):
        return DaysDuration(_whole(sum((number * _SECONDS[unit] for number, unit in parts), Decimal(0))))
    if all(unit in _MONTHS and number == int(number) for number, unit in parts):
        return YearsDuration(sum(int(number) * _MONTHS[unit] for number, unit in parts))
    return None


def duration_words(seconds: int | float | Decimal) -> str:
    """A number of seconds in words: ``1 hour 30 minutes``."""
    left = Decimal(str(seconds))
    words: list[str] = []
    for unit in ("day", "hour", "minute", "second", "millisecond"):
        number = left / _SECONDS[unit] if unit == "millisecond" else left // _SECONDS[unit]
        left -= number * _SECONDS[unit]
        if number:
            words.append(f"{number.normalize():f} {unit}{'' if number == 1 else 's'}")
    return " ".join(words) or "0 seconds"


def unit_meant(text: str) -> str | None:
    """The first word after a number in a text that is no duration, where it is no unit: it may be misspelled."""
    for word in re.findall(r"[0-9] ?([A-Za-z]+)", text[:_LONGEST]):
        if word.removesuffix("s") not in UNITS:
            return str(word)
    return None


def _parts(text: str) -> list[tuple[Decimal, str]] | None:
    parts: list[tuple[Decimal, str]] = []
    at = 0
    while True:
        found = _PART.match(text, at)
        if found is None or (unit := found[2].removesuffix("s")) not in UNITS:
            return None
        parts.append((Decimal(found[1]), unit))
        at = found.end()
        if at == len(text):
            return parts
        between = _BETWEEN.match(text, at)
        if between is None:
            return None
        at = between.end()


def _size(unit: str) -> Decimal:
    return _SECONDS[unit] if unit in _SECONDS else Decimal(_MONTHS[unit] * 2_592_000)


def _whole(seconds: Decimal) -> int | Decimal:
    return int(seconds) if seconds == int(seconds) else seconds
