"""The threads of a runtime, in which blocks run that do not wait, where others run beside them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from concurrent.futures import Executor, ThreadPoolExecutor
from weakref import WeakKeyDictionary, WeakSet

MOST = 64
"""How many such blocks may run at once in one runtime; others wait for their turn."""


class Threads:
    """Makes its threads when the first one is needed.

    A block in one of them may run a flow of its own, which asks for threads again. Those are others: blocks that waited
    for blocks behind them in the same queue would wait for ever.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._executors: dict[int, Executor] = {}
        self._level = threading.local()

    def executor(self) -> Executor:
        """Where to run what does not wait."""
        level: int = getattr(self._level, "number", 0)
        with self._lock:
            if level not in self._executors:
                name = "blockwright" if level == 0 else f"blockwright-{level}"
                self._executors[level] = ThreadPoolExecutor(MOST, name, self._begin, (level + 1,))
            return self._executors[level]

    def _begin(self, level: int) -> None:
        self._level.number = level


def note(work: asyncio.Future[object]) -> None:
    """Remember that the running event loop waits for this work in a thread."""
    _AT_WORK.setdefault(work.get_loop(), WeakSet()).add(work)


def at_work() -> Collection[asyncio.Future[object]]:
    """The work in threads that the running event loop waits for."""
    return [each for each in _AT_WORK.get(asyncio.get_running_loop(), ()) if not each.done()]


_AT_WORK: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakSet[asyncio.Future[object]]] = WeakKeyDictionary()
