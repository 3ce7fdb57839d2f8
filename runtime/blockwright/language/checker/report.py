"""Where the checker's parts put their findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.language.diagnostics import Finding, FlowError, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blockwright.language.source import Source


class Report:
    """The findings about one file, each place and sentence once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[tuple[Span, str], Finding] = {}

    def error(self, span: Span, message: str, mend: str | None = None, *, rule: str) -> None:
        """The flow cannot run like this."""
        self._add(span, message, mend, "error", rule)

    def warning(self, span: Span, message: str, mend: str | None = None, *, rule: str) -> None:
        """The flow can run, but it is hardly what its author wants."""
        self._add(span, message, mend, "warning", rule)

    def add_all(self, findings: Iterable[Finding]) -> None:
        """Findings that somebody else made."""
        for finding in findings:
            self._found.setdefault((finding.span, finding.message), finding)

    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self._found.values())

    def close(self) -> tuple[Finding, ...]:
        """The warnings, when there is nothing worse. Raises FlowError with all findings otherwise."""
        if self.has_errors():
            raise FlowError(self._found.values())
        return tuple(self._found.values())

    def _add(self, span: Span, message: str, mend: str | None, severity: Severity, rule: str) -> None:
        self.add_all([self.source.finding(span, message, mend, severity=severity, rule=rule)])
