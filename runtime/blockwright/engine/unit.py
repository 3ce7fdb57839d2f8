"""A checked file ready for the engine: its program, how places in generated code map to places in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import CodeType, TracebackType
from typing import TYPE_CHECKING

from blockwright.engine.run import as_failure, meaning_of
from blockwright.expressions import Position
from blockwright.failure import FINAL_CODES, Failure, Place

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.expressions.values import Value
    from blockwright.language.diagnostics import Span
    from blockwright.language.program import Computed, Program

MARK = "__blockwright_unit__"
"""The global by which a frame of generated code names its unit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A program and its file. ``calls`` are the blocks by the place (line, byte column) where they are called."""

    program: Program
    filename: str
    is_ascii: bool
    calls: dict[tuple[int, int], AnyBlock] = field(default_factory=dict)
    _functions: dict[int, Callable[[Mapping[str, Value]], Value]] = field(default_factory=dict)

    @classmethod
    def of(cls, program: Program) -> Unit:
        """The unit of a program; its generated code carries the file's absolute path."""
        return cls(program, str(Path(program.source.path).absolute()), program.source.text.isascii())

    def evaluate(self, computed: Computed, variables: Mapping[str, Value]) -> Value:
        """Work an expression out alone, as the interpreter does."""
        function = self._functions.get(id(computed))
        if function is None:
            place = self.placer(computed)
            function = computed.expression.function(self.filename, place, computed.types(), {MARK: self})
            self._functions[id(computed)] = function
        return function(variables)

    def placer(self, computed: Computed) -> Callable[[int, int], Position]:
        """Where a stretch of an expression's text stands in the file, as Python's ``ast`` counts."""

        def place(start: int, end: int) -> Position:
            line, column = computed.position(start)
            end_line, end_column = computed.position(max(end - 1, start))
            return Position(line, self._bytes(line, column), end_line, self._bytes(end_line, end_column + 1))

        return place

    def position(self, span: Span) -> Position:
        """A span as Python's ``ast`` counts: columns from 0, in bytes of UTF-8."""
        line, column, end_line, end_column = span
        return Position(line, self._bytes(line, column), end_line, self._bytes(end_line, end_column))

    def place(self, span: Span) -> Place:
        """The beginning of a span, for people."""
        return Place(self.program.source.path, span.line, span.column)

    def _bytes(self, line: int, column: int) -> int:
        if self.is_ascii:
            return column - 1
        return len(self.program.source.line(line)[: column - 1].encode())

    def _characters(self, line: int, offset: int) -> int:
        if self.is_ascii:
            return offset + 1
        return len(self.program.source.line(line).encode()[:offset].decode(errors="replace")) + 1

    def failed(self, error: Exception, span: Span, block: AnyBlock | None = None) -> Failure:
        """The failure that an exception of the interpreter's means: raised by ``block``, or else at ``span``,
        unless an expression's own code says more exactly where."""
        found = None if block else _innermost(error.__traceback__)
        if found is not None:
            return found[0].failed_at(error, found[1], found[2])
        return as_failure(error, self.place(span), self.program.name, block)

    def failed_at(self, error: Exception, line: int, offset: int) -> Failure:
        """The failure that an exception means whose innermost generated code stood at ``line`` and byte ``offset``."""
        place = Place(self.program.source.path, line, self._characters(line, offset))
        return as_failure(error, place, self.program.name, self.calls.get((line, offset)))


def failure_of(error: Exception) -> Failure:
    """The failure that an exception out of a compiled flow means, its place read from the traceback."""
    found = _innermost(error.__traceback__)
    if found is None:
        return meaning_of(error, None)
    unit, line, offset = found
    return unit.failed_at(error, line, offset)


def caught(error: Exception) -> Failure:
    """The failure that a handler is asked about; one that ends the run is raised again at once."""
    failure = failure_of(error)
    if failure.code in FINAL_CODES:
        raise failure
    return failure


def _innermost(traceback: TracebackType | None) -> tuple[Unit, int, int] | None:
    """The innermost frame of generated code in a traceback: its unit, line, and column in bytes."""
    found = None
    while traceback is not None:
        unit = traceback.tb_frame.f_globals.get(MARK)
        if isinstance(unit, Unit):
            found = unit, traceback
        traceback = traceback.tb_next
    if found is None:
        return None
    unit, innermost = found
    line, offset = _position(innermost.tb_frame.f_code, innermost.tb_lasti)
    return unit, line or innermost.tb_lineno, offset or 0


def _position(code: CodeType, instruction: int) -> tuple[int | None, int | None]:
    line, _, offset, _ = next(islice(code.co_positions(), instruction // 2, None))
    return line, offset
