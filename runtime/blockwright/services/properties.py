"""The further properties of a user: JSON values with exact numbers, checked before they are kept."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown

LARGEST = 64_000
"""How many characters of JSON the properties of one user may take."""
DEEPEST = 20
LARGEST_EXPONENT = 6144
"""Numbers reach as far as decimal128 does (IEEE 754)."""


def encode(properties: Mapping[str, object]) -> str:
    """Properties as JSON text. Fails with ``bad value`` for what cannot be kept."""
    writer = _Writer()
    writer.write(properties, 0)
    return "".join(writer.parts)


def frozen(properties: Mapping[str, object]) -> Mapping[str, object]:
    """Properties as they come back once they are kept: a copy that nobody else can change. Fails as ``encode`` does."""
    return decode(encode(properties))


def decode(text: str) -> Mapping[str, object]:
    """The properties that ``encode`` wrote; every number comes back exactly."""
    return MappingProxyType(json.loads(text, parse_float=Decimal))


class _Writer:
    """Writes JSON as ``json.dumps`` does, with exact numbers, and stops at the limits rather than after them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._room = LARGEST

    def write(self, value: object, depth: int) -> None:
        if depth > DEEPEST:
            raise Failure(BAD_VALUE, f"The properties of a user may be nested at most {DEEPEST} deep.")
        match value:
            case None | bool() | str():
                self._put(json.dumps(value))
            case int() if value.bit_length() <= 256:
                self._put(str(value))
            case Decimal() if value.is_finite() and abs(value.adjusted()) <= LARGEST_EXPONENT:
                self._put(str(value))
            case float() if math.isfinite(value):
                self._put(repr(value))
            case list() | tuple():
                self._write_list(value, depth)
            case Mapping():
                self._write_object(value, depth)
            case _:
                raise Failure(BAD_VALUE, f"A property of a user cannot hold {shown(value)}.")

    def _write_list(self, items: Sequence[object], depth: int) -> None:
        before = "["
        for item in items:
            self._put(before)
            self.write(item, depth + 1)
            before = ","
        self._put("]" if items else "[]")

    def _write_object(self, entries: Mapping[object, object], depth: int) -> None:
        before = "{"
        for name, item in entries.items():
            if not isinstance(name, str):
                raise Failure(BAD_VALUE, "The names of properties are text.")
            self._put(before)
            self._put(json.dumps(name) + ":")
            self.write(item, depth + 1)
            before = ","
        self._put("}" if entries else "{}")

    def _put(self, text: str) -> None:
        self._room -= len(text)
        if self._room < 0:
            raise Failure(BAD_VALUE, f"The properties of a user may take at most {LARGEST} characters of JSON.")
        self.parts.append(text)
