"""Limits that a server keeps by itself, in memory, before it asks the user service anything."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterable

from blockwright.services.backends.memory import MemoryTables
from blockwright.services.backends.stored import throttle
from blockwright.services.backends.stored.throttle import Limit

MOST = 100_000
"""How many limits are remembered; past it, those that are free soonest are forgotten."""
_EVER = 2**62


def steady_time() -> int:
    """Milliseconds that only ever grow."""
    return time.monotonic_ns() // 1_000_000


class Gates:
    """How often strangers may try something, counted the same whether or not an account exists."""

    def __init__(self, now: Callable[[], int] = steady_time) -> None:
        self._now = now
        self._tables = MemoryTables()

    def use(self, limits: Iterable[Limit], what: str) -> None:
        """Use each limit once, or none; ``what`` begins the message. Fails with ``rate limited``."""
        now, rows = self._now(), self._tables.throttles
        over = rows.until(now, 10) or rows.until(_EVER, max(0, rows.count() - MOST))
        for row in over:
            rows.remove(row.key)
        try:
            throttle.use(self._tables, limits, now, what)
        finally:
            self._tables.keep()


def spelled(identity: str) -> str:
    """What the spellings of one identity have in common, without asking whether anybody has it."""
    return unicodedata.normalize("NFKC", identity.strip()).casefold()
