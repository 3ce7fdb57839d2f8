"""JSON with exact numbers, both ways; what is read is bounded and means one thing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from blockwright.failure import Failure

UNREADABLE = 8002
"""The documented code of a request that cannot be parsed."""
DUPLICATE = 3043
"""The documented code of a registration that names a property twice."""

DEEPEST = 64
"""How deeply the lists and objects of a request may be nested."""
_MOST_DIGITS = 1000
_LARGEST_EXPONENT = 6144
"""As far as decimal128 reaches; what is kept of a number has its own, narrower limits."""


def read_json(data: bytes, *, duplicate: int = UNREADABLE) -> object:
    """What a JSON text means: whole numbers as int, others as Decimal, exactly.

    Fails with 8002 for what is no JSON, is nested too deeply, or holds a number or character that nothing can keep;
    with ``duplicate`` for an object that names something twice.
    """

    def entries(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Failure(duplicate, "A property is named twice in the same object.")
        return found

    try:
        value = json.loads(
            data.decode(), parse_float=_fraction, parse_int=_whole, parse_constant=_refuse, object_pairs_hook=entries
        )
    except (ValueError, RecursionError):
        raise _unreadable("it is not JSON") from None
    if data.count(b"[") + data.count(b"{") > DEEPEST:
        _check_depth(value, 0)
    if b"\\u" in data:
        _check_characters(value)
    return value


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else _refuse(digits)


def _fraction(digits: str) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation:
        _refuse(digits)
    if len(digits) > _MOST_DIGITS or abs(number.adjusted()) > _LARGEST_EXPONENT:
        _refuse(digits)
    return number


def _refuse(_word: str) -> NoReturn:
    raise _unreadable("it holds a number that cannot be kept")


def _check_depth(value: object, depth: int) -> None:
    if depth > DEEPEST:
        raise _unreadable("it is nested too deeply")
    for item in _items(value):
        _check_depth(item, depth + 1)


def _check_characters(value: object) -> None:
    """Halves of characters (lone surrogates) can be written in JSON and kept nowhere."""
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise _unreadable("it holds half a character") from None
        return
    if isinstance(value, dict):
        for name in value:
            _check_characters(name)
    for item in _items(value):
        _check_characters(item)


def _items(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _unreadable(why: str) -> Failure:
    return Failure(UNREADABLE, f"The body of the request cannot be read: {why}.")


def write_json(value: object) -> bytes:
    """A value as JSON: numbers with all their digits, dates, times and durations as ISO 8601 text."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError):
        return "".join(_written(value)).encode()


def _written(value: object) -> Iterator[str]:
    if value is None or isinstance(value, bool | str):
        yield json.dumps(value)
    elif isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite()):
        yield str(value)
    elif isinstance(value, Mapping):
        before = "{"
        for name, item in value.items():
            yield f"{before}{json.dumps(str(name))}:"
            yield from _written(item)
            before = ","
        yield "}" if value else "{}"
    elif isinstance(value, list | tuple):
        before = "["
        for item in value:
            yield before
            yield from _written(item)
            before = ","
        yield "]" if value else "[]"
    else:
        yield _other(value)


def _other(value: object) -> str:
    """A date, a time, a duration, or a number of Python's own."""
    from blockwright.expressions.values import take, to_text

    taken = take(value)
    return to_text(taken) if isinstance(taken, int | Decimal) else json.dumps(to_text(taken))
