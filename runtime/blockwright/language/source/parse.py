"""Text -> nodes, or every finding that can be made in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.source.build import Builder
from blockwright.language.source.events import NextEvent, broken_by, open_events
from blockwright.language.source.nodes import Node, Scalar
from blockwright.language.source.report import Enough, Report
from blockwright.language.source.text import SIZE_LIMIT, Source
from blockwright.language.source.traps import check_characters, check_text

if TYPE_CHECKING:
    from blockwright.language.source.spot import Trouble

MOST_READINGS = 20
"""How often a text is read again after a repair, to find what else is wrong; long texts less often."""

_REREAD = 4_000_000


def parse_nodes(
    source: Source, warnings: list[Finding] | None = None, *, events: Callable[[str], NextEvent] = open_events
) -> Node:
    """The one document of a YAML text as nodes that know their places.

    Raises FlowError with everything that was found. What is odd but readable is added to ``warnings``. ``events`` is
    where the events come from: libyaml's parser if there is one.
    """
    troubles: list[Trouble] = []
    text = source.text
    readings = max(1, min(MOST_READINGS, _REREAD // max(1, len(text))))
    while True:
        report = Report(source, frozenset(trouble.span.line for trouble in troubles))
        root, trouble = _read(Source(source.path, text), report, events)
        if trouble is None:
            break
        troubles.append(trouble)
        repair = trouble.repair
        if repair is None or len(troubles) >= readings:
            break
        text = text[: repair.start] + repair.replacement + text[repair.start + len(repair.replacement) :]
    findings = report.findings
    if troubles:
        findings = [finding for finding in findings if finding.severity == "error"]
        findings += [source.finding(one.span, one.message, one.mend, rule=one.rule) for one in troubles]
    if root is None or any(finding.severity == "error" for finding in findings):
        raise FlowError(findings)
    if warnings is not None:
        warnings += findings
    return root


def _read(source: Source, report: Report, events: Callable[[str], NextEvent]) -> tuple[Node | None, Trouble | None]:
    """Read a text once; where YAML breaks off, say why."""
    from yaml import YAMLError

    builder = Builder(report)
    try:
        if len(source.text) > SIZE_LIMIT:
            message = f"this text is longer than {SIZE_LIMIT} characters"
            report.stop(Span(1, 1, 1, 1), message, "divide it into several files", rule="text-too-long")
        check_characters(report)
        if report.findings:
            return None, None
        try:
            builder.build(events(source.text))
        except YAMLError as problem:
            # Most files are whole; the rules for broken ones are loaded when one is met.
            from blockwright.language.source.broken import explain

            return builder.root, explain(source, broken_by(problem), builder.root, builder.open)
        if builder.root is None or (isinstance(builder.root, Scalar) and builder.root.is_empty):
            report.stop(Span(1, 1, 1, 1), "this file is empty", 'begin with "flow:" and a name', rule="empty-file")
        check_text(builder.root, report)
    except Enough:
        pass
    return builder.root, None
