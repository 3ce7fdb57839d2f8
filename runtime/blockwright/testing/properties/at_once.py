"""Whether it matters how many rounds run at once, where blocks answer by their inputs alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from blockwright.engine.secrets import MASK
from blockwright.engine.trace import BranchEnds, StepFails
from blockwright.failure import FINAL_CODES, TIMED_OUT, Code, Place
from blockwright.language import program as p
from blockwright.testing.properties.outcomes import Checked, Outcome, run_over

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow

_CLOCK = re.compile(r"\b(now|today)\s*\(")


class FailedBranch(NamedTuple):
    """A branch or round that failed, and with it the step that it belongs to."""

    place: Place
    name: str
    code: Code
    message: str

    @property
    def is_round(self) -> bool:
        return self.name.startswith("round ")


def at_once_does_not_matter(checked: Checked) -> str | None:
    """What a flow returns, or fails with, does not depend on how many rounds run at once, where blocks answer by their
    inputs alone. A round that fails is like any other where the loop collects failures.

    Where it does not, that round ends the loop, and which of several is first may well depend on it: then some round
    has to fail either way, and when it is the same one, the flow has to end the same. Flows that ask what time it is,
    and runs in which something timed out, are passed over.
    """
    flow = checked.flow
    if not any(_at_once(flow)) or any(_CLOCK.search(program.source.text) for program in flow.programs):
        return None
    steady = replace(checked.answers, steady=True, uneven=True)
    together = run_over(flow, checked.inputs, steady, watched=True)
    alone = run_over(flow.rewritten(one_at_a_time), checked.inputs, steady, watched=True)
    if any(_depends_on_time(each) for each in (together, alone)):
        return None
    failed, failed_alone = failed_branches(flow, together), failed_branches(flow, alone)
    if bool(failed) != bool(failed_alone):
        when = "only with rounds at once" if failed else "only with one round at a time"
        return f"{(failed or failed_alone)[0].code} ends one of its loops {when}"
    if len(failed) > 1 or failed != failed_alone or not all(each.is_round for each in failed):
        return None
    if together.end != alone.end:
        return f"it {together.ending}; but with one round at a time, it {alone.ending}"
    if not failed and together.did != alone.did:
        return f"it {together.called}; but with one round at a time, it {alone.called}"
    return None


def failed_branches(flow: Flow, outcome: Outcome) -> list[FailedBranch]:
    """The branches and rounds that failed in a run, but those whose loop collects failures."""
    collecting = {place for place, step in _loops(flow) if step.failures_as is not None}
    return [
        FailedBranch(each.of.place, each.of.name, each.failure.code, each.failure.message)
        for each in outcome.events
        if isinstance(each, BranchEnds) and each.failure is not None and each.of.place not in collecting
    ]


def was_stopped(outcome: Outcome) -> bool:
    """Whether a branch or round of a run was stopped: how far it came depends on what ran beside it."""
    return any(isinstance(each, BranchEnds) and each.was_stopped for each in outcome.events)


def one_at_a_time(program: p.Program) -> p.Program:
    """The program with ``at once: 1`` wherever there is an ``at once``."""
    functions = {name: replace(each, body=_slower(each.body)) for name, each in program.functions.items()}
    return replace(program, main=replace(program.main, body=_slower(program.main.body)), functions=functions)


def _slower(body: p.Body) -> p.Body:
    return tuple(_slower_step(step) for step in body)


def _slower_step(step: p.Step) -> p.Step:
    match step:
        case p.If():
            branches = tuple((condition, _slower(body)) for condition, body in step.branches)
            return replace(step, branches=branches, otherwise=_slower(step.otherwise))
        case p.ForEach():
            at_once = None if step.at_once is None else p.Constant(1, step.at_once.span)
            return replace(step, body=_slower(step.body), at_once=at_once)
        case p.Count() | p.Repeat() | p.While() | p.Retry() | p.Limited():
            return replace(step, body=_slower(step.body))
        case p.Together():
            return replace(step, branches=tuple(map(_slower, step.branches)))
        case p.Try():
            handlers = tuple(replace(each, body=_slower(each.body)) for each in step.handlers)
            return replace(step, body=_slower(step.body), handlers=handlers, always=_slower(step.always))
    return step


def _depends_on_time(outcome: Outcome) -> bool:
    """Whether something timed out, the run was ended, or secrets were hidden as far as they were known by then."""
    if outcome.failure is not None and (outcome.failure.code in FINAL_CODES or MASK in str(outcome.failure)):
        return True
    if any(MASK in line for line in outcome.log):
        return True
    return any(isinstance(each, StepFails) and each.failure.code == TIMED_OUT for each in outcome.events)


def _at_once(flow: Flow) -> Iterator[p.ForEach]:
    return (step for _, step in _loops(flow) if step.at_once is not None)


def _loops(flow: Flow) -> Iterator[tuple[Place, p.ForEach]]:
    for program in flow.programs:
        for routine in program.routines():
            for step in p.every_step(routine.body):
                if isinstance(step, p.ForEach):
                    yield Place(program.source.path, step.span.line, step.span.column), step
