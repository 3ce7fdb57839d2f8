"""Everything that can be known about a flow before it runs: ``check`` turns a document into a program, or findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from blockwright.catalogue.naming import python_name
from blockwright.expressions.types import ANYTHING
from blockwright.language import program as p
from blockwright.language.checker.calls import Calls, Labels
from blockwright.language.checker.cases import Subject, check_cases, check_codes_expected, labels_called, type_returned
from blockwright.language.checker.codes import ANY_CODE, Arising, Codes
from blockwright.language.checker.contracts import read_contract
from blockwright.language.checker.cost import cost
from blockwright.language.checker.formulas import Formulas
from blockwright.language.checker.names import RoutineNames, check_names
from blockwright.language.checker.nesting import check_nesting
from blockwright.language.checker.report import Enough, Report
from blockwright.language.checker.routine import Walker
from blockwright.language.checker.sharing import check_sharing
from blockwright.language.diagnostics import FlowError
from blockwright.language.steps import MODIFIERS, STATEMENTS

if TYPE_CHECKING:
    from blockwright.language import document as d
    from blockwright.language.cases.checked import Case
    from blockwright.language.diagnostics import Finding
    from blockwright.language.source import Scalar, Source
    from blockwright.language.steps import Steps

__all__ = ["Arising", "Codes", "Labels", "check", "check_across", "contract_of"]


def check(document: d.Document, source: Source, labels: Labels, warnings: Iterable[Finding] = ()) -> p.Program:
    """The program that a document means. Raises FlowError with every finding, ``warnings`` among them.

    Other flows are known by their contracts only, so they could fail with anything; see ``check_across``.
    """
    report = Report(source, warnings)
    try:
        checker = _Checker(document, labels, report)
        program = checker.program()
        arising = Arising([program])
        arising.check_handlers(program, report)
        if not program.flows and not report.has_errors():
            arising.check_contract(program, report)
        if not report.has_errors():
            checker.warn_of_what_is_unused()
    except Enough:
        raise FlowError(report.findings()) from None
    return replace(program, warnings=report.close())


def check_across(program: p.Program, arising: Arising) -> tuple[Finding, ...]:
    """What is wrong with a program's handlers, its contract and its tests once it is known what the flows that it calls
    can fail with; not all of it need be an error."""
    report = Report(program.source)
    with suppress(Enough):
        arising.check_handlers(program, report)
        arising.check_contract(program, report)
        check_codes_expected(program.cases, arising.of(program.name), report)
    return report.findings()


def contract_of(document: d.Document, source: Source) -> p.Contract:
    """What a flow promises, without a look at its steps. What is wrong with it is found when the flow is checked."""
    try:
        return read_contract(document, Report(source))
    except Enough:
        return p.Contract(())


class _Checker:
    def __init__(self, document: d.Document, labels: Labels, report: Report) -> None:
        self._document = document
        self._labels = labels
        self._report = report
        self._contract = read_contract(document, report)
        self._contracts = {each.name.text: read_contract(each, report) for each in document.functions}
        self._called: set[str] = set()
        self._used: list[tuple[RoutineNames, Formulas]] = []
        self._flows: set[str] = set()

    def program(self) -> p.Program:
        document = self._document
        self._check_functions()
        names = RoutineNames((each.name for each in document.inputs), document.steps)
        about = document.about.text if document.about else ""
        main = self._routine(document.flow, about, self._contract, names, document.steps, ())
        functions = {each.name.text: self._function(each, names.all()) for each in document.functions}
        program = p.Program(self._report.source, main, functions, frozenset(self._flows))
        return replace(program, cases=self._cases(program))

    def _cases(self, program: p.Program) -> tuple[Case, ...]:
        """The tests of the file. While something is wrong with its steps, nobody knows what they can fail with."""
        report = self._report
        known = not report.has_errors()
        subject = Subject.of(
            program,
            self._labels.blocks,
            None if program.flows else frozenset(labels_called(program)),
            lambda: Arising([program]).of(program.name) if known else ANY_CODE,
            lambda: type_returned(program) if known else ANYTHING,
        )
        return check_cases(self._document.tests, subject, report)

    def warn_of_what_is_unused(self) -> None:
        """Point out inputs, variables and functions that nothing uses; steps that are skipped might have used them."""
        for names, formulas in self._used:
            if not names.skips:
                _warn_of_unused_names(names, formulas, self._report)
        if any(names.skips for names, _ in self._used):
            return
        for function in self._document.functions:
            name = function.name.text
            if name not in self._called:
                message = f"nothing calls the function `{name}`"
                self._report.warning(function.span, message, f"call it with `- {name}:`, or take it out", rule="unused")

    def _check_functions(self) -> None:
        identifiers: dict[str, str] = {}
        for function in self._document.functions:
            name = function.name.text
            twin = identifiers.setdefault(python_name(name), name)
            if name in STATEMENTS or name in MODIFIERS:
                what = f"`{name}` is a word of the language, so a function of that name could never be called"
            elif name in self._labels.blocks:
                what = f"`{name}` is already the label of a block"
            elif name == self._document.flow.text:
                what = f"`{name}` is already the name of the flow"
            elif twin != name:
                what = f"`{name}` differs from `{twin}` only by blanks and signs"
            else:
                continue
            self._report.error(function.span, what, "give the function another name", rule="clash")

    def _function(self, function: d.FunctionWritten, elsewhere: Collection[str]) -> p.Routine:
        about = function.about.text if function.about else ""
        names = RoutineNames((each.name for each in function.inputs), function.steps)
        own = self._contracts[function.name.text]
        return self._routine(function.name, about, own, names, function.steps, elsewhere)

    def _routine(
        self, name: Scalar, about: str, own: p.Contract, names: RoutineNames, steps: Steps, elsewhere: Collection[str]
    ) -> p.Routine:
        report = self._report
        if not steps:
            report.error(name.span, f"`{name.text}` has no steps", "add at least one below `steps:`", rule="no-steps")
        known = check_names(names, report)
        formulas = Formulas(names, known, {each.name: each.type for each in own.inputs}, elsewhere, report)
        calls = Calls(self._labels, self._contracts, formulas, report)
        check_sharing(steps, names.inputs, report)
        kind = "flow" if own is self._contract else "function"
        body = Walker(names, formulas, calls, report, own.returns, kind).whole(steps)
        formulas.settle()
        check_nesting(body, report)
        self._flows |= calls.flows
        self._called |= calls.functions
        self._used.append((names, formulas))
        return p.Routine(
            name=name.text,
            about=about,
            contract=own,
            variables=tuple(each for each in {**names.variables, **names.loops} if each not in names.inputs),
            body=body,
            cost=cost(body),
            scope=formulas.scope,
            span=name.span,
        )


def _warn_of_unused_names(names: RoutineNames, formulas: Formulas, report: Report) -> None:
    for name, place in names.inputs.items():
        if name not in formulas.read:
            message = f"the flow asks for `{name}` and never uses it"
            report.warning(place.span, message, f"use it, as in `= {name}`, or do not ask for it", rule="unused")
    for name, place in names.variables.items():
        if name not in formulas.read and name not in names.inputs:
            message = f"`{name}` is given a value that nothing uses"
            report.warning(place.span, message, f"use it, as in `= {name}`, or take it out", rule="unused")
