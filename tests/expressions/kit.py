"""What the tests of values, operators and functions share: computing as an evaluation does, and values for it."""

import decimal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from blockwright.expressions.functions import FUNCTIONS, call
from blockwright.expressions.temporal.reading import read_temporal
from blockwright.expressions.values import (
    CONTEXT,
    Date,
    DateTime,
    DaysDuration,
    Range,
    Time,
    Value,
    YearsDuration,
    standard_mode,
)
from blockwright.failure import Failure

T = TypeVar("T")


@contextmanager
def computing() -> Iterator[None]:
    """Numbers are computed as in an evaluation."""
    with decimal.localcontext(CONTEXT):
        yield


def strictly(operation: Callable[..., T], *operands: Value) -> T:
    """The result of an operation in a flow, where mistakes are failures."""
    with computing():
        return operation(*operands)


def leniently(operation: Callable[..., T], *operands: Value) -> tuple[T, list[str]]:
    """The result of an operation in standard mode, and the warnings."""
    with computing(), standard_mode() as warnings:
        return operation(*operands), warnings


def mistake(operation: Callable[..., object], *operands: Value) -> str:
    """The message of the failure that an operation ends in, and its code before it."""
    result, failure = outcome(operation, *operands)
    assert failure is not None, f"no failure, but {result!r}"
    return f"{failure.code}: {failure.message}"


def outcome(operation: Callable[..., T], *operands: Value) -> tuple[T | None, Failure | None]:
    """The result of an operation in a flow, or the failure that it ends in."""
    with computing():
        try:
            return operation(*operands), None
        except Failure as failure:
            return None, failure


def builtin(name: str, *positional: Value, **named: Value) -> Value:
    """The result of a built-in function in a flow; spaces in names of inputs are written as underscores."""
    with computing():
        return call(FUNCTIONS[name], positional, _spaced(named))


def standard(name: str, *positional: Value, **named: Value) -> Value:
    """The result of a built-in function in standard mode."""
    with computing(), standard_mode():
        return call(FUNCTIONS[name], positional, _spaced(named))


def complaint(name: str, *positional: Value, **named: Value) -> str:
    """The message of the failure that a built-in function ends in."""
    return mistake(lambda: builtin(name, *positional, **named))


def at(text: str) -> Value:
    """The value of an ``@"…"`` literal."""
    value = read_temporal(text)
    assert value is not None, text
    return value


def number(text: str) -> Decimal:
    return Decimal(text)


def _spaced(named: dict[str, Value]) -> dict[str, Value]:
    return {name.strip("_").replace("_", " "): value for name, value in named.items()}


integers = st.integers(-(10**34) + 1, 10**34 - 1)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20)
numbers = st.one_of(st.integers(-1000, 1000), integers, decimals)
texts = st.text(max_size=8)
dates = st.builds(lambda day: Date(day.year, day.month, day.day), st.dates())
zones = st.one_of(st.none(), st.integers(-14 * 60, 14 * 60).map(lambda minutes: minutes * 60), st.just("Europe/Paris"))
times = st.builds(Time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), zones)
moments = st.builds(
    lambda day, clock: DateTime(*day, *clock), dates, st.builds(Time, st.integers(0, 23), st.just(0), st.just(0), zones)
)
durations = st.one_of(
    st.builds(DaysDuration, st.integers(-(10**9), 10**9)), st.builds(YearsDuration, st.integers(-(10**5), 10**5))
)
scalars = st.one_of(st.none(), st.booleans(), numbers, texts, dates, times, moments, durations)
ranges = st.one_of(
    *(
        st.builds(Range, end, end, st.booleans(), st.booleans())
        for end in (st.integers(0, 9), st.sampled_from("abc"), dates)
    ),
    st.builds(lambda end: Range(None, end, False, True, "<="), st.integers(0, 9)),
)
values = st.recursive(
    scalars | ranges,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=4), inner, max_size=4),
    ),
    max_leaves=10,
)
"""Values of every kind but functions."""
