"""What YAML allows and a flow does not: each function looks at one thing as it is read, and notes its finding."""

from __future__ import annotations

import re
from typing import NoReturn

from blockwright.language.diagnostics import Span
from blockwright.language.source.events import Event
from blockwright.language.source.nodes import Scalar, Style
from blockwright.language.source.quoting import cut, quote_it, quoted
from blockwright.language.source.report import Report

_DASHES = "‐‑‒–—―−"
_BULLETS = "•‣◦▪·"
_CURLY = {"“": "”“", "„": "“”", "”": "”", "‘": "’‘", "‚": "‘’", "’": "’", "«": "»", "»": "«"}

ODD_STARTS = frozenset("-" + _DASHES + _BULLETS + "".join(_CURLY))
"""First characters of plain scalars that ``check_start`` looks at."""


def check_directives(event: Event, report: Report) -> None:
    """``%YAML 1.1`` and ``%TAG`` before the document."""
    if event.version is not None or event.tags:
        source = report.source
        line = next(number for number, text in enumerate(source.lines, 1) if text.startswith("%"))
        report.add(
            Span(line, 1, line, len(source.line(line)) + 1),
            "a line that begins with % is an instruction to YAML, which flows do not have",
            "delete this line",
            rule="yaml-directive",
        )


def second_document(event: Event, report: Report) -> NoReturn:
    """``---`` further down."""
    mark = event.start_mark
    report.stop(
        Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 4),
        "a second document begins here, and a file holds one flow",
        "delete this line, or move what follows into a file of its own",
        rule="second-document",
    )


def alias(event: Event, report: Report) -> Scalar:
    """``*name``: refused where it stands; nothing is ever copied."""
    span = _span(event)
    text = f"*{event.anchor}"
    rest = _rest_of_line(span, report)
    report.add(
        span,
        f'"{cut(text)}" asks YAML to copy another part of the file, which flows do not do',
        f"{quote_it(rest)}; to use something twice, write it as a function",
        rule="yaml-alias",
    )
    return Scalar(text, span, "plain", report.source)


def anchor_or_tag(event: Event, is_text: bool, report: Report) -> None:
    """``&name`` and ``!tag``, before a text or before a list or an object."""
    start = event.start_mark
    line, column = start.line + 1, start.column + 1
    rest = _rest_of_line(Span(line, column, line, column), report)
    word = re.match(r"\S*", rest)
    span = Span(line, column, line, column + max(1, len(word[0]) if word else 1))
    what, advice = ("anchor", "; to use something twice, write it as a function") if rest[:1] == "&" else ("tag", "")
    report.add(
        span,
        f'a value that begins with "{rest[:1]}" is a YAML {what}: "{cut(word[0] if word else rest)}" would vanish',
        (quote_it(rest) if is_text else f'delete "{cut(word[0] if word else rest)}"') + advice,
        rule=f"yaml-{what}",
    )


def duplicate(first: Scalar, second: Scalar, report: Report) -> None:
    """The same key twice in one mapping, of which YAML silently keeps the last."""
    report.add(
        second.span,
        f'"{cut(second.text)}" is here twice; the first is in line {first.span.line}',
        "keep one of them, or give this one another name",
        rule="duplicate-key",
    )


def check_key(key: Scalar, report: Report) -> bool:
    """Whether a key is one; what looks like a slip is noted."""
    text = key.text
    if key.style in ("literal", "folded"):
        message = "a name is written in one line, without | or >"
        report.add(key.span, message, "write name: value", rule="complex-key")
        return False
    if key.style != "plain":
        return True
    if not text and report.source.line(key.span.line)[: key.span.column - 1].endswith("?"):
        span = Span(key.span.line, key.span.column - 1, key.span.line, key.span.column)
        report.add(span, 'a text that is "?" needs quotes', quote_it("?"), rule="reserved-sign", settles=True)
        return False
    if not text:
        report.add(key.span, 'there is no name before this ":"', "write the name, or delete the line", rule="empty-key")
        return False
    if text == "<<":
        message = '"<<" would merge another mapping into this one, which flows do not do'
        report.add(key.span, message, "write out the entries", rule="merge-key", settles=True)
        return False
    return text[0] not in ODD_STARTS or check_start(key, report, is_key=True)


def check_start(scalar: Scalar, report: Report, is_key: bool = False) -> bool:
    """Whether the first character of a plain scalar is harmless: a dash without a blank, a bullet, a curly quote."""
    text = scalar.text
    if scalar.style != "plain":
        return True
    if text[0] in _CURLY:
        return _check_curly_quotes(scalar, report, is_key)
    line, column, *_ = scalar.span
    starts_line = not report.source.line(line)[: column - 1].strip()
    number = text[0] == "-" and re.fullmatch(r"-[0-9.]+", text)
    if number or not (is_key or starts_line):
        return True
    item = text[1:].strip()
    first_line = cut(item.split(" -")[0]) + (":" if is_key else "")
    if text[0] == "-":
        message = 'there is no blank after the "-", so this is not a list item'
    else:
        message = f'"{text[0]}" is not the "-" that begins a list item'
    report.add(
        Span(line, column, line, column + 1), message, f"write: - {first_line}", rule="dash-without-blank", settles=True
    )
    return False


