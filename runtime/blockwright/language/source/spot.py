"""The place where YAML stopped reading, and the lines around it taken apart as an author sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from blockwright.language.diagnostics import Span
from blockwright.language.source.build import Collection
from blockwright.language.source.events import Broken
from blockwright.language.source.nodes import Mapping, Node, Scalar
from blockwright.language.source.text import Source


@dataclass(frozen=True, slots=True)
class Repair:
    """Characters from an index of the text on that may be replaced by as many others, so that reading can go on."""

    start: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding in the making."""

    span: Span
    message: str
    mend: str
    rule: str
    repair: Repair | None = None


class Line:
    """A line as indentation and dashes, a name up to its colon if there is one, and a value. Indexes are from 0."""

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.text = text

    @cached_property
    def indent(self) -> int:
        """How far the line is indented."""
        return len(self.text) - len(self.text.lstrip(" \t"))

    @cached_property
    def lead(self) -> int:
        """Where the name or the value begins: after indentation and dashes."""
        found = _LEAD.match(self.text)
        return found.end() if found else 0

    @cached_property
    def colon(self) -> int | None:
        """Where the colon after the name is."""
        quoted = QUOTED.match(self.text, self.lead)
        if quoted:
            found = re.compile(r"[ \t]*:(?=\s|$)").match(self.text, quoted.end())
            return found.end() - 1 if found else None
        found = re.compile(r":(?=\s|$)").search(self.text, self.lead)
        if found is None or found.start() == self.lead or self.text[self.lead] in "\"'#{[":
            return None
        remark = _REMARK.search(self.text, self.lead)
        return None if remark and remark.start() < found.start() else found.start()

    @property
    def name(self) -> str:
        """The name before the colon; "" when there is none."""
        return "" if self.colon is None else self.text[self.lead : self.colon].strip()

    @cached_property
    def value_start(self) -> int:
        """Where the value begins."""
        start = self.lead if self.colon is None else self.colon + 1
        while self.text[start : start + 1] in (" ", "\t"):
            start += 1
        return start

    @cached_property
    def value(self) -> str:
        """The value without a remark behind it."""
        return self.value_from(self.value_start)

    def value_from(self, start: int) -> str:
        """The line from an index on without a remark at its end."""
        value = self.text[start:]
        if value.startswith("#"):
            return ""
        closed = QUOTED.match(value)
        remark = _REMARK.search(value, closed.end() if closed else 0)
        return (value[: remark.start()] if remark else value).rstrip()


class Spot:
    """Where YAML stopped: the text around it, and what had been read until then."""

    def __init__(self, source: Source, broken: Broken, root: Node | None, open_ones: list[Collection]) -> None:
        self.source = source
        self.context = broken.context
        self.problem = broken.problem
        self.open_ones = open_ones
        self.at = min(broken.at or 0, len(source.text))
        self.start = self.at if broken.start is None else min(broken.start, self.at)
        self.line = self.line_at(self.at)
        self.column = source.position(self.at)[1] - 1
        self._root = root

    def line_at(self, index: int) -> Line:
        """The line of an index of the text."""
        number = self.source.position(index)[0]
        return Line(number, self.source.line(number))

    def line_before(self, line: Line) -> Line | None:
        """The nearest line above that is neither blank nor a remark."""
        for number in range(line.number - 1, max(0, line.number - 200), -1):
            text = self.source.line(number)
            if text.strip() and not text.lstrip().startswith("#"):
                return Line(number, text)
        return None

    @cached_property
    def bracket(self) -> int | None:
        """The index of the innermost ``[`` or ``{`` that is open."""
        if not self.open_ones:
            return None
        index = self.source.index(*self.open_ones[-1].span[:2])
        return index if self.source.text[index : index + 1] in ("[", "{") else None

    @cached_property
    def last_scalar(self) -> Scalar | None:
        """The scalar that was read last."""
        node = self._root
        while node is not None and not isinstance(node, Scalar):
            entries = node.entries[-1:] if isinstance(node, Mapping) else [(None, item) for item in node.items[-1:]]
            node = entries[0][1] if entries else None
        return node

    @property
    def here(self) -> Span:
        """The character where YAML stopped."""
        return self.part(self.line, self.column, self.column + 1)

    def part(self, line: Line, start: int | None = None, end: int | None = None) -> Span:
        """A part of a line as a span; without indexes, all that is not indentation."""
        first = line.indent if start is None else start
        last = max(len(line.text.rstrip()), first + 1) if end is None else end
        return Span(line.number, first + 1, line.number, last + 1)

    def fill(self, line: Line, start: int, end: int | None = None) -> Repair:
        """Plain letters in place of a part of a line."""
        stop = len(line.text) if end is None else min(end, len(line.text))
        return self.put(line, start, "x" * max(stop - start, 0))

    def put(self, line: Line, start: int, replacement: str) -> Repair:
        """Other characters in place of as many of a line."""
        return Repair(self.source.index(line.number, start + 1), replacement)


QUOTED = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|' r"'[^']*+(?:''[^']*+)*+'")
"""A text in quotes, within one line."""

_LEAD = re.compile(r"[ \t]*+(?:-[ \t]++)*+")
_REMARK = re.compile(r"[ \t]#")
