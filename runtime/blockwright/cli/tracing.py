"""``--trace``: what a run does, as a tree, while it does it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from blockwright.cli.terminal import has_color, has_terminal, safe, tell
from blockwright.engine import trace
from blockwright.engine.trace import Activity, Event
from blockwright.expressions.temporal.words import duration_words
from blockwright.expressions.values import shown, take
from blockwright.failure import Failure, Place

if TYPE_CHECKING:
    from rich.live import Live

LONGEST_INPUTS = 60
"""Characters that a line shows of a call's inputs."""

SLOW = 0.1
"""Seconds from which on a line says how long a step took."""

_MODIFIERS = frozenset({"retry", "time limit"})
_QUIET = _MODIFIERS | {"try", "wait"}


class Tracer:
    """Prints each step with its line when it begins, what it gave, how it failed, and how long it took.

    A step with handlers, tries or a time limit of its own is told as a step in others, in the same place; only the step
    is shown. What branches do comes in the order in which it happens; the name of a branch stands above its lines.
    """

    def __init__(self) -> None:
        self._file: str | None = None
        self._open: dict[int, Activity] = {}
        self._depths: dict[int, int] = {}
        self._branches: dict[int, Activity | None] = {}
        self._branch: Activity | None = None
        self._stopped: set[int] = set()
        self._held: list[Activity] = []
        self._loops = Loops()

    @contextmanager
    def showing(self) -> Iterator[Tracer]:
        """Show where the loops at work are, too, where a person looks."""
        with self._loops.showing():
            yield self

    def __call__(self, event: Event) -> None:
        of = event.of
        match event:
            case trace.StepBegins(inputs=inputs):
                self._begins(of, inputs)
            case trace.BranchBegins():
                self._release()
                self._depths[of.id] = self._depths.get(self._around(of).id, -1) + 1
                self._open[of.id] = of
                self._branch = self._branches[of.id] = of
                self._line(of, f"· {of.name}", "dim")
            case trace.RoundBegins(number=number, total=total):
                self._loops.round(of, number, total)
            case trace.TryBegins(number=number, total=total) if number > 1:
                self._note(of, f"try {number} of {total}", "yellow")
            case trace.WaitBegins(seconds=seconds):
                self._note(of, f"waits {duration_words(round(seconds, 3))}", "dim")
            case trace.StepGives(is_secret=True):
                self._note(of, "gives a secret", "green")
            case trace.StepGives(value=value) if value is not None:
                self._note(of, f"gives {_short(value)}", "green")
            case trace.StepFails(failure=failure, is_new=True):
                self._note(of, f"failed with {failure.code}: {failure.message}", "bold red")
            case trace.StepStops() if of.id not in self._stopped:
                self._note(of, "was stopped", "yellow")
            case trace.StepEnds(at=at) if at - of.began >= SLOW and of.name not in _QUIET:
                self._note(of, f"took {duration_words(round(at - of.began, 3))}", "dim")
        if isinstance(event, trace.StepStops) and of.parent is not None:
            self._stopped.add(of.parent)
        if isinstance(event, trace.StepEnds | trace.StepFails | trace.StepStops | trace.BranchEnds):
            self._ends(of)

    def _begins(self, of: Activity, inputs: Mapping[str, object]) -> None:
        around = self._around(of)
        is_modifier = of.name in _MODIFIERS
        is_one_with = around.name == "try" and (is_modifier or around.place == of.place)
        self._open[of.id] = of
        self._branches[of.id] = self._branches.get(around.id)
        self._depths[of.id] = self._depths.get(around.id, -1) + (not is_one_with)
        if of.name == "try":
            self._held.append(of)
        elif not is_modifier:
            self._release(of.place)
            self._line(of, of.name + _given(inputs), "")

    def _around(self, of: Activity) -> Activity:
        """The step around another that has a line of its own, or may have one."""
        around = self._open.get(of.parent or 0)
        while around is not None and around.name in _MODIFIERS:
            around = self._open.get(around.parent or 0)
        return around or of._replace(id=0, name="")

    def _release(self, place: Place | None = None) -> None:
        """Show each ``try`` that was held back, unless it only stands for the handlers of the step at this place."""
        held, self._held = self._held, []
        for of in held:
            if of.place != place:
                self._line(of, of.name, "")

    def _ends(self, of: Activity) -> None:
        self._open.pop(of.id, None)
        self._depths.pop(of.id, None)
        self._stopped.discard(of.id)
        self._branches.pop(of.id, None)
        self._held = [each for each in self._held if each.id != of.id]
        self._loops.ends(of)

    def _line(self, of: Activity, text: str, style: str) -> None:
        if of.place.file != self._file:
            self._file = of.place.file
            self._print(f"{of.place.file}: {of.flow}", "bold")
        self._name_branch(of)
        self._print(f"{of.place.line:>5}  {'  ' * self._depths.get(of.id, 0)}{text}", style)

    def _note(self, of: Activity, text: str, style: str) -> None:
        self._release()
        self._name_branch(of)
        self._print(f"{'':>5}  {'  ' * self._depths.get(of.id, 0)}  {text}", style)

    def _name_branch(self, of: Activity) -> None:
        """Say whose line comes next, where the last one was another branch's."""
        branch = self._branches.get(of.id)
        if branch is not None and branch is not self._branch:
            self._print(f"{'':>5}  {'  ' * self._depths.get(branch.id, 0)}· {branch.name}", "dim")
        self._branch = branch

    def _print(self, text: str, style: str) -> None:
        self._loops.print(text, style)


class Loops:
    """The line at the bottom of a terminal that says in which rounds the loops at work are."""

    def __init__(self) -> None:
        self._rounds: dict[int, str] = {}
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

    def round(self, of: Activity, number: int, total: int | None) -> None:
        among = f" of {total:,}" if total else ""
        self._rounds[of.id] = f"{of.name} (line {of.place.line}): round {number:,}{among}"

    def ends(self, of: Activity) -> None:
        self._rounds.pop(of.id, None)

    def print(self, text: str, style: str) -> None:
        """Print a line above."""
        if self._live is None:
            tell(text)
            return
        from rich.text import Text

        self._live.console.print(Text(safe(text), style=style))

    def _shown(self) -> str:
        return safe("; ".join(list(self._rounds.values())))


def _given(inputs: Mapping[str, object]) -> str:
    if not inputs:
        return ""
    text = ", ".join(f"{name}: {_short(value)}" for name, value in inputs.items())
    return f"  ({text if len(text) <= LONGEST_INPUTS else text[: LONGEST_INPUTS - 1] + '…'})"


def _short(value: object) -> str:
    try:
        return shown(take(value))
    except Failure:
        return "…"
