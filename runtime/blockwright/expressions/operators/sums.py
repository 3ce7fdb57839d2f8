"""The operators that compute: ``+``, ``-``, ``*``, ``/``, ``**`` and the sign (DMN 1.5, tables 56 to 62)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException

from blockwright.expressions.cost import SMALL_TEXT, pay_for_calculating, pay_for_text
from blockwright.expressions.operators import mends
from blockwright.expressions.temporal import arithmetic as time
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Number, Time, YearsDuration
from blockwright.expressions.values import CONTEXT, INT_LIMIT, Value, caps, fail, fit, is_a, shown, too_big, whole


def add(first: Value, second: Value) -> Value:
    """``first + second``: numbers, texts, durations, and dates or times with durations."""
    if type(first) is int and type(second) is int:
        total = first + second
        return total if _BELOW < total < INT_LIMIT else fit(total)
    if (type(first) is Decimal or type(first) is int) and (type(second) is Decimal or type(second) is int):
        try:
            return first + second
        except DecimalException:
            return _out_of_bounds(first, "+", second)
    if type(first) is str and type(second) is str:
        length = len(first) + len(second)
        if length > SMALL_TEXT:
            if length > caps().text:
                raise too_big(f"a text can have {caps().text:,} characters at most")
            pay_for_text(length)
        return first + second
    if first is None or second is None:
        return None
    return _by_table(_SUMS, first, "+", second)


def subtract(first: Value, second: Value) -> Value:
    """``first - second``: numbers, durations, dates or times, and dates or times with durations."""
    if type(first) is int and type(second) is int:
        difference = first - second
        return difference if _BELOW < difference < INT_LIMIT else fit(difference)
    if (type(first) is Decimal or type(first) is int) and (type(second) is Decimal or type(second) is int):
        try:
            return first - second
        except DecimalException:
            return _out_of_bounds(first, "-", second)
    if first is None or second is None:
        return None
    return _by_table(_DIFFERENCES, first, "-", second)


def multiply(first: Value, second: Value) -> Value:
    """``first * second``: numbers, and a duration with a number."""
    if type(first) is int and type(second) is int:
        product = first * second
        return product if _BELOW < product < INT_LIMIT else fit(product)
    if (type(first) is Decimal or type(first) is int) and (type(second) is Decimal or type(second) is int):
        try:
            return first * second
        except DecimalException:
            return _out_of_bounds(first, "*", second)
    if first is None or second is None:
        return None
    return _by_table(_PRODUCTS, first, "*", second)


def divide(first: Value, second: Value) -> Value:
    """``first / second``: numbers, a duration by a number, and a duration by one of its kind. Never by zero."""
    if (type(first) is Decimal or type(first) is int) and (type(second) is Decimal or type(second) is int):
        return _divide_numbers(first, second)
    if first is None or second is None:
        return None
    return _by_table(_QUOTIENTS, first, "/", second)


def power(first: Value, second: Value) -> Value:
    """``first ** second``: numbers; the exponent lies between -999,999,999 and 999,999,999."""
    if (type(first) is Decimal or type(first) is int) and (type(second) is Decimal or type(second) is int):
        return _raise(first, second)
    if first is None or second is None:
        return None
    return _mismatch(first, "**", second)


def negate(value: Value) -> Value:
    """``-value``: a number or a duration."""
    if type(value) is int or type(value) is Decimal:
        return -value
    match value:
        case None:
            return None
        case DaysDuration():
            return DaysDuration(-value.seconds)
        case YearsDuration():
            return YearsDuration(-value.months)
    return fail(f"{is_a(value)}; only numbers and durations can be negated")


_BELOW = -INT_LIMIT

_Operation = Callable[..., Value]
_Table = Mapping[tuple[type, type], _Operation]


def _swapped(operation: _Operation) -> _Operation:
    return lambda first, second: operation(second, first)


_SUMS: _Table = {
    (Date, DaysDuration): time.date_plus_days,
    (Date, YearsDuration): time.date_plus_years,
    (DateTime, DaysDuration): time.moment_plus_days,
    (DateTime, YearsDuration): time.moment_plus_years,
    (Time, DaysDuration): time.time_plus_days,
    (DaysDuration, Date): _swapped(time.date_plus_days),
    (YearsDuration, Date): _swapped(time.date_plus_years),
    (DaysDuration, DateTime): _swapped(time.moment_plus_days),
    (YearsDuration, DateTime): _swapped(time.moment_plus_years),
    (DaysDuration, Time): _swapped(time.time_plus_days),
    (DaysDuration, DaysDuration): time.days_plus_days,
    (YearsDuration, YearsDuration): time.years_plus_years,
}

_DIFFERENCES: _Table = {
    (Date, DaysDuration): time.date_minus_days,
    (Date, YearsDuration): time.date_minus_years,
    (DateTime, DaysDuration): time.moment_minus_days,
    (DateTime, YearsDuration): time.moment_minus_years,
    (Time, DaysDuration): time.time_minus_days,
    (Date, Date): time.date_minus_date,
    (DateTime, DateTime): time.moment_minus_moment,
    (DateTime, Date): time.moment_minus_date,
    (Date, DateTime): time.date_minus_moment,
    (Time, Time): time.time_minus_time,
    (DaysDuration, DaysDuration): time.days_minus_days,
    (YearsDuration, YearsDuration): time.years_minus_years,
}

_PRODUCTS: _Table = {
    (kind, number): operation
    for kind, operation in ((DaysDuration, time.days_times), (YearsDuration, time.years_times))
    for number in (int, Decimal)
} | {
    (number, kind): _swapped(operation)
    for kind, operation in ((DaysDuration, time.days_times), (YearsDuration, time.years_times))
    for number in (int, Decimal)
}


def _duration_by(operation: _Operation) -> _Operation:
    def divided(duration: Value, number: Number) -> Value:
        return operation(duration, number) if number != 0 else _by_zero(duration)

    return divided


def _days_ratio(first: DaysDuration, second: DaysDuration) -> Value:
    return _divide_numbers(first.seconds, second.seconds)


def _years_ratio(first: YearsDuration, second: YearsDuration) -> Value:
    return _divide_numbers(first.months, second.months)


_QUOTIENTS: _Table = {
    (DaysDuration, int): _duration_by(time.days_by),
    (DaysDuration, Decimal): _duration_by(time.days_by),
    (YearsDuration, int): _duration_by(time.years_by),
    (YearsDuration, Decimal): _duration_by(time.years_by),
    (DaysDuration, DaysDuration): _days_ratio,
    (YearsDuration, YearsDuration): _years_ratio,
}

_WORDS = {
    "+": ("added", "numbers, texts, dates, times and durations", {int, Decimal, str, Date, DateTime, Time}),
    "-": ("subtracted", "numbers, dates, times and durations", {int, Decimal, Date, DateTime, Time}),
    "*": ("multiplied", "numbers and durations", {int, Decimal}),
    "/": ("divided", "numbers and durations", {int, Decimal}),
    "**": ("raised to a power", "numbers", {int, Decimal}),
}


def _by_table(table: _Table, first: Value, sign: str, second: Value) -> Value:
    operation = table.get((type(first), type(second)))
    if operation is None:
        return _mismatch(first, sign, second)
    try:
        answer = operation(first, second)
    except DecimalException:
        answer = None
    return _out_of_bounds(first, sign, second) if answer is None else answer


def _mismatch(first: Value, sign: str, second: Value) -> Value:
    verb, only, kinds = _WORDS[sign]
    read = mends.reading(first, second)
    if sign == "+" and (type(first) is str) != (type(second) is str):
        other = second if type(first) is str else first
        mend = f"{read}, or string(…) around {shown(other)}" if read else "write string(…) around it"
        return fail(f"{is_a(other)}, so it cannot be added to a text; {mend}")
    for operand in (first, second):
        duration = isinstance(operand, DaysDuration | YearsDuration) and sign != "**"
        if type(operand) not in kinds and not duration:
            return fail(f"{is_a(operand)}; {read or f'only {only} can be {verb}'}")
    days = mends.days(first, second) if sign in ("+", "-") else ""
    return fail(f"{is_a(first)} and {is_a(second)}; {days or f'these two cannot be {verb}'}")


def _out_of_bounds(first: Value, sign: str, second: Value) -> Value:
    zones = [isinstance(operand, DateTime | Time) and operand.zone is not None for operand in (first, second)]
    if sign == "-" and any(zones) and not all(zones) and not isinstance(second, DaysDuration | YearsDuration):
        return fail(f"only one of {shown(first)} and {shown(second)} has a time zone, so the time between is not known")
    if sign == "-" and isinstance(first, DateTime | Date) and isinstance(second, DateTime | Date):
        return fail(f"a date counts as midnight in UTC, so {shown(first)} - {shown(second)} needs a time zone")
    return fail(f"the result of {shown(first)} {sign} {shown(second)} is out of bounds")


def _by_zero(value: Value) -> Value:
    return fail(f"{shown(value)} cannot be divided by zero")


def _divide_numbers(first: Number, second: Number) -> Value:
    if second == 0:
        return _by_zero(first)
    if type(first) is int and type(second) is int and first % second == 0:
        return first // second
    try:
        return CONTEXT.divide(first, second)
    except DecimalException:
        return _out_of_bounds(first, "/", second)


_MOST_EXPONENT = 999_999_999
"""The largest exponent of ``**`` (DMN 1.5, table 60)."""


def _raise(base: Number, exponent: Number) -> Value:
    if not -_MOST_EXPONENT <= exponent <= _MOST_EXPONENT:
        return fail(f"{shown(exponent)} is too large an exponent; the largest is {_MOST_EXPONENT:,}")
    if exponent == 0:
        return 1
    if base == 0 and exponent < 0:
        return fail("0 cannot be raised to a negative power")
    if type(base) is int and type(exponent) is int and exponent > 0 and base.bit_length() * exponent < 113:
        return int(base**exponent)
    pay_for_calculating()
    try:
        return CONTEXT.power(base, exponent)
    except DecimalException:
        if base < 0 and whole(exponent) is None:
            return fail(f"{shown(base)} is negative, so only a whole exponent works, not {shown(exponent)}")
        return _out_of_bounds(base, "**", exponent)
