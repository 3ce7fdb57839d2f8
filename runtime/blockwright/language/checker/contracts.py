"""What a flow or function promises to those who call it: read from its file, held against what its steps can do."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from blockwright.catalogue import DeclaredFailure
from blockwright.catalogue.naming import is_name
from blockwright.expressions.types import NOTHING
from blockwright.failure import ENGINE_CODES, FINAL_CODES, RATE_LIMITED, TIMED_OUT, UNAVAILABLE, Code
from blockwright.language import program as p
from blockwright.language.checker.inputs import read_inputs, read_type
from blockwright.language.source.quoting import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blockwright.language import document as d
    from blockwright.language.checker.report import Report
    from blockwright.language.diagnostics import Span

UNDECLARED: frozenset[Code | None] = frozenset(ENGINE_CODES) - {TIMED_OUT, UNAVAILABLE, RATE_LIMITED}
"""Codes of the engine that every flow and function may fail with, so that none has to declare them."""


def read_contract(document: d.Document | d.FunctionWritten, report: Report) -> p.Contract:
    """What a flow or function promises, without a look at its steps."""
    inputs = read_inputs(document.inputs, report)
    failures, spans = _read_failures(document.failures or (), report)
    declared = None if document.failures is None else failures
    return p.Contract(inputs, _read_returns(document.returns, report), declared, spans)


def _read_returns(written: d.ReturnsWritten | None, report: Report) -> p.Promise | None:
    if written is None:
        return None
    gives_nothing = written.type.text.strip() == str(NOTHING)
    of = NOTHING if gives_nothing else read_type(written.type, report)[0]
    return p.Promise(of, written.about.text if written.about else "", written.type.span)


def _read_failures(
    written: tuple[d.DeclaredWritten, ...], report: Report
) -> tuple[Mapping[Code, DeclaredFailure], Mapping[Code, Span]]:
    failures: dict[Code, DeclaredFailure] = {}
    spans: dict[Code, Span] = {}
    for each in written:
        code = read_code(each.code.text, each.code.span, report)
        if code in FINAL_CODES:
            message = f"`{code}` is how the engine ends a run, so no caller could do anything about it"
            report.error(each.code.span, message, "take it out", rule="code")
        elif code in failures:
            report.error(each.code.span, f"{code} is declared already", "keep one of the two", rule="clash")
        failures[code] = DeclaredFailure(code, each.about.text, each.transient)
        spans[code] = each.code.span
    return MappingProxyType(failures), MappingProxyType(spans)


def read_code(text: str, span: Span, report: Report) -> Code:
    """The code that an author wrote: a whole number, or a name."""
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 20:
        return int(text)
    if not is_name(text):
        mend = "a code is a whole number, or a name such as `not found`"
        report.error(span, f"`{cut(text)}` is not a code", mend, rule="code")
    return text
