"""What inference finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blockwright.expressions.tree import Node
from blockwright.expressions.types import ANYTHING, Type


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an expression that can never work. ``start`` and ``end`` are offsets in its text."""

    start: int
    end: int
    message: str
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Inferred:
    """The type of an expression's value, and every problem found in it, in the order of the text."""

    type: Type
    problems: tuple[Problem, ...]


class Facts:
    """The type of every piece of one tree. They hold where mistakes are failures, as they are in flows."""

    __slots__ = ("_types", "inferred")

    def __init__(self, inferred: Inferred, types: Mapping[int, Type]) -> None:
        self.inferred = inferred
        self._types = types

    def of(self, node: Node) -> Type:
        """The type of a piece of the tree that was looked at."""
        return self._types.get(id(node), ANYTHING)
