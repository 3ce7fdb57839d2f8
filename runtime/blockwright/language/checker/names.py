"""The names of a flow or function: which there are, whether they can be told apart, and what they may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from blockwright.catalogue.naming import python_name
from blockwright.expressions import Names
from blockwright.expressions.types import (
    ANYTHING,
    NOTHING,
    NUMBER,
    TEXT,
    ListOf,
    ObjectOf,
    Type,
    either,
    join,
    required,
)
from blockwright.language import program as p
from blockwright.language import steps as d
from blockwright.language.checker.values import type_of_value
from blockwright.language.program import Scope, Value

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report
    from blockwright.language.source import Scalar

FAILURE = "failure"
FAILURE_TYPE = ObjectOf(
    (("code", either([NUMBER, TEXT])), ("message", TEXT), ("block", ANYTHING), ("details", ANYTHING))
)

_KEYWORDS = frozenset(
    {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between", "and", "or", "not"}
    | {"true", "false", "null", "function", "external", "instance", "of"}
)
_MOST_GROWTH = 8


@dataclass(frozen=True, slots=True)
class ItemOf:
    """The type of a list's items: what a loop variable holds."""

    value: Value


Assigned: TypeAlias = Value | ItemOf | Type
"""What a variable is given: a value, the items of one, or something of a type known beforehand."""


@dataclass(slots=True)
class Assignments:
    """Everything that the variables of one flow or function are given, gathered while its steps are walked."""

    declared: dict[str, Type] = field(default_factory=dict)
    given: dict[str, list[Assigned]] = field(default_factory=dict)

    def give(self, name: str, value: Assigned) -> None:
        self.given.setdefault(name, []).append(value)

    def settle(self, scope: Scope) -> None:
        """Find one type for each variable: the join of all it is given, growing until nothing changes.

        A value that reads a variable without a type yet has to wait; variables that only ever wait for one another are
        null. A variable whose type grows again and again, like a list put into itself, may hold anything.
        """
        types = scope.types
        types.update(self.declared)
        growth = dict.fromkeys(self.given, 0)
        changed = True
        while changed:
            changed = False
            for name, values in self.given.items():
                for found in [_type_of(value) for value in values if not self._waits(value, types)]:
                    after = join(types.get(name, found), found)
                    if types.get(name) != after:
                        growth[name] += 1
                        types[name] = after if growth[name] < _MOST_GROWTH else ANYTHING
                        changed = True
            if not changed and self.given.keys() - types.keys():
                types[next(name for name in self.given if name not in types)] = NOTHING
                changed = True

    def _waits(self, value: Assigned, types: Mapping[str, Type]) -> bool:
        return any(name in self.given and name not in types for name in _reads(value))


def _reads(value: Assigned) -> Iterator[str]:
    match value:
        case ItemOf(value=inner):
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
        return of.item if isinstance(of, ListOf) else ANYTHING
    if isinstance(value, p.Constant | p.Computed | p.Joined | p.Listed | p.Grouped):
        return type_of_value(value)
    return value


def names_set(steps: Iterable[d.StepPart]) -> Iterator[Scalar]:
    """Every name that these steps give a value to, at any depth; loop variables and ``failure`` are not among them."""
    for step in steps:
        if step.skip:
            continue
        if isinstance(step, d.Set):
            yield from (name for name, _ in step.values)
        elif isinstance(step, d.Call) and step.save_as:
            yield step.save_as
        elif isinstance(step, d.ForEach):
            yield from (name for name in (step.collect_as, step.collect_failures_as) if name)
        for inner in bodies(step):
            yield from names_set(inner)


def loop_names(steps: Iterable[d.StepPart]) -> Iterator[Scalar]:
    """Every name that a loop among these steps, at any depth, gives to its rounds."""
    for step in steps:
        if step.skip:
            continue
        if isinstance(step, d.ForEach | d.Count):
            yield step.name
        for inner in bodies(step):
            yield from loop_names(inner)


def bodies(step: d.StepPart) -> Iterator[d.Steps]:
    """The lists of steps inside a step, its handlers' among them."""
    if isinstance(step, d.If):
        yield from (step.then, step.otherwise)
    elif isinstance(step, d.Choose):
        yield from (case.do for case in step.cases)
        yield step.otherwise
    elif isinstance(step, d.ForEach | d.Count | d.Repeat | d.While | d.Until):
        yield step.do
    elif isinstance(step, d.Try):
        yield from (step.steps, step.always)
    elif isinstance(step, d.Together):
        yield from step.branches
    for handler in step.handlers:
        yield handler.steps


def check_names(names: list[Scalar], report: Report) -> Names:
    """The names, ready for reading expressions; those that could be misread there are findings."""
    known = {name.text for name in names}
    lower: dict[str, str] = {}
    identifiers: dict[str, str] = {}
    for name in names:
        _check_name(name, known, report)
        first = lower.setdefault(name.text.casefold(), name.text)
        if first != name.text:
            report.error(
                name.span,
                f"`{name.text}` differs from `{first}` only by capital letters",
                f"write `{first}`, or choose a name that is easier to tell apart",
                rule="name-case",
            )
        twin = identifiers.setdefault(python_name(name.text), name.text)
        if twin != name.text and first == name.text:
            report.error(
                name.span,
                f"`{name.text}` differs from `{twin}` only by blanks and signs",
                "choose a name that is easier to tell apart",
                rule="name-case",
            )
    return Names(known | {FAILURE})


def _check_name(name: Scalar, known: set[str], report: Report) -> None:
    words = name.text.split(" ")
    if name.text == FAILURE:
        report.error(name.span, "`failure` is the name of what a handler is given", "choose another", rule="name")
    elif words[0] in _KEYWORDS or "in" in words:
        culprit = words[0] if words[0] in _KEYWORDS else "in"
        report.error(
            name.span,
            f"`{name.text}` cannot be told apart from the word `{culprit}` of an expression",
            "choose a name without it",
            rule="name",
        )
    else:
        parts = re.split(r" and | or |-", name.text)
        if len(parts) > 1 and all(part in known for part in parts):
            joined = " and ".join(f"`{part}`" for part in parts)
            report.error(
                name.span, f"`{name.text}` reads like something made of {joined}", "choose another name", rule="name"
            )