def check_no_value(key: Scalar, value: Scalar, mapping: Span, report: Report) -> None:
    """``{name}``: in braces, YAML takes a name without a colon for a key without a value."""
    if value.style != "plain":
        return
    source = report.source
    between = source.text[
        source.index(key.span.end_line, key.span.end_column) : source.index(value.span.line, value.span.column)
    ]
    if ":" in between or key.text.startswith("\0") or source.text[source.index(*mapping[:2])] != "{":
        return
    only = re.compile(r"\{\s*([^{},:\s]+(?: [^{},:\s]+)*)\s*\}").match(source.text, source.index(*mapping[:2]))
    if only is not None:
        span = source.span(*only.span())
        message = f'"{{{cut(only[1])}}}" does not put the value of "{cut(only[1])}" here: there is no "$" before it'
        report.add(span, message, f"write: ${{{only[1]}}}", rule="braces-without-dollar")
    else:
        message = f'"{cut(key.text)}" stands in braces without a value'
        report.add(
            key.span, message, "write {name: value, …} for an object, [a, b] for a list", rule="braces-without-value"
        )


def collection_as_key(span: Span, report: Report) -> Scalar:
    """``{{ user }}`` and ``[a]: b``: what stands before the colon is not a name."""
    source = report.source
    start = source.index(span.line, span.column)
    template = re.compile(r"\{\s*([^{}\n]{0,200}?)\s*\}\s*\}").match(source.text, start)
    if template is not None and source.text[:start].rstrip().endswith("{"):
        message = '"{{ }}" does not put a value here'
        report.add(span, message, f"write: ${{{template[1]}}}", rule="braces-without-dollar", settles=True)
    else:
        message = "a list or an object stands where a name belongs"
        report.add(span, message, "write a name before the colon", rule="complex-key", settles=True)
    return Scalar(f"\0{start}", span, "plain", source)


def check_lines(text: str, style: Style, span: Span, report: Report) -> Span:
    """A scalar of several lines: its span without trailing blank lines; what looks like a slip is noted."""
    if style in ("literal", "folded"):
        return _without_blank_lines(span, report)
    lines = [report.source.line(number) for number in range(span.line + 1, span.end_line + 1)]
    if style == "plain":
        _check_continued(text, lines, span, report)
    else:
        _check_open_quote(lines, span, report)
    return span


def too_deep(span: Span, limit: int, report: Report) -> NoReturn:
    """More collections inside one another than anyone writes."""
    report.stop(
        span,
        f"lists and objects stand more than {limit} deep inside one another",
        "move the inner part into a function",
        rule="too-deep",
    )


def too_many(span: Span, limit: int, report: Report) -> NoReturn:
    """More keys and values than a flow can need."""
    message = f"this file holds more than {limit} keys and values"
    report.stop(span, message, "divide it into several files", rule="too-many-values")


def too_long(span: Span, limit: int, report: Report) -> NoReturn:
    """A text longer than a flow can need."""
    message = f"this text is longer than {limit} characters"
    report.stop(span, message, "keep long texts outside of the flow", rule="text-too-long")


def _check_curly_quotes(scalar: Scalar, report: Report, is_key: bool) -> bool:
    text = scalar.text
    closing = [text[1:].find(mark) for mark in _CURLY[text[0]]]
    if len(text) < 2 or len(text) - 2 not in closing:
        return True
    inside = text[1:-1]
    kind = "name" if is_key else "text"
    report.add(
        scalar.span,
        f"curly quotes do not quote: they become part of the {kind}",
        f"write: {quoted(inside)}; to keep them: {quoted(text)}",
        rule="curly-quotes",
    )
    return False


def _check_continued(text: str, lines: list[str], span: Span, report: Report) -> None:
    if not text or text.startswith("="):
        return
    for number, line in enumerate(lines, span.line + 1):
        item = re.match(r"\s*(-[^\S\n]|-(?=[^\W\d]))", line)
        if item is not None:
            report.add(
                Span(number, item.end() - len(item[1]) + 1, number, item.end() - len(item[1]) + 2),
                f'this "-" begins no list item: the line continues the text of line {span.line}',
                "begin the line under the thing it belongs to, with a blank after the dash",
                rule="list-item-in-text",
                settles=True,
            )
            return
    if text[0] in ODD_STARTS and text[0] not in _CURLY:
        return
    report.add(
        span,
        "this text goes on in the next line: the lines are joined with a blank",
        "begin the text with > to say that this is meant, or with | to keep the line breaks",
        rule="continued-text",
        severity="warning",
    )


def _check_open_quote(lines: list[str], span: Span, report: Report) -> None:
    """YAML itself wants the further lines of a quoted text indented; libyaml does not look."""
    first = report.source.line(span.line)
    if re.search(r"[\[\]{},]", first[: span.column - 1]):
        return
    indent = len(first) - len(first.lstrip())
    for line in lines:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
    else:
        return
    report.add(
        Span(span.line, span.column, span.line, len(first) + 1),
        f"the quote that opens here is closed only in line {span.end_line}",
        "close it at the end of its text, or indent the lines of the text further",
        rule="open-quote",
    )


def _without_blank_lines(span: Span, report: Report) -> Span:
    line, column, end, end_column = span
    source = report.source
    if end_column > 1 and source.line(end).strip():
        return span
    end -= 1
    while end > line and not source.line(end).strip():
        end -= 1
    return Span(line, column, end, len(source.line(end)) + 1)


def _span(event: Event) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _rest_of_line(span: Span, report: Report) -> str:
    """The line from the span on, without a remark at its end."""
    rest = report.source.line(span.line)[span.column - 1 :]
    return re.split(r"\s#", rest, maxsplit=1)[0].strip()
