"""``--trace-file``: what a run does, as JSON lines for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blockwright.cli.terminal import CallError
from blockwright.engine.trace import Event, Watch
from blockwright.engine.trace_data import event_data
from blockwright.language.showing import as_json_line


@contextmanager
def writing(path: str) -> Iterator[Watch]:
    """Write each event into a new file as it happens. Raises CallError when that cannot be done."""
    with _may_fail(path), Path(path).open("w", encoding="utf-8", errors="backslashreplace", buffering=1) as file:

        def write(event: Event) -> None:
            with _may_fail(path):
                file.write(as_json_line(event_data(event)) + "\n")

        yield write


@contextmanager
def _may_fail(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CallError(f"the trace cannot be written into {path}: {error.strerror or error}") from None
