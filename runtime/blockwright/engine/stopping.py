"""How what runs is stopped: softly, so that every ``always:`` comes to its end, or at once.

A step that is past its time limit, or whose neighbour failed, is stopped softly. So is a run that is cancelled from
outside, for the first time; who cancels it again is in a hurry, and then what ``always:`` waits for is cancelled, too.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING

from blockwright.catalogue import Block
from blockwright.language import program as p

if TYPE_CHECKING:
    from blockwright.engine.run import Run

SOFTLY = "stopped by a time limit, or by a failure beside it"
"""The message with which the engine cancels a task that may finish its ``always:``."""

AT_ONCE = "stopped, and not to wait for `always`"
"""The message with which it cancels a task that may not."""

_TIDYING_FOR: ContextVar[asyncio.Task[object] | None] = ContextVar("blockwright_tidying_for", default=None)
"""The task whose ``always:`` is at work here."""

_HARMLESS = p.Set | p.If | p.Log | p.Fail | p.Count | p.Repeat | p.While


def may_be_disturbed(always: p.Body) -> bool:
    """Whether these steps may wait for anything, or ask handlers, so that it matters that they are to stop."""
    return not all(map(_is_harmless, p.every_step(always)))


def only_calls_blocks(always: p.Body) -> bool:
    """Whether all that may wait among these steps are blocks that do not, unless they run in a thread."""
    return all(_is_harmless(step) or _is_plain_call(step) for step in p.every_step(always))


def _is_harmless(step: p.Step) -> bool:
    return isinstance(step, _HARMLESS) or (isinstance(step, p.ForEach) and not (step.at_once or step.failures_as))


def _is_plain_call(step: p.Step) -> bool:
    return isinstance(step, p.Call) and isinstance(step.callee, Block) and not step.callee.is_async


def stops_so_far() -> int:
    """How often the task at work here has been cancelled; more often than before, and it is on its way out."""
    task = _this_task()
    return 0 if task is None else task.cancelling()


def is_tidying_up() -> bool:
    """Whether what is at work here was stopped, or is the ``always:`` of something that was."""
    around = _TIDYING_FOR.get()
    return stops_so_far() > 0 or (around is not None and around.cancelling() > 0)


def _this_task() -> asyncio.Task[object] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def to_its_end(
    run: Run, always: Callable[[Run], Coroutine[object, object, object]], only_calls_blocks: bool
) -> Coroutine[object, object, None]:
    """Do what an ``always:`` says in a task of its own, which what stops the step around it does not reach.

    Who cancels from outside what is tidying up already, because it was cancelled from outside before, reaches it.
    """
    before = sys.exception()
    if not run.waits or (only_calls_blocks and not run.aside) or isinstance(before, GeneratorExit):
        return _in_place(run, always)
    return _undisturbed(run, always, is_from_outside(before))


async def _in_place(run: Run, always: Callable[[Run], Coroutine[object, object, object]]) -> None:
    await always(run)


async def _undisturbed(
    run: Run, always: Callable[[Run], Coroutine[object, object, object]], was_cancelled: bool
) -> None:
    ended: list[BaseException] = []
    stopped: asyncio.CancelledError | None = None
    stops, run.stops = run.stops, 0
    task = asyncio.create_task(_tidy(asyncio.current_task(), always(run), ended))
    try:
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as error:
                stopped = error
                if AT_ONCE in error.args or (was_cancelled and is_from_outside(error)):
                    task.cancel(AT_ONCE)
                was_cancelled = was_cancelled or is_from_outside(error)
        if ended:
            raise ended[0]
        if stopped is not None:
            raise stopped
    finally:
        run.stops = stops
        ended.clear()
        del stopped  # what is raised holds this frame


def is_from_outside(error: BaseException | None) -> bool:
    """Whether this cancels a task, and is not the engine's own way to stop one softly."""
    return isinstance(error, asyncio.CancelledError) and SOFTLY not in error.args


async def _tidy(
    around: asyncio.Task[object] | None, work: Coroutine[object, object, object], ended: list[BaseException]
) -> None:
    """Note how it ends instead of raising it: no task may end with what ends a whole process."""
    _TIDYING_FOR.set(around)
    try:
        await work
    except BaseException as error:
        ended.append(error)
