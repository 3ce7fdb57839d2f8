"""``--trace-file``: what a run does, as JSON lines for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from blockwright.cli.stopping import NO_READER, NO_ROOM, OK
from blockwright.cli.terminal import CallError, OutputError, complain, has_terminal, safe, say_raw
from blockwright.engine.runtime import Flow
from blockwright.engine.trace import Event
from blockwright.engine.trace_data import event_data
from blockwright.language.showing import as_json_line

STANDARD_OUTPUT = "-"


class TraceFile:
    """Writes each event as it happens. A run is not stopped by a file that cannot be written any further."""

    def __init__(self, path: str, file: TextIO | None) -> None:
        self._path = path
        self._file = file
        self._problem: OSError | OutputError | None = None

    def __call__(self, event: Event) -> None:
        if self._problem is not None:
            return
        try:
            self._write(as_json_line(event_data(event)) + "\n")
        except (OSError, OutputError) as error:
            self._problem = error

    def _write(self, line: str) -> None:
        if self._file is not None:
            self._file.write(line)
        else:
            say_raw(safe(line) if has_terminal(sys.stdout) else line, end="")

    def ending(self, code: int) -> int:
        """The exit code of the command whose run ended with ``code``; says so when the trace is not whole."""
        if self._problem is None:
            return code
        if isinstance(self._problem, BrokenPipeError):
            return NO_READER if code == OK else code
        complain(f"the trace in {self._path} is not whole: {_reason(self._problem)}")
        return NO_ROOM if code == OK else code


@contextmanager
def writing(path: str, flow: Flow) -> Iterator[TraceFile]:
    """A trace in a new file, or on standard output where ``path`` is ``-``. Raises CallError for a file that cannot be
    written, and for one that the flow is made of."""
    if path == STANDARD_OUTPUT:
        yield TraceFile("standard output", None)
        return
    if any(_are_one(path, program.source.path) for program in flow.programs):
        raise CallError(f"the trace would be written over the flow in {path}", "give another name to --trace-file")
    try:
        file = Path(path).open("w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115 - see below
    except OSError as error:
        raise CallError(f"the trace cannot be written into {path}: {_reason(error)}") from None
    try:
        yield TraceFile(path, file)
    finally:
        with suppress(OSError):
            file.close()


def _are_one(path: str, other: str) -> bool:
    try:
        return Path(path).samefile(other)
    except (OSError, ValueError):
        return False


def _reason(error: OSError | OutputError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
