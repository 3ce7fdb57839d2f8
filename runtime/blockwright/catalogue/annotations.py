"""Python annotations as types of the language."""

from __future__ import annotations

import collections.abc
import datetime
import types
import typing
from dataclasses import dataclass, replace
from decimal import Decimal

from blockwright.expressions import types as t


class BadAnnotation(TypeError):
    """The annotation names something that no value of a flow can be."""


class _Secret:
    def __repr__(self) -> str:
        return "SECRET"


SECRET = _Secret()
"""Marks values for nobody's eyes, such as passwords and tokens: ``Annotated[str, SECRET]``."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A type, and what a Python annotation says beyond it: whole numbers only, the only values allowed, and whether
    something in them is secret."""

    type: t.Type
    whole: bool = False
    choices: tuple[object, ...] = ()
    secret: bool = False


_PLAIN: dict[object, t.Type] = {
    str: t.TEXT,
    int: t.NUMBER,
    Decimal: t.NUMBER,
    bool: t.YES_OR_NO,
    None: t.NOTHING,
    type(None): t.NOTHING,
    datetime.date: t.DATE,
    datetime.time: t.TIME,
    datetime.datetime: t.DATE_AND_TIME,
    datetime.timedelta: t.DAYS_DURATION,
    object: t.ANYTHING,
    typing.Any: t.ANYTHING,
    list: t.LIST,
    dict: t.OBJECT,
}


def read_annotation(annotation: object) -> Reading:
    """The type that ``annotation`` stands for. Raises BadAnnotation, whose message says what to write instead."""
    plain = _plain(annotation)
    if plain is not None:
        return Reading(plain, whole=annotation is int)
    if annotation is float:
        raise BadAnnotation("numbers are exact here: annotate Decimal (or int) instead of float")
    origin, arguments = typing.get_origin(annotation) or annotation, typing.get_args(annotation)
    if origin is typing.Annotated:
        reading = read_annotation(arguments[0])
        return replace(reading, secret=True) if SECRET in arguments[1:] else reading
    if origin in (typing.Union, types.UnionType):
        return _read_union(arguments)
    if origin is typing.Literal:
        return Reading(t.either(read_annotation(type(choice)).type for choice in arguments), choices=arguments)
    if origin in (list, collections.abc.Sequence, collections.abc.Iterable):
        item = read_annotation(arguments[0]) if arguments else Reading(t.ANYTHING)
        return Reading(t.ListOf(item.type), secret=item.secret)
    if origin in (dict, collections.abc.Mapping):
        if arguments and arguments[0] is not str:
            raise BadAnnotation("the keys of an object are text: annotate dict[str, …]")
        return Reading(t.OBJECT)
    if typing.is_typeddict(annotation):
        return _read_typed_dict(annotation)
    raise BadAnnotation(f"{annotation!r} is not a value a flow can hold (text, numbers, dates, lists, objects)")


def is_value_type(annotation: object) -> bool:
    """Whether an annotation is plainly that of a value, and so of no service."""
    return _plain(annotation) is not None or annotation is float


def _plain(annotation: object) -> t.Type | None:
    try:
        return _PLAIN.get(annotation)
    except TypeError:
        return None


def _read_union(arguments: tuple[object, ...]) -> Reading:
    readings = [read_annotation(argument) for argument in arguments]
    numbers = {argument for argument in arguments if argument in (int, Decimal)}
    only_choices = all(reading.choices or reading.type == t.NOTHING for reading in readings)
    choices = tuple(choice for reading in readings for choice in reading.choices) if only_choices else ()
    secret = any(reading.secret for reading in readings)
    return Reading(t.either(reading.type for reading in readings), numbers == {int}, choices, secret)


def _read_typed_dict(annotation: object) -> Reading:
    """An object with the entries that are always there. It is open where others may be there or not: of those, nothing
    is known."""
    hints = typing.get_type_hints(annotation, include_extras=True)
    required: frozenset[str] = getattr(annotation, "__required_keys__", frozenset())
    fields: list[tuple[str, t.Type]] = []
    secret = False
    for name, hint in hints.items():
        wrapper, arguments = typing.get_origin(hint), typing.get_args(hint)
        inner = arguments[0] if wrapper in (typing.Required, typing.NotRequired) else hint
        secret |= SECRET in getattr(inner, "__metadata__", ())
        if wrapper is typing.Required or (wrapper is not typing.NotRequired and name in required):
            reading = read_annotation(inner)
            secret |= reading.secret
            fields.append((name, reading.type))
    return Reading(t.ObjectOf(tuple(fields), open=len(fields) < len(hints)), secret=secret)
