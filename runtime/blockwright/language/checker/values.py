"""What a written value means where a certain type is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import cast

from blockwright.expressions import types as t
from blockwright.expressions.temporal.reading import read_date, read_date_and_time, read_time
from blockwright.expressions.temporal.words import read_duration_words
from blockwright.expressions.values import DaysDuration, Value, YearsDuration, type_of
from blockwright.language import program as p
from blockwright.language.diagnostics import Span
from blockwright.language.source import Scalar, resolve


class NotRead(Enum):
    """What ``read_plain`` gives for characters that no value of the type is written as."""

    NOT_READ = "not read"


NOT_READ = NotRead.NOT_READ


def unknown(span: Span) -> p.Constant:
    """Stands for a value that could not be read, which may be anything; a finding says so already."""
    return p.Constant(cast("Value", NOT_READ), span)


def is_unknown(value: p.Value) -> bool:
    """Whether a value stands for one that could not be read."""
    return isinstance(value, p.Constant) and value.value is cast("Value", NOT_READ)


_NOWHERE = Span(1, 1, 1, 1)


def read_plain(text: str, quoted: bool, wanted: t.Type) -> Value | NotRead:
    """The value that plain or quoted characters mean where ``wanted`` is asked for; NOT_READ when there is none.

    Text stays the characters that were typed, so ``0123``, ``1.10`` and ``NO`` are safe; ``yes`` and ``no`` are answers
    only where one is asked for.
    """
    if wanted == t.ANYTHING:
        return text if quoted else resolve(Scalar(text, _NOWHERE))
    options = wanted.options if isinstance(wanted, t.Either) else frozenset([wanted])
    if not quoted:
        if t.NOTHING in options and text in ("", "null", "~"):
            return None
        for option in (t.NUMBER, t.YES_OR_NO, *_TEMPORAL):
            value = _read_as(text, option) if option in options else NOT_READ
            if value is not NOT_READ:
                return value
        if text == "":
            return NOT_READ
    return text if t.TEXT in options else NOT_READ


def type_of_value(value: p.Value) -> t.Type:
    """The type that a value of a step has, once the types of the variables are settled."""
    if isinstance(value, p.Constant):
        return type_of(value.value)
    if isinstance(value, p.Computed):
        return value.type
    if isinstance(value, p.Joined):
        return t.TEXT
    if isinstance(value, p.Listed):
        item: t.Type = t.ANYTHING
        for index, each in enumerate(value.items):
            item = t.join(item, type_of_value(each)) if index else type_of_value(each)
        return t.ListOf(item)
    return t.ObjectOf(tuple((name, type_of_value(each)) for name, each in value.entries))


def _read_as(text: str, wanted: t.Type) -> Value | NotRead:
    if wanted == t.NUMBER:
        return _number(text)
    if wanted == t.YES_OR_NO:
        return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower(), NOT_READ)
    value = _TEMPORAL[wanted](text)
    return NOT_READ if value is None else value


def _number(text: str) -> Value | NotRead:
    value = resolve(Scalar(text, _NOWHERE))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    return NOT_READ


def _days(text: str) -> DaysDuration | None:
    duration = read_duration_words(text)
    return duration if isinstance(duration, DaysDuration) else None


def _years(text: str) -> YearsDuration | None:
    duration = read_duration_words(text)
    return duration if isinstance(duration, YearsDuration) else None


_TEMPORAL: Mapping[t.Type, Callable[[str], Value]] = {
    t.DATE: read_date,
    t.TIME: read_time,
    t.DATE_AND_TIME: read_date_and_time,
    t.DAYS_DURATION: _days,
    t.YEARS_DURATION: _years,
}
