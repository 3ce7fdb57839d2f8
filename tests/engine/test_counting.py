"""``count`` goes from one number by another as long as the end is not passed, exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright import Failure
from blockwright.engine.meaning import counting
from blockwright.expressions import evaluating
from tests.engine.kit import WAYS, Way, failing, load, run

quarters = st.integers(-40, 40).map(lambda number: Decimal(number) / 4)
numbers = st.one_of(st.integers(-10, 10), quarters)

FLOW = """\
flow: count up
inputs: {start: number, stop: number, by: number}
steps:
  - set: {seen: []}
  - count: n
    from: = start
    to: = stop
    by: = by
    do:
      - set: {seen: '= append(seen, n)'}
  - return: = seen
"""


@settings(max_examples=200, deadline=None, derandomize=True)
@given(start=numbers, stop=numbers, by=numbers.filter(bool))
def test_it_gives_every_number_up_to_the_end_and_none_behind_it(
    start: int | Decimal, stop: int | Decimal, by: int | Decimal
) -> None:
    expected, at = [], Fraction(start)
    while (at <= stop) if by > 0 else (at >= stop):
        expected.append(at)
        at += Fraction(by)
    with evaluating():
        found = list(counting(start, stop, by))
    assert [Fraction(number) for number in found] == expected
    assert all(type(number) is (int if number == int(number) else Decimal) for number in found)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("start", "stop", "by", "seen"),
    [
        (1, Decimal("0.5"), 1, []),
        (1, Decimal("2.5"), Decimal("0.5"), [1, Decimal("1.5"), 2, Decimal("2.5")]),
        (0, Decimal("0.3"), Decimal("0.1"), [0, Decimal("0.1"), Decimal("0.2"), Decimal("0.3")]),
        (3, 1, -1, [3, 2, 1]),
        (3, 1, 1, []),
        (2, 2, -5, [2]),
    ],
)
def test_a_flow_counts(start: object, stop: object, by: object, seen: list[object], way: Way) -> None:
    assert run(load(FLOW), way, {"start": start, "stop": stop, "by": by}) == seen


def test_counting_far_begins_at_once() -> None:
    with evaluating():
        assert list(islice(counting(1, 10**30, Decimal("0.5")), 3)) == [1, Decimal("1.5"), 2]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("by", "message"),
    [
        (0, "counting by 0 never gets anywhere"),
        (Decimal("1E-40"), "a number here grew too large to be computed"),
    ],
)
def test_what_cannot_be_counted_is_a_bad_value_of_the_step(by: object, message: str, way: Way) -> None:
    failure: Failure = failing(load(FLOW), way, {"start": 1, "stop": 10**20, "by": by})
    assert (failure.code, failure.message, str(failure.place)) == ("bad value", message, "flow.yaml:5:5")


@pytest.mark.parametrize("way", WAYS)
def test_a_literal_compared_with_null_is_no_matter_for_python_to_warn_of(way: Way) -> None:
    text = "flow: f\nsteps:\n  - return: '= [1 = null, \"a\" != null, -1 = null, [] = null]'\n"
    assert run(load(text), way) == [False, True, False, False]
