"""What a flow means: a walk over the checked flow, one short method per statement.

Read this to know what a step does. It runs whatever is watched; ``compiler`` says the same in Python code. A step gives
None to go on with the next one, or the signal by which its body is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, NoReturn, TypeAlias, TypeVar, cast

from blockwright.catalogue import Block
from blockwright.engine import meaning
from blockwright.engine.calls import Called, unstacked
from blockwright.engine.run import Placed, Run, failure_value
from blockwright.engine.trace import Event, EventKind, Watch, step_name
from blockwright.expressions.values import give
from blockwright.failure import Failure
from blockwright.language import program as p

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from blockwright.catalogue import AnyBlock, Input
    from blockwright.engine.unit import Unit
    from blockwright.expressions.values import Value
    from blockwright.language.diagnostics import Span

T = TypeVar("T")


class Leave(Enum):
    """The signals by which a round of a loop is left before its end."""

    STOP = "stop loop"
    NEXT = "next round"


@dataclass(frozen=True, slots=True)
class Returned:
    """The signal by which a flow or function is left."""

    value: Value


Signal: TypeAlias = Leave | Returned | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What all calls of one run share: the flows by name, the run itself, and who watches."""

    units: Mapping[str, Unit]
    run: Run
    watch: Watch


async def interpret(setting: Setting, unit: Unit, inputs: Mapping[str, Value]) -> Value:
    """Run a flow: the value that it returns, null when it comes to its end."""
    return await unstacked(_routine(setting, unit, unit.program.main, inputs, 0))


async def _routine(setting: Setting, unit: Unit, routine: p.Routine, inputs: Mapping[str, Value], level: int) -> Value:
    """Run the steps of a flow or function."""
    run = setting.run
    run.depth += 1
    try:
        frame = _Frame(setting, unit, dict.fromkeys(routine.variables) | dict(inputs), level)
        frame.guarded(routine.span, lambda: run.charge(routine.cost))
        signal = await frame.body(routine.body)
        return signal.value if isinstance(signal, Returned) else None
    finally:
        run.depth -= 1


