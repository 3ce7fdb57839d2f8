"""The words and values of generated flows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from blockwright.testing.properties.writing.expressions import Kind
from blockwright.testing.properties.writing.yaml_text import Style

VARIABLES: Mapping[Kind, tuple[str, ...]] = {
    "number": ("n", "total so far", "tally-1", "class"),
    "text": ("word", "größe", "it's"),
    "yes": ("ok", "print"),
    "list": ("items", "type"),
    "object": ("record", "self"),
    "dark": ("thing", "failure code", "Exception"),
    "date": ("due date",),
    "time": ("opening",),
    "moment": ("last seen",),
    "duration": ("pause",),
    "any": ("note", "either one"),
}
"""Names of variables; those of one kind are never those of another, since a variable has one type in a whole flow."""
COUNTERS = ("nr", "index", "round 3")
SIDE_ITEMS = ("part", "share", "side")
ITEMS = ("user", "each-one", "letter")
STYLES: tuple[Style, ...] = ("plain", "plain", "plain", "single", "double", "literal", "folded")
CONDITIONS = ("= n > 1", "= n < 3", '= string(thing) = "5"', "= thing != null", "= n = 1 or n = 3")
COUNTS = (
    ("1", "3", ""),
    ("1", "2.5", "0.5"),
    ("3", "1", "-1"),
    ("= n", "3", ""),
    ("0", "= n", "0.25"),
    ("= n", "= 0 - n", "-0.5"),
    ("3", "= n", "= n"),
)
UNKNOWN = ("5", '"hello"', "true", "[1, 2]", "{a: 1}", "null", "2.5")
OWN_CODES = ("7", "404", "my code")
"""Codes of ``fail`` steps."""

_NUMBERS: tuple[object, ...] = (0, 1, 3, -2, Decimal("2.5"), 0.5, 10**20)
_TEXTS: tuple[object, ...] = ("", "a", "größe", "7", "odd", "seven", "a text that is long enough to be masked")
_UNKNOWN: tuple[object, ...] = (5, "5", None, [1, "a"], {"a": [1]}, False, datetime.date(2026, 1, 31), *_NUMBERS)
_DATES = (datetime.date(2026, 1, 31), datetime.date(2024, 2, 29))
_TIMES = (datetime.time(12, 30), datetime.time(0, 0, 0))
_MOMENTS = (datetime.datetime(2026, 1, 31, 10), datetime.datetime(2024, 2, 29, 23, 59, 59, tzinfo=datetime.UTC))
_DURATIONS = (datetime.timedelta(seconds=5), datetime.timedelta(days=-1, hours=2))
_LISTS: tuple[object, ...] = ([1, 2, Decimal("0.5")], [], [3])
_OBJECTS: tuple[object, ...] = ({"a": 1}, {}, {"a": "x", "b": 0.25})


class Sort(NamedTuple):
    """One way to declare an input: its type as authors write it, what Python may give for it, and a value of it as
    authors write it."""

    type: str
    values: tuple[object, ...]
    written: str = ""

    @property
    def is_optional(self) -> bool:
        return self.type.endswith(", optional")


SORTS: Mapping[Kind, tuple[Sort, ...]] = {
    "number": (Sort("number", _NUMBERS, "5"), Sort("number, optional", _NUMBERS)),
    "text": (Sort("text", _TEXTS, "five"), Sort("text, optional", _TEXTS)),
    "yes": (Sort("yes or no", (True, False), "yes"),),
    "list": (Sort("list of number", _LISTS), Sort("list", _LISTS)),
    "object": (Sort("object", _OBJECTS),),
    "dark": (Sort("anything", _UNKNOWN, "five"), Sort("anything, optional", _UNKNOWN)),
    "date": (Sort("date", _DATES, "2026-01-31"), Sort("date, optional", _DATES)),
    "time": (Sort("time", _TIMES, "12:30:00"),),
    "moment": (Sort("date and time", _MOMENTS, "2026-01-31T10:00:00"),),
    "duration": (Sort("duration", _DURATIONS, "PT5S"),),
    "any": (Sort("list of text", (["a", ""], []), ""), Sort("text or number", (*_NUMBERS, "a", "7"), "5")),
}
CHOICES: Mapping[str, tuple[str, ...]] = {"number": ("1", "3", "2.50"), "text": ("a", "größe", "7")}
"""What an input of some type may be held to, as authors write it; Python may give the first two of each."""
CHOSEN: Mapping[str, tuple[object, ...]] = {"number": (1, 3), "text": ("a", "größe")}
RETURNS: Mapping[Kind, tuple[str, ...]] = {
    "number": ("number", "number, optional"),
    "text": ("text", "text, optional", "text or number"),
    "yes": ("yes or no",),
    "list": ("list", "list of number"),
    "object": ("object",),
    "dark": ("anything, optional",),
    "date": ("date",),
    "duration": ("duration",),
}
"""What a flow may promise to give."""
