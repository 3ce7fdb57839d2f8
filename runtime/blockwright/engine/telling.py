"""Telling a watcher what the interpreter does."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

from blockwright.catalogue import Block
from blockwright.engine import trace
from blockwright.engine.secrets import MASK
from blockwright.engine.trace import NO_INPUTS, Activity, Event, Watch
from blockwright.expressions.values import give
from blockwright.failure import Failure

if TYPE_CHECKING:
    from blockwright.engine.run import Placed, Run
    from blockwright.engine.unit import Unit
    from blockwright.expressions.values import Value
    from blockwright.language import program as p
    from blockwright.language.program import Asked, Step

_new = tuple.__new__
"""Makes an event of a tuple: in half the time that its class takes, and there are two of them a step."""

_PLAIN = frozenset({bool, int, str, type(None)})


class Teller:
    """Makes the events of one run. Once the watcher has raised something, it is told no more."""

    def __init__(self, watch: Watch, run: Run) -> None:
        self._watch: Watch | None = watch
        self._secrets = run.secrets
        self._monotonic = run.clock.monotonic
        self._start = run.clock.monotonic()
        self._next = itertools.count(1).__next__
        self._run = uuid4().hex
        self._told: Placed | None = None

    def run_begins(self, unit: Unit, inputs: Mapping[str, Value]) -> Activity:
        of = Activity(self._run, self._next(), None, unit.program.name, unit.top, unit.program.name, 0, 0.0)
        self._tell(trace.RunBegins(of, 0.0, self.inputs(unit.program.main.inputs, inputs)))
        return of

    def run_gives(self, of: Activity, value: Value) -> None:
        self._tell(trace.RunEnds(of, self._now(), self._shown(value)))

    def run_fails(self, of: Activity, failure: Placed) -> None:
        self._tell(trace.RunEnds(of, self._now(), failure=self._leaving(failure)))

    def run_stops(self, of: Activity) -> None:
        self._tell(trace.RunEnds(of, self._now(), was_stopped=True))

    def step(self, around: Activity, unit: Unit, step: Step, depth: int) -> Activity:
        """A step that is about to begin."""
        name, place = unit.known_as(step)
        began = self._monotonic() - self._start
        return _new(Activity, (self._run, self._next(), around.id, name, place, unit.program.name, depth, began))

    def begins(self, of: Activity, inputs: Mapping[str, object] = NO_INPUTS) -> None:
        self._tell(_new(trace.StepBegins, (of, of.began, inputs)))

    def gives(self, of: Activity, value: Value, is_secret: bool = False) -> None:
        self._tell(trace.StepGives(of, self._now(), None if is_secret else self._shown(value), is_secret))

    def ends(self, of: Activity) -> None:
        self._tell(_new(trace.StepEnds, (of, self._monotonic() - self._start)))

    def fails(self, of: Activity, failure: Placed) -> None:
        is_new, self._told = failure is not self._told, failure
        self._tell(trace.StepFails(of, self._now(), self._leaving(failure), is_new))

    def stops(self, of: Activity) -> None:
        self._tell(trace.StepStops(of, self._now()))

    def tries(self, of: Activity, number: int, count: int) -> None:
        self._tell(trace.TryBegins(of, self._now(), number, count))

    def waits(self, of: Activity, seconds: float) -> None:
        self._tell(trace.WaitBegins(of, self._now(), seconds))

    def rounds(self, of: Activity, number: int, count: int | None) -> None:
        self._tell(trace.RoundBegins(of, self._now(), number, count))

    def branch_begins(self, around: Activity, name: str, number: int, count: int) -> Activity:
        now = self._now()
        of = around._replace(
            id=self._next(), parent=around.id, name=f"{name} {number}", depth=around.depth + 1, began=now
        )
        self._tell(trace.BranchBegins(of, now, number, count))
        return of

    def branch_ends(self, of: Activity, failure: Placed | None = None, *, was_stopped: bool = False) -> None:
        self._tell(trace.BranchEnds(of, self._now(), self._leaving(failure) if failure else None, was_stopped))

    def inputs(self, asked: tuple[Asked, ...], given: Mapping[str, Value]) -> dict[str, object]:
        """The inputs of a flow or function as a watcher sees them."""
        secret = {each.name for each in asked if each.secret}
        return {name: MASK if name in secret else self._shown(value) for name, value in given.items()}

    def arguments(self, call: p.Call, values: Mapping[str, Value]) -> dict[str, object]:
        """The inputs of a call as a watcher sees them, as far as they are worked out."""
        return {
            (name := each.input.name): MASK if each.input.secret else self._shown(values[name])
            for each in call.arguments[: len(values)]
        }

    def _now(self) -> float:
        return self._monotonic() - self._start

    def _tell(self, event: Event) -> None:
        watch = self._watch
        if watch is not None:
            try:
                watch(event)
            except BaseException:
                self._watch = None
                raise

    def _leaving(self, failure: Placed) -> Failure:
        leaving = failure.leaving()
        return self._secrets.failure(leaving) if self._secrets else leaving

    def _shown(self, value: Value) -> object:
        if type(value) in _PLAIN and not self._secrets:
            return value
        try:
            return self._secrets.value(give(value))
        except Failure:
            return None


def is_secret(call: p.Call) -> bool:
    """Whether what a call gives is for nobody's eyes."""
    return isinstance(call.callee, Block) and call.callee.result_secret
