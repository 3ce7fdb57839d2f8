"""Sums and differences of dates, times and durations (DMN 1.5, tables 56 to 59).

Every function takes values of the types in its name and gives None where a year leaves its bounds or the zones do not
allow an answer; ``operators`` turns that into a message.
"""

from __future__ import annotations

from decimal import Decimal

from blockwright.expressions.temporal.calendar import (
    DAY,
    add_months,
    date_of,
    day_number,
    floor,
    instant,
    local_seconds,
    moment_at,
    offset_of,
    time_at,
    time_seconds,
)
from blockwright.expressions.temporal.types import (
    YEAR_LIMIT,
    Date,
    DateTime,
    DaysDuration,
    Number,
    Time,
    YearsDuration,
)

MOST_MONTHS = 12 * (2 * YEAR_LIMIT + 1)
MOST_SECONDS = 366 * DAY * (2 * YEAR_LIMIT + 1)
"""No duration is longer than from the first year to the last."""


def days_duration(seconds: Number) -> DaysDuration | None:
    """A days and time duration of so many seconds; None past the longest."""
    return DaysDuration(seconds) if -MOST_SECONDS <= seconds <= MOST_SECONDS else None


def years_duration(months: int) -> YearsDuration | None:
    """A years and months duration of so many months; None past the longest."""
    return YearsDuration(months) if -MOST_MONTHS <= months <= MOST_MONTHS else None


def date_plus_days(date: Date, duration: DaysDuration) -> Date | None:
    """The day on which the duration ends that starts at the date's midnight."""
    return date_of(day_number(*date) + floor(duration.seconds) // DAY)


def date_minus_days(date: Date, duration: DaysDuration) -> Date | None:
    return date_plus_days(date, DaysDuration(-duration.seconds))


def date_plus_years(date: Date, duration: YearsDuration) -> Date | None:
    return add_months(date, duration.months)


def date_minus_years(date: Date, duration: YearsDuration) -> Date | None:
    return add_months(date, -duration.months)


def moment_plus_days(moment: DateTime, duration: DaysDuration) -> DateTime | None:
    if isinstance(moment.zone, str):
        return moment_at(instant(moment) + duration.seconds, moment.zone)
    return _with_zone(moment_at(local_seconds(moment) + duration.seconds, None), moment)


def moment_minus_days(moment: DateTime, duration: DaysDuration) -> DateTime | None:
    return moment_plus_days(moment, DaysDuration(-duration.seconds))


def moment_plus_years(moment: DateTime, duration: YearsDuration) -> DateTime | None:
    date = add_months(moment.date, duration.months)
    return None if date is None else DateTime(*date, moment.hour, moment.minute, moment.second, moment.zone)


def moment_minus_years(moment: DateTime, duration: YearsDuration) -> DateTime | None:
    return moment_plus_years(moment, YearsDuration(-duration.months))


def time_plus_days(time: Time, duration: DaysDuration) -> Time | None:
    """The time of day after the duration, going round at midnight."""
    return time_at(time_seconds(time) + duration.seconds, time.zone)


def time_minus_days(time: Time, duration: DaysDuration) -> Time | None:
    return time_at(time_seconds(time) - duration.seconds, time.zone)


def date_minus_date(first: Date, second: Date) -> DaysDuration | None:
    return DaysDuration((day_number(*first) - day_number(*second)) * DAY)


def moment_minus_moment(first: DateTime, second: DateTime) -> DaysDuration | None:
    """The time between two moments; None where only one of them has a zone."""
    if (first.zone is None) != (second.zone is None):
        return None
    return DaysDuration(instant(first) - instant(second))


def moment_minus_date(moment: DateTime, date: Date) -> DaysDuration | None:
    """A date counts as its midnight in UTC, so the moment needs a zone."""
    return moment_minus_moment(moment, midnight(date))


def date_minus_moment(date: Date, moment: DateTime) -> DaysDuration | None:
    return moment_minus_moment(midnight(date), moment)


def time_minus_time(first: Time, second: Time) -> DaysDuration | None:
    """The time between two times of a day; None where only one of them has a zone."""
    if (first.zone is None) != (second.zone is None):
        return None
    gap = time_seconds(first) - time_seconds(second)
    if first.zone != second.zone:
        gap -= (offset_of(first) or 0) - (offset_of(second) or 0)
    return DaysDuration(gap)


def days_plus_days(first: DaysDuration, second: DaysDuration) -> DaysDuration | None:
    return days_duration(first.seconds + second.seconds)


def days_minus_days(first: DaysDuration, second: DaysDuration) -> DaysDuration | None:
    return days_duration(first.seconds - second.seconds)


def years_plus_years(first: YearsDuration, second: YearsDuration) -> YearsDuration | None:
    return years_duration(first.months + second.months)


def years_minus_years(first: YearsDuration, second: YearsDuration) -> YearsDuration | None:
    return years_duration(first.months - second.months)


def days_times(duration: DaysDuration, number: Number) -> DaysDuration | None:
    return days_duration(duration.seconds * number)


def years_times(duration: YearsDuration, number: Number) -> YearsDuration | None:
    """Whole months only: a fraction of a month is dropped."""
    product = duration.months * number
    return years_duration(int(product)) if -MOST_MONTHS <= product <= MOST_MONTHS else None


def days_by(duration: DaysDuration, number: Number) -> DaysDuration | None:
    """The duration divided; the number is not 0."""
    quotient = Decimal(duration.seconds) / number
    return days_duration(int(quotient) if quotient == int(quotient) else quotient)


def years_by(duration: YearsDuration, number: Number) -> YearsDuration | None:
    """The duration divided, in whole months; the number is not 0."""
    return years_duration(int(Decimal(duration.months) / number))


def midnight(date: Date) -> DateTime:
    """The start of the date in UTC, which is what a date means beside a moment (DMN 1.5, 10.3.2.3.5)."""
    return DateTime(*date, 0, 0, 0, 0)


def _with_zone(moment: DateTime | None, like: DateTime) -> DateTime | None:
    return None if moment is None else moment._replace(zone=like.zone)
