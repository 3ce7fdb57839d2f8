"""Python annotations as types of the language."""

from __future__ import annotations

import collections.abc
import datetime
import types
import typing
from dataclasses import dataclass
from decimal import Decimal

from blockwright.expressions import types as t


class BadAnnotation(TypeError):
    """The annotation names something that no value of a flow can be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A type, and what a Python annotation says beyond it: whole numbers only, and the only values allowed."""

    type: t.Type
    whole: bool = False
    choices: tuple[object, ...] = ()


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
    try:
        plain = _PLAIN.get(annotation)
    except TypeError:
        plain = None
    if plain is not None:
        return Reading(plain, whole=annotation is int)
    if annotation is float:
        raise BadAnnotation("numbers are exact here: annotate Decimal (or int) instead of float")
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _read_union(arguments)
    if origin is typing.Literal:
        return Reading(t.either(read_annotation(type(choice)).type for choice in arguments), choices=arguments)
    if origin in (list, collections.abc.Sequence, collections.abc.Iterable):
        return Reading(t.ListOf(read_annotation(arguments[0]).type))
    if origin in (dict, collections.abc.Mapping):
        if arguments[0] is not str:
            raise BadAnnotation("the keys of an object are text: annotate dict[str, …]")
        return Reading(t.OBJECT)
    if annotation is collections.abc.Mapping:
        return Reading(t.OBJECT)
    if typing.is_typeddict(annotation):
        hints = typing.get_type_hints(annotation)
        return Reading(t.ObjectOf(tuple((name, read_annotation(hint).type) for name, hint in hints.items())))
    raise BadAnnotation(f"{annotation!r} is not a value a flow can hold (text, numbers, dates, lists, objects)")


def _read_union(arguments: tuple[object, ...]) -> Reading:
    readings = [read_annotation(argument) for argument in arguments]
    numbers = {argument for argument in arguments if argument in (int, Decimal)}
    choices = tuple(choice for reading in readings for choice in reading.choices)
    return Reading(t.either(reading.type for reading in readings), whole=numbers == {int}, choices=choices)
