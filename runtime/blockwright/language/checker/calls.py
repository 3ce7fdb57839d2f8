"""Calls of blocks, functions and other flows: labels and inputs looked up, the nearest known one offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias

from blockwright.catalogue import Block, Input
from blockwright.expressions.types import ANYTHING, NOTHING, Type
from blockwright.expressions.values import is_number, whole
from blockwright.language import program as p
from blockwright.language import steps as s
from blockwright.language.checker.values import is_unknown
from blockwright.language.diagnostics import FlowError
from blockwright.language.source.quoting import cut
from blockwright.language.suggest import did_you_mean

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.language.checker.formulas import Formulas
    from blockwright.language.checker.report import Report
    from blockwright.language.checker.state import State
    from blockwright.language.source import Scalar

_Asked: TypeAlias = "tuple[Input, ...] | tuple[p.Asked, ...]"


class Labels(Protocol):
    """What a step's label may mean beyond the functions of its own file."""

    @property
    def blocks(self) -> Mapping[str, AnyBlock]:
        """The blocks, by label."""

    def flow(self, name: str) -> p.Contract | None:
        """What another flow promises, or None when there is no such flow. Raises FlowError when it cannot be read."""

    def flow_names(self) -> Iterable[str]:
        """The names of the other flows, for suggestions."""


class Calls:
    """Resolves the calls of one flow or function; ``functions`` and ``flows`` are the names of those it found."""

    def __init__(self, labels: Labels, contracts: Mapping[str, p.Contract], formulas: Formulas, report: Report) -> None:
        self.functions: set[str] = set()
        self.flows: set[str] = set()
        self._labels = labels
        self._contracts = contracts
        self._formulas = formulas
        self._report = report

    def call(self, step: s.Call, state: State) -> p.Call | None:
        """The call that a step writes; None, with a finding, when its label means nothing that can be called."""
        resolved = self._resolve(step.called)
        if resolved is None:
            for _, written in step.inputs:
                self._formulas.value(written, ANYTHING, state, "an input")
            return None
        callee, asked = resolved
        arguments = self._arguments(step, asked, state)
        if step.save_as and not _gives_value(callee):
            self._report.error(
                step.save_as.span,
                f"`{step.called.text}` gives no value to save",
                "take `save as` out",
                rule="no-result",
            )
        return p.Call(callee, arguments, step.save_as.text if step.save_as else None, step.span)

    def result(self, call: p.Call | None) -> Type:
        """The type of what a call gives, as far as it is known."""
        match call:
            case p.Call(callee=Block(result=result)):
                return result
            case p.Call(callee=p.FunctionName() | p.FlowName() as callee) if callee.contract.returns is not None:
                return callee.contract.returns.type
        return ANYTHING

    def _resolve(self, called: Scalar) -> tuple[p.Callee, _Asked] | None:
        label = called.text
        if label in self._contracts:
            self.functions.add(label)
            return p.FunctionName(label, self._contracts[label]), self._contracts[label].inputs
        block = self._labels.blocks.get(label)
        if block is not None:
            return block, block.inputs
        try:
            contract = self._labels.flow(label)
        except FlowError as error:
            self._report.add_all(error.findings)
            return None
        if contract is not None:
            self.flows.add(label)
            return p.FlowName(label, contract), contract.inputs
        known = [*self._contracts, *self._labels.blocks, *self._labels.flow_names(), *s.STATEMENTS]
        near = did_you_mean(label, known)
        self._report.error(
            called.span,
            f"there is no block, function or flow called `{label}`",
            f"did you mean `{near}`?" if near else "`blockwright blocks` lists all there are",
            rule="unknown-block",
        )
        return None

    def _arguments(self, step: s.Call, asked: _Asked, state: State) -> tuple[p.Argument, ...]:
        label = step.called.text
        by_name = {each.name: each for each in asked}
        given: dict[str, p.Argument] = {}
        meant: set[str | None] = set()
        for name, written in step.inputs:
            each = by_name.get(name.text)
            if each is None:
                meant.add(self._unknown_input(name, label, list(by_name)))
                self._formulas.value(written, ANYTHING, state, f"`{name.text}`")
                continue
            value = self._formulas.value(written, each.type, state, f"`{name.text}`")
            check_constant(each, value, self._report)
            given[name.text] = p.Argument(each, value)
        missing = [
            each.name for each in asked if each.is_required and each.name not in given and each.name not in meant
        ]
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            lines = "\n".join(f"    {name}: …" for name in missing)
            self._report.error(
                step.called.span, f"`{label}` needs {names}", f"- {label}:\n{lines}", rule="missing-input"
            )
        return tuple(given.values())

    def _unknown_input(self, name: Scalar, label: str, known: list[str]) -> str | None:
        """Report an input that is not there; gives the one that was probably meant."""
        near = did_you_mean(name.text, known)
        if near:
            mend = f"did you mean `{near}`?"
        elif known:
            mend = "it has " + ", ".join(f"`{each}`" for each in known)
        else:
            mend = f"write `- {label}` alone"
        self._report.error(name.span, f"`{label}` has no input called `{name.text}`", mend, rule="unknown-input")
        return near


def _gives_value(callee: p.Callee) -> bool:
    if isinstance(callee, Block):
        return callee.gives_value
    returns = callee.contract.returns
    return returns is None or returns.type != NOTHING


def check_constant(each: Input | p.Asked, value: p.Value, report: Report) -> None:
    """Report a constant that is none of an input's choices, or no whole number where one is asked for."""
    if not isinstance(value, p.Constant) or value.value is None or is_unknown(value):
        return
    if each.choices and value.value not in each.choices:
        near = did_you_mean(str(value.value), [str(choice) for choice in each.choices])
        names = ", ".join(f"`{choice}`" for choice in each.choices)
        mend = f"did you mean `{near}`?" if near else f"choose one of {names}"
        message = f"`{each.name}` cannot be “{cut(str(value.value))}”"
        report.error(value.span, message, mend, rule="choices")
    elif isinstance(each, Input) and each.whole and is_number(value.value) and whole(value.value) is None:
        report.error(value.span, f"`{each.name}` must be a whole number", "write it without decimals", rule="types")
