"""Text -> nodes, or every finding that can be made in one go."""

from __future__ import annotations

from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.source.build import Builder
from blockwright.language.source.events import broken_by, open_events
from blockwright.language.source.nodes import Node
from blockwright.language.source.report import Enough, Report
from blockwright.language.source.text import Source


def parse_nodes(source: Source, warnings: list[Finding] | None = None) -> Node:
    """The one document of a YAML text as nodes that know their places.

    Raises FlowError with everything that was found. What is odd but readable is added to ``warnings``.
    """
    from yaml import YAMLError

    report = Report(source)
    builder = Builder(report)
    try:
        builder.build(open_events(source.text))
        if builder.root is None:
            report.stop(Span(1, 1, 1, 1), "this file is empty", 'begin with "flow:" and a name', rule="empty-file")
    except YAMLError as problem:
        broken = broken_by(problem)
        at = broken.at or 0
        report.findings.append(source.finding(source.span(at, at + 1), broken.problem, rule="yaml"))
    except Enough:
        pass
    if builder.root is None or any(finding.severity == "error" for finding in report.findings):
        raise FlowError(report.findings)
    if warnings is not None:
        warnings += report.findings
    return builder.root
