"""What a YAML text is made of: scalars, sequences and mappings, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from blockwright.language.diagnostics import Span
from blockwright.language.source.places import places_of
from blockwright.language.source.text import Source

Corners: TypeAlias = tuple[int, int, int, int]
"""A span as a bare tuple, which is cheap to build: files have many nodes, and few of them are ever pointed at."""

Style: TypeAlias = Literal["plain", "single", "double", "literal", "folded"]


class Scalar:
    """A text as it stands in the file, without quotes, escapes and indentation; nothing is read into it yet."""

    __slots__ = ("_places", "_source", "corners", "style", "text")

    def __init__(self, text: str, corners: Corners, style: Style = "plain", source: Source | None = None) -> None:
        self.text: Final = text
        self.style: Final[Style] = style
        self.corners: Final = corners
        self._source = source

    @property
    def span(self) -> Span:
        """Where the scalar stands, quotes included."""
        return Span(*self.corners)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written: ``key:`` with no value after it."""
        return not self.text and self.style == "plain"

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column in the file of a character of ``text``; an offset past its end gives the end.

        Exact for visible characters; a blank that stands for a line break is placed at the end of its line.
        """
        offset = min(max(offset, 0), len(self.text))
        line, column, end_line, end_column = self.corners
        if self._source is None:
            return line, column + offset
        if line == end_line:
            if self.style == "plain":
                return line, column + offset
            if end_column - column == len(self.text) + 2:
                return line, column + 1 + offset
        if not hasattr(self, "_places"):
            start = self._source.index(line, column)
            raw = self._source.text[start : self._source.index(end_line, end_column)]
            self._places: list[int] = [start + place for place in places_of(self.text, raw, self.style)]
        return self._source.position(self._places[offset])

    def __repr__(self) -> str:
        return f"Scalar({self.text!r}, {self.span.line}:{self.span.column}, {self.style})"


class Sequence:
    """A list of nodes."""

    __slots__ = ("corners", "items")

    def __init__(self, items: list[Node], corners: Corners) -> None:
        self.items = items
        self.corners = corners

    @property
    def span(self) -> Span:
        """From the first item, or the opening bracket, to the end of the last."""
        return Span(*self.corners)

    def __repr__(self) -> str:
        return f"Sequence({self.items!r})"


class Mapping:
    """Keys and their values in the order of the file; no key appears twice."""

    __slots__ = ("by_name", "corners")

    def __init__(self, entries: Collection[tuple[Scalar, Node]], corners: Corners) -> None:
        self.by_name = {entry[0].text: entry for entry in entries} if entries else {}
        self.corners = corners

    @property
    def span(self) -> Span:
        """From the first name, or the opening brace, to the end of the last value."""
        return Span(*self.corners)

    @property
    def entries(self) -> list[tuple[Scalar, Node]]:
        """Each key with its value."""
        return list(self.by_name.values())

    def get(self, name: str) -> Node | None:
        """The value of a key, or None."""
        entry = self.by_name.get(name)
        return None if entry is None else entry[1]

    def key(self, name: str) -> Scalar | None:
        """The key as it stands in the file, or None."""
        entry = self.by_name.get(name)
        return None if entry is None else entry[0]

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def __len__(self) -> int:
        return len(self.by_name)

    def __repr__(self) -> str:
        return f"Mapping({self.entries!r})"


Node: TypeAlias = Scalar | Sequence | Mapping


def resolve(scalar: Scalar) -> bool | int | Decimal | str | None:
    """What a scalar means where no type is declared: YAML 1.2's core, and text wherever digits would be lost.

    ``true``, ``false``, ``null``, ``~``, nothing, and decimal numbers are themselves; a whole number is an int, any
    other a Decimal. ``0123``, ``+49``, ``1_000``, ``0x1F``, ``12:30``, ``NO``, ``.inf`` and numbers of more than 34
    digits stay text, as does all that is quoted or stands in a block.
    """
    text = scalar.text
    if scalar.style != "plain":
        return text
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    if number.lastgroup is None:
        return int(text)
    exact = Decimal(text)
    if not -_MOST_DIGITS <= exact.adjusted() < _MOST_DIGITS:
        return text
    return int(exact) if exact == exact.to_integral_value() else exact


_MOST_DIGITS = 34
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(
    r"-?(?=[0-9.]{1,35}(?:[eE]|\Z))(?:(?:0|[1-9][0-9]{0,33})(?P<fraction>\.[0-9]{1,33})?|(?P<only>\.[0-9]{1,34}))"
    r"(?P<exponent>[eE][-+]?[0-9]{1,4})?"
)
