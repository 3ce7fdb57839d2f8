"""Writing to the terminal and to pipes: UTF-8 everywhere, colours and escapes only where a person looks."""

from __future__ import annotations

import io
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TextIO


class CallError(Exception):
    """The command was called in a way that cannot work. ``message`` says what is wrong, ``mend`` what to write."""

    def __init__(self, message: str, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


class OutputError(Exception):
    """The result cannot be written where it should go."""


def prepare_streams() -> None:
    """Make both streams UTF-8, whatever the system's code page; what UTF-8 cannot say comes out escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str) -> None:
    """Print a result: as it is into a pipe or file, with control characters escaped at a terminal.

    Raises BrokenPipeError when nobody reads it, OutputError when it cannot be written.
    """
    say_raw(safe(text) if has_terminal(sys.stdout) else text)


def say_raw(text: str) -> None:
    """Print a part of a result that carries its own colours and escapes. Raises as ``say`` does."""
    with _writing():
        print(text)


def finish() -> None:
    """Make sure that the whole result is written. Raises as ``say`` does."""
    with _writing():
        if sys.stdout is not None:
            sys.stdout.flush()


def tell(text: str) -> None:
    """Print what is not the result, such as log lines and complaints, to stderr."""
    painted(safe(text) if has_terminal(sys.stderr) else text)


def complain(message: str, mend: str | None = None) -> None:
    """Say on stderr that the command cannot do what it was asked, and how to mend it."""
    tell(f"blockwright: {message}" + (f"\n  = hint: {mend}" if mend else ""))


def has_color(stream: TextIO | None) -> bool:
    """Whether to use colours: only at a terminal that shows them, and not against the wish of NO_COLOR."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not has_terminal(stream):
        return False
    return os.name != "nt" or any(name in os.environ for name in ("WT_SESSION", "ANSICON", "ConEmuANSI"))


def painted(text: str) -> None:
    """Print to stderr what carries its own colours and escapes. A run goes on when nobody reads it there."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def has_terminal(stream: TextIO | None) -> bool:
    """Whether a person is there. Python has no stream at all where the caller closed it."""
    return stream is not None and stream.isatty()


def columns(rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """Rows as lines whose cells stand below one another; at a terminal the last cell is wrapped into its column."""
    from rich.cells import cell_len

    listed = [[*row] for row in rows]
    sizes = [max(map(cell_len, cells)) for cells in zip(*(row[:-1] for row in listed), strict=True)]
    start = len(indent) + sum(sizes) + 2 * len(sizes)
    room = shutil.get_terminal_size().columns - start if has_terminal(sys.stdout) else 0
    lines = []
    for row in listed:
        head = "".join(cell + " " * (size - cell_len(cell) + 2) for cell, size in zip(row, sizes, strict=False))
        parts = textwrap.wrap(row[-1], room) if room >= 20 else [row[-1]]
        lines += [(indent + head + part).rstrip() for part in parts[:1] or [""]]
        lines += [" " * start + part for part in parts[1:]]
    return "\n".join(lines)


def safe(text: str) -> str:
    """The text with every character that could play tricks on a terminal escaped; lines stay lines."""
    from blockwright.language.diagnostics import visible

    return text if text.isascii() and text.isprintable() else "\n".join(map(visible, text.split("\n")))


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror or str(error)) from error
