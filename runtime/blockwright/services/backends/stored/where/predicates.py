"""What a condition says, as a tree. Each node is true, false or, where a value is missing, unknown (None), as in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import eq, ge, gt, le, lt, ne
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
        return _compared(_SIGNS[self.sign], value_of(self.column), self.value)


_SIGNS: dict[str, Callable[[object, object], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def _compared(sign: Callable[[object, object], bool], left: object, right: Value) -> bool | None:
    return sign(left, right) if _are_alike(left, right) else None


def _are_alike(left: object, right: Value) -> bool:
    """Texts compare with texts, and numbers (yes and no among them) with numbers; anything else is unknown."""
    numbers = (int, Decimal)
    return (isinstance(left, str) and isinstance(right, str)) or (
        isinstance(left, numbers) and isinstance(right, numbers)
    )


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
        if not any(_are_alike(value, other) for other in self._kinds):
            return None
        return True if value in self._known else None if None in self._known else False

    @cached_property
    def _known(self) -> frozenset[Value]:
        return frozenset(self.values)

    @cached_property
    def _kinds(self) -> tuple[Value, ...]:
        """One value of each kind: all of a list are of the column's type."""
        return tuple({type(value): value for value in self.values}.values())


@dataclass(frozen=True)
class Like:
    """``%`` stands for any characters, ``_`` for one; a backslash takes the next character as it is.

    All ways to match are followed at once, one bit each (Baeza-Yates and Gonnet's shift-and), so the time grows with the
    text alone and no pattern is slow.
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
