"""Where the checker's parts put their findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.language.diagnostics import Finding, FlowError, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blockwright.language.source import Source

MOST_FINDINGS = 100
"""Checking stops after so many findings: nobody mends more at once, and a hostile file could have a million."""


class Enough(Exception):
    """Checking on would not help."""


class Report:
    """The findings about one file, each place and sentence once."""

    def __init__(self, source: Source, findings: Iterable[Finding] = ()) -> None:
        self.source = source
        self._found: dict[tuple[str, Span, str], Finding] = {}
        self.add_all(findings)

    def error(self, span: Span, message: str, mend: str | None = None, *, rule: str) -> None:
        """The flow cannot run like this. Raises Enough when there are too many findings to be of use."""
        self._add(span, message, mend, "error", rule)
        if len(self._found) >= MOST_FINDINGS:
            raise Enough

    def warning(self, span: Span, message: str, mend: str | None = None, *, rule: str) -> None:
        """The flow can run, but it is hardly what its author wants. After many findings, no more are kept."""
        if len(self._found) < MOST_FINDINGS:
            self._add(span, message, mend, "warning", rule)

    def add_all(self, findings: Iterable[Finding]) -> None:
        """Findings that somebody else made, perhaps in another file."""
        for finding in findings:
            self._found.setdefault((finding.file, finding.span, finding.message), finding)

    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self._found.values())

    def findings(self) -> tuple[Finding, ...]:
        """All that was found so far."""
        return tuple(self._found.values())

    def close(self) -> tuple[Finding, ...]:
        """The warnings, when there is nothing worse. Raises FlowError with all findings otherwise."""
        if self.has_errors():
            raise FlowError(self._found.values())
        return self.findings()

    def _add(self, span: Span, message: str, mend: str | None, severity: Severity, rule: str) -> None:
        self.add_all([self.source.finding(span, message, mend, severity=severity, rule=rule)])
