"""Numeric functions (DMN 1.5, table 76)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from blockwright.expressions.cost import pay_for_calculating
from blockwright.expressions.functions.builtin import Builtin, Example, Overload, Parameter
from blockwright.expressions.temporal.types import DaysDuration, YearsDuration
from blockwright.expressions.types import DAYS_DURATION, NUMBER, YEARS_DURATION, YES_OR_NO
from blockwright.expressions.values import CONTEXT, INT_LIMIT, Number, Value, fail, shown, whole

LEAST_SCALE = -6111
GREATEST_SCALE = 6176
"""The scales a number can be rounded to (DMN 1.5, table 76)."""


def rounded(number: Number, scale: Number, mode: str) -> Value:
    """The number with so many decimals, in one of the modes of ``decimal``; a negative scale rounds tens, hundreds…"""
    places = whole(scale)
    if places is None or not LEAST_SCALE <= places <= GREATEST_SCALE:
        return fail(f"{shown(scale)} is not a scale; a scale is a whole number from {LEAST_SCALE} to {GREATEST_SCALE}")
    if isinstance(number, int):
        if places >= 0:
            return number
        number = Decimal(number)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return tidy(number)
    try:
        return tidy(number.quantize(Decimal((0, (1,), -places)), mode, CONTEXT))
    except DecimalException:
        return fail(f"{shown(number)} cannot be rounded to {places} decimals within 34 digits")


def tidy(number: Decimal) -> Number:
    """A whole number as int where it has no more than 34 digits; any other number as it is."""
    if number.adjusted() < CONTEXT.prec and number == number.to_integral_value():
        return int(number)
    return number


def decimal(n: Number, scale: Number) -> Value:
    return rounded(n, scale, ROUND_HALF_EVEN)


def floor(n: Number, scale: Number = 0) -> Value:
    return rounded(n, scale, ROUND_FLOOR)


def ceiling(n: Number, scale: Number = 0) -> Value:
    return rounded(n, scale, ROUND_CEILING)


def round_up(n: Number, scale: Number) -> Value:
    return rounded(n, scale, ROUND_UP)


def round_down(n: Number, scale: Number) -> Value:
    return rounded(n, scale, ROUND_DOWN)


def round_half_up(n: Number, scale: Number) -> Value:
    return rounded(n, scale, ROUND_HALF_UP)


def round_half_down(n: Number, scale: Number) -> Value:
    return rounded(n, scale, ROUND_HALF_DOWN)


def absolute(n: Number | DaysDuration | YearsDuration) -> Value:
    match n:
        case DaysDuration():
            return DaysDuration(-n.seconds if n.seconds < 0 else n.seconds)
        case YearsDuration():
            return YearsDuration(abs(n.months))
    return -n if n < 0 else n


def modulo(dividend: Number, divisor: Number) -> Value:
    """The remainder with the divisor's sign."""
    if divisor == 0:
        return fail(f"{shown(dividend)} cannot be divided by zero")
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    try:
        remainder = CONTEXT.remainder(dividend, divisor)
    except DecimalException:
        return fail(f"{shown(dividend)} divided by {shown(divisor)} has more than 34 digits, so no remainder is known")
    return tidy(CONTEXT.add(remainder, divisor) if remainder and (remainder < 0) != (divisor < 0) else remainder)


def square_root(number: Number) -> Value:
    if number < 0:
        return fail(f"{shown(number)} is negative, and has no square root")
    pay_for_calculating()
    return tidy(CONTEXT.sqrt(number))


def logarithm(number: Number) -> Value:
    if number <= 0:
        return fail(f"{shown(number)} has no logarithm; only numbers above 0 have one")
    pay_for_calculating()
    return tidy(CONTEXT.ln(number))


def exponential(number: Number) -> Value:
    pay_for_calculating()
    try:
        return tidy(CONTEXT.exp(number))
    except DecimalException:
        return fail(f"e to the power of {shown(number)} is out of bounds")


def odd(number: Number) -> Value:
    return _parity(number, 1)


def even(number: Number) -> Value:
    return _parity(number, 0)


