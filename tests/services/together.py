"""Calls that wait for a store at the same time, without anybody having to be quick."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

from blockwright.services.backends.store import Store, Tables

Change = Callable[[Tables], object]


class Queue:
    """Calls that wait in this order, because a change before them takes its time until ``go_on``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._begun, self._gate = threading.Event(), threading.Event()
        self._first: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Future[object]] = []

    async def add(self, *calls: Awaitable[object]) -> None:
        if self._first is None:
            self._first = asyncio.create_task(self._store.change(self._take_time))
            assert await asyncio.to_thread(self._begun.wait, 20)
        self._tasks += [asyncio.ensure_future(call) for call in calls]
        await asyncio.sleep(0)

    def cancel(self, number: int) -> None:
        self._tasks[number].cancel()

    def go_on(self) -> None:
        self._gate.set()

    async def outcomes(self) -> list[object]:
        """What the calls come to: results, and what they raise."""
        self.go_on()
        if self._first is not None:
            await self._first
        return await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take_time(self, _tables: Tables) -> None:
        self._begun.set()
        assert self._gate.wait(20)


async def together(store: Store, *calls: Awaitable[object]) -> list[object]:
    """What calls come to that wait at the same time."""
    queue = Queue(store)
    await queue.add(*calls)
    return await queue.outcomes()
