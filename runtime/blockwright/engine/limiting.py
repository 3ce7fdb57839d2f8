"""Time limits of steps."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from blockwright.engine.clock import LONGEST_ALARM, Alarm, Clock, sleep
from blockwright.engine.limits import GRACE
from blockwright.engine.run import out_of_time
from blockwright.engine.stopping import SOFTLY
from blockwright.engine.unit import ended
from blockwright.expressions.temporal.words import duration_words
from blockwright.failure import TIMED_OUT, Failure

if TYPE_CHECKING:
    from blockwright.engine.run import Run

T = TypeVar("T")


class TimeLimit:
    """Stop what is inside after so many seconds of a clock, with the failure ``timed out``.

    What waits is cancelled, and every ``always:`` comes to its end. What does not wait cannot be stopped, and comes to
    its end, too; it fails then. An exception of the inside's own is passed on as it is.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._alarm: Alarm | None = None
        self._has_rung = False

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task, self._before = task, task.cancelling()
        self._end = self._clock.monotonic() + self._seconds
        self._wind()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        is_all_that_stopped_it = self._has_rung and self._task.uncancel() <= self._before
        if is_all_that_stopped_it and isinstance(error, asyncio.CancelledError):
            raise self._failure() from error
        if kind is None and self._clock.monotonic() >= self._end:
            raise self._failure()

    def _wind(self) -> None:
        left = self._end - self._clock.monotonic()
        if left > 0:
            self._alarm = self._clock.call_later(min(left, LONGEST_ALARM), self._wind)
        else:
            self._alarm = asyncio.get_running_loop().call_soon(self._ring)

    def _ring(self) -> None:
        self._has_rung = True
        self._task.cancel(SOFTLY)

    def _failure(self) -> Failure:
        return Failure(TIMED_OUT, f"this took longer than its time limit of {duration_words(self._seconds)}")


async def pause(run: Run, seconds: float) -> None:
    """Wait so many seconds of the run's clock."""
    run.heed()
    await sleep(run.clock, seconds)


async def within(run: Run, seconds: float, work: Coroutine[object, None, T]) -> T:
    """What the work of a whole run gives, which may take so many seconds. Past them it is cancelled, and once its grace
    is over, too, so is everything that its ``always:`` parts would still wait for."""
    task = asyncio.ensure_future(work)
    alarms: list[Alarm] = []

    def ring() -> None:
        left = run.end_of_time - run.clock.monotonic()
        if left > 0:
            alarms[:] = [run.clock.call_later(min(left, LONGEST_ALARM), ring)]
        elif not task.done():
            task.cancel()
            alarms[:] = [run.clock.call_later(max(GRACE + left, AGAIN), ring)]

    ring()
    try:
        return await task
    except asyncio.CancelledError as error:
        if not task.cancelled() or run.clock.monotonic() < run.end_of_time or _is_cancelled():
            raise
        raise ended(out_of_time(seconds), run, error) from None
    finally:
        for alarm in alarms:
            alarm.cancel()


AGAIN = 0.01
"""Seconds after which what still waits is cancelled once more."""


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
