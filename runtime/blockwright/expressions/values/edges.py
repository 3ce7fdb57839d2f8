"""Where values come in from Python and go out to it: ``take`` and ``give``."""

from __future__ import annotations

import datetime as python
from collections.abc import Iterable
from decimal import Context, Decimal, InvalidOperation, Overflow

from blockwright.expressions.caps import CAPS, caps
from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.temporal.calendar import floor
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Number, Time, YearsDuration, Zone
from blockwright.expressions.temporal.zones import zone_info, zone_name
from blockwright.expressions.values.domain import INT_LIMIT, MOST_DIGITS, Function, Range, Value, whole
from blockwright.expressions.values.mistakes import too_big
from blockwright.failure import BAD_VALUE, Failure


def take(value: object, where: str = "") -> Value:
    """A Python value as a value of expressions: a deep copy, sharing nothing that could change.

    Takes None, bool, int, float (by its shortest text, so 0.1 is one tenth), Decimal, str, date, time, datetime,
    timedelta, lists, tuples and dicts with text keys; whole floats and Decimals become int. Anything else, NaN and
    infinity included, is ``bad value``; what is past ``CAPS`` is ``too big``. The message names the place: ``where`` is
    what the whole value is called, so with "items" it is ``items[3].price``; positions count from 1, as in FEEL.
    """
    kind = type(value)
    if kind is int and -INT_LIMIT < value < INT_LIMIT:  # type: ignore[operator]
        return value  # type: ignore[return-value]
    return _Taker(where).take(value, [])


def give(value: Value) -> object:
    """A value as Python has it: a deep copy in which whole Decimals are int.

    Dates, times and days durations become those of ``datetime`` where they fit (years 1 to 9999, microseconds, zones
    that are known), and stay what they are where they do not; so do years durations, ranges and functions.
    """
    kind = type(value)
    if kind in _GIVEN_AS_THEY_ARE:
        return value
    if kind is Decimal:
        return _given_number(value)  # type: ignore[arg-type]
    if kind is list and len(value) < _FEW:  # type: ignore[arg-type]
        return _Giver().all(value, 1)  # type: ignore[arg-type]
    return _Giver().give(value, 0)


class _Taker:
    def __init__(self, where: str) -> None:
        self.where = where
        self.left = CAPS.nodes
        self.short = min(1000, caps().text + 1)

    def take(self, value: object, path: list[str | int]) -> Value:
        if value is None or value is True or value is False:
            return value
        match value:
            case str():
                return self._text(value, path)
            case int() | float() | Decimal():
                return self._number(value, path)
            case Date() | Time() | DateTime() | DaysDuration() | YearsDuration() | Range() | Function():
                return value
            case list() | tuple():
                self._enter(len(value), path)
                return [self._part(item, path, position) for position, item in enumerate(value, 1)]
            case dict():
                self._enter(len(value), path)
                return {self._key(key, path): self._part(item, path, key) for key, item in value.items()}
            case python.datetime():
                zone = self._zone(value, path)
                return DateTime(value.year, value.month, value.day, value.hour, value.minute, _seconds(value), zone)
            case python.date():
                return Date(value.year, value.month, value.day)
            case python.time():
                return Time(value.hour, value.minute, _seconds(value), self._zone(value, path))
            case python.timedelta():
                return DaysDuration(_exact(value))
        raise self._refusal(path, f"is of the Python type {type(value).__name__}, which flows do not know")

    def _part(self, value: object, path: list[str | int], step: str | int) -> Value:
        kind = type(value)
        if value is None or kind is bool or (kind is str and len(value) < self.short):  # type: ignore[arg-type]
            return value  # type: ignore[return-value]
        if kind is int and -INT_LIMIT < value < INT_LIMIT:  # type: ignore[operator]
            return value  # type: ignore[return-value]
        path.append(step)
        taken = self.take(value, path)
        path.pop()
        return taken

    def _enter(self, size: int, path: list[str | int]) -> None:
        self.left -= size + 1
        if len(path) >= CAPS.depth:
            raise too_big(f"{_place(self.where, path[:3])} is more than {CAPS.depth} levels deep")
        if size > caps().items or self.left < 0:
            raise too_big(f"{_place(self.where, path)} has more than {caps().items:,} items")

    def _text(self, value: str, path: list[str | int]) -> str:
        if len(value) > caps().text:
            raise too_big(f"{_place(self.where, path)} has more than {caps().text:,} characters")
        return str.__str__(value)

    def _number(self, value: int | float | Decimal, path: list[str | int]) -> Number:
        if isinstance(value, int) and -INT_LIMIT < value < INT_LIMIT:
            return int(value)
        exact = Decimal(repr(float(value))) if isinstance(value, float) else value
        if isinstance(exact, Decimal) and not exact.is_finite():
            raise self._refusal(path, f"is {exact}, which is not a number")
        try:
            rounded = _TO_NUMBER.create_decimal(exact)
        except (InvalidOperation, Overflow):
            raise too_big(f"{_place(self.where, path)} is larger than any number can be") from None
        return whole(rounded) if rounded.adjusted() < CONTEXT.prec and whole(rounded) is not None else rounded  # type: ignore[return-value]

    def _key(self, key: object, path: list[str | int]) -> str:
        if not isinstance(key, str):
            raise self._refusal(path, f"has the key {key!r:.40}, and keys are texts")
        return self._text(key, path)

    def _zone(self, value: python.datetime | python.time, path: list[str | int]) -> Zone:
        if value.tzinfo is None:
            return None
        name = zone_name(value.tzinfo)
        if name is not None:
            return name
        offset = value.utcoffset()
        if offset is None:
            raise self._refusal(path, "is a time in a zone whose offset is not known")
        return offset.days * 86400 + offset.seconds

    def _refusal(self, path: list[str | int], what: str) -> Failure:
        return Failure(BAD_VALUE, f"{_place(self.where, path)} {what}")


