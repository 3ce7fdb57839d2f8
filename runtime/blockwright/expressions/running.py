"""Running generated code from outside: numbers in ``CONTEXT``, a budget of its own, failures with their places.

Each evaluation runs in a *room*: a context in which the decimal context and the budget are set already. To enter one
takes a fraction of the time that setting them, and setting them back, would take. Rooms are used again; one that is in
use, by another thread or by an evaluation around this one, is not among the idle ones.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from contextvars import Context
from functools import partial
from types import CodeType, TracebackType
from typing import NamedTuple, NoReturn, Protocol, TypeAlias, TypeVar

from blockwright.expressions.budget import LEFT, STEPS
from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.temporal.clock import CLOCK
from blockwright.expressions.values import Value, standard_mode
from blockwright.failure import BAD_VALUE, TOO_DEEP, Failure, Place

Function: TypeAlias = Callable[[Mapping[str, Value]], Value]
"""An expression in Python: a function of its scope."""

T = TypeVar("T")

FILENAME = "<expression>"
"""What the code of an expression alone is compiled under."""


def run(function: Callable[[Mapping[str, Value]], T], scope: Mapping[str, Value]) -> T:
    """What the function gives, in strict mode. Whatever it raises comes out; see ``raise_failure``."""
    if _own_clock(None) is not None:
        return _furnished().enter(function, scope)
    try:
        room = _take_room()
    except IndexError:
        room = _furnished()
    enter, left = room
    left[0] = STEPS
    try:
        return enter(function, scope)
    finally:
        _leave_room(room)


def running(function: Function) -> Function:
    """The function, run as ``run`` does it."""

    def prepared(scope: Mapping[str, Value]) -> Value:
        if _own_clock(None) is not None:
            return _furnished().enter(function, scope)
        try:
            room = _take_room()
        except IndexError:
            room = _furnished()
        enter, left = room
        left[0] = STEPS
        try:
            return enter(function, scope)
        finally:
            _leave_room(room)

    return prepared


def calculating(function: Function) -> Function:
    """The function, run where numbers are computed in ``CONTEXT``, but nothing is counted.

    It has a context of its own, and raises RuntimeError while another thread is in there.
    """
    enter: _Enter = Context().run
    enter(decimal.setcontext, CONTEXT.copy())  # type: ignore[arg-type]
    return partial(enter, function)


def run_standard(function: Function, scope: Mapping[str, Value]) -> tuple[Value, tuple[str, ...]]:
    """What the function gives, in standard mode, and a warning for each mistake."""

    def leniently(scope: Mapping[str, Value]) -> tuple[Value, tuple[str, ...]]:
        with standard_mode() as warnings:
            return function(scope), tuple(warnings)

    return run(leniently, scope)


class _Enter(Protocol):
    def __call__(self, function: Callable[[Mapping[str, Value]], T], scope: Mapping[str, Value], /) -> T: ...


class _Room(NamedTuple):
    """How to run something in a prepared context, and the steps that are left there."""

    enter: _Enter
    left: list[int]


def _furnished() -> _Room:
    """A new room; where somebody has set a clock, with that clock."""
    context, left, clock = Context(), [STEPS], _own_clock(None)
    context.run(decimal.setcontext, CONTEXT.copy())
    context.run(LEFT.set, left)
    if clock is not None:
        context.run(CLOCK.set, clock)
    return _Room(context.run, left)


_IDLE: list[_Room] = []
_take_room = _IDLE.pop
_leave_room = _IDLE.append
_own_clock = CLOCK.get
"""The clock that the caller has set, or the default that is given."""


def failure_of(error: Exception) -> Failure | None:
    """The failure that an exception out of generated code means; None for one that is not an expression's."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, decimal.DecimalException):
        return Failure(BAD_VALUE, "the result of a calculation is out of bounds")
    if isinstance(error, RecursionError):
        return Failure(TOO_DEEP, "functions call one another without end")
    return None


def raise_failure(error: Exception) -> NoReturn:
    """Raise what an exception out of an expression alone means, with its place in the text."""
    failure = failure_of(error)
    if failure is None:
        raise error
    if failure.place is None:
        failure.place = _place_of(error.__traceback__)
    raise failure from (None if failure is error else error)


def _place_of(traceback: TracebackType | None) -> Place | None:
    """Where in the text the innermost piece of generated code stood."""
    found: tuple[CodeType, int] | None = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == FILENAME:
            found = code, traceback.tb_lasti
        traceback = traceback.tb_next
    if found is None:
        return None
    line, _, column, _ = list(found[0].co_positions())[found[1] // 2]
    return Place("expression", line or 1, (column or 0) + 1)
