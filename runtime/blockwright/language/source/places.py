"""Where each character of a scalar's text stands in the raw file: quotes, escapes and folded lines undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

_Escape: TypeAlias = Callable[[str, int], re.Match[str] | None]


def places_of(text: str, raw: str, style: str) -> list[int]:
    """For each character of ``text``, and for its end, the index in ``raw``, the scalar as it stands in the file."""
    if style == "literal":
        return _by_lines(text, raw)
    if style == "double":
        return _side_by_side(text, raw, 1, _DOUBLE.match)
    if style == "single":
        return _side_by_side(text, raw, 1, _SINGLE.match)
    return _side_by_side(text, raw, _after_header(raw) if style == "folded" else 0, _never)


_BREAK = re.compile(r"\r\n|\r|\n")
_LINE_END = re.compile(r"[ \t]*(?:\r\n|\r|\n)")
_SINGLE = re.compile("''")
_DOUBLE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|(?:\r\n|\r|\n)[ \t]*|.)", re.DOTALL)
_BLANKS = " \t\r\n"


def _never(_raw: str, _at: int) -> None:
    return None


def _after_header(raw: str) -> int:
    """Where the line after ``|`` or ``>`` begins."""
    header = _BREAK.search(raw)
    return header.end() if header else len(raw)


def _by_lines(text: str, raw: str) -> list[int]:
    """A literal block has its lines one below another; what a raw line has more than its text is indentation."""
    places: list[int] = []
    start = _after_header(raw)
    for line in text.split("\n"):
        line_break = _BREAK.search(raw, start)
        end, following = line_break.span() if line_break else (len(raw), len(raw))
        first = max(end - len(line), start)
        places.extend(min(first + offset, len(raw)) for offset in range(len(line) + 1))
        start = following
    return places


def _side_by_side(text: str, raw: str, at: int, escape: _Escape) -> list[int]:
    """Step through both at once: visible characters come in the same order, only the blanks between them differ."""
    places: list[int] = []
    for character in text:
        at = _skip(raw, at, escape, blanks=character not in _BLANKS)
        places.append(min(at, len(raw)))
        unit = escape(raw, at)
        at = unit.end() if unit is not None else _after(raw, at, character)
    places.append(min(at, len(raw)))
    return places


def _after(raw: str, at: int, character: str) -> int:
    if character not in _BLANKS:
        return at + 1
    line_end = _LINE_END.match(raw, at)
    return line_end.end() if line_end else at + 1


def _skip(raw: str, at: int, escape: _Escape, blanks: bool) -> int:
    """Past what stands for no character: a line break behind a backslash, and blanks if a visible character follows."""
    while at < len(raw):
        unit = escape(raw, at)
        if unit is not None and unit[0][1] in "\r\n":
            at = unit.end()
        elif blanks and raw[at] in _BLANKS:
            at += 1
        else:
            break
    return at
