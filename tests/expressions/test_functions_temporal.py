"""Functions of dates, times and durations."""

import datetime as python
from contextvars import copy_context
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from blockwright.expressions.temporal.clock import CLOCK
from blockwright.expressions.values import Date, DateTime, Value, to_text
from tests.expressions.kit import at, builtin, complaint, standard


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("date", ["2017-12-31"], "2017-12-31"),
        ("date", [at("2017-09-03T09:45:30@Europe/Paris")], "2017-09-03"),
        ("date", [at("2017-09-03")], "2017-09-03"),
        ("date", [2012, 12, 25], "2012-12-25"),
        ("date", [-999_999_999, 12, Decimal("31.0")], "-999999999-12-31"),
        ("time", ["23:59:00z"], "23:59:00Z"),
        ("time", [at("2017-08-10T10:20:00+01:00")], "10:20:00+01:00"),
        ("time", [at("2017-08-10")], "00:00:00Z"),
        ("time", [12, 59, Decimal("1.3"), at("-PT1H")], "12:59:01.3-01:00"),
        ("time", [11, 59, 0, at("PT2H1M")], "11:59:00+02:01"),
        ("time", [11, 59, 0, None], "11:59:00"),
        ("time", [11, 59, 0], "11:59:00"),
        ("date and time", ["2012-12-24"], "2012-12-24T00:00:00"),
        ("date and time", ["2011-12-31T10:15:30.123456789@Europe/Paris"], "2011-12-31T10:15:30.123456789@Europe/Paris"),
        ("date and time", [at("2017-01-01"), at("23:59:01Z")], "2017-01-01T23:59:01Z"),
        ("date and time", [at("2017-09-05T10:20:00-01:00"), at("09:15:30")], "2017-09-05T09:15:30"),
        ("duration", ["P26M"], "P2Y2M"),
        ("duration", ["PT36H"], "P1DT12H"),
    ],
)
def test_made_from_texts_and_parts(name: str, arguments: list[Value], result: str) -> None:
    made = builtin(name, *arguments)
    assert to_text(made) == result
    assert made == at(result)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("date", ["2017-13-10"], '"2017-13-10" is not a date; a date is written 2026-01-31'),
        ("date", [2017, 13, 31], "there is no date with year 2017, month 13 and day 31"),
        ("date", [2017, Decimal("1.5"), 1], "there is no date with year 2017, month 1.5 and day 1"),
        ("date", [10**9, 1, 1], "there is no date with year 1000000000, month 1 and day 1"),
        ("time", [24, 59, 45], "there is no time with hour 24, minute 59 and second 45"),
        ("time", [1, 2, 3, at("PT15H")], "there is no time with hour 1, minute 2 and second 3 and offset PT15H"),
        ("duration", ["5 days"], '"5 days" is not a duration; durations are written P1Y6M (years, months) or'),
        ("time", ["10 o'clock"], '"10 o\'clock" is not a time; a time is written 10:30:00, 10:30:00+01:00 or'),
        ("date and time", ["tomorrow"], '"tomorrow" is not a date and time; one is written 2026-01-31T10:30:00'),
    ],
)
def test_what_is_not_there_is_told_in_words(name: str, arguments: list[Value], message: str) -> None:
    assert complaint(name, *arguments).startswith(f"bad value: {message}")
    assert standard(name, *arguments) is None


@pytest.mark.parametrize(
    ("start", "end", "result"),
    [
        ("2011-12-22", "2013-08-24", "P1Y8M"),
        ("2016-01-21", "2015-01-21", "-P1Y"),
        ("2016-01-21", "2015-01-22", "-P11M"),
        ("2015-01-22", "2016-01-21", "P11M"),
        ("2017-12-31T13:00:00", "2017-12-31T12:00:00", "P0M"),
        ("2014-12-31T23:59:59", "-2019-10-01T12:32:59", "-P4033Y2M"),
        ("2011-08-25T15:59:59@Europe/Paris", "2015-08-25T15:20:59+02:00", "P4Y"),
        ("2017-02-28T23:59:59", "2019-07-23", "P2Y4M"),
    ],
)
def test_years_and_months_between_two_days(start: str, end: str, result: str) -> None:
    assert builtin("years and months duration", at(start), at(end)) == at(result)


@pytest.mark.parametrize(
    ("day", "of_year", "of_week", "month", "week"),
    [
        ("2019-09-17", 260, "Tuesday", "September", 38),
        ("2003-12-29", 363, "Monday", "December", 1),
        ("2004-01-04", 4, "Sunday", "January", 1),
        ("2005-01-01", 1, "Saturday", "January", 53),
        ("2010-01-01T10:10:10", 1, "Friday", "January", 53),
    ],
)
def test_a_day_within_its_week_month_and_year(day: str, of_year: int, of_week: str, month: str, week: int) -> None:
    assert builtin("day of year", at(day)) == of_year
    assert builtin("day of week", at(day)) == of_week
    assert builtin("month of year", at(day)) == month
    assert builtin("week of year", at(day)) == week


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("23:00:50Z", "23:00:50+00:00", True),
        ("23:00:50Z", "23:00:50", False),
        ("2021-10-02T23:00:00@Australia/Melbourne", "2021-10-02T23:00:00+10:00", False),
        ("2012-12-25", "2012-12-25T00:00:00Z", False),
        ("P1D", "PT24H", True),
        ("P0Y", "P0D", False),
    ],
)
def test_is_tells_values_apart_that_are_only_equal(first: str, second: str, same: bool) -> None:
    assert builtin("is", at(first), at(second)) is same


def test_is_compares_values_of_any_type() -> None:
    assert builtin("is", 1, Decimal("1.0")) is True
    assert builtin("is", None, None) is True
    assert builtin("is", 1, "1") is False
    assert builtin("is", [1, "a"], [1, "a"]) is True


def test_the_present_is_read_from_the_clock_that_the_caller_sets() -> None:
    moment = python.datetime(2026, 1, 31, 10, 30, 15, 500_000, tzinfo=ZoneInfo("Europe/Paris"))

    def evaluation() -> tuple[Value, Value]:
        CLOCK.set(lambda: moment)
        return builtin("now"), builtin("today")

    now, today = copy_context().run(evaluation)
    assert now == DateTime(2026, 1, 31, 10, 30, Decimal("15.5"), "Europe/Paris")
    assert today == Date(2026, 1, 31)


def test_without_a_clock_of_its_own_an_evaluation_reads_that_of_the_machine() -> None:
    before = python.datetime.now().astimezone()
    now = builtin("now")
    assert isinstance(now, DateTime)
    assert now.zone is not None
    assert abs(now.date.day - before.day) in (0, 1, 27, 28, 29, 30)
