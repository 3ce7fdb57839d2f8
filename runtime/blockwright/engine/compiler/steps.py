"""Statements as Python statements, one short method per statement, in the order of ``program``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from blockwright.catalogue import Block
from blockwright.catalogue.naming import python_name
from blockwright.engine.compiler.builder import At
from blockwright.engine.compiler.values import A_NUMBER, CODE, CONDITION, DETAILS, ITEMS, LOGGED, MESSAGE, Values
from blockwright.engine.unit import MARK
from blockwright.language import program as p

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.unit import Unit

FAILURE = "failure"
LEFT = "_left"


@dataclass(frozen=True, slots=True)
class _Names:
    """The Python locals of the variables, and of the failure that the innermost handler at work was given."""

    variables: Mapping[str, str]
    caught: str | None = None
    depth: int = 0


class Steps:
    """Emits the functions of one file. ``is_async`` says which routines wait for something."""

    def __init__(self, unit: Unit, values: Values, is_async: Callable[[p.Callee], bool]) -> None:
        self._unit = unit
        self._values = values
        self._is_async = is_async
        self._blocks: dict[str, str] = {}
        self._counts_alone = False
        self._statements: dict[type[Any], Callable[[Any, _Names], list[ast.stmt]]] = {
            p.Set: self._set,
            p.If: self._if,
            p.ForEach: self._for_each,
            p.Count: self._count,
            p.Repeat: self._repeat,
            p.While: self._while,
            p.StopLoop: lambda step, _: [self._at(step).leave_loop()],
            p.NextRound: lambda step, _: [self._at(step).next_round()],
            p.Try: self._try,
            p.Return: self._return,
            p.Fail: self._fail,
            p.FailAgain: self._fail_again,
            p.Log: self._log,
            p.Call: self._call,
        }

    def routine(self, routine: p.Routine, name: str, waits: bool) -> ast.stmt:
        """The Python function of a flow or function: budget and depth first, variables empty, then the steps."""
        self._blocks = {}
        self._counts_alone = not any(not isinstance(call.callee, Block) for call in p.calls_in(routine.body))
        at = self._values.at(routine.span)
        known = [each.name for each in routine.inputs]
        names = _Names({each: python_name(each) for each in (*known, *routine.variables)})
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
        return [self._at(step).loop(names.variables[step.name], items, self._round(step, names))]

    def _count(self, step: p.Count, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        ends = [self._values.needed(each, A_NUMBER, names.variables) for each in (step.start, step.stop, step.by)]
        return [at.loop(names.variables[step.name], at.call("_counting", *ends), self._round(step, names))]

    def _repeat(self, step: p.Repeat, names: _Names) -> list[ast.stmt]:
        times = self._values.at(step.times.span).call("_rounds", self._values.value(step.times, names.variables))
        return [self._at(step).loop("_round", times, self._round(step, names))]

    def _while(self, step: p.While, names: _Names) -> list[ast.stmt]:
        test = self._values.needed(step.condition, CONDITION, names.variables)
        at = self._at(step)
        return [at.loop_while(test if step.wanted else at.negated(test), self._round(step, names))]

    def _round(self, step: p.ForEach | p.Count | p.Repeat | p.While, names: _Names) -> list[ast.stmt]:
        return [*self._charge(self._at(step), step.cost), *self.body(step.body, names)]

    def _try(self, step: p.Try, names: _Names) -> list[ast.stmt]:
        at = self._at(step)
        statements = self.body(step.body, names)
        if step.handlers:
            statements = [self._handled(step, statements, names)]
        if step.always:
            statements = [at.always(statements, self.body(step.always, names))]
        return statements

    def _handled(self, step: p.Try, body: list[ast.stmt], names: _Names) -> ast.stmt:
        at = self._at(step)
        depth = names.depth + 1
        error, caught, value = f"_error{depth}", f"_caught{depth}", f"_failure{depth}"
        inner = _Names({**names.variables, FAILURE: value}, caught, depth)
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
        return at.attempt(
            body, error, [at.assign(caught, at.call("_caught", at.load(MARK), at.load(error))), *otherwise]
        )

    def _return(self, step: p.Return, names: _Names) -> list[ast.stmt]:
        return [self._at(step).give(self._values.value(step.value, names.variables))]

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
        result = at.wait_for(called) if block.is_async else called
        return self._values.block_result(at, block, result) if step.save_as else result

    def _call_routine(self, at: At, step: p.Call, callee: p.FunctionName | p.FlowName, names: _Names) -> ast.expr:
        if isinstance(callee, p.FunctionName):
            function = at.load(function_name(callee.name))
        else:
            function = at.item(at.of_run("flows"), callee.name)
        inputs = {python_name(each.input.name): self._values.asked(each, names.variables) for each in step.arguments}
        called = at.call(function, at.load("_run"), **inputs)
        return at.wait_for(called) if self._is_async(callee) else called


def function_name(name: str) -> str:
    """The Python name of a function of a flow; neither variables nor the engine's own names begin like it."""
    return f"_function_{python_name(name)}"
