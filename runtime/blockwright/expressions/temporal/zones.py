"""Time zones: names of the IANA database and their offsets from UTC.

Python reads the database of the system; Windows has none, so there the ``tzdata`` package is needed.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from blockwright.expressions.budget import spend
from blockwright.expressions.temporal.types import Zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

PRICE_OF_LOADING = 200
"""Steps for a zone that was not met before: its file must be read, or found missing."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


def is_zone_name(name: str) -> bool:
    """Whether this is the name of a time zone that is known here."""
    return _load(name) is not None


def zone_info(zone: Zone) -> datetime.tzinfo | None:
    """The zone as Python has it; None for local time. Raises LookupError for a name that is not known."""
    if zone is None:
        return None
    if isinstance(zone, int):
        return datetime.UTC if zone == 0 else datetime.timezone(datetime.timedelta(seconds=zone))
    info = _load(zone)
    if info is None:
        raise LookupError(zone)
    return info


def zone_name(info: datetime.tzinfo) -> str | None:
    """The name of a Python time zone in the IANA database, or None where it is a plain offset."""
    name = getattr(info, "key", None)
    return name if isinstance(name, str) and is_zone_name(name) else None


def offset_at(zone: str, local_seconds: int) -> int:
    """The zone's offset, in seconds, at a local time given in seconds since the start of 1970.

    Of an hour that happens twice the first is meant. Outside the years 1 to 9999 the rules of the nearest year that
    Python knows apply.
    """
    info = _load(zone)
    if info is None:
        raise LookupError(zone)
    bounded = min(max(local_seconds, _FIRST), _LAST)
    local = _EPOCH + datetime.timedelta(seconds=bounded)
    offset = local.replace(tzinfo=info).utcoffset()
    return 0 if offset is None else offset.days * 86400 + offset.seconds


def offset_at_instant(zone: str, seconds: int) -> int:
    """The zone's offset, in seconds, at an instant given in seconds since the start of 1970 in UTC."""
    info = _load(zone)
    if info is None:
        raise LookupError(zone)
    bounded = min(max(seconds, _FIRST), _LAST)
    instant = (_EPOCH + datetime.timedelta(seconds=bounded)).replace(tzinfo=datetime.UTC)
    offset = instant.astimezone(info).utcoffset()
    return 0 if offset is None else offset.days * 86400 + offset.seconds


def standard_offset(zone: str) -> int:
    """The zone's offset without summer time, in seconds: what a time of day without a date can mean by its zone."""
    info = _load(zone)
    if info is None:
        raise LookupError(zone)
    offsets = [_STANDARD_DAY.replace(month=month, tzinfo=info).utcoffset() for month in (1, 7)]
    return min(offset.days * 86400 + offset.seconds for offset in offsets if offset is not None)


_EPOCH = datetime.datetime(1970, 1, 1)
_STANDARD_DAY = datetime.datetime(2020, 1, 1)
_FIRST = int((datetime.datetime(1, 1, 3) - _EPOCH).total_seconds())
_LAST = int((datetime.datetime(9999, 12, 29) - _EPOCH).total_seconds())


@lru_cache(maxsize=1024)
def _load(name: str) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo

    if name == "Z" or not _NAME.fullmatch(name) or len(name) > 100:
        return None
    spend(PRICE_OF_LOADING)
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None
