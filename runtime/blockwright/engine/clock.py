"""Time and chance of a run: the only place where the engine reads a clock, waits, or draws a number.

A run is given its clock, so that a test can hand in one that it moves by hand: a flow that waits three days is then
tested in milliseconds.
"""

from __future__ import annotations

import asyncio
import datetime
import random
import time
from collections.abc import Callable
from typing import Protocol


class Alarm(Protocol):
    """Something that is to happen later."""

    def cancel(self) -> None:
        """See to it that it does not."""


class Clock(Protocol):
    """Where a run takes time and chance from."""

    def now(self) -> datetime.datetime:
        """The present moment, with its zone."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""

    def random(self) -> float:
        """A number from 0 up to 1, 1 left out."""

    def call_later(self, seconds: float, call: Callable[[], object]) -> Alarm:
        """Call something in so many seconds, in the running event loop."""

    def new_loop(self) -> asyncio.AbstractEventLoop:
        """A new event loop in which this clock's time can pass."""


class SystemClock:
    """The machine's own clock and chance."""

    def now(self) -> datetime.datetime:
        return datetime.datetime.now().astimezone()

    def monotonic(self) -> float:
        return time.monotonic()

    def random(self) -> float:
        return random.random()

    def call_later(self, seconds: float, call: Callable[[], object]) -> Alarm:
        return asyncio.get_running_loop().call_later(seconds, call)

    def new_loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.new_event_loop()


LONGEST_WAIT = 10 * 365 * 24 * 60 * 60.0
"""The longest wait there is, in seconds: ten years."""

LONGEST_ALARM = 24 * 60 * 60.0
"""Seconds after which a long wait looks at the clock again: event loops do not take waits of any length."""


async def sleep(clock: Clock, seconds: float) -> None:
    """Wait so many seconds of this clock."""
    end = clock.monotonic() + seconds
    while True:
        left = end - clock.monotonic()
        if left <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        alarm = clock.call_later(min(left, LONGEST_ALARM), woken.set)
        try:
            await woken.wait()
        finally:
            alarm.cancel()
