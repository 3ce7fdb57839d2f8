"""How to mend what often goes wrong between two values: a text that stands for another value, a number of days."""

from __future__ import annotations

import re

from blockwright.expressions.temporal.reading import read_temporal
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Time, YearsDuration
from blockwright.expressions.values import Value, shown


def reading(*operands: Value) -> str:
    """``write date(…) around the text``, where one operand is a text that looks like another value; else nothing."""
    texts = [operand for operand in operands if type(operand) is str]
    function = _function(texts[0]) if len(texts) == 1 else None
    return f"write {function}(…) around the text" if function else ""


def days(*operands: Value) -> str:
    """``5 days are written @"P5D"``, where one operand is a date and the other a whole number; else nothing."""
    numbers = [operand for operand in operands if type(operand) is int and 0 <= operand < _MANY]
    if len(numbers) != 1 or not any(isinstance(operand, Date | DateTime) for operand in operands):
        return ""
    return f'{numbers[0]} {"day is" if numbers[0] == 1 else "days are"} written @"P{numbers[0]}D"'


def two_durations(first: Value, second: Value) -> str:
    """Why a duration of days and one of months have no order; nothing for other values."""
    if {type(first), type(second)} != {DaysDuration, YearsDuration}:
        return ""
    units = ("days", "months") if isinstance(first, DaysDuration) else ("months", "days")
    return f"{shown(first)} counts {units[0]} and {shown(second)} {units[1]}, which differ in length"


def _function(text: str) -> str | None:
    """The function that makes of a text what it looks like."""
    if len(text) > _LONGEST:
        return None
    return "number" if _NUMBER.fullmatch(text) else _FUNCTIONS.get(type(read_temporal(text)))


_LONGEST = 60
_MANY = 100_000
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_FUNCTIONS: dict[type, str] = {
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "duration",
    YearsDuration: "duration",
}
