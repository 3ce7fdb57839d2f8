"""Walking the steps of one flow or function: what is written in, what the engine runs out, findings on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from blockwright.expressions import tree
from blockwright.expressions.types import ANYTHING, LIST, NOTHING, NUMBER, TEXT, YES_OR_NO, ListOf, either, fits, phrase
from blockwright.expressions.values import whole
from blockwright.failure import FINAL_CODES
from blockwright.language import program as p
from blockwright.language import steps as s
from blockwright.language.checker.contracts import read_code
from blockwright.language.checker.cost import cost
from blockwright.language.checker.formulas import KEPT_FAILURE
from blockwright.language.checker.names import FAILURE, RoutineNames
from blockwright.language.checker.sharing import given_in_branch
from blockwright.language.checker.state import State, merge
from blockwright.language.checker.timing import Timing
from blockwright.language.checker.values import is_unknown, unknown
from blockwright.language.checker.variables import ItemOf, ListOfValue
from blockwright.language.writing import Plain

if TYPE_CHECKING:
    from blockwright.expressions.temporal.types import Number
    from blockwright.expressions.types import Type
    from blockwright.language.checker.calls import Calls
    from blockwright.language.checker.formulas import Formulas
    from blockwright.language.checker.report import Report
    from blockwright.language.diagnostics import Span
    from blockwright.language.source import Scalar
    from blockwright.language.writing import Written

CODE = either([NUMBER, TEXT])
Walked: TypeAlias = tuple[p.Body, State]


@dataclass(frozen=True, slots=True)
class _Loop:
    """A loop around the steps being walked, and the states in which it is left by ``stop loop``; whether its rounds run
    side by side."""

    is_aside: bool = False
    stops: list[State] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the nest of loops, handlers, ``always`` and steps side by side the walk is."""

    loop: _Loop | None = None
    handling: bool = False
    in_always: bool = False
    aside: bool = False


