"""What a value is: FEEL's semantic domain (DMN 1.5, 10.3.2) in Python.

Null is None, numbers are int or Decimal (never float, never bool), text is str, lists are list, contexts are dict with
text keys; dates, times and durations are the types of ``temporal``. Values are never changed once they are built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias, Union

from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Number, Time, YearsDuration
from blockwright.expressions.types import ANYTHING, Type

INT_LIMIT = 10**34
"""Whole numbers of more than 34 digits are rounded, like every other number."""


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends. A missing end is None with ``…_closed`` False.

    ``operator`` is the sign of a range written with one end (``<``, ``<=``, ``>``, ``>=``), and of the tests ``=`` and
    ``!=``, whose value is both ends; "" for ``[low..high]``. Two ranges are equal only when written in the same form
    (DMN 1.5, table 53).
    """

    low: Value
    high: Value
    low_closed: bool
    high_closed: bool
    operator: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value. Two functions are equal only when they are the same one.

    ``call`` takes the arguments in order, already checked. ``choose``, where given, is used instead: it takes the
    arguments as written (positional, named) and picks an overload by itself, as built-in functions do.
    """

    call: Callable[..., Value]
    parameters: tuple[str, ...]
    types: tuple[Type, ...]
    result: Type = ANYTHING
    name: str = ""
    choose: Callable[[Sequence[Value], Mapping[str, Value]], Value] | None = field(default=None, repr=False)


Value: TypeAlias = Union[
    bool,
    int,
    Decimal,
    str,
    Date,
    Time,
    DateTime,
    DaysDuration,
    YearsDuration,
    "list[Value]",
    "dict[str, Value]",
    Range,
    Function,
    None,
]
"""Every value an expression can hold."""


def fit(number: int) -> Number:
    """The whole number, rounded to 34 digits where it has more; raises ``decimal.Overflow`` past 10^6144."""
    if -INT_LIMIT < number < INT_LIMIT:
        return number
    return CONTEXT.create_decimal(number)


def is_number(value: Value) -> bool:
    """Whether the value is a number; yes and no are not."""
    kind = type(value)
    return kind is int or kind is Decimal


def whole(value: Value) -> int | None:
    """The whole number that a number is (``2.0`` is 2), or None."""
    if type(value) is int:
        return value
    if type(value) is Decimal and value.adjusted() < MOST_DIGITS and value == value.to_integral_value():
        return int(value)
    return None


MOST_DIGITS = 1000
"""Whole numbers longer than this stay Decimal: nobody counts that far, and Python refuses to print longer ints."""
