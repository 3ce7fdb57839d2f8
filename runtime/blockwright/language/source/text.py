"""The text of a file, its lines, and how it is read from disk."""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import NoReturn

from blockwright.language.diagnostics import Finding, FlowError, Severity, Span

SIZE_LIMIT = 5_000_000
"""The largest file that is read, in bytes."""


class Source:
    """A file's path and text. Lines and columns are counted from 1, columns in characters."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text.removeprefix("\ufeff")

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.text)} characters)"

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their line breaks. A text that ends in a line break has an empty last line."""
        return _BREAK.split(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins in the text."""
        return [0, *(found.end() for found in _BREAK.finditer(self.text))]

    def line(self, number: int) -> str:
        """One line; "" when the file has no such line."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def position(self, index: int) -> tuple[int, int]:
        """The line and column of the character at an index of the text."""
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def index(self, line: int, column: int) -> int:
        """The index in the text of the character at a line and column; past the last line, the end of the text."""
        if line > len(self.starts):
            return len(self.text)
        return self.starts[line - 1] + column - 1

    def span(self, start: int, end: int) -> Span:
        """The span between two indexes of the text."""
        return Span(*self.position(start), *self.position(end))

    def finding(
        self, span: Span, message: str, mend: str | None = None, *, rule: str, severity: Severity = "error"
    ) -> Finding:
        """A finding in this file."""
        return Finding(self.path, span, message, mend, severity, rule, self.line(span.line))


def read_source(path: str | os.PathLike[str]) -> Source:
    """Read a UTF-8 text file of at most 5 MB; raises FlowError saying why a file cannot be read."""
    name = os.fspath(path)
    try:
        found = Path(name).stat()
        if stat.S_ISDIR(found.st_mode):
            _refuse(name, "this is a folder, not a file", "name a file in it")
        if not stat.S_ISREG(found.st_mode):
            _refuse(name, "this is not an ordinary file", "save the text in a file and name that")
        with Path(name).open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        _refuse(name, "there is no such file", "look at the spelling and at the folder the command runs in")
    except PermissionError:
        _refuse(name, "this file may not be read by you", "ask its owner for permission to read it")
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        _refuse(name, f"this file cannot be read: {reason}")
    if len(data) > SIZE_LIMIT:
        _refuse(name, f"this file is larger than {SIZE_LIMIT // 1_000_000} MB", "divide it into several files")
    return Source(name, _decode(name, data))


def _decode(name: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        _refuse(name, "this file is saved as UTF-16 or UTF-32, not as UTF-8", _SAVE_AS_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        before = Source(name, data[: problem.start].decode("utf-8"))
        line, column = before.position(len(before.text))
        end = re.compile(rb"[\r\n]|\Z").search(data, problem.start)
        stop = end.start() if end else len(data)
        shown = before.line(line) + data[problem.start : stop].decode("utf-8", "replace")
        message = f"this file is not saved as UTF-8: the byte 0x{data[problem.start]:02X} stands here"
        span = Span(line, column, line, column + 1)
        raise FlowError([Finding(name, span, message, _SAVE_AS_UTF8, "error", "not-utf-8", shown)]) from None


def _refuse(name: str, message: str, mend: str | None = None) -> NoReturn:
    raise FlowError([Finding(name, Span(1, 1, 1, 1), message, mend, "error", "unreadable-file")]) from None


_BREAK = re.compile(r"\r\n|\r|\n")
_SAVE_AS_UTF8 = 'in the editor, choose "Save with encoding" and then UTF-8'
