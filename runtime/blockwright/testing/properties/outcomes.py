"""Runs of a flow over made-up answers, and all that can be seen of them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blockwright.engine.limits import Limits
from blockwright.engine.manual_clock import ManualClock
from blockwright.engine.trace import BranchEnds
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
    def is_settled(self) -> bool:
        """Whether no branch or round failed or was stopped: then nothing that was done depends on which came first."""
        ends = (each for each in self.events if isinstance(each, BranchEnds))
        return not any(each.failure is not None or each.was_stopped for each in ends)


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
