"""The values written in one flow or function: expressions parsed, names looked up, constants read, types checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blockwright.expressions import Names, SyntaxProblem, parse
from blockwright.expressions.types import ANYTHING, NOTHING, TEXT, YES_OR_NO, ListOf, Type, either, fits, required
from blockwright.language import program as p
from blockwright.language.checker.names import FAILURE, FAILURE_TYPE, Assigned, Assignments
from blockwright.language.checker.values import NOT_READ, read_plain, type_of_value
from blockwright.language.diagnostics import Span
from blockwright.language.writing import Formula, Plain, Template, Written, WrittenList, WrittenObject

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report
    from blockwright.language.checker.state import State


_BRACES = re.compile(r"(?<!\$)\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class _Demand:
    """A value that must be of a type, asked for once all types are settled."""

    value: p.Value
    wanted: Type
    what: str


class Formulas:
    """Reads every value of one flow or function; ``settle`` then finds all types and says what cannot work."""

    def __init__(self, names: Names, inputs: dict[str, Type], loop_names: frozenset[str], report: Report) -> None:
        self.scope = p.Scope()
        self._names = names
        self._inputs = frozenset(inputs)
        self._local = loop_names | {FAILURE}
        self._visible: set[str] = set()
        self._assignments = Assignments(inputs | {FAILURE: FAILURE_TYPE})
        self._computed: list[p.Computed] = []
        self._demands: list[_Demand] = []
        self._report = report

    def value(self, written: Written, wanted: Type, state: State, what: str, *, as_text: bool = False) -> p.Value:
        """What ``written`` means where ``wanted`` is asked for. ``what`` names the place in findings."""
        if isinstance(written, Formula):
            computed = self._formula(written, state)
            return self._demand(computed, wanted, what) if computed else p.Constant(None, written.span)
        if isinstance(written, Plain):
            return self._plain(written, TEXT if as_text else wanted, what)
        if isinstance(written, Template):
            parts = (part if isinstance(part, str) else self._formula(part, state) for part in written.parts)
            return self._demand(p.Joined(tuple(part for part in parts if part), written.span), wanted, what)
        if isinstance(written, WrittenList):
            item = _item_type(wanted)
            items = tuple(self.value(each, item, state, f"an item of {what}") for each in written.items)
            return self._demand(p.Listed(items, written.span), wanted, what)
        return self._demand(self._object(written, state), wanted, what)

    def give(self, name: str, value: Assigned) -> None:
        """Note that a variable is given a value somewhere."""
        self._assignments.give(name, value)

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
                self._wrong_type(demand.value, str(found), demand.wanted, demand.what)

    def _formula(self, formula: Formula, state: State) -> p.Computed | None:
        try:
            expression = parse(formula.text, self._names)
        except SyntaxProblem as problem:
            span = _span(formula.position, problem.start, problem.end)
            self._report.error(span, problem.message, problem.mend, rule="expression")
            return None
        unsure = set()
        for name in expression.reads:
            self._check_read(name, formula, state)
            if name not in self._inputs and name not in self._local and name not in state.sure:
                unsure.add(name)
        span = _span(formula.position, 0, len(formula.text))
        computed = p.Computed(expression, self.scope, frozenset(unsure), span, formula.position)
        self._computed.append(computed)
        return computed

    def _check_read(self, name: str, formula: Formula, state: State) -> None:
        if name in self._inputs:
            return
        if name in self._local:
            if name not in self._visible:
                where = "inside `if it fails`" if name == FAILURE else "inside its loop"
                self._report.error(
                    _span(formula.position, *_where(name, formula.text)),
                    f"`{name}` is known only {where}",
                    "keep what you need in a variable with `set`",
                    rule="unknown-name",
                )
        elif name not in state.maybe:
            self._report.error(
                _span(formula.position, *_where(name, formula.text)),
                f"`{name}` is read here before any step can have given it a value",
                f"set it in an earlier step: `- set: {{{name}: …}}`",
                rule="read-before-set",
            )

    def _plain(self, written: Plain, wanted: Type, what: str) -> p.Value:
        scalar = written.scalar
        value = read_plain(scalar.text, scalar.style != "plain", wanted)
        if value is NOT_READ:
            self._cannot_read(written, wanted, what)
            value = None
        self._warn_of_braces(written)
        return p.Constant(value, written.span)

    def _cannot_read(self, written: Plain, wanted: Type, what: str) -> None:
        text, mend = written.scalar.text, None
        if not text and written.scalar.style == "plain":
            self._report.error(written.span, f"{what} has no value", f"give it a {required(wanted)}", rule="no-value")
            return
        if written.scalar.style != "plain" and read_plain(text, False, wanted) is not NOT_READ:
            mend = f"take the quotes off: {text}"
        elif wanted == either([YES_OR_NO, NOTHING]):
            mend = f"an expression begins with `=`: `= {text}`"
        self._report.error(written.span, f"{what} must be {_a(wanted)}, not the text “{text}”", mend, rule="types")

    def _warn_of_braces(self, written: Plain) -> None:
        for name in _BRACES.findall(written.scalar.text) if "{" in written.scalar.text else ():
            if name in self._names:
                self._report.warning(
                    written.span,
                    f"`{{{name}}}` stays as it is written",
                    f"write `${{{name}}}` to put the value of `{name}` there",
                    rule="braces",
                )

    def _object(self, written: WrittenObject, state: State) -> p.Grouped:
        entries = tuple(
            (key.text, self.value(value, ANYTHING, state, f"`{key.text}`")) for key, value in written.entries
        )
        return p.Grouped(entries, written.span)

    def _demand(self, value: p.Value, wanted: Type, what: str) -> p.Value:
        if wanted != ANYTHING:
            self._demands.append(_Demand(value, wanted, what))
        return value

    def _wrong_type(self, value: p.Value, found: str, wanted: Type, what: str) -> None:
        self._report.error(
            value.span, f"{what} must be {_a(wanted)}, and this is {_article(found)}", None, rule="types"
        )


def _item_type(wanted: Type) -> Type:
    of = required(wanted)
    return of.item if isinstance(of, ListOf) else ANYTHING


def _a(wanted: Type) -> str:
    of = required(wanted)
    if of == YES_OR_NO:
        return "true or false"
    return _article(str(of))


def _article(name: str) -> str:
    if name in ("anything", "nothing", "yes or no"):
        return "true or false" if name == "yes or no" else name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _where(name: str, text: str) -> tuple[int, int]:
    start = max(text.find(name), 0)
    return start, start + len(name)


def _span(position: Callable[[int], tuple[int, int]], start: int, end: int) -> Span:
    line, column = position(start)
    end_line, end_column = position(max(end - 1, start))
    return Span(line, column, end_line, end_column + 1)
