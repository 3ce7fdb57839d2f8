"""Statements as Python statements, one short method per statement, in the order of ``program``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from blockwright.catalogue import Block
from blockwright.catalogue.naming import python_name
from blockwright.engine.compiler.builder import At
from blockwright.engine.compiler.values import (
    A_NUMBER,
    CODE,
    CONDITION,
    DETAILS,
    GROWTH,
    ITEMS,
    LOGGED,
    MESSAGE,
    ROUNDS,
    SECONDS,
    TRIES,
    WIDTH,
    Values,
)
from blockwright.engine.stopping import may_be_disturbed, only_calls_blocks
from blockwright.engine.unit import MARK
from blockwright.language import program as p

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.unit import Unit

FAILURE = "failure"
LEFT = "_left"
STOP, NEXT = "stop loop", "next round"


class _Leaving(Enum):
    """How a round is left from where a step stands."""

    LOOP = "break and continue"
    FUNCTION = "return, as the round is a function"


@dataclass(frozen=True, slots=True)
class _Names:
    """The Python locals of the variables, and of the failure that the innermost handler at work was given.

    ``leaving`` is how a round is left here, or the local that notes it where steps are tried again. ``aside`` says that
    others run beside these steps, whom nothing here may hold up; ``waits`` that the function around them may wait.
    """

    variables: Mapping[str, str]
    waits: bool
    caught: str | None = None
    depth: int = 0
    leaving: _Leaving | str = _Leaving.LOOP
    aside: bool = False


class Steps:
    """Emits the functions of one file. ``is_async`` says which routines wait for something."""

    def __init__(self, unit: Unit, values: Values, is_async: Callable[[p.Callee], bool]) -> None:
        self._unit = unit
        self._values = values
        self._is_async = is_async
        self._blocks: dict[str, str] = {}
        self._counts_alone = False
        self._made = 0
        self._statements: dict[type[Any], Callable[[Any, _Names], list[ast.stmt]]] = {
            p.Set: self._set,
            p.If: self._if,
            p.ForEach: self._for_each,
            p.Count: self._count,
            p.Repeat: self._repeat,
            p.While: self._while,
            p.StopLoop: self._stop_loop,
            p.NextRound: self._next_round,
            p.Try: self._try,
            p.Retry: self._retry,
            p.Limited: self._limited,
            p.Together: self._together,
            p.Wait: self._wait,
            p.Return: self._return,
            p.Fail: self._fail,
            p.FailAgain: self._fail_again,
            p.Log: self._log,
            p.Call: self._call,
        }

    def routine(self, routine: p.Routine, name: str, waits: bool) -> ast.stmt:
        """The Python function of a flow or function: budget and depth first, variables empty, then the steps."""
        self._blocks = {}
        self._made = 0
        self._counts_alone = not any(map(_is_shared, p.every_step(routine.body)))
        at = self._values.at(routine.span)
        known = [each.name for each in routine.inputs]
        names = _Names({each: python_name(each) for each in (*known, *routine.variables)}, waits)
        body = self.body(routine.body, names)
        start = self._charge(at, routine.cost)
        start += [at.assign(names.variables[each], at.constant(None)) for each in routine.variables]
        start += [at.assign(local, at.item(at.of_run("blocks"), label)) for label, local in self._blocks.items()]
        parameters = [
            (python_name(each.name), None if each.is_required else self._values.constant(at, each.default))
            for each in routine.inputs
        ]
        before, after = [at.add_to_run("depth", 1)], [at.add_to_run("depth", -1)]
        if self._counts_alone:
            before.append(at.assign(LEFT, at.of_run("left")))
            after.append(at.assign_to_run("left", at.load(LEFT)))
        whole = [*before, at.always([*start, *body], after)]
        return at.function(name, parameters, whole, waits)

    def body(self, body: p.Body, names: _Names) -> list[ast.stmt]:
        """The statements of some steps, in order."""
        return [statement for step in body for statement in self._statements[type(step)](step, names)]

    def _at(self, step: p.Step) -> At:
        return self._values.at(step.span)

    def _charge(self, at: At, cost: int) -> list[ast.stmt]:
        """Take steps from the budget, which a routine that calls no other keeps in a local while it runs."""
        end = at.do(at.call(at.of_run("exhausted")))
        if self._counts_alone:
            used_up = at.compare(at.load(LEFT), ast.Lt(), at.constant(0))
            more = at.call(at.of_run("more"), at.load(LEFT))
            return [at.subtract(LEFT, cost), at.when(used_up, [at.assign(LEFT, more), end])]
        used_up = at.compare(at.of_run("left"), ast.Lt(), at.constant(0))
        more = at.call(at.of_run("more"), at.of_run("left"))
        return [at.add_to_run("left", -cost), at.when(used_up, [at.assign_to_run("left", more), end])]

    def _set(self, step: p.Set, names: _Names) -> list[ast.stmt]:
        return [
            self._values.at(value.span).assign(names.variables[name], self._values.value(value, names.variables))
            for name, value in step.values
        ]

    def _if(self, step: p.If, names: _Names) -> list[ast.stmt]:
        statements = self.body(step.otherwise, names)
        for condition, body in reversed(step.branches):
            test = self._values.needed(condition, CONDITION, names.variables)
            statements = [self._values.at(condition.span).when(test, self.body(body, names), statements)]
        return statements

    def _for_each(self, step: p.ForEach, names: _Names) -> list[ast.stmt]:
        items = self._values.needed(step.items, ITEMS, names.variables)
        if step.at_once is not None:
            return self._rounds_at_once(step, items, step.at_once, names)
        if step.collected is None and step.failures_as is None:
            return [self._at(step).loop(names.variables[step.name], items, self._round(step, names))]
        return self._collecting(step, items, names)

    def _collecting(self, step: p.ForEach, items: ast.expr, names: _Names) -> list[ast.stmt]:
        """A loop that keeps what its rounds give, or how they fail."""
        at, item = self._at(step), names.variables[step.name]
        kept, failures, number = self._new("_kept"), self._new("_failures"), self._new("_number")
        inner = replace(names, leaving=_Leaving.LOOP)
        body = self.body(step.body, inner)
        if step.collected is not None:
            gives = step.collected.gives
            body.append(self._values.at(gives.span).append(kept, self._values.value(gives, inner.variables)))
        if step.failures_as is not None:
            error, caught = f"_error{names.depth + 1}", f"_caught{names.depth + 1}"
            given = [at.load(each) for each in ("_run", caught, item, number)]
            keep = at.append(failures, at.call("_kept_failure", *given))
            handling = [self._catch(at, caught, error), keep]
            body = [at.attempt(body, error, handling)]
            body.insert(0, at.subtract(number, -1))
        loop = at.loop(item, items, [*self._charge(at, step.cost), *body])
        start = [at.assign(kept, at.listed([])), at.assign(failures, at.listed([])), at.assign(number, at.constant(0))]
        return [*start, loop, *self._keep(at, step, kept, failures, names)]

    def _keep(self, at: At, step: p.ForEach, kept: str, failures: str, names: _Names) -> list[ast.stmt]:
        named = [(step.collected and step.collected.name, kept), (step.failures_as, failures)]
        return [at.assign(names.variables[name], at.load(local)) for name, local in named if name]

    def _rounds_at_once(self, step: p.ForEach, items: ast.expr, at_once: p.Value, names: _Names) -> list[ast.stmt]:
        """Rounds side by side: each a call of a function, whose locals are the round's own variables."""
        at = self._at(step)
        work, kept, failures = self._new("_round"), self._new("_kept"), self._new("_failures")
        inner = replace(names, leaving=_Leaving.FUNCTION, aside=True, waits=True)
        start = [at.assign(names.variables[each], at.constant(None)) for each in sorted(_own(step.body))]
        body = [*self._charge(at, step.cost), *start, *self.body(step.body, inner)]
        if step.collected is None:
            body.append(at.give(at.load("_SKIPPED")))
        else:
            gives = step.collected.gives
            body.append(self._values.at(gives.span).give(self._values.value(gives, inner.variables)))
        width = self._values.needed(at_once, WIDTH, names.variables)
        failed = at.constant(None) if step.failures_as is None else at.call("_catching", at.load(MARK))
        rounds = at.call("_rounds_at_once", at.load("_run"), items, width, at.load(work), failed)
        return [
            at.inner_function(work, [], [names.variables[step.name]], body),
            at.assign_both(kept, failures, at.wait_for(rounds)),
            *self._keep(at, step, kept, failures, names),
        ]

    def _count(self, step: p.Count, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        ends = [self._values.needed(each, A_NUMBER, names.variables) for each in (step.start, step.stop, step.by)]
        return [at.loop(names.variables[step.name], at.call("_counting", *ends), self._round(step, names))]

    def _repeat(self, step: p.Repeat, names: _Names) -> list[ast.stmt]:
        times = self._values.needed(step.times, ROUNDS, names.variables)
        return [self._at(step).loop("_round", times, self._round(step, names))]

    def _while(self, step: p.While, names: _Names) -> list[ast.stmt]:
        test = self._values.needed(step.condition, CONDITION, names.variables)
        at = self._at(step)
        return [at.loop_while(test if step.wanted else at.negated(test), self._round(step, names))]

    def _round(self, step: p.ForEach | p.Count | p.Repeat | p.While, names: _Names) -> list[ast.stmt]:
        inner = replace(names, leaving=_Leaving.LOOP)
        return [*self._charge(self._at(step), step.cost), *self.body(step.body, inner)]

    def _stop_loop(self, step: p.StopLoop | p.NextRound, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        if isinstance(names.leaving, str):
            return [at.assign(names.leaving, at.constant(STOP)), at.leave_loop()]
        return [at.leave_loop()]

    def _next_round(self, step: p.StopLoop | p.NextRound, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        if isinstance(names.leaving, str):
            return [at.assign(names.leaving, at.constant(NEXT)), at.leave_loop()]
        return [at.give(at.load("_SKIPPED"))] if names.leaving is _Leaving.FUNCTION else [at.next_round()]

    def _retry(self, step: p.Retry, names: _Names) -> list[ast.stmt]:
        """A loop of its own around the steps. What leaves the loop around that one is noted, and done behind it."""
        at = self._at(step)
        depth = names.depth + 1
        tries, error, caught = self._new("_tries"), f"_error{depth}", f"_caught{depth}"
        noted = self._new("_leaving")
        written = ((step.more, TRIES), (step.wait, SECONDS), (step.growing, GROWTH), (step.at_most, SECONDS))
        plan = [
            at.constant(None) if each is None else self._values.needed(each, need, names.variables)
            for each, need in written
        ]
        codes = self._values.constant(at, step.codes)
        body = self.body(step.body, replace(names, leaving=noted))
        handling = [
            self._catch(at, caught, error),
            at.do(at.method(tries, "failed", at.load(caught))),
        ]
        again = [*self._charge(at, step.cost), at.attempt_or_leave(body, error, handling)]
        if step.wait is not None:
            again.append(at.do(at.wait_for(at.method(tries, "pause"))))
        behind: list[ast.stmt] = []
        for leave in {type(each): each for each in _leaves(step.body)}.values():
            is_stop = isinstance(leave, p.StopLoop)
            was_noted = at.compare(at.load(noted), ast.Eq(), at.constant(STOP if is_stop else NEXT))
            statements = self._stop_loop(leave, names) if is_stop else self._next_round(leave, names)
            behind.append(at.when(was_noted, statements))
        return [
            at.assign(tries, at.call("_Retrying", at.load("_run"), codes, *plan)),
            at.assign(noted, at.constant(None)),
            at.loop_while(at.constant(True), again),
            *behind,
        ]

    def _limited(self, step: p.Limited, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        limit = at.call("_TimeLimit", at.of_run("clock"), self._values.needed(step.limit, SECONDS, names.variables))
        return [at.inside(limit, self.body(step.body, names))]

    def _together(self, step: p.Together, names: _Names) -> list[ast.stmt]:
        """Branches side by side: functions that share the variables around them."""
        at = self._at(step)
        branches = [self._new("_branch") for _ in step.branches]
        inner = replace(names, aside=True, waits=True)
        functions = [
            at.inner_function(name, sorted({names.variables[each] for each in p.given_in(body)}), [], statements)
            for name, body in zip(branches, step.branches, strict=True)
            for statements in [self.body(body, inner)]
        ]
        together = at.call("_together", at.load("_run"), at.listed([at.load(name) for name in branches]))
        return [*functions, at.do(at.wait_for(together))]

    def _wait(self, step: p.Wait, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        seconds = self._values.needed(step.duration, SECONDS, names.variables)
        return [at.do(at.wait_for(at.call("_pause", at.load("_run"), seconds)))]

    def _new(self, name: str) -> str:
        """A local that no other step of this routine uses."""
        self._made += 1
        return f"{name}_{self._made}"

    def _try(self, step: p.Try, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        statements = self.body(step.body, names)
        if step.handlers:
            statements = [self._handled(step, statements, names)]
        if not step.always:
            return statements
        if not names.waits or not may_be_disturbed(step.always):
            return [at.always(statements, self.body(step.always, names))]
        always = self._new("_always")
        shared = {names.variables[each] for each in p.given_in(step.always)} | ({LEFT} if self._counts_alone else set())
        function = at.inner_function(always, sorted(shared), [], self.body(step.always, names))
        plain = at.constant(only_calls_blocks(step.always))
        last = at.call("_to_its_end", at.load("_run"), at.load(always), plain)
        return [function, at.always(statements, [at.do(at.wait_for(last))])]

    def _handled(self, step: p.Try, body: list[ast.stmt], names: _Names) -> ast.stmt:
        at = self._at(step)
        depth = names.depth + 1
        error, caught, value = f"_error{depth}", f"_caught{depth}", f"_failure{depth}"
        inner = replace(names, variables={**names.variables, FAILURE: value}, caught=caught, depth=depth)
        otherwise: list[ast.stmt] = [at.throw(at.load(caught))]
        for handler in reversed(step.handlers):
            there = self._values.at(handler.span)
            steps = [there.assign(value, there.call("_failure_value", there.load(caught)))] if handler.body else []
            steps += self.body(handler.body, inner)
            if not handler.codes:
                otherwise = steps or [there.nothing()]
                continue
            codes = ast.Tuple([there.constant(code) for code in handler.codes], ast.Load(), **there.place)
            code = ast.Attribute(there.load(caught), "code", ast.Load(), **there.place)
            otherwise = [there.when(there.compare(code, ast.In(), codes), steps, otherwise)]
        return at.attempt(body, error, [self._catch(at, caught, error), *otherwise])

    def _catch(self, at: At, caught: str, error: str) -> ast.stmt:
        """The failure that a handler is asked about."""
        return at.assign(caught, at.call("_caught", at.load(MARK), at.load("_run"), at.load(error)))

    def _return(self, step: p.Return, names: _Names) -> list[ast.stmt]:
        return [self._at(step).give(self._values.returned(step, names.variables))]

    def _fail(self, step: p.Fail, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        code = self._values.needed(step.code, CODE, names.variables)
        message = self._values.needed(step.message, MESSAGE, names.variables)
        details = self._values.needed(step.details, DETAILS, names.variables)
        return [at.throw(at.call("_failed", code, message, details))]

    def _fail_again(self, step: p.FailAgain, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        return [at.throw(at.load(str(names.caught)))]

    def _log(self, step: p.Log, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        text = self._values.needed(step.text, LOGGED, names.variables)
        place = self._values.constant(at, self._unit.place(step.span))
        return [at.do(at.call(at.of_run("log"), text, place))]

    def _call(self, step: p.Call, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        if isinstance(step.callee, Block):
            before, result = [], self._call_block(at, step, step.callee, names)
        else:
            deep = at.compare(at.of_run("depth"), ast.GtE(), at.of_run("deepest"))
            before = [at.when(deep, [at.do(at.call(at.of_run("too_deep")))])]
            result = self._call_routine(at, step, step.callee, names)
        if step.save_as is None:
            return [*before, at.do(result)]
        return [*before, at.assign(names.variables[step.save_as], result)]

    def _call_block(self, at: At, step: p.Call, block: AnyBlock, names: _Names) -> ast.expr:
        line, offset, *_ = self._unit.position(step.span)
        self._unit.calls[line, offset] = block
        function = at.load(self._blocks.setdefault(block.label, f"_b{len(self._blocks)}"))
        given = [each.input for each in step.arguments]
        inputs = [self._values.block_input(each, names.variables) for each in step.arguments]
        if given == list(block.inputs[: len(given)]):
            called = at.call(function, *inputs)
        else:
            parameters = (asked.parameter for asked in given if not isinstance(asked, p.Asked))
            called = at.call(function, **dict(zip(parameters, inputs, strict=True)))
        result = at.wait_for(called) if block.is_async else self._not_waiting(at, called, names)
        return self._values.block_result(at, block, result) if step.save_as else result

    def _call_routine(self, at: At, step: p.Call, callee: p.FunctionName | p.FlowName, names: _Names) -> ast.expr:
        if isinstance(callee, p.FunctionName):
            function = at.load(function_name(callee.name))
        else:
            function = at.item(at.of_run("flows"), callee.name)
        inputs = {python_name(each.input.name): self._values.asked(each, names.variables) for each in step.arguments}
        called = at.call(function, at.load("_run"), **inputs)
        return at.wait_for(called) if self._is_async(callee) else self._not_waiting(at, called, names)

    def _not_waiting(self, at: At, called: ast.Call, names: _Names) -> ast.expr:
        """A call of something that does not wait: in a thread where it would hold others up."""
        if not names.waits:
            return called
        thread = at.call("_in_thread", at.load("_run"), called.func, *called.args)
        thread.keywords = called.keywords
        if names.aside:
            return at.wait_for(thread)
        return at.choice(at.of_run("aside"), at.wait_for(thread), called)


def _is_shared(step: p.Step) -> bool:
    """Whether a step shares the run's budget with others: it calls them, or runs beside them."""
    if isinstance(step, p.Call):
        return not isinstance(step.callee, Block)
    return isinstance(step, p.Together) or (isinstance(step, p.ForEach) and step.at_once is not None)


def _own(body: p.Body) -> set[str]:
    """The variables of a round that runs beside others."""
    return set(p.given_in(body))


def _leaves(body: p.Body) -> Iterator[p.StopLoop | p.NextRound]:
    """The steps that leave a loop around these steps, or a round of it."""
    for step in body:
        if isinstance(step, p.StopLoop | p.NextRound):
            yield step
        if not isinstance(step, p.ForEach | p.Count | p.Repeat | p.While):
            for inner in p.bodies(step):
                yield from _leaves(inner)


def function_name(name: str) -> str:
    """The Python name of a function of a flow; neither variables nor the engine's own names begin like it."""
    return f"_function_{python_name(name)}"
