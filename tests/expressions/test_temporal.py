"""Dates, times and durations: reading, writing, the calendar, zones and sums."""

import datetime as python
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions.operators import add, divide, multiply, subtract
from blockwright.expressions.temporal.calendar import (
    add_months,
    date_of,
    day_number,
    day_of_year,
    week_of_year,
    weekday,
)
from blockwright.expressions.temporal.reading import (
    read_date,
    read_date_and_time,
    read_duration,
    read_temporal,
    read_time,
)
from blockwright.expressions.temporal.types import YEAR_LIMIT, Date, DateTime, DaysDuration, Time
from blockwright.expressions.values import Value, to_text
from tests.expressions.kit import at, computing, dates, durations, leniently, mistake, moments, strictly, times


@settings(max_examples=200)
@given(st.one_of(dates, times, moments, durations))
def test_what_is_written_is_read_again_as_the_same_value(value: Value) -> None:
    assert read_temporal(to_text(value)) == value


@settings(max_examples=200)
@given(st.dates())
def test_the_calendar_agrees_with_that_of_python(day: python.date) -> None:
    date = Date(day.year, day.month, day.day)
    assert day_number(*date) == day.toordinal() - python.date(1970, 1, 1).toordinal()
    assert date_of(day_number(*date)) == date
    assert weekday(date) == day.isoweekday()
    assert week_of_year(date) == day.isocalendar().week
    assert day_of_year(date) == day.timetuple().tm_yday


@settings(max_examples=200)
@given(st.integers(-(10**13), 10**13))
def test_days_far_from_now_have_their_dates_too(number: int) -> None:
    date = date_of(number)
    if date is None:
        assert abs(number) > 365 * YEAR_LIMIT
    else:
        assert day_number(*date) == number


@given(dates, st.integers(-5000, 5000))
def test_months_later_a_date_keeps_its_day_or_takes_the_months_last(date: Date, months: int) -> None:
    later = add_months(date, months)
    assert later is not None
    assert (later.year * 12 + later.month) - (date.year * 12 + date.month) == months
    assert later.day == date.day or (later.day < date.day and add_one_day(later).day == 1)


def add_one_day(date: Date) -> Date:
    following = date_of(day_number(*date) + 1)
    assert following is not None
    return following


@settings(max_examples=150)
@given(moments, st.integers(-(10**7), 10**7))
def test_a_moment_moved_on_and_back_is_where_it_was(moment: DateTime, seconds: int) -> None:
    with computing():
        later = add(moment, DaysDuration(seconds))
        if moment.zone == "Europe/Paris":
            assert subtract(later, add(moment, DaysDuration(0))) == DaysDuration(seconds)
        else:
            assert subtract(later, DaysDuration(seconds)) == moment
            assert subtract(later, moment) == DaysDuration(seconds)


class TestReading:
    @pytest.mark.parametrize(
        "text",
        ["2017-12-31", "-2017-01-01", "999999999-12-31", "-999999999-01-01", "0000-02-29", "0004-02-29", "2000-02-29"],
    )
    def test_dates(self, text: str) -> None:
        date = read_date(text)
        assert date is not None
        assert to_text(date) == text

    @pytest.mark.parametrize(
        "text",
        [
            "2017-13-10",
            "2017-02-29",
            "1900-02-29",
            "2017-00-10",
            "2017-12-32",
            "998-12-31",
            "01211-12-31",
            "+2012-12-02",
            "9999999999-12-25",
            "2012-12-25T",
            "2012-12-25Z",
            "2012-1-1",
            "２０１２-12-25",
            "2012-12-25\n",
            "",
        ],
    )
    def test_no_dates(self, text: str) -> None:
        assert read_date(text) is None

    @pytest.mark.parametrize(
        ("text", "time"),
        [
            ("11:22:33.444", Time(11, 22, Decimal("33.444"))),
            ("13:20:00+02:00", Time(13, 20, 0, 7200)),
            ("11:22:33-00:00", Time(11, 22, 33, 0)),
            ("23:59:00z", Time(23, 59, 0, 0)),
            ("00:00:00-14:00", Time(0, 0, 0, -50400)),
            ("24:00:00", Time(0, 0, 0)),
            ("10:20:00@Europe/Paris", Time(10, 20, 0, "Europe/Paris")),
            ("10:20:00@Etc/UTC", Time(10, 20, 0, "Etc/UTC")),
        ],
    )
    def test_times(self, text: str, time: Time) -> None:
        assert read_time(text) == time

    @pytest.mark.parametrize(
        "text",
        [
            "24:00:01",
            "23:59:60",
            "25:00:00",
            "7:00:00",
            "07:20",
            "13:20:00+19:00",
            "13:20:00+14:01",
            "13:20:00+5",
            "11:30:00T",
            "10:20:00@Nowhere/Land",
            "10:20:00@../../etc/passwd",
            "10:20:00@",
            "10:20:00Z@Europe/Paris",
            "10:20:00." + "1" * 500,
        ],
    )
    def test_no_times(self, text: str) -> None:
        assert read_time(text) is None

    def test_moments(self) -> None:
        assert read_date_and_time("2012-12-24") == DateTime(2012, 12, 24, 0, 0, 0)
        assert read_date_and_time("2012-12-24T24:00:00") == DateTime(2012, 12, 25, 0, 0, 0)
        assert read_date_and_time("2012-12-24T10:00:00Z") == DateTime(2012, 12, 24, 10, 0, 0, 0)
        assert read_date_and_time("999999999-12-31T24:00:00") is None
        assert read_date_and_time("2011-12-0310:15:30") is None
        assert read_date_and_time("2011-12-03T") is None

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("P2DT100M", "P2DT1H40M"),
            ("PT3600S", "PT1H"),
            ("P0D", "PT0S"),
            ("-P0D", "PT0S"),
            ("PT0.5S", "PT0.5S"),
            ("P26M", "P2Y2M"),
            ("P0Y", "P0M"),
            ("-P1Y", "-P1Y"),
            ("P999999999M", "P83333333Y3M"),
        ],
    )
    def test_durations(self, text: str, shown: str) -> None:
        assert to_text(at(text)) == shown

    @pytest.mark.parametrize(
        "text", ["P", "PT", "P1S", "P1DT", "P1Y1D", "P0", "1D", "P-1D", "P1D ", "P" + "9" * 300 + "D"]
    )
    def test_no_durations(self, text: str) -> None:
        assert read_duration(text) is None


