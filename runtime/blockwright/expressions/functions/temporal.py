"""Functions of dates, times and durations (DMN 1.5, tables 72, 77, 79 and 82)."""

from __future__ import annotations

from blockwright.expressions import compare
from blockwright.expressions.functions.builtin import Builtin, Overload, Parameter
from blockwright.expressions.temporal import calendar
from blockwright.expressions.temporal.clock import CLOCK
from blockwright.expressions.temporal.parts import join, make_date, make_time
from blockwright.expressions.temporal.reading import read_date, read_date_and_time, read_duration, read_time
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Time, YearsDuration
from blockwright.expressions.types import (
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    DURATION,
    NUMBER,
    TEXT,
    TIME,
    YEARS_DURATION,
    YES_OR_NO,
    either,
    optional,
)
from blockwright.expressions.values import Number, Value, fail, shown, take, whole

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date(start: str | Date | DateTime) -> Value:
    """The date of a text, or of a moment."""
    match start:
        case str():
            return read_date(start) or fail(f"{shown(start)} is not a date; a date is written 2026-01-31")
        case DateTime():
            return start.date
    return start


def date_of_parts(year: Number, month: Number, day: Number) -> Value:
    parts = (whole(year), whole(month), whole(day))
    made = None if None in parts else make_date(*parts)  # type: ignore[arg-type]
    return made or fail(f"there is no date with year {shown(year)}, month {shown(month)} and day {shown(day)}")


def time(start: str | Date | Time | DateTime) -> Value:
    """The time of a text, or of a moment; of a date, its midnight in UTC."""
    match start:
        case str():
            return read_time(start) or fail(
                f"{shown(start)} is not a time; a time is written 10:30:00, 10:30:00+01:00 or 10:30:00@Europe/Paris"
            )
        case DateTime():
            return start.time
        case Date():
            return Time(0, 0, 0, 0)
    return start


def time_of_parts(hour: Number, minute: Number, second: Number, offset: DaysDuration | None = None) -> Value:
    hours, minutes, zone = whole(hour), whole(minute), None if offset is None else whole(offset.seconds)
    made = None
    if hours is not None and minutes is not None and (offset is None or zone is not None):
        made = make_time(hours, minutes, second, zone)
    parts = f"hour {shown(hour)}, minute {shown(minute)} and second {shown(second)}"
    return made or fail(f"there is no time with {parts}{'' if offset is None else f' and offset {shown(offset)}'}")


def date_and_time(start: str | DateTime) -> Value:
    """The moment of a text; a date alone is its midnight."""
    if not isinstance(start, str):
        return start
    return read_date_and_time(start) or fail(
        f"{shown(start)} is not a date and time; one is written 2026-01-31T10:30:00, or with Z or +01:00 at its end"
    )


def date_with_time(day: Date | DateTime, clock: Time) -> Value:
    """The day, whatever its own time, at a time."""
    return join(day.date if isinstance(day, DateTime) else day, clock)


def duration(start: str | DaysDuration | YearsDuration) -> Value:
    if not isinstance(start, str):
        return start
    return read_duration(start) or fail(
        f"{shown(start)} is not a duration; durations are written P1Y6M (years, months) or P1DT2H30M (days, hours…)"
    )


