"""Findings as they are collected while a file is read."""

from __future__ import annotations

from typing import NoReturn

from blockwright.language.diagnostics import Finding, Severity, Span
from blockwright.language.source.text import Source

MOST_FINDINGS = 100
"""Reading stops after so many findings: nobody mends more at once, and a hostile file could have a million."""


class Enough(Exception):
    """Reading on would not help."""


class Report:
    """The findings of one reading. Lines (from 1) in ``settled`` have their finding already and get no other."""

    def __init__(self, source: Source, settled: frozenset[int] = frozenset()) -> None:
        self.source = source
        self.findings: list[Finding] = []
        self._settled = set(settled)

    def add(
        self,
        span: Span,
        message: str,
        mend: str | None = None,
        *,
        rule: str,
        severity: Severity = "error",
        settles: bool = False,
    ) -> None:
        """Note a finding; one that ``settles`` its line explains whatever else looks wrong there.

        Raises Enough when there are too many to be of use.
        """
        if span.line in self._settled:
            return
        if settles:
            self._settled.add(span.line)
        self.findings.append(self.source.finding(span, message, mend, rule=rule, severity=severity))
        if len(self.findings) >= MOST_FINDINGS:
            raise Enough

    def stop(self, span: Span, message: str, mend: str | None = None, *, rule: str) -> NoReturn:
        """Note a finding after which reading on makes no sense; always raises Enough."""
        self.add(span, message, mend, rule=rule)
        raise Enough
