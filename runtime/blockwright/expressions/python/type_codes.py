"""Types as constants that Python can keep in compiled code: nested tuples of text."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from blockwright.expressions.types import Basic, Either, FunctionOf, ListOf, ObjectOf, RangeOf, Type, either

Code: TypeAlias = "str | tuple[Code, ...] | None"


def encode(of: Type) -> Code:
    """The type as a constant."""
    match of:
        case Basic():
            return of.name
        case ListOf():
            return "list", encode(of.item)
        case RangeOf():
            return "range", encode(of.item)
        case ObjectOf():
            kind = "open object" if of.open else "object"
            return kind, None if of.fields is None else tuple((name, encode(field)) for name, field in of.fields)
        case FunctionOf():
            parameters = None if of.parameters is None else tuple(map(encode, of.parameters))
            return "function", parameters, encode(of.result)
        case Either():
            return "either", *sorted(map(encode, of.options), key=repr)


@lru_cache(maxsize=1024)
def decode(code: Code) -> Type:
    """The type that a constant stands for."""
    match code:
        case str(name):
            return Basic(name)
        case ("list", item):
            return ListOf(decode(item))
        case ("range", item):
            return RangeOf(decode(item))
        case ("object", None):
            return ObjectOf()
        case ("object" | "open object" as kind, tuple(fields)):
            known = tuple((str(name), decode(field)) for name, field in _pairs(fields))
            return ObjectOf(known, kind == "open object")
        case ("function", parameters, result):
            types = None if parameters is None else tuple(map(decode, parameters))
            return FunctionOf(types, decode(result))
        case ("either", *options):
            return either(map(decode, options))
    raise ValueError(f"not the code of a type: {code!r}")


def _pairs(fields: tuple[Code, ...]) -> list[tuple[Code, Code]]:
    return [(field[0], field[1]) for field in fields if isinstance(field, tuple)]
