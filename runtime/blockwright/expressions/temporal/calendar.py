"""The Gregorian calendar in whole numbers, for any year: days since 1970, months, weeks and instants.

Year 0 is the year before year 1, as in XML Schema 1.1.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR

from blockwright.expressions.temporal.types import YEAR_LIMIT, Date, DateTime, Number, Time, Zone
from blockwright.expressions.temporal.zones import offset_at, offset_at_instant, standard_offset

DAY = 86400


def days_in_month(year: int, month: int) -> int:
    """How many days the month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01; the day may lie outside its month."""
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def date_of(number: int) -> Date | None:
    """The date so many days after 1970-01-01; None where its year is out of bounds."""
    era, day_of_era = divmod(number + 719468, 146097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + era * 400 + (month <= 2)
    if not -YEAR_LIMIT <= year <= YEAR_LIMIT:
        return None
    return Date(year, month, day_of_year - (153 * shifted_month + 2) // 5 + 1)


def add_months(date: Date, months: int) -> Date | None:
    """The date so many months later, on the last day of its month where that is shorter; None out of bounds."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if not -YEAR_LIMIT <= year <= YEAR_LIMIT:
        return None
    return Date(year, month + 1, min(date.day, days_in_month(year, month + 1)))


def weekday(date: Date) -> int:
    """The day of the week: 1 is Monday, 7 is Sunday."""
    return (day_number(*date) + 3) % 7 + 1


def day_of_year(date: Date) -> int:
    """The day's number within its year, from 1."""
    return day_number(*date) - day_number(date.year, 1, 1) + 1


def week_of_year(date: Date) -> int:
    """The week's number within its year as ISO 8601 counts: week 1 holds the year's first Thursday."""
    thursday = day_number(*date) - weekday(date) + 4
    first = day_number(date.year, 1, 1)
    if thursday < first:
        first = day_number(date.year - 1, 1, 1)
    elif thursday >= day_number(date.year + 1, 1, 1):
        first = day_number(date.year + 1, 1, 1)
    return (thursday - first) // 7 + 1


def local_seconds(moment: DateTime) -> Number:
    """Seconds since 1970-01-01T00:00:00 on the moment's own clock, whatever its zone."""
    day = day_number(moment.year, moment.month, moment.day)
    return day * DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def instant(moment: DateTime, zone: Zone = None) -> Number:
    """Seconds since 1970-01-01T00:00:00Z. ``zone`` stands in where the moment has none; without any it is UTC."""
    own = moment.zone if moment.zone is not None else zone
    seconds = local_seconds(moment)
    return seconds - _offset(own, seconds)


def moment_at(seconds: Number, zone: Zone) -> DateTime | None:
    """The moment at an instant, on the clock of a zone; without a zone ``seconds`` are local. None out of bounds."""
    offset = offset_at_instant(zone, floor(seconds)) if isinstance(zone, str) else zone or 0
    local = seconds + offset
    days = floor(local) // DAY
    date = date_of(days)
    return None if date is None else DateTime(*date, *_clock(local - days * DAY), zone)


def offset_of(moment: DateTime | Time) -> int | None:
    """The offset from UTC in seconds, of a named zone too; None for local time.

    A time of day with a named zone has no date to tell summer from winter, so the zone's standard offset counts.
    """
    if not isinstance(moment.zone, str):
        return moment.zone
    return _offset(moment.zone, local_seconds(moment)) if isinstance(moment, DateTime) else standard_offset(moment.zone)


def time_seconds(time: Time) -> Number:
    """Seconds since midnight on the time's own clock."""
    return time.hour * 3600 + time.minute * 60 + time.second


def time_at(seconds: Number, zone: Zone) -> Time:
    """The time so many seconds after midnight, going round after a day."""
    return Time(*_clock(seconds - floor(seconds) // DAY * DAY), zone)


def floor(number: Number) -> int:
    """The greatest whole number that is not larger."""
    return number if isinstance(number, int) else int(number.to_integral_value(ROUND_FLOOR))


def _offset(zone: Zone, local: Number) -> int:
    if isinstance(zone, str):
        return offset_at(zone, floor(local))
    return zone or 0


def _clock(seconds: Number) -> tuple[int, int, Number]:
    minutes = floor(seconds) // 60
    return minutes // 60, minutes % 60, seconds - minutes * 60
