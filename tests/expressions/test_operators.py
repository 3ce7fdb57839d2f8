"""Operators on every pair of types: results by FEEL's tables, and mistakes in words."""

from collections.abc import Callable
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions.operators import (
    add,
    between,
    both,
    count_range,
    divide,
    either_of,
    equal,
    greater,
    greater_equal,
    index,
    iterate,
    less,
    less_equal,
    member,
    member_of_any,
    multiply,
    negate,
    not_equal,
    path,
    power,
    range_between,
    subtract,
    truth,
    unary_range,
)
from blockwright.expressions.values import CAPS, CONTEXT, Function, Number, Range, Value
from blockwright.failure import Failure
from tests.expressions.kit import at, decimals, integers, leniently, mistake, outcome, strictly, values

Operator = Callable[[Value, Value], Value]
ARITHMETIC: dict[str, Operator] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}
SAMPLES: dict[str, Value] = {
    "number": 10,
    "text": "10",
    "yes or no": True,
    "date": at("2021-01-01"),
    "moment": at("2021-01-01T10:10:10"),
    "time": at("10:10:10"),
    "days": at("P1D"),
    "years": at("P1Y"),
    "list": [10],
    "object": {"a": 10},
    "range": Range(1, 10, True, True),
    "function": Function(lambda a: a, ("a",), ()),
}
ALLOWED = {
    "+": "number number, text text, date days, date years, moment days, moment years, time days, days date, years date,"
    " days moment, years moment, days time, days days, years years",
    "-": "number number, date days, date years, moment days, moment years, time days, date date, moment moment,"
    " time time, days days, years years",
    "*": "number number, days number, years number, number days, number years",
    "/": "number number, days number, years number, days days, years years",
    "**": "number number",
}


@pytest.mark.parametrize("sign", ARITHMETIC)
def test_each_operator_works_on_exactly_the_pairs_of_types_that_feel_names(sign: str) -> None:
    allowed = {tuple(pair.split()) for pair in ALLOWED[sign].split(",")}
    for first, second in product(SAMPLES, SAMPLES):
        result, warnings = leniently(ARITHMETIC[sign], SAMPLES[first], SAMPLES[second])
        assert (result is not None) == ((first, second) in allowed), (first, sign, second)
        assert bool(warnings) == (result is None)


@pytest.mark.parametrize("operation", [*ARITHMETIC.values(), less, less_equal, greater, greater_equal])
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_null_operand_gives_null_and_is_no_mistake(operation: Operator, kind: str) -> None:
    assert strictly(operation, None, SAMPLES[kind]) is None
    assert strictly(operation, SAMPLES[kind], None) is None


@settings(max_examples=200)
@given(integers | decimals, integers | decimals)
def test_sums_and_products_are_those_of_34_digit_decimals(first: Number, second: Number) -> None:
    assert strictly(add, first, second) == CONTEXT.add(first, second)
    assert strictly(subtract, first, second) == CONTEXT.subtract(first, second)
    assert strictly(multiply, first, second) == CONTEXT.multiply(first, second)
    if second != 0:
        assert strictly(divide, first, second) == CONTEXT.divide(first, second)


@settings(max_examples=200)
@given(st.integers(-50, 50), st.integers(-120, 120))
def test_powers_are_those_of_34_digit_decimals(base: int, exponent: int) -> None:
    if base == 0 and exponent <= 0:
        return
    assert strictly(power, base, exponent) == CONTEXT.power(base, exponent)


@settings(max_examples=150)
@given(values, values)
def test_no_operator_ever_ends_in_an_exception_of_python(first: Value, second: Value) -> None:
    for operation in (*ARITHMETIC.values(), equal, not_equal, less, less_equal, both, either_of, member, index):
        _, failure = outcome(operation, first, second)
        assert failure is None or failure.code == "bad value"


def test_whole_results_stay_whole_and_exact() -> None:
    assert type(strictly(add, 1, 2)) is int
    assert type(strictly(divide, 10, 5)) is int
    assert strictly(divide, 1, 3) == Decimal("0." + "3" * 34)
    assert strictly(add, Decimal("0.1"), Decimal("0.2")) == Decimal("0.3")


AROUND = "write {}(…) around the text, or string(…) around {}"


