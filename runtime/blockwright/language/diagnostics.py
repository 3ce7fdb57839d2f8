"""Findings: what is wrong in a file, where, and how to mend it; for people, for editors and for other tools.

One finding is a place, one sentence in the author's words, the line with a caret, and a mend ready to paste.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import quote

from blockwright.failure import Place

Severity: TypeAlias = Literal["error", "warning"]

SHOWN = 20
"""How many findings one text shows; the others are counted."""

LINE_WIDTH = 100
"""How many characters of a source line are shown; longer lines are cut around the caret."""


class Span(NamedTuple):
    """A stretch of a file. Lines and columns are counted from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an author should change: where, what was done, and how to mend it.

    ``message`` is one sentence in the author's words, ``mend`` something ready to paste or do, ``rule`` a lasting name
    for this kind of finding, ``source_line`` the text of the line where the span begins.
    """

    file: str
    span: Span
    message: str
    mend: str | None = None
    severity: Severity = "error"
    rule: str = "flow"
    source_line: str | None = None

    def __str__(self) -> str:
        return to_text([self])


class FlowError(Exception):
    """A file cannot be used as it is; ``findings`` holds everything that was found, in the order of the file."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(in_order(findings))
        super().__init__(self.findings)

    def __str__(self) -> str:
        return to_text(self.findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings as a reader meets them: file by file, each from its top."""
    found = list(findings)
    files = {file: rank for rank, file in enumerate(dict.fromkeys(finding.file for finding in found))}
    return sorted(found, key=lambda finding: (files[finding.file], finding.span))


def to_text(findings: Sequence[Finding], color: bool = False) -> str:
    """The findings for people: place, sentence, the line with carets, and the mend; at most 20 of them."""
    texts = [_finding_text(finding, color) for finding in findings[:SHOWN]]
    if len(findings) > SHOWN:
        texts.append(f"and {len(findings) - SHOWN} more")
    return "\n\n".join(texts)


def to_json(findings: Iterable[Finding]) -> str:
    """The findings as a JSON list, one object each, for editors."""
    return json.dumps(
        [
            {
                "file": finding.file,
                "line": finding.span.line,
                "column": finding.span.column,
                "endLine": finding.span.end_line,
                "endColumn": finding.span.end_column,
                "severity": finding.severity,
                "rule": finding.rule,
                "message": finding.message,
                "mend": finding.mend,
            }
            for finding in findings
        ],
        indent=2,
    )


def to_sarif(findings: Iterable[Finding]) -> str:
    """The findings as SARIF 2.1.0, which code hosts and editors understand."""
    found = list(findings)
    rules = sorted({finding.rule for finding in found})
    run = {
        "tool": {"driver": {"name": "blockwright", "rules": [{"id": rule} for rule in rules]}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, rules.index(finding.rule)) for finding in found],
    }
    return json.dumps(
        {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}, indent=2
    )


def show_place(place: Place, source_text: str, color: bool = False) -> str:
    """A place for people: ``file:line:column`` and, when the text has such a line, the line with a caret."""
    head = _paint(visible(str(place)), _BOLD, color)
    lines = re.split(r"\r\n|\r|\n", source_text)
    if not 1 <= place.line <= len(lines):
        return head
    span = Span(place.line, place.column, place.line, place.column + 1)
    return "\n".join([head, *_excerpt(span, lines[place.line - 1], color)])


def visible(text: str) -> str:
    """The text with every character that could play tricks on a terminal shown as an escape; a tab is one blank."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible_character, text))


_BOLD, _RED, _YELLOW, _GREEN, _DIM = "1", "1;31", "1;33", "32", "2"


def _finding_text(finding: Finding, color: bool) -> str:
    place = f"{finding.file}:{finding.span.line}:{finding.span.column}:"
    kind = _paint("warning: ", _YELLOW, color) if finding.severity == "warning" else ""
    parts = [f"{_paint(visible(place), _BOLD, color)} {kind}{visible(finding.message)}"]
    gutter = " " * len(str(finding.span.line))
    if finding.source_line is not None:
        parts += _excerpt(finding.span, finding.source_line, color)
    if finding.mend is not None:
        label = f"{gutter} = {_paint('hint:', _GREEN, color)} "
        first, *others = finding.mend.split("\n")
        parts.append(label + visible(first))
        parts += [" " * (len(gutter) + len(" = hint: ")) + visible(other) for other in others]
    return "\n".join(parts)


def _excerpt(span: Span, line: str, color: bool) -> list[str]:
    start = max(span.column - 1, 0)
    stop = max(span.end_column - 1, start + 1) if span.end_line == span.line else max(len(line), start + 1)
    before, marked, after = _window(line, start, stop)
    carets = "^" * max(1, _width(visible(marked)))
    number = str(span.line)
    gutter = " " * len(number)
    bar = _paint("|", _DIM, color)
    shown = visible(before) + visible(marked) + visible(after)
    return [
        f"{gutter} {bar}",
        f"{number} {bar} {shown}".rstrip(),
        f"{gutter} {bar} {' ' * _width(visible(before))}{_paint(carets, _RED, color)}",
    ]


def _window(line: str, start: int, stop: int) -> tuple[str, str, str]:
    """The parts of a line before, under and after the carets, cut to what fits on a screen."""
    start = min(start, len(line) + 1)
    first, last = 0, len(line)
    if len(line) > LINE_WIDTH:
        first = max(0, min(start - LINE_WIDTH // 3, len(line) - LINE_WIDTH))
        last = first + LINE_WIDTH
    stop = max(min(stop, last), start)
    before = line[first:start].ljust(start - first)
    return ("…" if first else "") + before, line[start:stop], line[stop:last] + ("…" if last < len(line) else "")


_HIDDEN = re.compile(
    # Bidirectional controls, zero-width spaces, byte order mark, line separators, lone surrogates.
    "[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def _visible_character(character: str) -> str:
    if character == "\t":
        return " "
    if unicodedata.category(character) != "Cc" and not _HIDDEN.match(character):
        return character
    return character.encode("unicode_escape").decode("ascii")


def _width(text: str) -> int:
    """How many cells a text takes in a terminal: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _paint(text: str, style: str, color: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if color else text


def _sarif_result(finding: Finding, rule_index: int) -> dict[str, object]:
    span = finding.span
    text = finding.message if finding.mend is None else f"{finding.message}\nHint: {finding.mend}"
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    location = {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }


def _uri(file: str) -> str:
    path: PurePath = PureWindowsPath(file) if re.match(r"[A-Za-z]:[\\/]|\\\\", file) else PurePosixPath(file)
    return path.as_uri() if path.is_absolute() else quote(file.encode("utf-8", "surrogateescape"))
