"""A clock for tests: time stands still until a test moves it, or jumps to what is waited for next."""

from __future__ import annotations

import asyncio
import datetime
import heapq
import itertools
import random
import selectors
from collections.abc import Callable, Sized
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TypeVar, TypeVarTuple, Unpack

from blockwright.engine import threads

T = TypeVar("T")
Given = TypeVarTuple("Given")

START = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)


@dataclass(order=True)
class _Alarm:
    """Something that is to happen at a moment of a manual clock."""

    at: float
    number: int
    call: Callable[[], object] = field(compare=False)
    is_cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.is_cancelled = True


class ManualClock:
    """A clock that only a test moves.

    ``advance`` moves it by hand, in the event loop of the run. With ``jumps``, time jumps to the next moment that is
    waited for whenever nothing else is left to do, so a flow that waits three days runs in milliseconds; that needs the
    loop which ``Flow.run`` makes with ``new_loop``. ``chance`` gives the numbers that are drawn: the same
    ones each time, unless a test says otherwise. ``passed`` tells how many seconds have gone by. ``patience`` is for
    how many real seconds such a loop waits while nothing at all happens; past them the run ``is_stuck``, and cancelled.
    """

    def __init__(
        self,
        start: datetime.datetime = START,
        *,
        jumps: bool = True,
        chance: Callable[[], float] | None = None,
        patience: float | None = None,
    ) -> None:
        self.passed = 0.0
        self.patience = patience
        self.is_stuck = False
        self.chance = chance or random.Random(0).random
        self._start = start
        self._jumps = jumps
        self._alarms: list[_Alarm] = []
        self._numbers = itertools.count()

    def now(self) -> datetime.datetime:
        return self._start + datetime.timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def random(self) -> float:
        return self.chance()

    def call_later(self, seconds: float, call: Callable[[], object]) -> _Alarm:
        alarm = _Alarm(self.passed + seconds, next(self._numbers), call)
        heapq.heappush(self._alarms, alarm)
        return alarm

    def new_loop(self) -> asyncio.AbstractEventLoop:
        return _JumpingLoop(self) if self._jumps else asyncio.new_event_loop()

    async def advance(self, seconds: float) -> None:
        """Let so many seconds pass, and everything happen that happens meanwhile; time stands still while blocks are at
        work, in threads too."""
        end = self.passed + seconds
        await _settle()
        while (alarm := self._next()) is not None and alarm.at <= end:
            self._ring(alarm)
            await _settle()
        self.passed = end

    def jump(self) -> bool:
        """Go to the next moment that something waits for; whether there was one."""
        alarm = self._next()
        if alarm is not None:
            self._ring(alarm)
        return alarm is not None

    def _next(self) -> _Alarm | None:
        while self._alarms and self._alarms[0].is_cancelled:
            heapq.heappop(self._alarms)
        return self._alarms[0] if self._alarms else None

    def _ring(self, alarm: _Alarm) -> None:
        heapq.heappop(self._alarms)
        self.passed = max(self.passed, alarm.at)
        alarm.call()


async def _settle() -> None:
    """Let everything go on that can go on by itself, blocks in threads included."""
    loop = asyncio.get_running_loop()
    ready: Sized | None = getattr(loop, "_ready", None)
    if ready is None:
        raise RuntimeError(f"time can be moved by hand in an event loop of asyncio's own, and this is {loop!r}")
    for _ in range(_MOST_TURNS):
        await asyncio.sleep(0)
        if ready:
            continue
        working = threads.at_work()
        if not working:
            return
        await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
    raise RuntimeError("time cannot be moved: something here goes on and on without waiting for the clock")


_MOST_TURNS = 1_000_000
"""Turns of the event loop after which what goes on by itself is taken to do so for ever."""


class _JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop in which a manual clock jumps when there is nothing else to wait for."""

    def __init__(self, clock: ManualClock) -> None:
        self.working = 0
        super().__init__(_JumpingSelector(self, clock))

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Given]], T], *args: *Given
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self.working += 1
        future.add_done_callback(self._has_worked)
        return future

    def _has_worked(self, _: asyncio.Future[T]) -> None:
        self.working -= 1


class _JumpingSelector(selectors.DefaultSelector):
    """Before the loop would wait for events, lets the clock jump; not while threads work or real timers run."""

    def __init__(self, loop: _JumpingLoop, clock: ManualClock) -> None:
        super().__init__()
        self._loop = loop
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None or self._loop.working:
            return super().select(timeout)
        ready = super().select(0)
        if not ready and self._clock.jump():
            return []
        ready = ready or super().select(self._clock.patience)
        if not ready and self._clock.patience is not None:
            self._clock.is_stuck = True
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
        return ready
