"""Tests of flows, run: compiled and watched, each time in a world of their own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blockwright.engine.inputs import InputsError
from blockwright.expressions import evaluating
from blockwright.expressions.values import Value, give, take
from blockwright.failure import Failure, Place
from blockwright.testing.covering import Steps
from blockwright.testing.judging import Problem, Ran, judge
from blockwright.testing.values import worked_out
from blockwright.testing.world import STEPS, NotReady, World

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow
    from blockwright.engine.trace import Watch
    from blockwright.language.cases.checked import Case


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a test: its ``problems``, none when it passed, the steps that ran, and the seconds it took."""

    case: Case
    flow: Flow
    problems: tuple[Problem, ...]
    steps: frozenset[Place]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.problems


def run_case(case: Case, flow: Flow, services: Sequence[object] = ()) -> Outcome:
    """Run a test of a flow: once as applications run it, and once watched, which must come to the same.

    ``services`` are the application's own, besides the app in memory that every test has.
    """
    began = time.perf_counter()
    steps = Steps()
    problems = _once(case, flow, services, None)
    watched = _once(case, flow, services, steps.watch)
    if not problems:
        problems = tuple(Problem(f"while it was watched, {each.message}", each.place, each.lines) for each in watched)
    return Outcome(case, flow, problems, frozenset(steps.seen), time.perf_counter() - began)


def _once(case: Case, flow: Flow, services: Sequence[object], watch: Watch | None) -> tuple[Problem, ...]:
    try:
        world = World(case, services)
        session = world.prepare()
        with evaluating(STEPS, world.clock.now):
            inputs = {name: give(worked_out(value)) for name, value in case.inputs.items()}
        ran = _run(flow, world, inputs, session, watch)
    except NotReady as problem:
        return tuple(Problem(each.message, Place(each.file, *each.span[:2])) for each in problem.findings)
    except InputsError as error:
        return tuple(Problem(each, case.place) for each in error.problems)
    except Failure as failure:
        return (Problem(f"what is given here cannot be worked out: {failure.message}", case.place),)
    with evaluating(STEPS, world.clock.now):
        return tuple(judge(case, ran))


def _run(flow: Flow, world: World, inputs: dict[str, object], session: str | None, watch: Watch | None) -> Ran:
    log: list[str] = []

    def keep(text: str, place: Place) -> None:  # noqa: ARG001 - it is passed by name
        log.append(text)

    returned: Value = None
    failure = None
    try:
        returned = take(world.host(flow).run(inputs, watch=watch, log=keep, user_token=session))
    except Failure as error:
        failure = error
    return Ran(returned, failure, log, world, flow)
