"""``--trace``: what a run does, as a tree, while it does it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from blockwright.cli.progress import Progress
from blockwright.cli.terminal import has_terminal
from blockwright.engine import trace
from blockwright.engine.trace import Activity, Event
from blockwright.expressions.temporal.words import duration_words
from blockwright.expressions.values import shown, take
from blockwright.failure import Failure, Place

LONGEST_INPUTS = 60
"""Characters that a line shows of a call's inputs."""

SLOW = 0.1
"""Seconds from which on a line says how long a step took."""

MOST_ROUNDS = 10
"""Rounds of a loop that are shown at a terminal; of the others those in which something fails, as many at most."""

_MODIFIERS = frozenset({"retry", "time limit"})
_UNTIMED = _MODIFIERS | {"try", "wait"}


@dataclass(slots=True, eq=False)
class _Open:
    """An activity at work, and how it is shown: how deep, in which branch, and whether it is kept quiet about.

    Of a loop, ``rounds`` is how many have begun; ``round`` is the line of the one at work, where one comes after the
    other; ``failing`` counts those that are shown because something failed in them.
    """

    of: Activity
    around: _Open | None
    depth: int
    branch: _Open | None
    text: str
    inputs: Mapping[str, object] = field(default_factory=dict)
    is_quiet: bool = False
    is_told: bool = False
    rounds: int = 0
    round: _Open | None = None
    failing: int = 0


