"""What the variables of a flow or function may hold: one type for each, the join of all it is given."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from blockwright.expressions import tree
from blockwright.expressions.types import (
    ANYTHING,
    LIST,
    NOTHING,
    OBJECT,
    Either,
    ListOf,
    ObjectOf,
    Type,
    either,
    join,
    optional,
    required,
)
from blockwright.language import program as p
from blockwright.language.checker.values import type_of_value

_MOST_GROWTH = 8
_MOST_PARTS = 100
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class ItemOf:
    """The items of a list: what a loop's own name holds."""

    value: p.Value


@dataclass(frozen=True, slots=True)
class ListOfValue:
    """A list of what a value is in each round: what a loop collects."""

    value: p.Value


Assigned: TypeAlias = p.Value | ItemOf | ListOfValue | Type
"""What a variable is given: a value, the items of one, a list of it, or something of a type known beforehand."""


@dataclass(slots=True)
class Assignments:
    """Everything that the variables of one flow or function are given, gathered while its steps are walked.

    ``declared`` are the types of the inputs; a step that sets an input widens its type.
    """

    declared: dict[str, Type] = field(default_factory=dict)
    given: dict[str, list[Assigned]] = field(default_factory=dict)

    def give(self, name: str, value: Assigned) -> None:
        self.given.setdefault(name, []).append(value)

    def settle(self, scope: p.Scope) -> None:
        """Find one type for each variable: the join of all it is given, growing until nothing changes.

        A value that reads a variable without a type yet has to wait; variables that only ever wait for one another are
        null. A variable whose type grows again and again, like a list put into itself, may hold anything.
        """
        types = scope.types
        types.update(self.declared)
        readers = self._readers()
        growth = dict.fromkeys(self.given, 0)
        waiting = dict.fromkeys(self.given)
        without_type = deque(name for name in self.given if name not in types)
        while waiting or without_type:
            if not waiting:
                name = without_type.popleft()
                if name in types:
                    continue
                types[name] = NOTHING
                waiting = dict.fromkeys([name, *readers.get(name, ())])
            name = next(iter(waiting))
            del waiting[name]
            after = self._joined(name, types)
            if after is not None and after != types.get(name):
                growth[name] += 1
                types[name] = after if growth[name] < _MOST_GROWTH else ANYTHING
                waiting |= dict.fromkeys(readers.get(name, ()))
        scope.settled = True

    def _joined(self, name: str, types: dict[str, Type]) -> Type | None:
        whole = types.get(name)
        for value in self.given[name]:
            if not any(read in self.given and read not in types for read in _reads(value)):
                found = _type_of(value)
                whole = found if whole is None else join(whole, found)
        return whole and _bounded(whole)

    def _readers(self) -> dict[str, list[str]]:
        """By variable, the variables that are given something made of it."""
        readers: dict[str, dict[str, None]] = {}
        for name, values in self.given.items():
            for value in values:
                for read in _reads(value):
                    readers.setdefault(read, {})[name] = None
        return {read: list(names) for read, names in readers.items()}


def _reads(value: Assigned) -> Iterator[str]:
    match value:
        case ItemOf(value=inner) | ListOfValue(value=inner):
            yield from _reads(inner)
        case p.Computed(expression=expression):
            yield from expression.reads
        case p.Listed(items=items):
            for item in items:
                yield from _reads(item)
        case p.Grouped(entries=entries):
            for _, entry in entries:
                yield from _reads(entry)


def _type_of(value: Assigned) -> Type:
    if isinstance(value, ItemOf):
        of = required(type_of_value(value.value))
        if not isinstance(of, ListOf):
            return ANYTHING
        return of.item if _is_written_out(value.value) else optional(of.item)
    if isinstance(value, ListOfValue):
        return ListOf(type_of_value(value.value))
    if isinstance(value, p.Constant | p.Computed | p.Joined | p.Listed | p.Grouped):
        return type_of_value(value)
    return value


def _is_written_out(value: p.Value) -> bool:
    """Whether each item stands in the flow itself; any other list may hold nulls, whatever its items' type."""
    if isinstance(value, p.Computed):
        return isinstance(value.expression.tree, tree.ListLiteral)
    return isinstance(value, p.Listed | p.Constant)


def _bounded(of: Type) -> Type:
    """The type, told less exactly where it has so many parts that to look at it would take long."""
    if _is_small(of):
        return of
    match of:
        case ListOf():
            return LIST
        case ObjectOf():
            return OBJECT
        case Either(options=options):
            return either(_bounded(option) for option in options)
    return ANYTHING


def _is_small(of: Type) -> bool:
    waiting = [(of, 1)]
    for count, (each, depth) in enumerate(waiting):
        if depth > _DEEPEST or count > _MOST_PARTS:
            return False
        match each:
            case ListOf(item=item):
                waiting.append((item, depth + 1))
            case ObjectOf(fields=fields):
                waiting += [(of, depth + 1) for _, of in fields or ()]
            case Either(options=options):
                waiting += [(option, depth) for option in options]
    return True
