"""Values: what they are, how they come in and go out, how they read, and how a mistake is reported."""

from blockwright.expressions.caps import CAPS, CAPS_HERE, Caps, caps
from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.temporal.types import (
    Date,
    DateTime,
    DaysDuration,
    Number,
    Time,
    YearsDuration,
    Zone,
)
from blockwright.expressions.values.domain import (
    INT_LIMIT,
    Function,
    Range,
    Value,
    fit,
    is_number,
    whole,
)
from blockwright.expressions.values.edges import give, take
from blockwright.expressions.values.kinds import admits, type_of
from blockwright.expressions.values.mistakes import fail, is_strict, standard_mode, too_big
from blockwright.expressions.values.wording import describe, is_a, number_text, shown, to_text

__all__ = [
    "CAPS",
    "CAPS_HERE",
    "CONTEXT",
    "INT_LIMIT",
    "Caps",
    "Date",
    "DateTime",
    "DaysDuration",
    "Function",
    "Number",
    "Range",
    "Time",
    "Value",
    "YearsDuration",
    "Zone",
    "admits",
    "caps",
    "describe",
    "fail",
    "fit",
    "give",
    "is_a",
    "is_number",
    "is_strict",
    "number_text",
    "shown",
    "standard_mode",
    "take",
    "to_text",
    "too_big",
    "type_of",
    "whole",
]