_TO_NUMBER = Context(prec=CONTEXT.prec, Emin=CONTEXT.Emin, Emax=CONTEXT.Emax, traps=[InvalidOperation, Overflow])


def _place(where: str, path: list[str | int]) -> str:
    text = where
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]" if text else f"item {step}"
        else:
            text += f".{step}" if text else step
    return text or "the value"


def _seconds(value: python.datetime | python.time) -> Number:
    return value.second if not value.microsecond else value.second + Decimal(value.microsecond).scaleb(-6)


def _exact(value: python.timedelta) -> Number:
    seconds = value.days * 86400 + value.seconds
    return seconds if not value.microseconds else CONTEXT.add(Decimal(seconds), Decimal(value.microseconds).scaleb(-6))


class _Giver:
    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = CAPS.nodes

    def give(self, value: Value, depth: int) -> object:
        kind = type(value)
        if kind is list or kind is dict:
            self.left -= len(value) + 1  # type: ignore[arg-type]
            if depth >= CAPS.depth:
                raise too_big(f"the value is more than {CAPS.depth} levels deep")
            if self.left < 0:
                raise too_big(f"the value has more than {CAPS.nodes:,} items in all")
            if kind is list:
                return self.all(value, depth + 1)  # type: ignore[arg-type]
            return dict(zip(value, self.all(value.values(), depth + 1), strict=True))  # type: ignore[arg-type, union-attr]
        if kind is Decimal:
            return _given_number(value)  # type: ignore[arg-type]
        return _python_time(value) if isinstance(value, Date | DateTime | Time | DaysDuration) else value

    def all(self, values: Iterable[Value], depth: int) -> list[object]:
        return [
            # As in _given_number, without a call: there may be many numbers.
            (value if (rounded := _integral(value)) != value or rounded.adjusted() >= MOST_DIGITS else _floor(rounded))
            if type(value) is Decimal
            else value
            if type(value) in _GIVEN_AS_THEY_ARE
            else self.give(value, depth)
            for value in values
        ]


def _given_number(value: Decimal) -> Number:
    rounded = _integral(value)
    return value if rounded != value or rounded.adjusted() >= MOST_DIGITS else _floor(rounded)


_FEW = 100
"""Items of a list that are given without being counted."""
_GIVEN_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_integral = CONTEXT.copy().to_integral_value
_floor = Decimal.__floor__
"""Takes two thirds of the time that ``int`` takes."""


def _python_time(value: Date | DateTime | Time | DaysDuration) -> object:
    try:
        match value:
            case Date():
                return python.date(*value)
            case DateTime():
                clock = python.time(value.hour, value.minute, *_micros(value.second), zone_info(value.zone))
                return python.datetime.combine(python.date(*value.date), clock)
            case Time():
                return python.time(value.hour, value.minute, *_micros(value.second), zone_info(value.zone))
            case DaysDuration():
                seconds, micros = _micros(value.seconds)
                return python.timedelta(seconds=seconds, microseconds=micros)
    except (ValueError, OverflowError, LookupError):
        return value


def _micros(seconds: Number) -> tuple[int, int]:
    first = floor(seconds)
    micros = (seconds - first) * 1_000_000
    if micros != int(micros):
        raise ValueError("finer than a microsecond")
    return first, int(micros)