class _Frame:
    """One call of a flow or function: its variables, and the failure that the innermost handler at work was given."""

    def __init__(self, setting: Setting, unit: Unit, variables: dict[str, Value], level: int) -> None:
        self._setting = setting
        self._run = setting.run
        self._unit = unit
        self._variables = variables
        self._failure: Placed | None = None
        self._level = level

    async def body(self, body: p.Body) -> Signal:
        """The steps in order, until one leaves."""
        self._level += 1
        try:
            for step in body:
                signal = await self._step(step)
                if signal is not None:
                    return signal
            return None
        finally:
            self._level -= 1

    async def _step(self, step: p.Step) -> Signal:
        self._tell("begins", step)
        try:
            signal = await self._do(step)
        except (Placed, RecursionError) as error:
            failure = self._unit.failed(error, step.span)
            self._tell("fails", step, failure=failure)
            raise failure from failure.__cause__
        if isinstance(step, p.Return) and isinstance(signal, Returned):
            self._tell("gives", step, signal.value)
        elif isinstance(step, p.Call) and step.save_as is not None:
            secret = isinstance(step.callee, Block) and step.callee.result_secret
            self._tell("gives", step, None if secret else self._variables[step.save_as], secret=secret)
        return signal

    async def _do(self, step: p.Step) -> Signal:
        match step:
            case p.Set():
                self._set(step)
            case p.If():
                return await self._if(step)
            case p.ForEach():
                return await self._for_each(step)
            case p.Count():
                return await self._count(step)
            case p.Repeat():
                return await self._rounds(self._needed(step.times, meaning.rounds), None, step)
            case p.While():
                return await self._while(step)
            case p.StopLoop():
                return Leave.STOP
            case p.NextRound():
                return Leave.NEXT
            case p.Try():
                return await self._try(step)
            case p.Return():
                return Returned(self._value(step.value))
            case p.Fail():
                self._fail(step)
            case p.FailAgain():
                raise cast("Placed", self._failure)
            case p.Log():
                self._log(step)
            case p.Call():
                await self._call(step)
        return None

    def _set(self, step: p.Set) -> None:
        for name, value in step.values:
            self._variables[name] = self._value(value)

    async def _if(self, step: p.If) -> Signal:
        for condition, body in step.branches:
            if self._needed(condition, meaning.condition):
                return await self.body(body)
        return await self.body(step.otherwise)

    async def _for_each(self, step: p.ForEach) -> Signal:
        return await self._rounds(self._needed(step.items, meaning.items), step.name, step)

    async def _count(self, step: p.Count) -> Signal:
        start, stop, by = (self._needed(each, meaning.number) for each in (step.start, step.stop, step.by))
        return await self._rounds(self.guarded(step.span, lambda: meaning.counting(start, stop, by)), step.name, step)

    async def _while(self, step: p.While) -> Signal:
        while self._needed(step.condition, meaning.condition) is step.wanted:
            signal = await self._round(step)
            if signal is Leave.STOP:
                return None
            if isinstance(signal, Returned):
                return signal
        return None

    async def _rounds(self, items: Iterable[Value], name: str | None, step: p.ForEach | p.Count | p.Repeat) -> Signal:
        for item in items:
            if name is not None:
                self._variables[name] = item
            signal = await self._round(step)
            if signal is Leave.STOP:
                return None
            if isinstance(signal, Returned):
                return signal
        return None

    async def _round(self, step: p.ForEach | p.Count | p.Repeat | p.While) -> Signal:
        self.guarded(step.span, lambda: self._run.charge(step.cost))
        return await self.body(step.body)

    async def _try(self, step: p.Try) -> Signal:
        try:
            signal = await self._handled(step)
        except BaseException:
            await self.body(step.always)
            raise
        await self.body(step.always)
        return signal

    async def _handled(self, step: p.Try) -> Signal:
        try:
            return await self.body(step.body)
        except Placed as failure:
            handler = meaning.handler_for(step.handlers, failure)
            if handler is None:
                raise
            outer = self._failure, self._variables.get("failure")
            self._failure, self._variables["failure"] = failure, failure_value(failure)
            try:
                return await self.body(handler.body)
            finally:
                self._failure, self._variables["failure"] = outer

    def _fail(self, step: p.Fail) -> NoReturn:
        code = self._needed(step.code, meaning.code)
        message = self._needed(step.message, meaning.message)
        details = self._needed(step.details, meaning.details)
        self._raise(Failure(code, message, details), step.span)

    def _log(self, step: p.Log) -> None:
        text = self._needed(step.text, meaning.logged)
        self.guarded(step.span, lambda: self._run.log(text, self._unit.place(step.span)))

    async def _call(self, call: p.Call) -> None:
        if isinstance(call.callee, Block):
            result = await self._call_block(call, call.callee)
        else:
            result = await self._call_routine(call, call.callee)
        if call.save_as is not None:
            self._variables[call.save_as] = result

    async def _call_block(self, call: p.Call, block: AnyBlock) -> Value:
        inputs: dict[str, object] = {}
        for each in call.arguments:
            asked = cast("Input", each.input)
            inputs[asked.parameter] = self._needed(each.value, partial(meaning.block_input, asked))
        try:
            result = self._run.blocks[block.label](**inputs)
            if block.is_async:
                result = await cast("Awaitable[object]", result)
            return meaning.block_result(block, result) if call.save_as else None
        except Exception as error:
            self._raise(error, call.span, block)

    async def _call_routine(self, call: p.Call, callee: p.FunctionName | p.FlowName) -> Value:
        run = self._run
        if run.depth >= run.deepest:
            self.guarded(call.span, run.too_deep)
        unit = self._unit if isinstance(callee, p.FunctionName) else self._setting.units[callee.name]
        routine = unit.program.functions[callee.name] if isinstance(callee, p.FunctionName) else unit.program.main
        inputs = {asked.name: asked.default for asked in routine.inputs}
        for each in call.arguments:
            asked = cast("p.Asked", each.input)
            inputs[asked.name] = self._needed(each.value, partial(meaning.asked, asked))
        called: Called[Value] = Called(_routine(self._setting, unit, routine, inputs, self._level))
        return await called

    def _value(self, value: p.Value) -> Value:
        match value:
            case p.Constant():
                return value.value
            case p.Computed():
                try:
                    return self._unit.evaluate(value, self._variables)
                except Exception as error:
                    self._raise(error, value.span)
            case p.Joined():
                pieces = [each if isinstance(each, str) else self._needed(each, meaning.piece) for each in value.parts]
                return self.guarded(value.span, lambda: meaning.joined(*pieces))
            case p.Listed():
                return [self._value(each) for each in value.items]
            case p.Grouped():
                return {name: self._value(each) for name, each in value.entries}

    def _needed(self, value: p.Value, form: Callable[[Value], T]) -> T:
        """A value in the form that a step needs it."""
        worked_out = self._value(value)
        return self.guarded(value.span, lambda: form(worked_out))

    def guarded(self, span: Span, act: Callable[[], T]) -> T:
        """What ``act`` gives; if it fails, it failed at ``span``."""
        try:
            return act()
        except Exception as error:
            self._raise(error, span)

    def _raise(self, error: Exception, span: Span, block: AnyBlock | None = None) -> NoReturn:
        failure = self._unit.failed(error, span, block)
        raise failure from failure.__cause__

    def _tell(
        self,
        kind: EventKind,
        step: p.Step,
        value: Value = None,
        failure: Placed | None = None,
        *,
        secret: bool = False,
    ) -> None:
        place, flow = self._unit.place(step.span), self._unit.program.name
        seen = failure.leaving() if failure else None
        self._setting.watch(Event(kind, step_name(step), place, flow, self._level, _shown(value), seen, secret))


def _shown(value: Value) -> object:
    try:
        return give(value)
    except Failure:
        return None
