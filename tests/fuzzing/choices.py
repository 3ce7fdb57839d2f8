"""Bytes as choices, so that a fuzzer that only changes bytes steers what is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Reads bytes one after another; past the end it reads zeros, and zero is the simplest choice."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    @property
    def is_used_up(self) -> bool:
        return self._place >= len(self._data)

    def number(self, below: int) -> int:
        """A number from 0."""
        number = 0
        size = 1
        while size < below:
            number = number * 256 + self._byte()
            size *= 256
        return number % below

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.number(len(options))]

    def chance(self, one_in: int) -> bool:
        """Yes, once in so many times."""
        return self.number(one_in) == one_in - 1

    def rest(self) -> str:
        """What is left, as text; bytes that are no UTF-8 stand for themselves, so that any text can be reached."""
        left = self._data[self._place :]
        self._place = len(self._data)
        return left.decode("utf-8", "surrogatepass" if _is_text(left) else "replace")

    def _byte(self) -> int:
        if self.is_used_up:
            return 0
        self._place += 1
        return self._data[self._place - 1]


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True
