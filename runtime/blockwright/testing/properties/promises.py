"""What has to hold of every run of a flow whose blocks keep to what they declare. Each gives a sentence where it does
not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, cast

from blockwright.engine.trace import StepBegins, StepFails, TryBegins
from blockwright.expressions.values import admits, take
from blockwright.failure import FINAL_CODES, UNEXPECTED, Code, Place
from blockwright.language import program as p
from blockwright.language.checker.contracts import UNDECLARED
from blockwright.testing.properties.at_once import at_once_does_not_matter, failed_branches, was_stopped
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
    """A retry never takes more tries than it may, and tries again only for its codes."""
    retries = {place: step for place, step in _placed(checked.flow) if isinstance(step, p.Retry)}
    failed: dict[int | None, Code] = {}
    tries: Counter[int] = Counter()
    for event in checked.watched.events:
        if isinstance(event, StepFails):
            failed[event.of.parent] = event.failure.code
        if not isinstance(event, TryBegins):
            continue
        step, of = retries[event.of.place], event.of
        tries[of.id] += 1
        most = event.total
        if isinstance(step.more, p.Constant):
            most = int(cast("int", step.more.value)) + 1
        if tries[of.id] > most or event.total > most:
            return f"the `retry` at {of.place} took {tries[of.id]} tries, and may take {most}"
        if tries[of.id] > 1 and failed[of.id] not in step.codes:
            return f"the `retry` at {of.place} tried again after {failed[of.id]}, which is none of its codes"
    return None


def means_the_same_watched(checked: Checked) -> str | None:
    """A run that somebody watches comes to the same as one that nobody watches."""
    compiled, watched = checked.compiled, checked.watched
    if not _runs_side_by_side(checked.flow):
        same = (compiled.log, compiled.calls) == (watched.log, watched.calls)
    else:
        steady = replace(checked.answers, steady=True)
        watched = run_over(checked.flow, checked.inputs, steady, watched=True)
        if failed_branches(checked.flow, watched) or was_stopped(watched):
            return None
        compiled = run_over(checked.flow, checked.inputs, steady, watched=False)
        same = compiled.did == watched.did
    if compiled.end != watched.end:
        return f"it {compiled.ending}; but watched, it {watched.ending}"
    if same:
        return None
    return (
        f"it logged {list(compiled.log)} and {compiled.called}; but watched, {list(watched.log)} and {watched.called}"
    )


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


def _outcomes(checked: Checked) -> tuple[Outcome, Outcome]:
    return checked.compiled, checked.watched


def _placed(flow: Flow) -> Iterator[tuple[Place, p.Step]]:
    """Every step of a flow and of those that it calls, with its place."""
    for program in flow.programs:
        for routine in program.routines():
            for step in p.every_step(routine.body):
                yield _place(program, step), step


def _runs_side_by_side(flow: Flow) -> bool:
    steps = (step for _, step in _placed(flow))
    return any(isinstance(each, p.Together) or (isinstance(each, p.ForEach) and each.at_once) for each in steps)


def _firsts_of_always(flow: Flow) -> Iterator[tuple[Place, Place]]:
    """Where each ``try`` with an ``always`` begins, and the first step of that."""
    for place, step in _placed(flow):
        if isinstance(step, p.Try) and step.always:
            first = step.always[0].span
            yield place, Place(place.file, first.line, first.column)


def _place(program: p.Program, step: p.Step) -> Place:
    return Place(program.source.path, step.span.line, step.span.column)
