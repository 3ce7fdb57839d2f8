"""Work that goes on after its answer was given, so that the answer cannot tell what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from blockwright.failure import UNAVAILABLE, Failure

logger = logging.getLogger("blockwright.server")

ROOM = 1000
"""How many jobs may wait."""
AT_ONCE = 4
PATIENCE = 5.0
"""Seconds that jobs get to finish when the server stops."""


class Background:
    """Does jobs one after another, a few at a time."""

    def __init__(self) -> None:
        self._jobs: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(AT_ONCE)

    def add(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do this soon; what comes of it is logged by its code alone. Fails with ``unavailable`` when much waits."""
        if len(self._jobs) >= ROOM:
            raise Failure(UNAVAILABLE, "Too many calls are waiting to be done.")
        job = asyncio.create_task(self._do(name, work))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

    async def finish(self) -> None:
        """Wait a little for what is still to be done, then let go of it."""
        if self._jobs:
            await asyncio.wait(self._jobs, timeout=PATIENCE)
        left = list(self._jobs)
        for job in left:
            job.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _do(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        try:
            async with self._turn:
                await work()
        except Failure as failure:
            logger.info("%s in the background failed with %s", name, failure.code)
        except Exception as error:
            logger.error("%s in the background failed with %s", name, type(error).__name__)
