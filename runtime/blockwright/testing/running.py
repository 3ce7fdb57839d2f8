"""Tests of flows, run: compiled and watched, each time in a world of their own."""

from __future__ import annotations

import asyncio
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
from blockwright.testing.world import PATIENCE, STEPS, NotReady, World

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


def run_case(case: Case, flow: Flow, services: Sequence[object] = (), patience: float = PATIENCE) -> Outcome:
    """Run a test of a flow: once as applications run it, and once watched, which must come to the same.

    ``services`` are the application's own, besides the app in memory that every test has. ``patience`` is for how many
    real seconds it waits for their blocks while nothing else happens.
    """
    began = time.perf_counter()
    steps = Steps()

    def once(watch: Watch | None) -> tuple[Problem, ...]:
        world = World(case, services, patience)
        return _once(case, flow, world, watch)

    try:
        problems = once(None)
        watched = once(steps.watch)
        if not problems:
            problems = tuple(_while_watched(each) for each in watched)
    except Endless as endless:
        problems = endless.problems
    except NotReady as problem:
        problems = tuple(Problem(each.message, Place(each.file, *each.span[:2])) for each in problem.findings)
    return Outcome(case, flow, problems, frozenset(steps.seen), time.perf_counter() - began)


class Endless(Exception):
    """A run did not come to its end, so no other is tried."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


def _while_watched(problem: Problem) -> Problem:
    return Problem(f"while it was watched, {problem.message}", problem.place, problem.lines)


def _once(case: Case, flow: Flow, world: World, watch: Watch | None) -> tuple[Problem, ...]:
    session = world.prepare()
    try:
        with evaluating(STEPS, world.clock.now):
            inputs = {name: give(worked_out(value)) for name, value in case.inputs.items()}
        ran = _run(flow, world, inputs, session, watch)
    except InputsError as error:
        return tuple(Problem(each, case.place) for each in error.problems)
    except Failure as failure:
        return (Problem(f"what is given here cannot be worked out: {failure.message}", case.place),)
    with evaluating(STEPS, world.clock.now):
        problems = tuple(judge(case, ran))
    if world.clock.is_stuck:
        raise Endless(problems)
    return problems


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
    except asyncio.CancelledError:
        if not world.clock.is_stuck:
            raise
    return Ran(returned, failure, log, world, flow)
