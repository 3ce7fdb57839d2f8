"""Typed values: how cases write what goes in and what must come out."""

from __future__ import annotations

from decimal import Decimal
from typing import NotRequired, TypedDict

from blockwright.expressions.temporal.reading import read_date, read_date_and_time, read_duration, read_time
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Time, YearsDuration
from blockwright.expressions.values import Function, Range, Value, to_text


class Typed(TypedDict):
    """``{"type": "number", "value": "1"}``, or with ``"items"`` for lists and ``"entries"`` for contexts."""

    type: str
    value: NotRequired[str]
    items: NotRequired[list[Typed]]
    entries: NotRequired[dict[str, Typed]]


def read_typed(typed: Typed) -> Value:
    """The value that a typed value stands for."""
    kind = typed["type"]
    if kind == "null":
        return None
    if kind == "list":
        return [read_typed(item) for item in typed["items"]]
    if kind == "context":
        return {key: read_typed(entry) for key, entry in typed["entries"].items()}
    text = typed["value"]
    if kind == "number":
        number = Decimal(text)
        return int(number) if number == number.to_integral_value() else number
    if kind == "boolean":
        return text in ("true", "1")
    readers = {"date": read_date, "time": read_time, "date and time": read_date_and_time}
    if kind in readers:
        return readers[kind](text)
    return read_duration(text) if kind.endswith("duration") else text


def write_typed(value: Value) -> Typed:
    """A value as cases write it."""
    match value:
        case None:
            return {"type": "null"}
        case list():
            return {"type": "list", "items": [write_typed(item) for item in value]}
        case dict():
            return {"type": "context", "entries": {key: write_typed(entry) for key, entry in value.items()}}
        case bool():
            return {"type": "boolean", "value": "true" if value else "false"}
    return {"type": _NAMES[type(value)], "value": to_text(value)}


_NAMES: dict[type, str] = {
    int: "number",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    YearsDuration: "years and months duration",
    Range: "range",
    Function: "function",
}