def years_and_months(start: Date | DateTime, end: Date | DateTime) -> YearsDuration:
    """The whole months from one date to another; times of day do not count."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsDuration(months)


def day_of_year(day: Date | DateTime) -> int:
    return calendar.day_of_year(_date(day))


def day_of_week(day: Date | DateTime) -> str:
    return WEEKDAYS[calendar.weekday(_date(day)) - 1]


def month_of_year(day: Date | DateTime) -> str:
    return MONTHS[day.month - 1]


def week_of_year(day: Date | DateTime) -> int:
    return calendar.week_of_year(_date(day))


def identical(first: Value, second: Value) -> bool:
    """Whether the two are the same value; the same moment in two zones is not."""
    if isinstance(first, Time | DateTime):
        return type(first) is type(second) and first == second
    return compare.same(first, second) is True


def now() -> Value:
    return take(CLOCK.get()())


def today() -> Value:
    moment = CLOCK.get()()
    return Date(moment.year, moment.month, moment.day)


def _date(day: Date | DateTime) -> Date:
    return day.date if isinstance(day, DateTime) else day


_DAY = either([DATE, DATE_AND_TIME])
_DATE = Parameter("date", _DAY)

BUILTINS = (
    Builtin(
        "date",
        "dates and times",
        "The date of a text, of a date and time, or of a year, a month and a day.",
        (
            Overload(date, DATE, (Parameter("from", either([TEXT, DATE, DATE_AND_TIME])),)),
            Overload(
                date_of_parts, DATE, (Parameter("year", NUMBER), Parameter("month", NUMBER), Parameter("day", NUMBER))
            ),
        ),
        (('date("2012-12-25")', '@"2012-12-25"'), ("date(2012, 12, 25)", '@"2012-12-25"')),
    ),
    Builtin(
        "time",
        "dates and times",
        "The time of a text, of a date and time, or of an hour, a minute, a second and an offset.",
        (
            Overload(time, TIME, (Parameter("from", either([TEXT, TIME, DATE, DATE_AND_TIME])),)),
            Overload(
                time_of_parts,
                TIME,
                (
                    Parameter("hour", NUMBER),
                    Parameter("minute", NUMBER),
                    Parameter("second", NUMBER),
                    Parameter("offset", optional(DAYS_DURATION), optional=True),
                ),
            ),
        ),
        (('time("23:59:00Z")', '@"23:59:00Z"'), ('time(23, 59, 0, @"PT0H")', '@"23:59:00Z"')),
    ),
    Builtin(
        "date and time",
        "dates and times",
        "The date and time of a text, or of a date and a time.",
        (
            Overload(date_and_time, DATE_AND_TIME, (Parameter("from", either([TEXT, DATE_AND_TIME])),)),
            Overload(date_with_time, DATE_AND_TIME, (_DATE, Parameter("time", TIME))),
        ),
        (
            ('date and time("2012-12-24T23:59:00")', '@"2012-12-24T23:59:00"'),
            ('date and time(@"2012-12-24", @"23:59:00")', '@"2012-12-24T23:59:00"'),
        ),
    ),
    Builtin(
        "duration",
        "dates and times",
        "The duration of a text.",
        (Overload(duration, DURATION, (Parameter("from", either([TEXT, DURATION])),)),),
        (('duration("P26M")', '@"P2Y2M"'), ('duration("PT36H")', '@"P1DT12H"')),
    ),
    Builtin(
        "years and months duration",
        "dates and times",
        "The whole years and months from one date to another.",
        (Overload(years_and_months, YEARS_DURATION, (Parameter("from", _DAY), Parameter("to", _DAY))),),
        (('years and months duration(@"2011-12-22", @"2013-08-24")', '@"P1Y8M"'),),
    ),
    Builtin(
        "day of year",
        "dates and times",
        "The day's number within its year.",
        (Overload(day_of_year, NUMBER, (_DATE,)),),
        (("day of year(date(2019, 9, 17))", "260"),),
    ),
    Builtin(
        "day of week",
        "dates and times",
        "The day's English name.",
        (Overload(day_of_week, TEXT, (_DATE,)),),
        (("day of week(date(2019, 9, 17))", '"Tuesday"'),),
    ),
    Builtin(
        "month of year",
        "dates and times",
        "The month's English name.",
        (Overload(month_of_year, TEXT, (_DATE,)),),
        (("month of year(date(2019, 9, 17))", '"September"'),),
    ),
    Builtin(
        "week of year",
        "dates and times",
        "The week's number within its year, as ISO 8601 counts.",
        (Overload(week_of_year, NUMBER, (_DATE,)),),
        (("week of year(date(2005, 1, 1))", "53"),),
    ),
    Builtin(
        "is",
        "dates and times",
        "Whether two values are the very same: also of the same type, and in the same time zone.",
        (Overload(identical, YES_OR_NO, (Parameter("value1"), Parameter("value2"))),),
        (('is(@"23:00:50Z", @"23:00:50")', "false"), ('is(@"23:00:50Z", @"23:00:50+00:00")', "true")),
    ),
    Builtin(
        "now",
        "dates and times",
        "The present date and time.",
        (Overload(now, DATE_AND_TIME),),
        (("now() instance of date and time", "true"),),
    ),
    Builtin(
        "today",
        "dates and times",
        "The present date.",
        (Overload(today, DATE),),
        (("today() instance of date", "true"),),
    ),
)