@pytest.mark.parametrize(
    ("operation", "first", "second", "message"),
    [
        (multiply, "abc", 2, '"abc" is a text; only numbers and durations can be multiplied'),
        (add, "Total: ", 5, "5 is a number, so it cannot be added to a text; write string(…) around it"),
        (add, "3", 2, "2 is a number, so it cannot be added to a text; " + AROUND.format("number", 2)),
        (
            add,
            "2026-01-31",
            at("P1D"),
            "P1D is a duration, so it cannot be added to a text; " + AROUND.format("date", "P1D"),
        ),
        (multiply, "-2.5", 2, '"-2.5" is a text; write number(…) around the text'),
        (subtract, at("2026-01-31"), "10:30:00", '"10:30:00" is a text; write time(…) around the text'),
        (
            less,
            "2026-01-31",
            at("2026-02-01"),
            '"2026-01-31" is a text and 2026-02-01 is a date; write date(…) around the text',
        ),
        (less, at("P1D"), "PT3H", 'P1D is a duration and "PT3H" is a text; write duration(…) around the text'),
        (add, at("2026-01-31"), 5, '2026-01-31 is a date and 5 is a number; 5 days are written @"P5D"'),
        (
            subtract,
            at("2026-01-31T10:00:00"),
            1,
            '2026-01-31T10:00:00 is a date and time and 1 is a number; 1 day is written @"P1D"',
        ),
        (add, at("2026-01-31"), Decimal("0.5"), "2026-01-31 is a date and 0.5 is a number; these two cannot be added"),
        (multiply, at("2026-01-31"), 5, "2026-01-31 is a date; only numbers and durations can be multiplied"),
        (subtract, [1], 2, "[1] is a list; only numbers, dates, times and durations can be subtracted"),
        (multiply, at("P1D"), at("P1D"), "P1D is a duration and P1D is a duration; these two cannot be multiplied"),
        (divide, 5, 0, "5 cannot be divided by zero"),
        (divide, at("P1Y"), 0, "P1Y cannot be divided by zero"),
        (power, 10, 10**9, "1000000000 is too large an exponent; the largest is 999,999,999"),
        (power, 0, -1, "0 cannot be raised to a negative power"),
        (power, -2, Decimal("0.5"), "-2 is negative, so only a whole exponent works, not 0.5"),
        (less, "a", 1, '"a" is a text and 1 is a number; only values of one type can be ordered'),
        (
            less,
            at("P1D"),
            at("P1Y"),
            "P1D counts days and P1Y months, which differ in length; only values of one type can be ordered",
        ),
        (
            equal,
            at("P1Y"),
            at("P400D"),
            "P1Y counts months and P400D days, which differ in length; values of different types cannot be compared",
        ),
        (less, [1], [2], "[1] is a list; only numbers, texts, dates, times and durations can be ordered"),
        (equal, 1, "1", '1 is a number and "1" is a text; values of different types cannot be compared'),
        (both, True, "yes", '"yes" is a text; "and" joins only yes or no'),
        (either_of, 1, False, '1 is a number; "or" joins only yes or no'),
        (
            index,
            [1],
            Decimal("1.5"),
            "1.5 is not a position; positions are whole numbers from 1, or from -1 at the end",
        ),
        (path, "abc", "length", '"abc" is a text, and has no "length"'),
        (range_between, 3, 1, "the range from 3 to 1 ends before it starts"),
        (
            subtract,
            at("2026-01-01T00:00:00Z"),
            at("2026-01-01T00:00:00"),
            "only one of 2026-01-01T00:00:00Z and 2026-01-01T00:00:00 has a time zone, so the time between is"
            " not known",
        ),
    ],
)
def test_a_mistake_is_told_in_words(operation: Callable[..., Value], first: Value, second: Value, message: str) -> None:
    more = (True, True) if operation is range_between else ()
    assert mistake(operation, first, second, *more) == f"bad value: {message}"


