"""The line at the bottom of a terminal that says in which rounds the loops at work are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blockwright.cli.terminal import has_color, has_terminal, safe, tell
from blockwright.engine.trace import Activity

if TYPE_CHECKING:
    from rich.live import Live

MOST_LOOPS = 3
"""Loops that the line tells of; those that began first."""


@dataclass(slots=True)
class _Rounds:
    """How far a loop is: the round at work, or of rounds that stand side by side how many are done."""

    loop: Activity
    number: int
    total: int | None
    is_aside: bool = False

    def __str__(self) -> str:
        among = f" of {self.total:,}" if self.total else ""
        said = f"{self.number:,}{among} rounds done" if self.is_aside else f"round {self.number:,}{among}"
        return f"{self.loop.name} (line {self.loop.place.line}): {said}"


class Progress:
    """Prints lines, and keeps the one about loops below them, where a person looks."""

    def __init__(self) -> None:
        self._rounds: dict[int, _Rounds] = {}
        self._live: Live | None = None

    @contextmanager
    def showing(self) -> Iterator[None]:
        if not has_terminal(sys.stderr):
            yield
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, no_color=not has_color(sys.stderr), highlight=False, soft_wrap=True)
        live = Live(console=console, get_renderable=self._shown, refresh_per_second=8, transient=True)
        with live:
            self._live = live
            try:
                yield
            finally:
                self._live = None

    def round(self, loop: Activity, number: int, total: int | None) -> None:
        """A round of a loop begins."""
        self._rounds[loop.id] = _Rounds(loop, number, total)

    def rounds_at_once(self, loop: Activity, total: int) -> None:
        """A round begins beside others."""
        if loop.id not in self._rounds:
            self._rounds[loop.id] = _Rounds(loop, 0, total, is_aside=True)

    def is_done(self, branch: Activity) -> None:
        """A round that stood beside others is over."""
        found = self._rounds.get(branch.parent or 0)
        if found is not None:
            found.number += 1

    def ends(self, of: Activity) -> None:
        """A loop, or anything else, is over."""
        self._rounds.pop(of.id, None)

    def print(self, text: str, style: str) -> None:
        """Print a line above."""
        if self._live is None:
            tell(text)
            return
        from rich.text import Text

        self._live.console.print(Text(safe(text), style=style))

    def _shown(self) -> str:
        loops = list(map(str, list(self._rounds.values())))
        more = [f"and {len(loops) - MOST_LOOPS} more"] if len(loops) > MOST_LOOPS else []
        return safe("; ".join(loops[:MOST_LOOPS] + more))
