"""The types of the values a flow can hold, under the names that authors write: ``text``, ``list of number``, …

Types are plain data. ``join`` and ``fits`` are all the algebra the checker and the compiler need.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Basic:
    """A type that has no parts; ``name`` is how authors write it."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items all have one type."""

    item: Type

    def __str__(self) -> str:
        return "list" if self.item == ANYTHING else f"list of {self.item}"


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object. ``fields`` are the entries known to be there; None when nothing is known of them. There may be others,
    too, when it is ``open``."""

    fields: tuple[tuple[str, Type], ...] | None = None
    open: bool = False

    def field(self, name: str) -> Type | None:
        """The type of one entry, or None when it is not known to exist."""
        return dict(self.fields or ()).get(name)

    def __str__(self) -> str:
        return "object"


@dataclass(frozen=True, slots=True)
class RangeOf:
    """A range between two values of one type, such as ``[1..10]``."""

    item: Type

    def __str__(self) -> str:
        return f"range of {self.item}"


@dataclass(frozen=True, slots=True)
class FunctionOf:
    """A FEEL function value. ``parameters`` is None when they are not known."""

    parameters: tuple[Type, ...] | None
    result: Type

    def __str__(self) -> str:
        return "function"


@dataclass(frozen=True, slots=True)
class Either:
    """One of several types. Built by ``either``, which flattens; ``options`` are never Either or ANYTHING.

    ``written`` is the order in which they were named; it says nothing about the type.
    """

    options: frozenset[Type]
    written: tuple[Type, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        if self.options - {NOTHING} == {DAYS_DURATION, YEARS_DURATION}:
            text = "duration"
        else:
            text = " or ".join(str(option) for option in self.written or self.options if option != NOTHING)
        return f"{text}, optional" if NOTHING in self.options else text


Type: TypeAlias = Basic | ListOf | ObjectOf | RangeOf | FunctionOf | Either

ANYTHING = Basic("anything")
NOTHING = Basic("nothing")
"""The type of null."""
TEXT = Basic("text")
NUMBER = Basic("number")
YES_OR_NO = Basic("yes or no")
DATE = Basic("date")
TIME = Basic("time")
DATE_AND_TIME = Basic("date and time")
DAYS_DURATION = Basic("days and time duration")
YEARS_DURATION = Basic("years and months duration")
OBJECT = ObjectOf()
LIST = ListOf(ANYTHING)


def either(options: Iterable[Type]) -> Type:
    """The type of a value that is one of several types; one option alone stays itself."""
    flat: dict[Type, None] = {}
    for option in options:
        flat |= dict.fromkeys((option.written or option.options) if isinstance(option, Either) else (option,))
    if ANYTHING in flat:
        return ANYTHING
    return next(iter(flat)) if len(flat) == 1 else Either(frozenset(flat), tuple(flat))


DURATION = either([DAYS_DURATION, YEARS_DURATION])

TYPE_NAMES: Mapping[str, Type] = MappingProxyType(
    {
        "text": TEXT,
        "number": NUMBER,
        "yes or no": YES_OR_NO,
        "date": DATE,
        "time": TIME,
        "date and time": DATE_AND_TIME,
        "duration": DURATION,
        "list": LIST,
        "object": OBJECT,
        "anything": ANYTHING,
    }
)
"""The type names an author may write, besides ``list of T`` and ``T or U``."""


def optional(of: Type) -> Type:
    """The type, or null."""
    return either([of, NOTHING])


def required(of: Type) -> Type:
    """The type without null; NOTHING and ANYTHING stay as they are."""
    if isinstance(of, Either):
        return either(option for option in of.written or of.options if option != NOTHING)
    return of


def join(first: Type, second: Type) -> Type:
    """The smallest type that holds the values of both; objects with the same entries are joined entry by entry.

    Objects with different entries are any object: what only one of them has may still be there.
    """
    if first == second:
        return first
    if isinstance(first, ListOf) and isinstance(second, ListOf):
        return ListOf(join(first.item, second.item))
    if isinstance(first, ObjectOf) and isinstance(second, ObjectOf):
        if first.fields is None or second.fields is None:
            return OBJECT
        there = dict(second.fields)
        if there.keys() != dict(first.fields).keys():
            return OBJECT
        fields = tuple((name, join(of, there[name])) for name, of in first.fields)
        return ObjectOf(fields, first.open or second.open)
    return either([first, second])


@lru_cache(maxsize=4096)
def fits(value: Type, place: Type) -> bool | None:
    """Whether a value of one type can stand where another is asked for: yes, no, or None for "it depends"."""
    if place == ANYTHING or value == place:
        return True
    if value == ANYTHING:
        return None
    if isinstance(value, Either):
        answers = {fits(option, place) for option in value.options}
        return answers.pop() if len(answers) == 1 else None
    if isinstance(place, Either):
        answers = {fits(value, option) for option in place.options}
        return True if True in answers else None if None in answers else False
    if isinstance(value, ListOf) and isinstance(place, ListOf):
        return True if fits(value.item, place.item) else None
    if isinstance(value, ObjectOf) and isinstance(place, ObjectOf):
        return _object_fits(value, place)
    if isinstance(value, RangeOf | FunctionOf) and type(value) is type(place):
        return None
    return False


def phrase(of: Type) -> str:
    """A type in the middle of a sentence: ``a number``, ``true or false``, ``an object``, ``text or a number``."""
    wanted = required(of)
    if isinstance(wanted, Either) and wanted != DURATION:
        return " or ".join(phrase(option) for option in wanted.written or wanted.options)
    if wanted in (TEXT, ANYTHING, NOTHING):
        return str(wanted)
    if wanted == YES_OR_NO:
        return "true or false"
    return f"{'an' if str(wanted)[0] in 'aeiou' else 'a'} {wanted}"


def parse_type(text: str) -> Type | None:
    """The type an author wrote, such as ``list of text`` or ``text or number``; None when it is none.

    ``list of`` reaches to the end, so ``list of text or number`` is a list whose items are either.
    """
    words = re.sub(r"\s+", " ", text.strip())
    if words in TYPE_NAMES:
        return TYPE_NAMES[words]
    if words.startswith("list of "):
        item = parse_type(words.removeprefix("list of "))
        return None if item is None else ListOf(item)
    for head in re.finditer(r" or ", words):
        first, rest = TYPE_NAMES.get(words[: head.start()]), parse_type(words[head.end() :])
        if first is not None and rest is not None:
            return either([first, rest])
    return None


def _object_fits(value: ObjectOf, place: ObjectOf) -> bool | None:
    if place.fields is None:
        return True
    if value.fields is None:
        return None
    there, missing = dict(value.fields), ANYTHING if value.open else NOTHING
    answers = {fits(there.get(name, missing), of) for name, of in place.fields}
    return False if False in answers else None if None in answers else True
