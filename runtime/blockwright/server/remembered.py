"""What a server asks about on nearly every call, remembered for a moment."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST = 1000


class Remembered(Generic[K, V]):
    """Answers of ``ask`` by key, each kept for ``seconds``; a failure is not kept."""

    def __init__(self, ask: Callable[[K], Awaitable[V]], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._known: dict[K, tuple[float, V]] = {}

    async def get(self, key: K) -> V:
        now = time.monotonic()
        known = self._known.get(key)
        if known is not None and now < known[0]:
            return known[1]
        value = await self._ask(key)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = now + self._seconds, value
        return value

    def forget(self) -> None:
        """Ask again from now on."""
        self._known.clear()
