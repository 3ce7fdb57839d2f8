"""A sign of life while something takes long: only at a terminal, and gone when it is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from blockwright.cli.terminal import has_terminal


@contextmanager
def patience(what: str) -> Iterator[None]:
    """While it is entered, say at the terminal what goes on."""
    if not has_terminal(sys.stderr):
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …"):
        yield
