"""What a condition says, as a tree of nodes that are true, false or, where a value is missing, unknown, as in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol, TypeAlias

Value: TypeAlias = str | int | Decimal | bool | None
"""A value in a condition, already of its column's type."""
Lookup: TypeAlias = Callable[[str], object]
"""The value of a column in the account in question."""


class Condition(Protocol):
    """A node of a condition's tree."""

    def holds(self, value_of: Lookup) -> bool | None:
        """Whether the account fulfils it; None is unknown, which finds nothing."""
        ...


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...]

    def holds(self, value_of: Lookup) -> bool | None:
        result: bool | None = True
        for part in self.parts:
            answer = part.holds(value_of)
            if answer is False:
                return False
            if answer is None:
                result = None
        return result


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...]

    def holds(self, value_of: Lookup) -> bool | None:
        result: bool | None = False
        for part in self.parts:
            answer = part.holds(value_of)
            if answer is True:
                return True
            if answer is None:
                result = None
        return result


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def holds(self, value_of: Lookup) -> bool | None:
        answer = self.part.holds(value_of)
        return None if answer is None else not answer


@dataclass(frozen=True, slots=True)
class IsNull:
    column: str

    def holds(self, value_of: Lookup) -> bool | None:
        return value_of(self.column) is None


@dataclass(frozen=True, slots=True)
class Compare:
    """``sign`` is one of ``= != < <= > >=``."""

    column: str
    sign: str
    value: Value

    def holds(self, value_of: Lookup) -> bool | None:
        order = _order(value_of(self.column), self.value)
        return None if order is None else order in _ORDERS[self.sign]


_ORDERS = {"=": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}


def _order(left: object, right: Value) -> int | None:
    """-1, 0 or 1 as the left value is smaller, equal or larger. Texts compare with texts, and numbers (yes and no among
    them) with numbers; anything else is unknown."""
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, int | Decimal) and isinstance(right, int | Decimal):
        return (left > right) - (left < right)
    return None


@dataclass(frozen=True, slots=True)
class Between:
    column: str
    low: Value
    high: Value

    def holds(self, value_of: Lookup) -> bool | None:
        return And((Compare(self.column, ">=", self.low), Compare(self.column, "<=", self.high))).holds(value_of)


@dataclass(frozen=True)
class In:
    column: str
    values: tuple[Value, ...]

    def holds(self, value_of: Lookup) -> bool | None:
        value = value_of(self.column)
        if not isinstance(value, str | int | Decimal):
            return None
        return True if value in self._known else None if None in self._known else False

    @cached_property
    def _known(self) -> frozenset[Value]:
        return frozenset(self.values)


@dataclass(frozen=True)
class Like:
    """``%`` stands for any characters, ``_`` for one; a backslash takes the next character as it is.

    All ways to match are followed at once, one bit each (Baeza-Yates and Gonnet's shift-and), so no pattern is slow.
    """

    column: str
    pattern: str

    def holds(self, value_of: Lookup) -> bool | None:
        value = value_of(self.column)
        return self.matches(value) if isinstance(value, str) else None

    def matches(self, text: str) -> bool:
        anything, here, loops, goal = self._machine
        states = 1
        for char in text:
            states = ((states & here.get(char, anything)) << 1) | (states & loops)
            if not states:
                return False
        return bool(states & goal)

    @cached_property
    def _machine(self) -> tuple[int, dict[str, int], int, int]:
        """Bit n: n characters of the pattern are matched. Which bits go on with any character, which with a certain
        one, which may stay (a ``%`` is there), and the last."""
        chars, loops = _read_pattern(self.pattern)
        anything = sum(1 << at for at, char in enumerate(chars) if char is None)
        here = dict.fromkeys((char for char in chars if char is not None), anything)
        for at, char in enumerate(chars):
            if char is not None:
                here[char] |= 1 << at
        return anything, here, loops, 1 << len(chars)


def _read_pattern(pattern: str) -> tuple[Sequence[str | None], int]:
    chars: list[str | None] = []
    loops = 0
    rest = iter(pattern)
    for char in rest:
        match char:
            case "%":
                loops |= 1 << len(chars)
            case "_":
                chars.append(None)
            case "\\":
                chars.append(next(rest, "\\"))
            case _:
                chars.append(char)
    return chars, loops
