"""Everything that can be known about a flow before it runs: ``check`` turns a document into a program, or findings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from blockwright.language import program as p
from blockwright.language.checker.calls import Calls, Contract, Labels
from blockwright.language.checker.codes import check_codes, codes_of
from blockwright.language.checker.formulas import Formulas
from blockwright.language.checker.inputs import read_inputs
from blockwright.language.checker.names import check_names, loop_names, names_set
from blockwright.language.checker.report import Report
from blockwright.language.checker.routine import Walker, cost
from blockwright.language.checker.state import State

if TYPE_CHECKING:
    from blockwright.language import document as d
    from blockwright.language.source import Scalar, Source
    from blockwright.language.steps import Steps

__all__ = ["Contract", "Labels", "check", "codes_of", "contract_of"]


def check(document: d.Document, source: Source, labels: Labels) -> p.Program:
    """The program that a document means. Raises FlowError with every finding, warnings among them.

    Other flows are known by their contracts only; what the flow can fail with is found later, by ``codes_of``.
    """
    report = Report(source)
    checker = _Checker(document, labels, report)
    return checker.program()


def contract_of(document: d.Document, source: Source) -> Contract:
    """What a flow asks for, without a look at its steps. Raises FlowError when its inputs are wrong."""
    report = Report(source)
    contract = read_inputs(document.inputs, report)
    report.close()
    return contract


class _Checker:
    def __init__(self, document: d.Document, labels: Labels, report: Report) -> None:
        self._document = document
        self._labels = labels
        self._report = report
        self._contracts = {function.name.text: read_inputs(function.inputs, report) for function in document.functions}
        self._flows: set[str] = set()

    def program(self) -> p.Program:
        document, report = self._document, self._report
        self._check_functions()
        main = self._routine(document.flow, document.about, document.inputs, document.steps)
        functions = {
            function.name.text: self._routine(function.name, function.about, function.inputs, function.steps)
            for function in document.functions
        }
        program = p.Program(report.source, main, functions, frozenset(self._flows))
        if not report.has_errors():
            check_codes(program, report)
        return replace(program, warnings=report.close())

    def _check_functions(self) -> None:
        for function in self._document.functions:
            name = function.name.text
            if name in self._labels.blocks:
                self._report.error(
                    function.span, f"`{name}` is already the label of a block", "choose another", rule="clash"
                )
            elif name == self._document.flow.text:
                self._report.error(function.span, f"`{name}` is already the name of the flow", None, rule="clash")

    def _routine(self, name: Scalar, about: Scalar | None, inputs: d.Inputs, steps: Steps) -> p.Routine:
        report = self._report
        asked = self._contracts.get(name.text) or read_inputs(inputs, report)
        input_names = [each.name for each in inputs]
        variables = {each.text: each for each in names_set(steps)}
        loops = {each.text: each for each in loop_names(steps)}
        for loop in loops.values():
            if loop.text in variables or any(loop.text == each.text for each in input_names):
                report.error(
                    loop.span,
                    f"`{loop.text}` is already a name of this flow; a loop needs a name of its own",
                    "choose another",
                    rule="clash",
                )
        if not steps:
            report.error(name.span, f"`{name.text}` has no steps", "add at least one below `steps:`", rule="no-steps")
        names = check_names([*({each.text: each for each in input_names} | variables | loops).values()], report)
        formulas = Formulas(names, {each.name: each.type for each in asked}, frozenset(loops), report)
        calls = Calls(self._labels, self._contracts, formulas, report)
        known = frozenset(each.name for each in asked)
        body, _ = Walker(formulas, calls, report).body(steps, State(known, known))
        formulas.settle()
        self._flows |= calls.flows
        return p.Routine(
            name=name.text,
            about=about.text if about else "",
            inputs=asked,
            variables=tuple(each for each in {**variables, **loops} if each not in known),
            body=body,
            cost=cost(body),
            scope=formulas.scope,
            span=name.span,
        )