class TestSums:
    @pytest.mark.parametrize(
        ("first", "second", "result"),
        [
            ("2020-01-31", "P1M", "2020-02-29"),
            ("2021-01-01", "PT36H", "2021-01-02"),
            ("P1M", "2021-01-01", "2021-02-01"),
            ("-2021-01-01T10:10:10+11:00", "-P1D", "-2022-12-31T10:10:10+11:00"),
            ("2021-01-01T24:00:00", "PT1S", "2021-01-02T00:00:01"),
            ("-2021-01-01T10:10:10@Australia/Melbourne", "-P1D", "-2022-12-31T10:10:10@Australia/Melbourne"),
            ("23456-07-01T10:10:10@Europe/Paris", "PT1H", "23456-07-01T11:10:10@Europe/Paris"),
            ("23:30:00+01:00", "PT1H", "00:30:00+01:00"),
            ("10:15:00@Australia/Melbourne", "PT1H", "11:15:00@Australia/Melbourne"),
            ("10:15:00", "-P1D", "10:15:00"),
            ("P1Y", "-P2M", "P10M"),
            ("P1D", "PT0.5S", "P1DT0.5S"),
        ],
    )
    def test_adding(self, first: str, second: str, result: str) -> None:
        assert to_text(strictly(add, at(first), at(second))) == result

    @pytest.mark.parametrize(
        ("first", "second", "result"),
        [
            ("2021-01-02", "PT1H", "2021-01-01"),
            ("2021-01-02", "-PT25H", "2021-01-03"),
            ("2020-03-01", "PT24H", "2020-02-29"),
            ("2021-03-31", "P1M", "2021-02-28"),
            ("2021-01-02T10:10:10@Europe/Paris", "2021-01-01T10:10:10@Asia/Dhaka", "P1DT5H"),
            ("2021-01-02", "2021-01-01T10:10:10+11:00", "P1DT49M50S"),
            ("2012-12-25", "2012-12-24", "P1D"),
            ("10:10:10+11:00", "09:10:10+10:00", "PT0S"),
            ("10:10:10", "PT11H", "23:10:10"),
            ("P1Y", "P14M", "-P2M"),
        ],
    )
    def test_subtracting(self, first: str, second: str, result: str) -> None:
        assert to_text(strictly(subtract, at(first), at(second))) == result

    def test_the_night_when_clocks_change_has_an_hour_more_or_less(self) -> None:
        before = at("2026-03-28T12:00:00@Europe/Paris")
        assert to_text(strictly(add, before, at("P1D"))) == "2026-03-29T13:00:00@Europe/Paris"
        assert to_text(strictly(add, before, at("P1M"))) == "2026-04-28T12:00:00@Europe/Paris"

    def test_durations_are_multiplied_and_divided(self) -> None:
        assert strictly(multiply, at("P4DT1H"), Decimal("1.5")) == at("P6DT1H30M")
        assert strictly(multiply, Decimal("-2.5"), at("P1Y11M")) == at("-P4Y9M"), "whole months, the rest dropped"
        assert strictly(divide, at("P10DT23H"), Decimal("2.5")) == at("P4DT9H12M")
        assert strictly(divide, at("P10Y11M"), Decimal("-2.5")) == at("-P4Y4M")
        assert strictly(divide, at("P1D"), at("PT6H")) == 4
        assert strictly(divide, at("P1Y"), at("P5M")) == Decimal("2.4")

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("999999999-12-31", "P1D"),
            ("-999999999-01-01", "-P1M"),
            ("999999999-12-31T23:59:59Z", "PT1S"),
            ("P1999999998Y", "P999999999Y"),
        ],
    )
    def test_nothing_lies_beyond_the_last_year(self, first: str, second: str) -> None:
        assert "is out of bounds" in mistake(add, at(first), at(second))
        assert leniently(add, at(first), at(second))[0] is None

    def test_without_zones_on_both_sides_the_time_between_is_not_known(self) -> None:
        for first, second in (("10:00:00", "10:00:00Z"), ("2026-01-01T00:00:00", "2026-01-01")):
            assert "zone" in mistake(subtract, at(first), at(second))

    def test_enormous_factors_are_out_of_bounds_and_quick(self) -> None:
        assert "out of bounds" in mistake(multiply, at("P1D"), Decimal("1E+6000"))
        assert "out of bounds" in mistake(divide, at("P1Y"), Decimal("1E-6000"))
