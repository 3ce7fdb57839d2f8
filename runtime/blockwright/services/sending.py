"""A sender that goes on: it delivers queued mail as long as it runs, whatever goes wrong meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from blockwright.failure import UNEXPECTED, Code, Failure
from blockwright.services.sources import system_time
from blockwright.services.users import MailQueue

_log = logging.getLogger("blockwright.mail")

LOOK = 5.0
"""After how many seconds to look at the queue in any case: other processes may have queued mail."""
SHORTEST_PAUSE = 0.1
"""How many seconds to wait at least when nothing new was queued: what is due may be in somebody else's hands."""
LONGEST_PAUSE = 60.0
"""The longest pause after failures of the queue itself, in seconds. It begins with one second and doubles."""

Wait = Callable[[asyncio.Event, float], Awaitable[None]]
"""Waits until an event is set, at most for so many seconds."""


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait until the event is set, or the time is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


class Sender:
    """Delivers mail when it is queued, and again when it is due again. ``run`` ends only by being cancelled."""

    def __init__(self, queue: MailQueue, *, now: Callable[[], int] = system_time, wait: Wait = wait_for) -> None:
        self._queue = queue
        self._now = now
        self._wait = wait
        self._failures = 0

    async def run(self) -> None:
        """Deliver until cancelled. From now on, calls that queue mail leave it to this."""
        loop, queued = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            if queued.is_set():
                return
            if _is_running(loop):
                queued.set()
                return
            with suppress(RuntimeError):  # the loop is closed: the mail stays queued until the next start
                loop.call_soon_threadsafe(queued.set)

        self._queue.leave_mail_to(wake)
        while True:
            queued.clear()
            pause = await self._deliver()
            await self._wait(asyncio.Event() if self._failures else queued, pause)

    async def _deliver(self) -> float:
        """Deliver what is due; gives how many seconds to wait then."""
        try:
            due = await self._queue.next_delivery()
            if due is not None and due <= self._now():
                await self._queue.deliver()
                due = await self._queue.next_delivery()
        except Failure as failure:
            return self._pause_after(failure.code)
        except Exception as error:
            return self._pause_after(UNEXPECTED, error)
        if self._failures:
            _log.info("Mail goes out again.")
            self._failures = 0
        return LOOK if due is None else min(max(SHORTEST_PAUSE, (due - self._now()) / 1000), LOOK)

    def _pause_after(self, code: Code, error: Exception | None = None) -> float:
        if not self._failures:
            what = f"{code}: {type(error).__name__}" if error else str(code)
            _log.warning("No mail goes out just now (%s). It is kept, and will be tried again.", what)
        self._failures += 1
        return min(2.0 ** min(self._failures - 1, 10), LONGEST_PAUSE)


def _is_running(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this is called by something that the loop runs; then it need not be woken."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
