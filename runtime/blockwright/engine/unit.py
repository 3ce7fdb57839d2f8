"""A checked file ready for the engine: its program, how places in generated code map to places in the file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from blockwright.catalogue import Block
from blockwright.engine.run import Placed, as_failure
from blockwright.engine.trace import step_name
from blockwright.expressions import Position
from blockwright.failure import Place
from blockwright.language.program import Call

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.run import Run
    from blockwright.expressions.values import Value
    from blockwright.failure import Failure
    from blockwright.language.diagnostics import Span
    from blockwright.language.program import Computed, Program, Step

MARK = "__blockwright_unit__"
"""The global by which a frame of generated code names its unit."""

_OWN = ("blockwright.engine", "blockwright.expressions", "decimal")


@dataclass(frozen=True, slots=True)
class Unit:
    """A program and its file. ``calls`` are the blocks by the place (line, byte column) where they are called."""

    program: Program
    filename: str
    is_ascii: bool
    calls: dict[tuple[int, int], AnyBlock] = field(default_factory=dict)
    _known_as: dict[int, tuple[str, Place]] = field(default_factory=dict)
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

    def known_as(self, step: Step) -> tuple[str, Place]:
        """What a step is called, and where it stands."""
        known = self._known_as.get(id(step))
        if known is None:
            known = self._known_as[id(step)] = step_name(step), self.place(step.span)
        return known

    @property
    def top(self) -> Place:
        """Where the flow begins, for what happens at no place more exact."""
        return self.place(self.program.main.span)

    def _bytes(self, line: int, column: int) -> int:
        if self.is_ascii:
            return column - 1
        return len(self.program.source.line(line)[: column - 1].encode())

    def _characters(self, line: int, offset: int) -> int:
        if self.is_ascii:
            return offset + 1
        return len(self.program.source.line(line).encode()[:offset].decode(errors="replace")) + 1

    def offset_at(self, line: int, inside: TracebackType | None) -> int:
        """The best guess at a column of which only the line is known, and what the generated code had called: that of
        the block called there, unless it was the engine that stopped."""
        if inside is None or str(inside.tb_frame.f_globals.get("__name__")).startswith(_OWN):
            return 0
        return next((offset for at, offset in self.calls if at == line), 0)

    def failed(self, error: Exception, span: Span, block: AnyBlock | None = None) -> Placed:
        """The failure that an exception of the interpreter's means: raised by ``block``, or else at ``span``,
        unless an expression's own code says more exactly where."""
        error, _ = _original(error)
        found = None if block or isinstance(error, Placed) else _innermost(error.__traceback__)
        if found is not None:
            return found[0].failed_at(error, found[1], found[2])
        return as_failure(error, self.place(span), self.program.name, block)

    def stopped(self, run: Run, step: Step, error: BaseException) -> None:
        """Note on what stops a step of the interpreter's where that was, unless a step in it did; what a block was
        waiting for is its own affair."""
        block = step.callee if isinstance(step, Call) and isinstance(step.callee, Block) else None
        if isinstance(error, asyncio.CancelledError) and (block is not None or _stopped_at(run, error) is None):
            vars(error)[_STOPPED] = _StoppedAt(run, self, step.span, block)

    def failed_at(self, error: Exception, line: int, offset: int) -> Placed:
        """The failure that an exception means whose innermost generated code stood at ``line`` and byte ``offset``."""
        place = Place(self.program.source.path, line, self._characters(line, offset))
        return as_failure(error, place, self.program.name, self.calls.get((line, offset)))


def failure_of(error: Exception, otherwise: Place, flow: str) -> Placed:
    """The failure that an exception out of a run means, its place read from the traceback, else ``otherwise``."""
    if isinstance(error, Placed):
        return error
    error, around = _original(error)
    found = _innermost(error.__traceback__) or _innermost(around)
    return as_failure(error, otherwise, flow, None) if found is None else found[0].failed_at(error, found[1], found[2])


def _original(error: Exception) -> tuple[Exception, TracebackType | None]:
    """What was raised, and the traceback of what Python made of it: it lets no StopIteration out of a coroutine, and
    says so with a RuntimeError."""
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, StopIteration):
        return error.__cause__, error.__traceback__
    return error, None


def ended(failure: Failure, run: Run, stopped: BaseException) -> Failure:
    """How a run ends that was stopped, with the place where it was waiting."""
    at = _stopped_at(run, stopped)
    if at is None:
        return failure.with_traceback(stopped.__traceback__)
    return at.unit.failed(failure, at.span, at.block).with_traceback(stopped.__traceback__)


def _stopped_at(run: Run, error: BaseException) -> _StoppedAt | None:
    noted: _StoppedAt | None = vars(error).get(_STOPPED)
    return noted if noted is not None and noted.run is run else None


_STOPPED = "__blockwright_stopped__"
"""The attribute of an exception that says which step of the interpreter's it stopped."""


@dataclass(frozen=True, slots=True)
class _StoppedAt:
    run: Run
    unit: Unit
    span: Span
    block: AnyBlock | None

    def __repr__(self) -> str:
        return "a step of a flow"  # whoever looks for secrets in an exception is not to read the whole flow


def caught(unit: Unit, run: Run, error: Exception) -> Placed:
    """The failure that a handler is asked about; where no handler may be asked it is raised again at once."""
    failure = failure_of(error, unit.top, unit.program.name)
    if failure.ends_run or run.is_stopped:
        raise failure
    return failure


def catching(unit: Unit) -> Callable[[Run, Exception], Placed]:
    """``caught`` for one unit."""
    return partial(caught, unit)


def _innermost(traceback: TracebackType | None) -> tuple[Unit, int, int] | None:
    """Where in generated code an exception arose: the innermost unit, line, and column in bytes.

    What is inside of a block is the block's own affair, even if it runs another flow.
    """
    found = None
    while traceback is not None:
        unit = traceback.tb_frame.f_globals.get(MARK)
        if isinstance(unit, Unit):
            line, offset = _position(traceback)
            found = unit, line, unit.offset_at(line, traceback.tb_next) if offset is None else offset
            if (line, found[2]) in unit.calls:
                break
        traceback = traceback.tb_next
    return found


def _position(traceback: TracebackType) -> tuple[int, int | None]:
    """Line and column; Python forgets columns when it is told to (``-X no_debug_ranges``)."""
    positions = traceback.tb_frame.f_code.co_positions()
    line, _, offset, _ = next(islice(positions, traceback.tb_lasti // 2, None))
    return line or traceback.tb_lineno, offset