def _parity(number: Number, wanted: int) -> Value:
    if isinstance(number, int):
        return number % 2 == wanted
    if number != number.to_integral_value():
        return fail(f"{shown(number)} is not whole, so it is neither odd nor even")
    return int(number) % 2 == wanted if abs(number) < INT_LIMIT else wanted == 0


_N = Parameter("n", NUMBER)
_SCALE = Parameter("scale", NUMBER)
_NUMBER = Parameter("number", NUMBER)


def _rounding(name: str, about: str, call: Callable[[Number, Number], Value], example: Example) -> Builtin:
    return Builtin(name, "numbers", about, (Overload(call, NUMBER, (_N, _SCALE)),), (example,))


BUILTINS = (
    _rounding(
        "decimal",
        "The number with so many decimals; a half goes to the even neighbour.",
        decimal,
        ("decimal(1 / 3, 2)", "0.33"),
    ),
    Builtin(
        "floor",
        "numbers",
        "The number rounded down, to a whole number or to so many decimals.",
        (Overload(floor, NUMBER, (_N,)), Overload(floor, NUMBER, (_N, _SCALE))),
        (("floor(1.5)", "1"), ("floor(-1.56, 1)", "-1.6")),
    ),
    Builtin(
        "ceiling",
        "numbers",
        "The number rounded up, to a whole number or to so many decimals.",
        (Overload(ceiling, NUMBER, (_N,)), Overload(ceiling, NUMBER, (_N, _SCALE))),
        (("ceiling(1.5)", "2"), ("ceiling(-1.56, 1)", "-1.5")),
    ),
    _rounding(
        "round up",
        "The number with so many decimals, rounded away from zero.",
        round_up,
        ("round up(1.121, 2)", "1.13"),
    ),
    _rounding(
        "round down",
        "The number with so many decimals, the others cut off.",
        round_down,
        ("round down(-5.5, 0)", "-5"),
    ),
    _rounding(
        "round half up",
        "The number with so many decimals; a half goes away from zero.",
        round_half_up,
        ("round half up(5.5, 0)", "6"),
    ),
    _rounding(
        "round half down",
        "The number with so many decimals; a half goes towards zero.",
        round_half_down,
        ("round half down(5.5, 0)", "5"),
    ),
    Builtin(
        "abs",
        "numbers",
        "The number or duration without its sign.",
        (
            Overload(absolute, NUMBER, (_N,)),
            Overload(absolute, DAYS_DURATION, (Parameter("n", DAYS_DURATION),)),
            Overload(absolute, YEARS_DURATION, (Parameter("n", YEARS_DURATION),)),
        ),
        (("abs(-10)", "10"), ('abs(@"-PT5H")', '@"PT5H"')),
    ),
    Builtin(
        "modulo",
        "numbers",
        "What is left after dividing; it has the divisor's sign.",
        (Overload(modulo, NUMBER, (Parameter("dividend", NUMBER), Parameter("divisor", NUMBER))),),
        (("modulo(12, 5)", "2"), ("modulo(-10.1, 4.5)", "3.4")),
    ),
    Builtin(
        "sqrt",
        "numbers",
        "The square root of a number.",
        (Overload(square_root, NUMBER, (_NUMBER,)),),
        (("sqrt(16)", "4"),),
    ),
    Builtin(
        "log",
        "numbers",
        "The natural logarithm of a number.",
        (Overload(logarithm, NUMBER, (_NUMBER,)),),
        (("decimal(log(10), 8)", "2.30258509"),),
    ),
    Builtin(
        "exp",
        "numbers",
        "Euler's number e to the power of a number.",
        (Overload(exponential, NUMBER, (_NUMBER,)),),
        (("decimal(exp(5), 6)", "148.413159"),),
    ),
    Builtin(
        "odd",
        "numbers",
        "Whether a whole number is odd.",
        (Overload(odd, YES_OR_NO, (_NUMBER,)),),
        (("odd(5)", "true"), ("odd(2)", "false")),
    ),
    Builtin(
        "even",
        "numbers",
        "Whether a whole number is even.",
        (Overload(even, YES_OR_NO, (_NUMBER,)),),
        (("even(5)", "false"), ("even(2)", "true")),
    ),
)