def test_growing_past_the_caps_is_a_failure_under_both_policies() -> None:
    half = "x" * (CAPS.text // 2 + 1)
    growing: list[tuple[Callable[..., object], tuple[Value, Value]]] = [
        (add, (half, half)),
        (count_range, (1, CAPS.items + 1)),
    ]
    for run in (strictly, leniently):
        for operation, operands in growing:
            with pytest.raises(Failure) as caught:
                run(operation, *operands)
            assert caught.value.code == "too big"


@pytest.mark.parametrize(
    ("operation", "first", "second"),
    [(multiply, Decimal("1E+6000"), Decimal("1E+6000")), (power, 10, 999_999_999), (power, Decimal("1.5"), 10**8)],
)
def test_a_number_too_large_to_be_is_a_mistake(operation: Operator, first: Value, second: Value) -> None:
    assert "is out of bounds" in mistake(operation, first, second)
    assert leniently(operation, first, second)[0] is None


def test_negation_turns_numbers_and_durations_round() -> None:
    assert strictly(negate, 5) == -5
    assert strictly(negate, at("P1Y2M")) == at("-P1Y2M")
    assert strictly(negate, at("-PT1S")) == at("PT1S")
    assert strictly(negate, None) is None
    assert "only numbers and durations can be negated" in mistake(negate, True)


class TestEquality:
    def test_across_types_it_is_null_in_standard_mode(self) -> None:
        assert leniently(equal, True, 1)[0] is None
        assert leniently(not_equal, "1", 1)[0] is None

    def test_with_null_it_is_yes_or_no(self) -> None:
        assert strictly(equal, None, None) is True
        assert strictly(equal, [], None) is False
        assert strictly(not_equal, None, 0) is True

    def test_numbers_are_equal_by_value(self) -> None:
        assert strictly(equal, 1, Decimal("1.0")) is True
        assert strictly(not_equal, "foo", "Foo") is True


class TestLogic:
    """The table of three-valued logic (DMN 1.5, table 50); "?" is anything but yes or no."""

    TABLE = (
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, True, False, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, True, None, True),
        (None, False, False, None),
        (None, None, None, None),
    )

    @pytest.mark.parametrize(("first", "second", "conjunction", "disjunction"), TABLE)
    def test_and_or(self, first: Value, second: Value, conjunction: Value, disjunction: Value) -> None:
        assert strictly(both, first, second) is conjunction
        assert strictly(either_of, first, second) is disjunction
        lax_first, lax_second = ("?" if operand is None else operand for operand in (first, second))
        assert leniently(both, lax_first, lax_second)[0] is conjunction
        assert leniently(either_of, lax_first, lax_second)[0] is disjunction

    def test_a_condition_must_be_yes_or_no(self) -> None:
        assert strictly(truth, True) is True
        assert strictly(truth, False) is False
        assert mistake(truth, None) == "bad value: there is no value for the condition, which must be yes or no"
        assert mistake(truth, 1) == "bad value: 1 is a number; the condition must be yes or no"
        assert leniently(truth, None)[0] is False


