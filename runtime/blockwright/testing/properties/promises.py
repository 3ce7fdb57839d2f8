"""What has to hold of every run of a flow whose blocks keep to what they declare. Each gives a sentence where it does
not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from blockwright.engine.trace import StepBegins, StepFails, TryBegins
from blockwright.expressions.values import admits, take
from blockwright.failure import FINAL_CODES, UNEXPECTED, Place
from blockwright.language import program as p
from blockwright.language.checker.contracts import UNDECLARED
from blockwright.testing.properties.outcomes import Checked, Outcome, run_over

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow

Promise: TypeAlias = Callable[[Checked], str | None]
"""A property of a flow that was run: None when it holds, else what is wrong."""


def never_unexpected(checked: Checked) -> str | None:
    """A checked flow never ends in ``unexpected``."""
    for outcome in _outcomes(checked):
        if outcome.failure is not None and outcome.failure.code == UNEXPECTED:
            return f"it ended in `unexpected`, though every block kept to what it declares: {outcome.failure}"
    return None


def fails_as_announced(checked: Checked) -> str | None:
    """Every failure that arrives is one that was announced before the run."""
    announced = checked.flow.failures
    for outcome in _outcomes(checked):
        code = outcome.failure.code if outcome.failure else None
        if code is not None and None not in announced and code not in announced | FINAL_CODES:
            return f"it failed with {code}, which it was not known to: {outcome.failure}"
    return None


def keeps_its_contract(checked: Checked) -> str | None:
    """A flow gives what its ``returns`` says, and fails only with what its ``failures`` say."""
    contract = checked.flow.contract
    for outcome in _outcomes(checked):
        if outcome.failure is not None:
            code = outcome.failure.code
            if contract.failures is not None and code not in contract.failures.keys() | UNDECLARED:
                return f"it failed with {code}, which its `failures` do not name: {outcome.failure}"
        elif contract.returns is not None and not admits(contract.returns.type, take(outcome.value)):
            return f"it promises {contract.returns.type}, and gave {outcome.value!r}"
    return None


def always_runs_once(checked: Checked) -> str | None:
    """What stands under ``always`` runs exactly once each time that its ``try`` is begun."""
    firsts = dict(_firsts_of_always(checked.flow))
    entered: dict[int, Place] = {}
    runs: Counter[int] = Counter()
    seen: set[int] = set()
    for event in checked.watched.events:
        if not isinstance(event, StepBegins | StepFails) or event.of.id in seen:
            continue
        seen.add(event.of.id)
        around = entered.get(event.of.parent or 0)
        if around is not None and event.of.place == firsts[around]:
            runs[event.of.parent or 0] += 1
        if event.of.name == "try" and event.of.place in firsts:
            entered[event.of.id] = event.of.place
    for each, place in entered.items():
        if runs[each] != 1:
            return f"`always` of the `try` at {place} ran {runs[each]} times in a run that begins it once"
    return None


def retries_within_tries(checked: Checked) -> str | None:
    """A retry never takes more tries than it may."""
    tries: Counter[int] = Counter()
    for event in checked.watched.events:
        if isinstance(event, TryBegins):
            tries[event.of.id] += 1
            if tries[event.of.id] > event.total:
                return f"the `retry` at {event.of.place} took {tries[event.of.id]} tries, and may take {event.total}"
    return None


def means_the_same_watched(checked: Checked) -> str | None:
    """A run that somebody watches comes to the same as one that nobody watches."""
    compiled, watched = checked.compiled, checked.watched
    if _runs_side_by_side(checked.flow):
        steady = replace(checked.answers, steady=True)
        watched = run_over(checked.flow, checked.inputs, steady, watched=True)
        if not watched.is_settled:
            return None
        compiled = run_over(checked.flow, checked.inputs, steady, watched=False)
        same = sorted(compiled.log) == sorted(watched.log)
    else:
        same = (compiled.log, compiled.calls) == (watched.log, watched.calls)
    if compiled.ending != watched.ending:
        return f"it {compiled.ending}; but watched, it {watched.ending}"
    return None if same else f"it logged {compiled.log} and called {compiled.calls}; but watched, {watched}"


def at_once_does_not_matter(checked: Checked) -> str | None:
    """What a flow returns does not depend on how many rounds run at once, where blocks answer by their inputs alone.

    A time limit makes it depend on that, and so does a round that fails; such flows and runs are passed over.
    """
    flow = checked.flow
    if not any(_at_once(flow)) or any(isinstance(step, p.Limited) for step in _steps(flow)):
        return None
    steady = replace(checked.answers, steady=True)
    together = run_over(flow, checked.inputs, steady, watched=True)
    alone = run_over(flow.rewritten(one_at_a_time), checked.inputs, steady, watched=True)
    if not (together.is_settled and alone.is_settled) or _is_final(together) or _is_final(alone):
        return None
    if together.ending != alone.ending:
        return f"it {together.ending}; but with one round at a time, it {alone.ending}"
    return None


PROMISES: Mapping[str, Promise] = {
    each.__name__: each
    for each in (
        never_unexpected,
        fails_as_announced,
        keeps_its_contract,
        always_runs_once,
        retries_within_tries,
        means_the_same_watched,
        at_once_does_not_matter,
    )
}
"""All of them, by name."""


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


def _outcomes(checked: Checked) -> tuple[Outcome, Outcome]:
    return checked.compiled, checked.watched


def _is_final(outcome: Outcome) -> bool:
    return outcome.failure is not None and outcome.failure.code in FINAL_CODES


def _steps(flow: Flow) -> Iterator[p.Step]:
    for program in flow.programs:
        for routine in program.routines():
            yield from p.every_step(routine.body)


def _at_once(flow: Flow) -> Iterator[p.ForEach]:
    return (step for step in _steps(flow) if isinstance(step, p.ForEach) and step.at_once is not None)


def _runs_side_by_side(flow: Flow) -> bool:
    return any(_at_once(flow)) or any(isinstance(step, p.Together) for step in _steps(flow))


def _firsts_of_always(flow: Flow) -> Iterator[tuple[Place, Place]]:
    """Where each ``try`` with an ``always`` begins, and the first step of that."""
    for program in flow.programs:
        for routine in program.routines():
            for step in p.every_step(routine.body):
                if isinstance(step, p.Try) and step.always:
                    file = program.source.path
                    yield _place(file, step), _place(file, step.always[0])


def _place(file: str, step: p.Step) -> Place:

    return Place(file, step.span.line, step.span.column)