class Walker:
    """Walks the steps of one flow or function, as ``kind`` says; ``promise`` is what it says that it gives."""

    def __init__(
        self,
        names: RoutineNames,
        formulas: Formulas,
        calls: Calls,
        report: Report,
        promise: p.Promise | None,
        kind: str,
    ) -> None:
        self._names = names
        self._promise = promise
        self._kind = kind
        self._formulas = formulas
        self._value = formulas.value
        self._calls = calls
        self._report = report
        self._timing = Timing(formulas, report)
        self._at = _Place()
        self._walk: dict[type[s.StepPart], Callable[..., Walked]] = {
            s.Set: self._set,
            s.If: self._if,
            s.Choose: self._choose,
            s.ForEach: self._for_each,
            s.Count: self._count,
            s.Repeat: self._repeat,
            s.While: self._while,
            s.Until: self._while,
            s.StopLoop: self._stop_loop,
            s.NextRound: self._next_round,
            s.Try: self._try,
            s.Together: self._together,
            s.Wait: self._wait,
            s.Return: self._return,
            s.Fail: self._fail,
            s.FailAgain: self._fail_again,
            s.Log: self._log,
            s.Call: self._call,
        }

    def whole(self, steps: s.Steps) -> p.Body:
        """All the steps of the flow or function. Who promises a value does not come to the end without one."""
        body, end = self.body(steps, State())
        promise = self._promise
        if end.reachable and steps and promise is not None and fits(NOTHING, promise.type) is False:
            message = f"the {self._kind} promises {phrase(promise.type)}, and may come to its end without a `return`"
            mend = f"end with a `return`, or promise less: `returns: {promise.type}, optional`"
            self._report.error(promise.span, message, mend, rule="types")
        return body

    def body(self, steps: s.Steps, state: State) -> Walked:
        """The steps that run, in order, and the state behind them. One finding for steps that can never run."""
        body: list[p.Step] = []
        before: s.StepPart | None = None
        ends = False
        for step in steps:
            if step.skip:
                continue
            if before is not None and not state.reachable and not ends:
                ends = True
                self._never(step.span, _why_not_behind(before))
            walked, state = self._step(step, state.entered())
            body += walked
            before = step
        return tuple(body), state.left() if ends else state

    def _step(self, step: s.StepPart, state: State) -> Walked:
        walked, after = self._walk[type(step)](step, state)
        if isinstance(step, s.Try):
            return walked, after
        walked = self._timed(step, walked, state)
        if not step.handlers:
            return walked, after
        handlers, ends = self._handlers(step.handlers, state.with_maybe(self._names.set_by(step)))
        return (p.Try(walked, handlers, (), step.span),), merge(after, *ends)

    def _timed(self, step: s.StepPart, body: p.Body, state: State) -> p.Body:
        """A step with its time limit and its further tries: each try has the limit, handlers see the last one's
        failure."""
        if step.time_limit is not None:
            limit = self._timing.duration(step.time_limit, state, "`time limit`")
            body = (p.Limited(body, limit, step.place("time limit")),)
        if step.retry is not None:
            body = (self._timing.retry(step.retry, body, state, limited=step.time_limit is not None),)
        return body

    def _set(self, step: s.Set, state: State) -> Walked:
        values: list[tuple[str, p.Value]] = []
        for name, written in step.values:
            value = self._value(written, ANYTHING, state, f"`{name.text}`")
            self._formulas.give(name.text, value)
            values.append((name.text, value))
            state = state.with_set(self._names.bit(name.text))
        return (p.Set(tuple(values), step.span),), state

    def _if(self, step: s.If, state: State) -> Walked:
        condition = self._condition(step.condition, state, "if")
        return self._branches([(condition, step.then)], step.otherwise, step.span, state)

    def _choose(self, step: s.Choose, state: State) -> Walked:
        cases = [(self._condition(case.condition, state, "when"), case.do) for case in step.cases]
        return self._branches(cases, step.otherwise, step.span, state)

    def _branches(self, cases: list[tuple[p.Value, s.Steps]], otherwise: s.Steps, span: Span, state: State) -> Walked:
        branches: list[tuple[p.Value, p.Body]] = []
        ends: list[State] = []
        always_before = False
        for condition, steps in cases:
            known = _known(condition)
            runs = known is not False and not always_before
            if not runs:
                self._never_in(steps, "its condition can never hold here")
            body, end = self.body(steps, state)
            branches.append((condition, body))
            ends.append(end if runs else end.left())
            always_before = always_before or known is True
        if always_before:
            self._never_in(otherwise, "a condition before it always holds")
        last, end = self.body(otherwise, state)
        ends.append(end.left() if always_before else end)
        return (p.If(tuple(branches), last, span),), merge(*ends)

    def _for_each(self, step: s.ForEach, state: State) -> Walked:
        items = self._value(step.items, LIST, state, "`in`")
        if _is_empty(items):
            self._never_in(step.do, "there is nothing in this list")
        at_once = None if step.at_once is None else self._timing.width(step.at_once, state)
        inside = _Loop(is_aside=at_once is not None)
        gives: p.Value | None = None
        with self._named_loop(step.name, ItemOf(items)):
            body, end, ways = self._rounds(step.do, state, inside)
            if step.each_gives is not None:
                gives = self._value(step.each_gives, ANYTHING, end.entered(), "`each gives`")
        self._check_collecting(step)
        set_in_rounds = 0 if at_once is not None else self._names.set_in(step.do)
        behind = merge(state.with_maybe(set_in_rounds), *ways)
        collected = None
        if step.collect_as is not None:
            gives = unknown(step.collect_as.span) if gives is None else gives
            collected = p.Collected(step.collect_as.text, gives)
            self._formulas.give(step.collect_as.text, ListOfValue(gives))
            behind = behind.with_set(self._names.bit(step.collect_as.text))
        failures_as = None
        if step.collect_failures_as is not None:
            failures_as = step.collect_failures_as.text
            self._formulas.give(failures_as, ListOf(KEPT_FAILURE))
            behind = behind.with_set(self._names.bit(failures_as))
        loop = p.ForEach(step.name.text, items, body, cost(body), step.span, at_once, collected, failures_as)
        return (loop,), behind

    def _check_collecting(self, step: s.ForEach) -> None:
        """``collect as`` and ``each gives`` need one another."""
        if step.collect_as is not None and step.each_gives is None:
            message = "`collect as` needs `each gives`, which says what each round puts into the list"
            self._report.error(step.place("collect as"), message, "`each gives: = …`", rule="missing")
        elif step.each_gives is not None and step.collect_as is None:
            message = "`each gives` needs `collect as`, the name of the list that the values are put into"
            self._report.error(step.place("each gives"), message, "`collect as: results`", rule="missing")

    def _count(self, step: s.Count, state: State) -> Walked:
        start = self._value(step.start, NUMBER, state, "`from`")
        stop = self._value(step.stop, NUMBER, state, "`to`")
        by = self._value(step.by, NUMBER, state, "`by`") if step.by else p.Constant(1, step.span)
        self._check_count(step, start, stop, by)
        with self._named_loop(step.name, NUMBER):
            body, _, ways = self._rounds(step.do, state, _Loop())
        behind = merge(state.with_maybe(self._names.set_in(step.do)), *ways)
        return (p.Count(step.name.text, start, stop, by, body, cost(body), step.span),), behind

    def _check_count(self, step: s.Count, start: p.Value, stop: p.Value, by: p.Value) -> None:
        first, last, way = (_known_number(each) for each in (start, stop, by))
        if way == 0:
            self._report.error(by.span, "counting by 0 never gets anywhere", "`by: 1`", rule="value")
        elif first is not None and last is not None and way is not None and (first - last) * way > 0:
            self._never_in(step.do, "`to` is on the wrong side of `from`, so there is no round")

    def _repeat(self, step: s.Repeat, state: State) -> Walked:
        times = self._value(step.times, NUMBER, state, "`repeat`")
        known = _known_number(times)
        if known is not None and (known < 0 or whole(known) is None):
            self._report.error(
                times.span, "`repeat` takes a whole number from 0 up", "write a number such as 3", rule="value"
            )
        if known == 0:
            self._never_in(step.do, "it is repeated 0 times")
        body, _, ways = self._rounds(step.do, state, _Loop())
        behind = merge(state.with_maybe(self._names.set_in(step.do)), *ways)
        return (p.Repeat(times, body, cost(body), step.span),), behind

    def _while(self, step: s.While | s.Until, state: State) -> Walked:
        wanted = isinstance(step, s.While)
        again = state.with_maybe(self._names.set_in(step.do))
        condition = self._condition(step.condition, again, "while" if wanted else "until")
        known = _known(condition)
        if known is (not wanted):
            self._never_in(step.do, "the loop ends before its first round")
        body, _, ways = self._rounds(step.do, state, _Loop())
        behind = merge(again.left() if known is wanted else again, *ways)
        return (p.While(condition, wanted, body, cost(body), step.span),), behind

    @contextmanager
    def _named_loop(self, name: Scalar, holds: ItemOf | Type) -> Iterator[None]:
        if self._formulas.is_visible(name.text):
            self._report.error(
                name.span, f"`{name.text}` is the name of a loop around this one", "choose another", rule="clash"
            )
        self._formulas.give(name.text, holds)
        with self._formulas.visible(name.text):
            yield

    def _rounds(self, steps: s.Steps, state: State, loop: _Loop) -> tuple[p.Body, State, list[State]]:
        """The steps of a loop, the state at the end of a round, and the states in which ``stop loop`` leaves it."""
        anything_in_it = 0 if loop.is_aside else self._names.set_in(steps)
        place = replace(self._at, loop=loop, aside=loop.is_aside or self._at.aside)
        with self._inside(place):
            body, end = self.body(steps, state.with_maybe(anything_in_it))
        return body, end, [way.with_maybe(anything_in_it) for way in loop.stops]

    def _stop_loop(self, step: s.StopLoop, state: State) -> Walked:
        if self._at.loop is None:
            self._misplaced(step, "a loop")
        elif self._at.loop.is_aside:
            mend = "use `next round` to end this round alone, or take `at once` out"
            message = "`stop loop` cannot stop rounds that run side by side"
            self._report.error(step.span, message, mend, rule="side-by-side")
        else:
            self._at.loop.stops.append(state)
        return (p.StopLoop(step.span),), state.left()

    def _next_round(self, step: s.NextRound, state: State) -> Walked:
        if self._at.loop is None:
            self._misplaced(step, "a loop")
        return (p.NextRound(step.span),), state.left()

    def _misplaced(self, step: s.StepPart, where: str) -> None:
        if self._at.in_always and not isinstance(step, s.FailAgain):
            message, mend = f"{step.label} cannot leave `always`, which runs to its end", "move it out of `always`"
        else:
            message, mend = f"{step.label} stands outside {where}", f"use it inside {where} only"
        self._report.error(step.span, message, mend, rule="misplaced")

    def _try(self, step: s.Try, state: State) -> Walked:
        body, after = self.body(step.steps, state)
        body = self._timed(step, body, state)
        thrown = state.with_maybe(self._names.set_in(step.steps))
        handlers, ends = self._handlers(step.handlers, thrown)
        end = merge(after, *ends)
        always: p.Body = ()
        if step.always:
            for handler in step.handlers:
                thrown = thrown.with_maybe(self._names.set_in(handler.steps))
            with self._inside(replace(self._at, loop=None, in_always=True)):
                always, last = self.body(step.always, thrown)
            end = State(end.sure | last.sure, end.maybe | last.maybe, end.reachable and last.reachable)
        return (p.Try(body, handlers, always, step.span),), end

    def _handlers(self, written: s.Handlers, thrown: State) -> tuple[tuple[p.Handler, ...], list[State]]:
        handlers: list[p.Handler] = []
        ends: list[State] = []
        with self._inside(replace(self._at, handling=True)), self._formulas.visible(FAILURE):
            for handler in written:
                codes = tuple(read_code(code.text, code.span, self._report) for code in handler.codes)
                body, end = self.body(handler.steps, thrown)
                handlers.append(p.Handler(codes, tuple(code.span for code in handler.codes), body, handler.span))
                ends.append(end)
        return tuple(handlers), ends

    def _together(self, step: s.Together, state: State) -> Walked:
        given = [frozenset(given_in_branch(steps)) for steps in step.branches]
        branches: list[p.Body] = []
        behind = state
        for index, steps in enumerate(step.branches):
            others = frozenset[str]().union(*given[:index], *given[index + 1 :])
            with self._inside(replace(self._at, loop=None, aside=True)), self._formulas.apart(others):
                body, end = self.body(steps, state)
            branches.append(body)
            reachable = behind.reachable and end.reachable
            behind = State(behind.sure | end.sure, behind.maybe | end.maybe, reachable)
        return (p.Together(tuple(branches), step.span),), behind

    def _wait(self, step: s.Wait, state: State) -> Walked:
        return (p.Wait(self._timing.duration(step.duration, state, "`wait`"), step.span),), state

    def _return(self, step: s.Return, state: State) -> Walked:
        if self._at.in_always:
            self._misplaced(step, "`always`")
        elif self._at.aside:
            message = "`return` cannot end a flow from among steps that run side by side"
            mend = "keep the value with `set` or `collect as`, and return it behind them"
            self._report.error(step.span, message, mend, rule="side-by-side")
        wanted = self._promise.type if self._promise else None
        value = self._value(step.value, wanted or ANYTHING, state, "`return`")
        return (p.Return(value, step.span, wanted),), state.left()

    def _fail(self, step: s.Fail, state: State) -> Walked:
        written = step.failure
        code = self._value(written.code, CODE, state, "`code`")
        if isinstance(code, p.Constant) and code.value is not None and not is_unknown(code):
            code = p.Constant(read_code(str(code.value), code.span, self._report), code.span)
            if code.value in FINAL_CODES:
                sentence = f"`{code.value}` is how the engine ends a run; no handler would ever see it"
                self._report.error(code.span, sentence, "choose a code of your own", rule="code")
        message = self._value(written.message, TEXT, state, "`message`")
        details = self._value(written.details, ANYTHING, state, "`details`") if written.details else None
        return (p.Fail(code, message, details or p.Constant(None, step.span), step.span),), state.left()

    def _fail_again(self, step: s.FailAgain, state: State) -> Walked:
        if not self._at.handling:
            self._misplaced(step, "a handler")
            return (_unknown_step(step.span),), state.left()
        return (p.FailAgain(step.span),), state.left()

    def _log(self, step: s.Log, state: State) -> Walked:
        wanted = TEXT if isinstance(step.text, Plain) else ANYTHING
        return (p.Log(self._value(step.text, wanted, state, "`log`"), step.span),), state

    def _call(self, step: s.Call, state: State) -> Walked:
        call = self._calls.call(step, state)
        if step.save_as:
            self._formulas.give(step.save_as.text, self._calls.result(call))
            state = state.with_set(self._names.bit(step.save_as.text))
        return (call or _unknown_step(step.span),), state

    def _condition(self, written: Written, state: State, key: str) -> p.Value:
        return self._value(written, YES_OR_NO, state, f"the condition of `{key}`")

    def _never_in(self, steps: s.Steps, why: str) -> None:
        first = next((step for step in steps if not step.skip), None)
        if first is not None:
            self._never(first.span, why)

    def _never(self, span: Span, why: str) -> None:
        self._report.error(
            span, f"this step can never run, because {why}", "take it out, or move it further up", rule="unreachable"
        )

    @contextmanager
    def _inside(self, place: _Place) -> Iterator[None]:
        before, self._at = self._at, place
        try:
            yield
        finally:
            self._at = before


def _why_not_behind(step: s.StepPart) -> str:
    if step.handlers or isinstance(step, s.Try):
        return "every way through the step before it leaves"
    if isinstance(step, s.While | s.Until):
        return "the loop before it never ends"
    if isinstance(step, s.If | s.Choose):
        return f"every way through the {step.label} before it leaves"
    return f"{step.label} stands before it"


def _known(condition: p.Value) -> object:
    """What a condition always is, when it is written as true or false."""
    return condition.value if isinstance(condition, p.Constant) else None


def _known_number(value: p.Value) -> Number | None:
    known = _known(value)
    return known if isinstance(known, int | Decimal) and not isinstance(known, bool) else None


def _is_empty(value: p.Value) -> bool:
    """Whether a list is written out and has no items."""
    if isinstance(value, p.Computed):
        return isinstance(value.expression.tree, tree.ListLiteral) and not value.expression.tree.items
    return isinstance(value, p.Listed) and not value.items


def _unknown_step(span: Span) -> p.Step:
    """Stands for what cannot be run and was reported, so that nobody wonders about handlers for its failures."""
    something = unknown(span)
    return p.Fail(something, something, something, span)
