"""The values written in one flow or function: expressions parsed, names looked up, constants read, types checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blockwright.expressions import Names, SyntaxProblem, UnknownName, parse, tree
from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.infer.words import a
from blockwright.expressions.types import (
    ANYTHING,
    NOTHING,
    NUMBER,
    TEXT,
    ListOf,
    ObjectOf,
    Type,
    either,
    fits,
    required,
)
from blockwright.expressions.values import to_text
from blockwright.language import program as p
from blockwright.language.checker.names import FAILURE, RoutineNames
from blockwright.language.checker.values import NOT_READ, is_unknown, read_plain, type_of_value, unknown
from blockwright.language.checker.variables import Assigned, Assignments
from blockwright.language.diagnostics import Span
from blockwright.language.source.quoting import cut
from blockwright.language.writing import Formula, Plain, Template, Written, WrittenList, WrittenObject

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report
    from blockwright.language.checker.state import State
    from blockwright.language.source import Scalar

_OF_FAILURE = (("code", either([NUMBER, TEXT])), ("message", TEXT), ("block", ANYTHING), ("details", ANYTHING))
FAILURE_TYPE = ObjectOf(_OF_FAILURE)
KEPT_FAILURE = ObjectOf((*_OF_FAILURE, ("item", ANYTHING), ("round", NUMBER)))
"""What a failed round is in the list of ``collect failures as``."""
_NEVER_A_VALUE = "there is never a value to put into the text here"
_BRACES = re.compile(r"(?<!\$)\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class _Demand:
    """A value that must be of a type, asked for once all types are settled."""

    value: p.Value
    wanted: Type
    what: str


class Formulas:
    """Reads every value of one flow or function; ``settle`` then finds all types and says what cannot work.

    ``elsewhere`` are the names of the flow around a function, which are not known in it.
    """

    def __init__(
        self, names: RoutineNames, known: Names, inputs: dict[str, Type], elsewhere: Collection[str], report: Report
    ) -> None:
        self.scope = p.Scope()
        self.read: set[str] = set()
        """Every name that some expression reads."""
        self._names = names
        self._known = known
        self._elsewhere = elsewhere
        self._visible: set[str] = set()
        self._elsewhere_now: frozenset[str] = frozenset()
        self._assignments = Assignments(inputs | {FAILURE: FAILURE_TYPE})
        self._computed: list[p.Computed] = []
        self._demands: list[_Demand] = []
        self._pieces: list[p.Computed] = []
        self._report = report

    def value(self, written: Written, wanted: Type, state: State, what: str) -> p.Value:
        """What ``written`` means where ``wanted`` is asked for. ``what`` names the place in findings."""
        match written:
            case Formula():
                return self._demand(self._formula(written, state), wanted, what)
            case Plain():
                return self._plain(written, wanted, what)
            case Template():
                return self._demand(self._text(written, state), wanted, what)
            case WrittenList():
                of = required(wanted)
                item = of.item if isinstance(of, ListOf) else ANYTHING
                items = tuple(self.value(each, item, state, f"an item of {what}") for each in written.items)
                return self._demand(p.Listed(items, written.span), wanted, what)
            case WrittenObject():
                return self._demand(self._object(written, state), wanted, what)

    def give(self, name: str, value: Assigned) -> None:
        """Note that a variable is given a value somewhere."""
        self._assignments.give(name, value)

    def is_visible(self, name: str) -> bool:
        """Whether a loop around the steps being walked has this name."""
        return name in self._visible

    @contextmanager
    def visible(self, name: str) -> Iterator[None]:
        """While the steps are walked in which a loop's own name, or ``failure``, is known."""
        hidden = name not in self._visible
        self._visible.add(name)
        try:
            yield
        finally:
            if hidden:
                self._visible.discard(name)

    @contextmanager
    def apart(self, others: frozenset[str]) -> Iterator[None]:
        """While steps are walked beside which others run that give these variables their values."""
        before, self._elsewhere_now = self._elsewhere_now, self._elsewhere_now | others
        try:
            yield
        finally:
            self._elsewhere_now = before

    def settle(self) -> None:
        """Find the types of all variables, then report every expression and value that cannot work."""
        self._assignments.settle(self.scope)
        for computed in self._computed:
            for problem in computed.expression.infer(computed.types()).problems:
                span = _span(computed.position, problem.start, problem.end)
                self._report.error(span, problem.message, problem.mend, rule="types")
        for demand in self._demands:
            found = type_of_value(demand.value)
            if fits(found, demand.wanted) is False:
                message = f"{demand.what} must be {a(demand.wanted)}, and this is {a(found)}"
                self._report.error(demand.value.span, message, None, rule="types")
        for piece in self._pieces:
            if piece.type == NOTHING:
                self._report.error(piece.span, _NEVER_A_VALUE, rule="types")

    def _formula(self, formula: Formula, state: State) -> p.Constant | p.Computed:
        """An expression; one that is only a literal is a constant, and one that cannot be read is unknown."""
        try:
            expression = parse(formula.text, self._known)
        except SyntaxProblem as problem:
            self._cannot_parse(problem, formula)
            return unknown(formula.span)
        span = _span(formula.position, 0, len(formula.text))
        if isinstance(expression.tree, tree.Literal):
            return p.Constant(expression.tree.value, span)
        unsure = set()
        for name in expression.reads:
            if name in self._elsewhere_now:
                self._report.error(
                    span,
                    f"`{name}` gets its value in another branch, which runs at the same time",
                    "read it behind `together`",
                    rule="side-by-side",
                )
                self.read.add(name)
                continue
            bit = self._names.bit(name)
            if not bit & state.sure if bit else name in self._names.loops and name not in self._visible:
                unsure.add(name)
            if name in self._names.inputs or (bit and bit & state.maybe):
                self.read.add(name)
            else:
                self._check_read(name, expression.tree, formula)
        computed = p.Computed(expression, self.scope, frozenset(unsure), span, formula.position)
        if not isinstance(expression.tree, tree.Name):
            self._computed.append(computed)
        return computed

    def _check_read(self, name: str, whole: tree.Node, formula: Formula) -> None:
        """Report a name that has no value here: a variable too early, a loop's name or ``failure`` outside."""
        self.read.add(name)
        if name in self._visible:
            return
        place = _first_read(name, whole, in_filters=name == FAILURE)
        if place is None:
            return
        span = _span(formula.position, place.start, place.end)
        if name == FAILURE or name in self._names.loops:
            self._report.error(
                span,
                f"`{name}` is known only inside {'`if it fails`' if name == FAILURE else 'its loop'}",
                "keep what you need in a variable with `set`",
                rule="unknown-name",
            )
        else:
            self._report.error(
                span,
                f"`{name}` is read here before any step can have given it a value",
                f"set it in an earlier step: `- set: {{{name}: …}}`",
                rule="read-before-set",
            )

    def _cannot_parse(self, problem: SyntaxProblem, formula: Formula) -> None:
        mend = problem.mend
        if isinstance(problem, UnknownName) and problem.name in self._elsewhere:
            mend = f"a function knows its own names only: add `{problem.name}` to its `inputs:`"
        rule = "unknown-name" if isinstance(problem, UnknownName) else "expression"
        self._report.error(_span(formula.position, problem.start, problem.end), problem.message, mend, rule=rule)

    def _plain(self, written: Plain, wanted: Type, what: str) -> p.Value:
        scalar = written.scalar
        value = read_plain(scalar.text, scalar.style != "plain", wanted)
        if "{" in scalar.text:
            self._warn_of_braces(scalar)
        if value is NOT_READ:
            self._cannot_read(scalar, wanted, what)
            return unknown(scalar.span)
        return p.Constant(value, scalar.span)

    def _cannot_read(self, scalar: Scalar, wanted: Type, what: str) -> None:
        if scalar.is_empty:
            self._report.error(scalar.span, f"{what} has no value", f"write {a(wanted)} behind it", rule="no-value")
            return
        mend = None
        if scalar.style != "plain" and read_plain(scalar.text, False, wanted) is not NOT_READ:
            mend = f"take the quotes off: {scalar.text}"
        elif self._is_expression(scalar.text):
            mend = f"an expression begins with `=`: `= {scalar.text}`"
        message = f"{what} must be {a(wanted)}, not the text “{cut(scalar.text)}”"
        self._report.error(scalar.span, message, mend, rule="types")

    def _is_expression(self, text: str) -> bool:
        try:
            return len(text) < 200 and bool(parse(text, self._known).reads)
        except SyntaxProblem:
            return False

    def _warn_of_braces(self, scalar: Scalar) -> None:
        for name in _BRACES.findall(scalar.text):
            if name in self._known.known:
                message = f"`{{{name}}}` stays as it is written"
                mend = f"write `${{{name}}}` to put the value of `{name}` there"
                self._report.warning(scalar.span, message, mend, rule="braces")

    def _text(self, written: Template, state: State) -> p.Value:
        parts: list[str | p.Computed] = []
        known = True
        for part in written.parts:
            value = part if isinstance(part, str) else self._formula(part, state)
            if not isinstance(value, p.Constant):
                parts.append(value)
            elif is_unknown(value):
                known = False
            elif value.value is None:
                self._report.error(value.span, _NEVER_A_VALUE, rule="types")
                known = False
            else:
                parts.append(to_text(value.value))
        if not known:
            return unknown(written.span)
        computed = [part for part in parts if not isinstance(part, str)]
        if not computed:
            return p.Constant("".join(part for part in parts if isinstance(part, str)), written.span)
        self._pieces += computed
        return p.Joined(tuple(parts), written.span)

    def _object(self, written: WrittenObject, state: State) -> p.Grouped:
        entries = tuple(
            (key.text, self.value(value, ANYTHING, state, f"`{cut(key.text)}`")) for key, value in written.entries
        )
        return p.Grouped(entries, written.span)

    def _demand(self, value: p.Value, wanted: Type, what: str) -> p.Value:
        if wanted != ANYTHING:
            self._demands.append(_Demand(value, wanted, what))
        return value


def _first_read(name: str, part: tree.Part, *, in_filters: bool) -> tree.Name | None:
    """Where an expression first reads a name for sure: in a filter it may be an entry of an item, and before brackets
    it is the built-in function of that name."""
    if isinstance(part, tree.Name):
        return part if part.name == name else None
    below = list(tree.parts(part))
    if isinstance(part, tree.Call) and isinstance(part.function, tree.Name) and name in FUNCTIONS:
        below.remove(part.function)
    if isinstance(part, tree.Filter) and not in_filters:
        below.remove(part.condition)
    found = (_first_read(name, each, in_filters=in_filters) for each in below)
    return next((place for place in found if place is not None), None)


def _span(position: Callable[[int], tuple[int, int]], start: int, end: int) -> Span:
    line, column = position(start)
    end_line, end_column = position(max(end - 1, start))
    return Span(line, column, end_line, end_column + 1)
