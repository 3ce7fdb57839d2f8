"""Walking the steps of one flow or function: document in, program out, findings on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from blockwright.expressions.types import ANYTHING, LIST, NUMBER, TEXT, YES_OR_NO, either, optional
from blockwright.language import program as p
from blockwright.language import steps as d
from blockwright.language.checker.calls import Calls
from blockwright.language.checker.formulas import Formulas
from blockwright.language.checker.names import FAILURE, ItemOf, names_set
from blockwright.language.checker.state import State, merge

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report
    from blockwright.language.diagnostics import Span
    from blockwright.language.writing import Written

CODE = either([NUMBER, TEXT])
Walked: TypeAlias = tuple[p.Step | None, State]


_LOOPS = (p.ForEach, p.Count, p.Repeat, p.While)


@dataclass(slots=True)
class _Loop:
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the nest of loops, handlers and ``always`` the walk is."""

    loop: _Loop | None = None
    handling: bool = False
    in_always: bool = False


class Walker:
    """Walks the steps of one flow or function."""

    def __init__(self, formulas: Formulas, calls: Calls, report: Report) -> None:
        self._formulas = formulas
        self._value = formulas.value
        self._calls = calls
        self._report = report
        self._at = _Place()
        self._walk: dict[type[d.StepPart], Callable[..., Walked]] = {
            d.Set: self._set,
            d.If: self._if,
            d.Choose: self._choose,
            d.ForEach: self._for_each,
            d.Count: self._count,
            d.Repeat: self._repeat,
            d.While: self._while,
            d.Until: self._while,
            d.StopLoop: self._stop_loop,
            d.NextRound: self._next_round,
            d.Try: self._try,
            d.Return: self._return,
            d.Fail: self._fail,
            d.FailAgain: self._fail_again,
            d.Log: self._log,
            d.Call: self._call,
        }

    def body(self, steps: d.Steps, state: State) -> tuple[p.Body, State]:
        """The steps that run, in order, and the state behind them. One finding for steps that can never run."""
        body: list[p.Step] = []
        dead = False
        for step in steps:
            self._refuse_what_does_not_run(step)
            if step.skip or type(step) not in self._walk:
                continue
            if not state.reachable and not dead:
                dead = True
                self._report.error(
                    step.span,
                    "this step can never run, because the step before it never goes on to it",
                    "take it out, or move it further up",
                    rule="unreachable",
                )
            walked, state = self._step(step, replace(state, reachable=True) if dead else state)
            if walked is not None:
                body.append(walked)
        return tuple(body), state.left() if dead else state

    def _step(self, step: d.StepPart, state: State) -> Walked:
        if isinstance(step, d.Try):
            return self._try(step, state)
        walked, after = self._walk[type(step)](step, state)
        if not step.handlers:
            return walked, after
        body = (walked,) if walked is not None else ()
        handlers, ends = self._handlers(step.handlers, _thrown(step, state))
        return p.Try(body, handlers, (), step.span), merge(after, *ends)

    def _refuse_what_does_not_run(self, step: d.StepPart) -> None:
        written: list[tuple[str, object]] = [("retry", step.retry), ("time limit", step.time_limit)]
        if isinstance(step, d.ForEach):
            written += [
                ("at once", step.at_once),
                ("collect failures as", step.collect_failures_as),
                ("collect as", step.collect_as),
                ("each gives", step.each_gives),
            ]
        keys = [key for key, value in written if value is not None]
        if isinstance(step, d.Wait | d.Together):
            keys.append(step.label.strip("`"))
        for key in keys:
            self._report.error(
                step.span,
                f"`{key}` can be written but does not run in this version",
                f"take `{key}` out until it does",
                rule="not-yet",
            )

    def _set(self, step: d.Set, state: State) -> Walked:
        values: list[tuple[str, p.Value]] = []
        for name, written in step.values:
            value = self._value(written, ANYTHING, state, f"`{name.text}`")
            self._formulas.give(name.text, value)
            values.append((name.text, value))
            state = state.with_set(name.text)
        return p.Set(tuple(values), step.span), state

    def _if(self, step: d.If, state: State) -> Walked:
        condition = self._condition(step.condition, state, "if")
        return self._branches([(condition, step.then)], step.otherwise, step.span, state)

    def _choose(self, step: d.Choose, state: State) -> Walked:
        cases = [(self._condition(case.condition, state, "when"), case.do) for case in step.cases]
        return self._branches(cases, step.otherwise, step.span, state)

    def _branches(self, cases: list[tuple[p.Value, d.Steps]], otherwise: d.Steps, span: Span, state: State) -> Walked:
        branches, ends, here = [], [], state
        for condition, steps in cases:
            known = _known(condition)
            if known is False or not here.reachable:
                self._never(condition.span, steps, "its condition can never hold here")
            body, end = self.body(steps, here if known is not False else state)
            branches.append((condition, body))
            if known is not False and here.reachable:
                ends.append(end)
            if known is True:
                here = here.left()
        if not here.reachable and otherwise:
            self._never(span, otherwise, "the condition before it always holds")
        last, end = self.body(otherwise, state)
        if here.reachable:
            ends.append(end)
        return p.If(tuple(branches), last, span), merge(*ends)

    def _never(self, span: Span, steps: d.Steps, why: str) -> None:
        place = steps[0].span if steps else span
        self._report.error(place, f"this step can never run, because {why}", "take it out", rule="unreachable")

    def _for_each(self, step: d.ForEach, state: State) -> Walked:
        items = self._value(step.items, LIST, state, "`in`")
        with self._formulas.visible(step.name.text):
            self._formulas.give(step.name.text, ItemOf(items))
            body, after = self._loop(step.do, state.with_set(step.name.text))
        return p.ForEach(step.name.text, items, body, cost(body), step.span), _behind(state, after)

    def _count(self, step: d.Count, state: State) -> Walked:
        start = self._value(step.start, NUMBER, state, "`from`")
        stop = self._value(step.stop, NUMBER, state, "`to`")
        by = self._value(step.by, NUMBER, state, "`by`") if step.by else p.Constant(1, step.span)
        if isinstance(by, p.Constant) and by.value == 0:
            self._report.error(by.span, "counting by 0 never gets anywhere", "`by: 1`", rule="value")
        with self._formulas.visible(step.name.text):
            self._formulas.give(step.name.text, NUMBER)
            body, after = self._loop(step.do, state.with_set(step.name.text))
        return p.Count(step.name.text, start, stop, by, body, cost(body), step.span), _behind(state, after)

    def _repeat(self, step: d.Repeat, state: State) -> Walked:
        times = self._value(step.times, NUMBER, state, "`repeat`")
        body, after = self._loop(step.do, state)
        return p.Repeat(times, body, cost(body), step.span), _behind(state, after)

    def _while(self, step: d.While | d.Until, state: State) -> Walked:
        wanted = isinstance(step, d.While)
        again = state.with_maybe(_assigned(step.do))
        condition = self._condition(step.condition, again, "while" if wanted else "until")
        known = _known(condition)
        if known is (not wanted):
            self._never(step.span, step.do, "the loop ends before its first round")
        loop = _Loop()
        body, after = self._loop(step.do, state, loop)
        end = _behind(state, after)
        if known is wanted and not loop.stopped:
            end = end.left()
        return p.While(condition, wanted, body, cost(body), step.span), end

    def _loop(self, steps: d.Steps, state: State, loop: _Loop | None = None) -> tuple[p.Body, State]:
        with self._inside(replace(self._at, loop=loop or _Loop())):
            return self.body(steps, state.with_maybe(_assigned(steps)))

    def _stop_loop(self, step: d.StopLoop, state: State) -> Walked:
        if self._at.loop is None:
            self._outside(step, "a loop")
        else:
            self._at.loop.stopped = True
        return p.StopLoop(step.span), state.left()

    def _next_round(self, step: d.NextRound, state: State) -> Walked:
        if self._at.loop is None:
            self._outside(step, "a loop")
        return p.NextRound(step.span), state.left()

    def _outside(self, step: d.StepPart, where: str) -> None:
        if self._at.in_always:
            message, mend = f"{step.label} cannot leave `always`, which runs to its end", "move it out of `always`"
        else:
            message, mend = f"{step.label} stands outside {where}", f"use it inside {where} only"
        self._report.error(step.span, message, mend, rule="misplaced")

    def _try(self, step: d.Try, state: State) -> Walked:
        body, after = self.body(step.steps, state)
        thrown = _thrown(step, state)
        handlers, ends = self._handlers(step.handlers, thrown)
        end = merge(after, *ends)
        always: p.Body = ()
        if step.always:
            with self._inside(replace(self._at, loop=None, in_always=True)):
                always, last = self.body(step.always, replace(thrown, maybe=thrown.maybe | end.maybe))
            sure, maybe = end.sure | (last.sure - state.sure), end.maybe | last.maybe
            end = State(sure, maybe, end.reachable and last.reachable)
        return p.Try(body, handlers, always, step.span), end

    def _handlers(self, written: d.Handlers, state: State) -> tuple[tuple[p.Handler, ...], list[State]]:
        handlers: list[p.Handler] = []
        ends: list[State] = []
        inside = state.with_set(FAILURE)
        with self._inside(replace(self._at, handling=True)), self._formulas.visible(FAILURE):
            for handler in written:
                codes = tuple(self._calls.read_code(code) for code in handler.codes)
                body, end = self.body(handler.steps, inside)
                handlers.append(p.Handler(codes, tuple(code.span for code in handler.codes), body, handler.span))
                ends.append(replace(end, sure=end.sure - {FAILURE}))
        return tuple(handlers), ends

    def _return(self, step: d.Return, state: State) -> Walked:
        if self._at.in_always:
            self._outside(step, "`always`")
        return p.Return(self._value(step.value, ANYTHING, state, "`return`"), step.span), state.left()

    def _fail(self, step: d.Fail, state: State) -> Walked:
        written = step.failure
        code = self._value(written.code, CODE, state, "`code`")
        message = self._value(written.message, TEXT, state, "`message`")
        details = self._value(written.details, ANYTHING, state, "`details`") if written.details else None
        return p.Fail(code, message, details or p.Constant(None, step.span), step.span), state.left()

    def _fail_again(self, step: d.FailAgain, state: State) -> Walked:
        if not self._at.handling:
            self._outside(step, "a handler")
        return p.FailAgain(step.span), state.left()

    def _log(self, step: d.Log, state: State) -> Walked:
        return p.Log(self._value(step.text, ANYTHING, state, "`log`", as_text=True), step.span), state

    def _call(self, step: d.Call, state: State) -> Walked:
        call = self._calls.call(step, state)
        if step.save_as:
            self._formulas.give(step.save_as.text, self._calls.result(call))
            state = state.with_set(step.save_as.text)
        return call, state

    def _condition(self, written: Written, state: State, key: str) -> p.Value:
        return self._value(written, optional(YES_OR_NO), state, f"the condition of `{key}`")

    @contextmanager
    def _inside(self, place: _Place) -> Iterator[None]:
        before, self._at = self._at, place
        try:
            yield
        finally:
            self._at = before


def cost(body: p.Body) -> int:
    """What one round or call costs: 1, and 1 for each step in the body, but for those in the rounds of inner loops."""
    return 1 + _steps_in(body)


def _steps_in(body: p.Body) -> int:
    return sum(1 + sum(map(_steps_in, p.bodies(step))) if not isinstance(step, _LOOPS) else 1 for step in body)


def _known(condition: p.Value) -> object:
    """What a condition always is, when it is written as true or false."""
    if isinstance(condition, p.Constant):
        return condition.value
    if isinstance(condition, p.Computed) and condition.expression.text in ("true", "false"):
        return condition.expression.text == "true"
    return None


def _assigned(steps: Iterable[d.StepPart]) -> frozenset[str]:
    return frozenset(name.text for name in names_set(steps))


def _behind(before: State, body: State) -> State:
    """The state behind a loop, whose body may have run or not."""
    return State(before.sure, before.maybe | body.maybe, before.reachable)


def _thrown(step: d.StepPart, before: State) -> State:
    """The state in which a failure of this step arrives: any of its own names may have been set, or not."""
    return before.with_maybe(_assigned([step]))