class TestRanges:
    def test_between_includes_both_ends(self) -> None:
        assert strictly(between, 1, 1, 3) is True
        assert strictly(between, 3, 1, 3) is True
        assert strictly(between, 4, 1, 3) is False
        assert strictly(between, None, 1, 3) is None

    def test_in_looks_into_lists_ranges_and_single_values(self) -> None:
        numbers = strictly(range_between, 1, 10, True, False)
        assert strictly(member, 1, numbers) is True
        assert strictly(member, 10, numbers) is False
        assert strictly(member, 2, [1, 2, 3]) is True
        assert strictly(member, 5, [Range(2, 4, True, True), Range(5, 6, True, True)]) is True
        assert strictly(member, [1], [[1], [2]]) is True
        assert strictly(member, "a", "a") is True
        assert strictly(member, "x", ["a", 1]) is False
        assert strictly(member, None, [1, None]) is True
        assert strictly(member, None, numbers) is None
        assert "is a range of other values" in mistake(member, "a", numbers)

    def test_in_several_tests_is_true_when_one_holds(self) -> None:
        tests: list[Value] = [1, strictly(unary_range, "<", 0), strictly(unary_range, ">=", 10)]
        assert strictly(lambda value: member_of_any(value, tests), 12) is True
        assert strictly(lambda value: member_of_any(value, tests), 5) is False

    @pytest.mark.parametrize(
        ("operator", "inside", "outside"),
        [("<", 9, 10), ("<=", 10, 11), (">", 11, 10), (">=", 10, 9), ("=", 10, 11), ("!=", 11, 10)],
    )
    def test_a_range_with_one_end(self, operator: str, inside: int, outside: int) -> None:
        test = strictly(unary_range, operator, 10)
        assert strictly(member, inside, test) is True
        assert strictly(member, outside, test) is False

    def test_a_range_has_two_ends_of_one_type(self) -> None:
        assert "two ends of one type" in mistake(range_between, 1, "b", True, True)
        assert "which has no order" in mistake(unary_range, "<", True)
        assert strictly(range_between, None, 10, True, True) == Range(None, 10, False, True)

    def test_for_goes_up_or_down_between_two_numbers_and_over_dates(self) -> None:
        assert list(strictly(count_range, 2, 4)) == [2, 3, 4]  # type: ignore[arg-type]
        assert list(strictly(count_range, 4, 2)) == [4, 3, 2]  # type: ignore[arg-type]
        assert list(strictly(count_range, Decimal("2.0"), 2)) == [2]  # type: ignore[arg-type]
        assert strictly(count_range, at("2024-02-28"), at("2024-03-01")) == [
            at("2024-02-28"),
            at("2024-02-29"),
            at("2024-03-01"),
        ]
        assert "is not a whole number" in mistake(count_range, 1, Decimal("1.5"))
        assert strictly(count_range, None, 2) is None

    def test_for_goes_through_lists_and_closed_ranges(self) -> None:
        assert strictly(iterate, ["a"]) == ["a"]
        assert list(strictly(iterate, Range(1, 3, False, True))) == [2, 3]  # type: ignore[arg-type]
        assert strictly(iterate, Range(at("2026-01-01"), at("2026-01-03"), True, False)) == [
            at("2026-01-01"),
            at("2026-01-02"),
        ]
        assert strictly(iterate, None) is None
        for endless in (Range(1, None, True, False, ">="), Range("a", "c", True, True), 5):
            assert "gone through one by one" in mistake(iterate, endless)


class TestParts:
    def test_positions_count_from_one_and_from_the_end(self) -> None:
        items: Value = ["a", "b", "c"]
        assert [strictly(index, items, at_) for at_ in (1, 3, -1, -3)] == ["a", "c", "c", "a"]
        assert [strictly(index, items, at_) for at_ in (0, 4, -4, None, 10**30)] == [None] * 5
        assert strictly(index, items, Decimal("2.0")) == "b"

    def test_a_value_alone_is_a_list_of_itself(self) -> None:
        assert strictly(index, 100, 1) == 100
        assert strictly(index, 100, 2) is None
        assert strictly(index, None, 1) is None

    def test_a_path_reaches_into_objects_and_lists_of_them(self) -> None:
        assert strictly(path, {"a": 1}, "a") == 1
        assert strictly(path, {"a": 1}, "b") is None
        assert strictly(path, None, "b") is None
        assert strictly(path, [{"a": 1}, {}, [{"a": 2}]], "a") == [1, None, [2]]

    @pytest.mark.parametrize(
        ("value", "parts"),
        [
            ("2018-12-10", {"year": 2018, "month": 12, "day": 10, "weekday": 1}),
            ("2018-12-10T10:30:01.5", {"day": 10, "hour": 10, "second": Decimal("1.5"), "time offset": None}),
            ("10:30:00+05:00", {"minute": 30, "time offset": at("PT5H"), "timezone": None}),
            ("2018-07-10T10:30:00@Europe/Paris", {"timezone": "Europe/Paris", "time offset": at("PT2H")}),
            ("10:30:00@Europe/Paris", {"time offset": at("PT1H")}),
            ("P2Y3M", {"years": 2, "months": 3, "days": None}),
            ("-P1DT2H3M4.5S", {"days": -1, "hours": -2, "minutes": -3, "seconds": Decimal("-4.5"), "years": None}),
        ],
    )
    def test_dates_times_and_durations_have_parts(self, value: str, parts: dict[str, Value]) -> None:
        assert {name: strictly(path, at(value), name) for name in parts} == parts

    def test_ranges_have_parts(self) -> None:
        below = Range(None, 10, False, True, "<=")
        names = ("start included", "start", "end", "end included")
        assert [strictly(path, below, name) for name in names] == [False, None, 10, True]

    def test_a_part_that_is_not_there_is_told_with_those_that_are(self) -> None:
        assert mistake(path, at("2026-01-01"), "hour") == (
            'bad value: 2026-01-01 is a date, and has no "hour"; it has year, month, day, weekday'
        )
