"""The types that operators give (DMN 1.5, tables 50 to 62), and the pairs of types they can do nothing with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeAlias

from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    LIST,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    YEARS_DURATION,
    YES_OR_NO,
    Basic,
    Either,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
    either,
)

RANGE = RangeOf(ANYTHING)
FUNCTION = FunctionOf(None, ANYTHING)
_DATES = (DATE, DATE_AND_TIME)
_DURATIONS = (DAYS_DURATION, YEARS_DURATION)

KINDS: tuple[Type, ...] = (
    NUMBER, TEXT, YES_OR_NO, DATE, TIME, DATE_AND_TIME, DAYS_DURATION, YEARS_DURATION,
    LIST, OBJECT, RANGE, FUNCTION, NOTHING,
)  # fmt: skip
"""Everything that a value can be; lists, objects, ranges and functions without their parts."""

ORDERED = frozenset({NUMBER, TEXT, DATE, TIME, DATE_AND_TIME, DAYS_DURATION, YEARS_DURATION})
"""Types whose values come one after the other."""


_Table: TypeAlias = dict[tuple[Type, Type], Type]


def _arithmetic() -> dict[str, _Table]:
    moved: _Table = {(day, length): day for day in _DATES for length in _DURATIONS}
    moved[TIME, DAYS_DURATION] = TIME
    lengths: _Table = {(length, length): length for length in _DURATIONS}
    scaled: _Table = {(length, NUMBER): length for length in _DURATIONS}
    between: _Table = {(first, second): DAYS_DURATION for first in _DATES for second in _DATES}
    numbers: _Table = {(NUMBER, NUMBER): NUMBER}
    return {
        "+": {**numbers, (TEXT, TEXT): TEXT, **moved, **_turned(moved), **lengths},
        "-": {**numbers, **moved, **lengths, **between, (TIME, TIME): DAYS_DURATION},
        "*": {**numbers, **scaled, **_turned(scaled)},
        "/": {**numbers, **scaled, **dict.fromkeys(lengths, NUMBER)},
        "**": numbers,
    }


def _turned(table: Mapping[tuple[Type, Type], Type]) -> _Table:
    return {(second, first): result for (first, second), result in table.items()}


_ARITHMETIC: Mapping[str, Mapping[tuple[Type, Type], Type]] = _arithmetic()


@lru_cache(maxsize=4096)
def kinds(of: Type) -> frozenset[Type]:
    """What a value of the type may be, as members of KINDS."""
    if of == ANYTHING:
        return frozenset(KINDS)
    if isinstance(of, Either):
        return frozenset().union(*map(kinds, of.options))
    match of:
        case ListOf():
            return frozenset({LIST})
        case ObjectOf():
            return frozenset({OBJECT})
        case RangeOf():
            return frozenset({RANGE})
        case FunctionOf():
            return frozenset({FUNCTION})
    return frozenset({of})


def may_be(of: Type, kind: Type) -> bool:
    """Whether a value of the type may be of a kind."""
    return kind in kinds(of)


def arithmetic(operator: str, left: Type, right: Type) -> Type | None:
    """The type that ``left operator right`` gives; None when it can never work."""
    table = _ARITHMETIC[operator]
    lefts, rights = kinds(left), kinds(right)
    found = {result for (first, second), result in table.items() if first in lefts and second in rights}
    return _union(found, NOTHING in lefts or NOTHING in rights)


def negation(operand: Type) -> Type | None:
    """The type that ``-operand`` gives; None when it can never work."""
    of = kinds(operand)
    return _union(of & {NUMBER, *_DURATIONS}, NOTHING in of)


def can_be_equal(left: Type, right: Type) -> bool:
    """Whether ``left = right`` can be asked: the two share a type, or one may be null."""
    lefts, rights = kinds(left), kinds(right)
    return NOTHING in lefts or NOTHING in rights or bool(lefts & rights)


def can_be_ordered(left: Type, right: Type) -> bool:
    """Whether ``left < right`` can be asked."""
    lefts, rights = kinds(left), kinds(right)
    return NOTHING in lefts or NOTHING in rights or bool(lefts & rights & ORDERED)


def is_definite(*types: Type) -> bool:
    """Whether all are one basic type, so that the operator's answer is never null."""
    return len(set(types)) == 1 and isinstance(types[0], Basic) and types[0] not in (ANYTHING, NOTHING)


def _union(found: Iterable[Type], nullable: bool) -> Type | None:
    options = set(found)
    if len(options) > 3:
        return ANYTHING
    if nullable:
        options.add(NOTHING)
    return either(options) if options else None
