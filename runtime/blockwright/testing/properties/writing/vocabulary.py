"""The words and values of generated flows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from blockwright.testing.properties.writing.expressions import Kind
from blockwright.testing.properties.writing.yaml_text import Style

VARIABLES: Mapping[Kind, tuple[str, ...]] = {
    "number": ("n", "total so far", "tally-1", "class"),
    "text": ("word", "größe", "it's"),
    "yes": ("ok", "print"),
    "list": ("items", "type"),
    "object": ("record", "self"),
    "dark": ("thing", "failure code", "Exception"),
}
COUNTERS = ("nr", "index", "round 3")
SIDE_ITEMS = ("part", "share", "side")
ITEMS = ("user", "each-one", "letter")
TYPES: Mapping[Kind, tuple[str, ...]] = {
    "number": ("number", "number, optional"),
    "text": ("text", "text, optional"),
    "yes": ("yes or no",),
    "list": ("list of number",),
    "object": ("object",),
    "dark": ("anything", "anything, optional"),
}
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
_NUMBERS: tuple[object, ...] = (0, 1, 3, -2, Decimal("2.5"), 0.5, 10**20)
_TEXTS: tuple[object, ...] = ("", "a", "größe", "7", "odd", "seven")
PYTHON: Mapping[Kind, tuple[object, ...]] = {
    "number": _NUMBERS,
    "text": _TEXTS,
    "yes": (True, False),
    "list": ([1, 2, Decimal("0.5")], [], [3]),
    "object": ({"a": 1}, {}, {"a": "x", "b": 0.25}),
    "dark": (5, "5", None, [1, "a"], {"a": [1]}, False, *_NUMBERS),
}