class Tracer:
    """Prints each step with its line when it begins, what it gave, how it failed, and how long it took.

    A step with handlers, tries or a time limit of its own is told as a step in others, in the same place; only the step
    is shown. What branches do comes in the order in which it happens; the name of a branch stands above its lines. At a
    terminal, later rounds of a loop are kept quiet about, except for what fails or is stopped there, and the way to it.
    """

    def __init__(self) -> None:
        self._file: str | None = None
        self._open: dict[int, _Open] = {}
        self._branch: _Open | None = None
        self._stopped: set[int] = set()
        self._held: list[_Open] = []
        self._most_rounds = sys.maxsize
        self._progress = Progress()

    @contextmanager
    def showing(self) -> Iterator[Tracer]:
        """Show where the loops at work are, too, where a person looks."""
        if has_terminal(sys.stderr):
            self._most_rounds = MOST_ROUNDS
        with self._progress.showing():
            yield self

    def __call__(self, event: Event) -> None:
        match event:
            case trace.StepBegins(of=of, inputs=inputs):
                self._begins(of, inputs)
            case trace.RoundBegins(of=of, number=number, total=total):
                self._progress.round(of, number, total)
                self._round_begins(self._open[of.id], number)
            case trace.BranchBegins(of=of, number=number, total=total):
                self._branch_begins(of, number, total)
            case trace.StepEnds() | trace.StepFails() | trace.StepStops() | trace.BranchEnds():
                one = self._open.pop(event.of.id, None)
                if one is not None:
                    self._ends(one, event)
            case _:
                one = self._open.get(event.of.id)
                if one is not None and not one.is_quiet:
                    self._happens(one, event)

    def _begins(self, of: Activity, inputs: Mapping[str, object]) -> None:
        around = self._around(of)
        is_modifier = of.name in _MODIFIERS
        is_one_with = around is not None and around.of.name == "try" and (is_modifier or around.of.place == of.place)
        text = "" if is_modifier else of.name
        one = self._open[of.id] = _Open(of, around, self._depth(around) + (not is_one_with), None, text, inputs)
        if around is not None:
            one.branch = around.branch
            one.is_quiet = around.is_quiet or (around.round is not None and around.rounds > self._most_rounds)
        if one.is_quiet or is_modifier:
            return
        if of.name == "try":
            self._held.append(one)
        else:
            self._release(of.place)
            self._line(one)

    def _depth(self, around: _Open | None) -> int:
        return -1 if around is None else around.depth + (around.round is not None)

    def _branch_begins(self, of: Activity, number: int, total: int) -> None:
        around = self._around(of)
        one = self._open[of.id] = _Open(of, around, self._depth(around) + 1, None, f"· {of.name}")
        one.branch = one
        if around is None:
            return
        is_round = of.name.startswith("round ")
        if is_round:
            around.rounds = total
            self._progress.rounds_at_once(around.of, total)
        one.is_quiet = around.is_quiet or (is_round and number > self._most_rounds)
        if not one.is_quiet:
            self._release()
            self._line(one)
        elif number == self._most_rounds + 1:
            self._say_quiet(around)

    def _round_begins(self, loop: _Open, number: int) -> None:
        loop.rounds = number
        loop.round = _Open(loop.of, loop, loop.depth + 1, loop.branch, f"· round {number:,}", is_quiet=loop.is_quiet)
        if number <= self._most_rounds and not loop.is_quiet:
            self._release()
            self._line(loop.round)
        elif number == self._most_rounds + 1:
            self._say_quiet(loop)

    def _say_quiet(self, loop: _Open) -> None:
        if not loop.is_quiet:
            self._note(loop, f"· from round {self._most_rounds + 1} on, only what fails or is stopped is shown", "dim")

    def _happens(self, one: _Open, event: Event) -> None:
        match event:
            case trace.TryBegins(number=number, total=total) if number > 1:
                self._note(one, f"try {number} of {total}", "yellow")
            case trace.WaitBegins(seconds=seconds):
                self._note(one, f"waits {duration_words(round(seconds, 3))}", "dim")
            case trace.StepGives(is_secret=True):
                self._note(one, "gives a secret", "green")
            case trace.StepGives(value=value) if value is not None:
                self._note(one, f"gives {_short(value)}", "green")

    def _ends(self, one: _Open, event: Event) -> None:
        of = one.of
        match event:
            case trace.StepFails(failure=failure, is_new=True) if self._reveal(one):
                self._note(one, f"failed with {failure.code}: {failure.message}", "bold red")
            case trace.StepStops() if of.id not in self._stopped and self._reveal(one):
                self._note(one, "was stopped", "yellow")
            case trace.BranchEnds() if of.name.startswith("round "):
                self._progress.is_done(of)
        if one.rounds > self._most_rounds and not one.is_quiet:
            self._note(one, f"{one.rounds:,} rounds", "dim")
        if isinstance(event, trace.StepEnds) and not one.is_quiet:
            seconds = event.at - of.began
            if seconds >= SLOW and of.name not in _UNTIMED:
                self._note(one, f"took {duration_words(round(seconds, 3))}", "dim")
        if isinstance(event, trace.StepStops) and of.parent is not None:
            self._stopped.add(of.parent)
        self._stopped.discard(of.id)
        self._held = [each for each in self._held if each is not one]
        self._progress.ends(of)

    def _reveal(self, one: _Open) -> bool:
        """Show the way to something that was kept quiet about, unless that happened too often already."""
        way: list[_Open] = []
        loops: list[_Open] = []
        at: _Open | None = one
        while at is not None and at.is_quiet and not at.is_told:
            way.append(at)
            around = at.around
            if around is not None and around.round is not None and not around.round.is_told:
                way.append(around.round)
            if around is not None and (way[-1] is around.round or at is at.branch):
                loops.append(around)
            at = around
        for loop in loops:
            loop.failing += 1
            if loop.failing == MOST_ROUNDS + 1 and not loop.is_quiet:
                self._note(loop, "· what fails from here on is not shown either", "dim")
        if any(loop.failing > MOST_ROUNDS for loop in loops):
            return False
        for each in reversed(way):
            if each.text and each.text != "try":
                self._line(each)
            each.is_told = True
        return True

    def _around(self, of: Activity) -> _Open | None:
        """The step around another that has a line of its own, or may have one."""
        around = self._open.get(of.parent or 0)
        while around is not None and around.of.name in _MODIFIERS:
            around = self._open.get(around.of.parent or 0)
        return around

    def _release(self, place: Place | None = None) -> None:
        """Show each ``try`` that was held back, unless it only stands for the handlers of the step at this place."""
        held, self._held = self._held, []
        for one in held:
            if one.of.place != place:
                self._line(one)

    def _line(self, one: _Open) -> None:
        of, is_step = one.of, not one.text.startswith("·")
        if of.place.file != self._file:
            self._file = of.place.file
            self._progress.print(f"{of.place.file}: {of.flow}", "bold")
        if one.branch is one:
            self._branch = one
        self._name_branch(one)
        text = f"{of.place.line:>5}  {'  ' * one.depth}{one.text}{_given(one.inputs)}"
        self._progress.print(text, "" if is_step else "dim")

    def _note(self, one: _Open, text: str, style: str) -> None:
        self._release()
        self._name_branch(one)
        self._progress.print(f"{'':>5}  {'  ' * one.depth}  {text}", style)

    def _name_branch(self, one: _Open) -> None:
        """Say whose line comes next, where the last one was another branch's."""
        branch = one.branch
        if branch is not None and branch is not self._branch:
            self._progress.print(f"{'':>5}  {'  ' * branch.depth}{branch.text}", "dim")
        self._branch = branch


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
