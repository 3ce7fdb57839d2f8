"""The tests that authors write into a flow: their inputs and what they expect, checked like a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.expressions.types import ANYTHING, LIST, NUMBER, OBJECT, TEXT, ListOf, Type, either
from blockwright.language import program as p
from blockwright.language.checker.inputs import read_constant
from blockwright.language.suggest import did_you_mean

if TYPE_CHECKING:
    from blockwright.language import document as d
    from blockwright.language.checker.report import Report
    from blockwright.language.source import Scalar
    from blockwright.language.writing import Written


def check_examples(tests: tuple[d.TestWritten, ...], asked: tuple[p.Asked, ...], report: Report) -> None:
    """Report inputs that the flow does not have or that are missing, and values that are no constants of their type."""
    for test in tests:
        _check_inputs(test, {each.name: each for each in asked}, report)
        _check_expected(test.expect, report)
        if test.given is not None:
            _check(test.given.users, ListOf(OBJECT), "`users`", report)
            _check(test.given.settings, OBJECT, "`settings`", report)
            _check(test.given.roles, OBJECT, "`roles`", report)


def _check_inputs(test: d.TestWritten, asked: dict[str, p.Asked], report: Report) -> None:
    meant: set[str | None] = set()
    for name, written in test.inputs:
        each = asked.get(name.text)
        if each is not None:
            _check(written, each.type, f"`{name.text}`", report)
        else:
            meant.add(_unknown_input(name, list(asked), report))
            _check(written, ANYTHING, f"`{name.text}`", report)
    given = {name.text for name, _ in test.inputs} | meant
    missing = [each.name for each in asked.values() if each.is_required and each.name not in given]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        report.error(
            test.span,
            f"this test gives no value for {names}",
            f"add to its `with:` a line `{missing[0]}: …`",
            rule="missing-input",
        )


def _unknown_input(name: Scalar, known: list[str], report: Report) -> str | None:
    near = did_you_mean(name.text, known)
    others = "it has " + ", ".join(f"`{each}`" for each in known) if known else "it has none"
    mend = f"did you mean `{near}`?" if near else others
    report.error(name.span, f"the flow has no input called `{name.text}`", mend, rule="unknown-input")
    return near


def _check_expected(expected: d.Expected, report: Report) -> None:
    if expected.returns is not None and expected.fails is not None:
        message = "a flow that fails returns nothing"
        report.error(expected.span, message, "expect `returns` or `fails`, not both", rule="shape")
    _check(expected.returns, ANYTHING, "`returns`", report)
    _check(expected.fails, either([NUMBER, TEXT, OBJECT]), "`fails`", report)
    _check(expected.log, LIST, "`log`", report)
    _check(expected.emails_to, ListOf(TEXT), "`emails to`", report)


def _check(written: Written | None, of: Type, what: str, report: Report) -> None:
    if written is not None:
        read_constant(written, of, what, report)
