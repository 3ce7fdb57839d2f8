"""Which values are the same and which comes first: the rules that every operator and function shares."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from blockwright.expressions.compare import in_range, key_of, precedes, same
from blockwright.expressions.values import CAPS, DaysDuration, Function, Range, Value, YearsDuration
from blockwright.failure import Failure
from tests.expressions.kit import at, computing, dates, durations, moments, numbers, texts, times, values

orderable = st.sampled_from([numbers, texts, dates, times, moments, durations])
pairs = orderable.flatmap(lambda kind: st.tuples(kind, kind))


@settings(max_examples=150)
@given(values)
def test_every_value_is_the_same_as_itself(value: Value) -> None:
    with computing():
        assert same(value, value) is True
        assert key_of(value) == key_of(value)


@settings(max_examples=200)
@given(values, values)
def test_sameness_is_mutual(first: Value, second: Value) -> None:
    with computing():
        assert same(first, second) is same(second, first)


@settings(max_examples=200)
@given(pairs)
def test_of_two_values_of_a_kind_one_comes_first_or_they_are_the_same(pair: tuple[Value, Value]) -> None:
    first, second = pair
    with computing():
        order = [precedes(first, second), precedes(second, first)]
        assume(None not in order)
        assert order.count(True) + (same(first, second) is True) == 1


@settings(max_examples=200)
@given(values, values)
def test_keys_are_equal_exactly_for_values_that_are_the_same(first: Value, second: Value) -> None:
    with computing():
        if key_of(first) == key_of(second):
            assert same(first, second) is True
        elif not _zones_differ(first, second):
            assert same(first, second) is not True


def _zones_differ(first: Value, second: Value) -> bool:
    """Times without a zone are compared as if they had the other's; no key can say that."""
    return "zone" in repr(first) and "zone" in repr(second)


def test_numbers_are_compared_by_value_and_never_with_yes_or_no() -> None:
    assert same(1, Decimal("1.00")) is True
    assert same(1, True) is None
    assert key_of(1) != key_of(True)
    assert precedes(Decimal("0.5"), 1) is True
    assert precedes(False, True) is None


def test_null_is_the_same_only_as_null() -> None:
    assert same(None, None) is True
    for value in (0, "", False, [], {}, at("PT0S"), at("2026-01-01T00:00:00")):
        assert same(None, value) is False
        assert same(value, None) is False


def test_values_of_different_kinds_are_neither_the_same_nor_different() -> None:
    assert same("1", 1) is None
    assert same(at("P1Y"), at("P365D")) is None
    assert same([1], ["1"]) is None
    assert same([1, 2], ["1", 3]) is False, "one pair that differs decides"


def test_lists_and_objects_are_compared_part_by_part() -> None:
    assert same([1, [2, {"a": 3}]], [1, [2, {"a": Decimal(3)}]]) is True
    assert same([1, 2], [1, 2, 3]) is False
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1}) is True
    assert same({"a": None}, {}) is False


def test_ranges_are_the_same_only_in_the_same_form() -> None:
    assert same(Range(1, 2, True, True), Range(1, Decimal("2.0"), True, True)) is True
    assert same(Range(1, 2, True, True), Range(1, 2, True, False)) is False
    assert same(Range(None, 10, False, False, "<"), Range(None, 10, False, False)) is False


def test_moments_in_different_zones_are_the_same_at_the_same_instant() -> None:
    with computing():
        assert same(at("2002-04-02T12:00:00-01:00"), at("2002-04-02T17:00:00+04:00")) is True
        assert same(at("2018-07-01T12:00:00@Europe/Paris"), at("2018-07-01T10:00:00Z")) is True
        assert same(at("2018-12-01T12:00:00@Europe/Paris"), at("2018-12-01T10:00:00Z")) is False
        assert precedes(at("2018-12-01T12:00:00@Asia/Tokyo"), at("2018-12-01T12:00:00@Europe/Paris")) is True


def test_a_time_without_a_zone_is_compared_on_the_other_ones_clock() -> None:
    with computing():
        assert same(at("10:00:00"), at("10:00:00+05:00")) is True
        assert precedes(at("2026-01-01T09:00:00"), at("2026-01-01T10:00:00+05:00")) is True


def test_fractions_of_a_second_count() -> None:
    with computing():
        assert same(at("10:30:00.0001"), at("10:30:00")) is False
        assert precedes(at("10:30:00"), at("10:30:00.0001")) is True


def test_functions_are_the_same_only_when_they_are_one() -> None:
    first = Function(lambda: 1, (), ())
    assert same(first, first) is True
    assert same(first, Function(lambda: 1, (), ())) is False
    assert same([first], [Function(lambda: 1, (), ())]) is False


@pytest.mark.parametrize(
    ("where", "inside", "outside"),
    [
        (Range(1, 10, True, True), [1, 5, 10], [0, 11]),
        (Range(1, 10, False, False), [2, Decimal("9.9")], [1, 10]),
        (Range(None, 10, False, False, "<"), [9, -(10**30)], [10]),
        (Range(5, None, True, False, ">="), [5, 10**30], [4]),
        (Range(3, 3, True, True, "="), [3], [4]),
        (Range(3, 3, False, False, "!="), [4], [3]),
    ],
)
def test_a_range_knows_what_lies_in_it(where: Range, inside: list[Value], outside: list[Value]) -> None:
    assert all(in_range(value, where) is True for value in inside)
    assert all(in_range(value, where) is False for value in outside)
    assert in_range("x", where) is None


def test_nothing_can_be_said_of_a_range_whose_end_is_not_known() -> None:
    assert in_range(5, Range(None, 10, False, True)) is None
    assert in_range(50, Range(None, 10, False, True)) is False, "whatever its start is, 50 lies after its end"


def test_comparing_stops_where_shared_lists_make_it_endless() -> None:
    first: Value = 1
    second: Value = 1
    for _ in range(60):
        first, second = [first, first], [second, second]
    with pytest.raises(Failure) as caught:
        same(first, second)
    assert caught.value.code == "too big"


def test_comparing_stops_where_lists_are_too_deep() -> None:
    first: Value = 1
    second: Value = 1
    for _ in range(CAPS.depth + 5):
        first, second = [first], [second]
    with pytest.raises(Failure) as caught:
        same(first, second)
    assert caught.value.code == "too big"


def test_durations_of_one_kind_have_an_order() -> None:
    assert precedes(DaysDuration(1), DaysDuration(Decimal("1.5"))) is True
    assert precedes(YearsDuration(2), YearsDuration(1)) is False
    assert precedes(DaysDuration(1), YearsDuration(1)) is None
