"""How generators choose; the smaller a choice, the simpler what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Choices made by ``below``, which gives a whole number from 0 up, below the one it is given."""

    def __init__(self, below: Callable[[int], int]) -> None:
        self._below = below

    def pick(self, of: Sequence[T]) -> T:
        """One of several."""
        return of[self._below(len(of))]

    def some(self, of: Sequence[T], most: int, least: int = 0) -> list[T]:
        """Some of several, each once."""
        return list(dict.fromkeys(self.pick(of) for _ in range(self.number(least, most))))

    def maybe(self) -> bool:
        """Yes half of the time."""
        return self._below(2) == 1

    def rarely(self) -> bool:
        """Yes a quarter of the time."""
        return self._below(4) == 3

    def one_in(self, count: int) -> bool:
        """Yes once in so many times."""
        return self._below(count) == count - 1

    def number(self, low: int, high: int) -> int:
        """A whole number between two others."""
        return low + self._below(high - low + 1)
