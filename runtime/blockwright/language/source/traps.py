"""What YAML reads without a word and an author meant otherwise, found by looking at the text as a whole.

One pass of a regular expression finds the suspicious places; only if there are any are they held against the nodes.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from blockwright.language.diagnostics import Span
from blockwright.language.source.nodes import Mapping, Node, Scalar, Sequence
from blockwright.language.source.quoting import quote_it, quoted
from blockwright.language.source.report import Report

ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000"
"""Characters that look like a blank or like nothing, and that YAML takes for letters."""


def check_characters(report: Report) -> None:
    """Characters that no text holds: control characters, invisible line breaks, halves of characters."""
    source = report.source
    if source.text.isascii() and source.text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return
    for found in _NO_TEXT.finditer(source.text):
        name = f"U+{ord(found[0]):04X}"
        if found[0] == "\0":
            message, mend = "a zero byte stands here: this is not text, or it is saved as UTF-16", "save it as UTF-8"
        elif found[0] in _LINE_BREAKS:
            message, mend = f"an invisible line break ({name}) stands here", "delete it and press Enter instead"
        else:
            message, mend = f"an invisible character ({name}) stands here", "delete it"
        report.add(source.span(*found.span()), message, mend, rule="invisible-character")


def check_text(root: Node, report: Report) -> None:
    """Tabs, odd spaces, remarks that swallow text, and ``? `` before a key."""
    text = report.source.text
    tabs = [found.start() for found in _TAB.finditer(text)] if "\t" in text else []
    remarks = [found.start() for found in _HASH.finditer(text) if text[found.start() - 1] in " \t"]
    questions = bool(_QUESTION.search(text)) if "?" in text else False
    odd_spaces = bool(_ODD_SPACE.search(text)) if not text.isascii() else False
    if not (tabs or remarks or questions or odd_spaces):
        return
    scalars = list(_scalars(root))
    if tabs:
        _check_tabs(tabs, scalars, report)
    if remarks:
        _check_remarks(remarks, scalars, report)
    for scalar, is_key in scalars:
        if scalar.style == "plain" and not scalar.text.startswith("\0"):
            if questions and is_key:
                _check_question(scalar, report)
            if odd_spaces and _ODD_SPACE.search(scalar.text):
                _check_odd_spaces(scalar, is_key, report)


TAB_MEND = "use blanks, two for each level"
_LINE_BREAKS = "\x85\u2028\u2029"
_NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_TAB = re.compile(r"\t[ \t]*+(?=\S)")
_HASH = re.compile(r"#(?![ \t#])")
_QUESTION = re.compile(r"\?\s")
_ODD_SPACE = re.compile(f"[{ODD_SPACES}]")
_ODD_SPACE_AT_AN_END = re.compile(f"^-?[{ODD_SPACES}]|[{ODD_SPACES}]$")
_ODD_SPACE_AFTER_COLON = re.compile(rf"[^\s:]+(?: [^\s:]+)*:[{ODD_SPACES}]")


def _scalars(root: Node) -> Iterator[tuple[Scalar, bool]]:
    """Every scalar in the order of the file, and whether it is a key."""
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, is_key = waiting.pop()
        if isinstance(node, Scalar):
            yield node, is_key
        elif isinstance(node, Sequence):
            waiting += [(item, False) for item in reversed(node.items)]
        elif isinstance(node, Mapping):
            for key, value in reversed(node.entries):
                waiting += [(value, False), (key, True)]


def _check_tabs(tabs: list[int], scalars: list[tuple[Scalar, bool]], report: Report) -> None:
    """Tabs belong in quoted texts, blocks and remarks only."""
    source = report.source
    starts = [scalar.corners[:2] for scalar, _ in scalars]
    decided = 0
    for tab in tabs:
        line, column = source.position(tab)
        if line == decided:
            continue
        following = bisect_right(starts, (line, column))
        scalar = scalars[following - 1][0] if following else None
        if scalar is not None and scalar.corners[2:] <= (line, column):
            scalar = None
        if scalar is not None and scalar.style != "plain":
            continue
        decided = line
        before = source.line(line)[: column - 1]
        if re.search(r"(?:^|\s)#", before):
            continue
        span = Span(line, column, line, column + 1)
        if not before.strip():
            report.add(span, "this line is indented with a tab", TAB_MEND, rule="tab", settles=True)
        else:
            mend = TAB_MEND if scalar is None else quote_it(scalar.text)
            report.add(span, "a tab stands here", mend, rule="tab", settles=True)


def _check_remarks(remarks: list[int], scalars: list[tuple[Scalar, bool]], report: Report) -> None:
    """A remark without a blank after its ``#``, directly behind text: the author may well have meant text."""
    source = report.source
    plain = {scalar.span[2:]: scalar for scalar, is_key in scalars if scalar.style == "plain" and not is_key}
    looked_at = 0
    for sign in remarks:
        line, column = source.position(sign)
        if line == looked_at:
            continue
        looked_at = line
        before, lost = source.line(line)[: column - 1].rstrip(), source.line(line)[column - 1 :].rstrip()
        scalar = plain.get((line, len(before) + 1))
        if scalar is None:
            continue
        report.add(
            Span(line, column, line, column + len(lost)),
            'from " #" on, YAML takes the line for a remark' + (", so nothing is left" if scalar.is_empty else ""),
            f"{quote_it(f'{scalar.text} {lost}'.lstrip())}; if it is a remark, put a blank after the #",
            rule="text-taken-for-remark",
        )


def _check_question(key: Scalar, report: Report) -> None:
    before = report.source.line(key.span.line)[: key.span.column - 1].rstrip()
    if re.search(r"(?<![^\s,{\[])\?$", before):
        report.add(
            Span(key.span.line, len(before), key.span.line, len(before) + 1),
            'a "?" stands before this name',
            "delete it and write name: value",
            rule="complex-key",
        )


def _check_odd_spaces(scalar: Scalar, is_key: bool, report: Report) -> None:
    line, column, *_ = scalar.span
    found = (_ODD_SPACE if is_key else _ODD_SPACE_AT_AN_END).search(scalar.text)
    if found is None and scalar.text[0].islower() and not report.source.line(line)[: column - 1].strip("- "):
        found = _ODD_SPACE_AFTER_COLON.match(scalar.text)
    if found is None:
        return
    place = scalar.position(found.end() - 1)
    indents = place[1] <= len(report.source.line(place[0])) and not report.source.line(place[0])[: place[1]].strip()
    report.add(
        Span(*place, place[0], place[1] + 1),
        f"{odd_space_name(found[0][-1])} stands here, which looks like a blank and is none",
        "indent the line anew with plain blanks"
        if indents
        else f"write: {_ODD_SPACE.sub(' ', scalar.text).strip()}; if it is meant, quote it: {quoted(scalar.text)}",
        rule="odd-space",
        settles=True,
    )


def odd_space_name(character: str) -> str:
    """What an odd space is called, with its number: ``a no-break space (U+00A0)``."""
    return f"a {unicodedata.name(character, 'space').lower()} (U+{ord(character):04X})"
