"""Which steps of flows ran in their tests, and which never did."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blockwright.engine.trace import StepBegins
from blockwright.failure import Place
from blockwright.language.program import every_step

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow
    from blockwright.engine.trace import Event


class Steps:
    """Watches runs for the steps that begin in them."""

    def __init__(self) -> None:
        self.seen: set[Place] = set()

    def watch(self, event: Event) -> None:
        if isinstance(event, StepBegins):
            self.seen.add(event.of.place)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a flow its tests ran: its file and its name, all its ``steps``, and those that were ``missed``, in
    the order of the file."""

    file: str
    flow: str
    steps: tuple[Place, ...]
    missed: tuple[Place, ...]

    @property
    def lines(self) -> list[int]:
        """The lines of the steps that never ran."""
        return sorted({place.line for place in self.missed})


def coverage_of(flow: Flow, seen: Collection[Place]) -> Coverage:
    """How much of a flow, its functions included, ran."""
    steps = steps_of(flow)
    return Coverage(flow.path, flow.name, steps, tuple(place for place in steps if place not in seen))


def steps_of(flow: Flow) -> tuple[Place, ...]:
    """The steps of a flow, its functions included, in the order of the file."""
    program = flow.programs[0]
    steps = {
        Place(program.source.path, step.span.line, step.span.column)
        for routine in program.routines()
        for step in every_step(routine.body)
    }
    return tuple(sorted(steps, key=lambda place: (place.line, place.column)))


def percentage(coverages: Collection[Coverage]) -> float:
    """How much of some flows ran, from 0 to 100; flows without steps are run whole."""
    steps = sum(len(each.steps) for each in coverages)
    missed = sum(len(each.missed) for each in coverages)
    return 100 * (steps - missed) / steps if steps else 100.0
