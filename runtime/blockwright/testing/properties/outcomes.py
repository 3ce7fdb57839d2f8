"""Runs of a flow over made-up answers, and all that can be seen of them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blockwright.engine.limits import Limits
from blockwright.engine.manual_clock import ManualClock
from blockwright.failure import Failure
from blockwright.testing.properties.answers import Answers, Call

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow
    from blockwright.engine.trace import Event
    from blockwright.failure import Place

LIMITS = Limits(steps=20_000)
"""A loop that goes on until a block says otherwise may go on for ever when answers are made up."""


@dataclass(frozen=True)
class Outcome:
    """What a run gave, or how it failed; what it logged, which blocks it called, and what a watcher saw of it."""

    value: object
    failure: Failure | None
    log: tuple[str, ...]
    calls: tuple[Call, ...]
    events: tuple[Event, ...]

    @property
    def ending(self) -> str:
        """How it ended, in words."""
        if self.failure is None:
            return f"returned {self.value!r}"
        return f"failed with {self.failure}"

    @property
    def end(self) -> tuple[object, ...]:
        """How it ended, with everything about a failure, to compare it with the end of another."""
        if self.failure is None:
            return "returned", repr(self.value)
        of = self.failure
        return "failed", of.code, of.message, repr(of.details), of.place, of.flow, of.block

    @property
    def did(self) -> tuple[list[str], list[str]]:
        """What it logged and which blocks it called, whatever the order."""
        return sorted(self.log), sorted(map(str, self.calls))

    @property
    def called(self) -> str:
        """Which blocks it called, in words."""
        return f"called {', '.join(map(str, self.calls))}" if self.calls else "called nothing"


@dataclass(frozen=True)
class Checked:
    """A flow that was run with some inputs and answers: as applications run it, and watched."""

    flow: Flow
    inputs: Mapping[str, object]
    answers: Answers
    compiled: Outcome
    watched: Outcome


def both_ways(flow: Flow, inputs: Mapping[str, object], answers: Answers, limits: Limits = LIMITS) -> Checked:
    """Run a flow as applications run it, and once more watched."""
    compiled = run_over(flow, inputs, answers, limits, watched=False)
    return Checked(flow, inputs, answers, compiled, run_over(flow, inputs, answers, limits, watched=True))


def run_over(
    flow: Flow, inputs: Mapping[str, object], answers: Answers, limits: Limits = LIMITS, *, watched: bool
) -> Outcome:
    """Run a flow over answers, with a clock of its own, which jumps."""
    calls: list[Call] = []
    events: list[Event] = []
    log: list[str] = []

    def write(text: str, place: Place) -> None:  # noqa: ARG001 - the engine passes it by name
        log.append(text)

    hosted = answers.over(flow, ManualClock(), calls)
    value, failed = None, None
    try:
        value = hosted.run(
            copy.deepcopy(dict(inputs)), watch=events.append if watched else None, log=write, limits=limits
        )
    except Failure as failure:
        failed = failure
    return Outcome(value, failed, tuple(log), tuple(calls), tuple(events))
