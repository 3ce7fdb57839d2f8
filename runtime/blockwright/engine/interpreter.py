"""What a flow means: a walk over the checked flow, one short method per statement.

Read this to know what a step does. It runs whatever is watched; ``compiler`` says the same in Python code. A step gives
None to go on with the next one, or the signal by which its body is left.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, NoReturn, TypeAlias, TypeVar, cast

from blockwright.catalogue import Block
from blockwright.engine import meaning
from blockwright.engine.calls import Called, unstacked
from blockwright.engine.frame import Frame
from blockwright.engine.limiting import TimeLimit, pause
from blockwright.engine.retrying import Retrying
from blockwright.engine.run import Placed, Run, failure_value
from blockwright.engine.side_by_side import SKIPPED, Skipped, in_thread, kept_failure, rounds_at_once, together
from blockwright.engine.stopping import may_be_disturbed, only_calls_blocks, to_its_end
from blockwright.engine.telling import Teller, is_secret
from blockwright.failure import Failure
from blockwright.language import program as p

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine

    from blockwright.catalogue import AnyBlock, Input
    from blockwright.engine.trace import Activity
    from blockwright.engine.unit import Unit
    from blockwright.expressions.values import Value

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
    """What all calls of one run share: the flows by name, the run itself, and who is told of it."""

    units: Mapping[str, Unit]
    run: Run
    teller: Teller


async def interpret(setting: Setting, unit: Unit, inputs: Mapping[str, Value]) -> Value:
    """Run a flow: the value that it returns, null when it comes to its end."""
    teller = setting.teller
    doing = teller.run_begins(unit, inputs)
    try:
        value = await unstacked(_routine(setting, unit, unit.program.main, inputs, doing, 0))
    except Placed as failure:
        teller.run_fails(doing, failure)
        raise
    except BaseException:
        teller.run_stops(doing)
        raise
    teller.run_gives(doing, value)
    return value


async def _routine(
    setting: Setting, unit: Unit, routine: p.Routine, inputs: Mapping[str, Value], doing: Activity, level: int
) -> Value:
    """Run the steps of a flow or function."""
    run = setting.run
    run.depth += 1
    try:
        frame = _Steps(setting, unit, dict.fromkeys(routine.variables) | dict(inputs), doing, level)
        frame.charge(routine.span, routine.cost)
        signal = await frame.body(routine.body)
        return signal.value if isinstance(signal, Returned) else None
    finally:
        run.depth -= 1


class _Steps(Frame):
    """One call of a flow or function; ``failure`` is what the innermost handler at work was given."""

    def __init__(self, setting: Setting, unit: Unit, variables: dict[str, Value], doing: Activity, level: int) -> None:
        super().__init__(setting.run, unit, variables)
        self._setting = setting
        self._teller = setting.teller
        self._doing = doing
        self.failure: Placed | None = None
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
        around, teller = self._doing, self._teller
        doing = self._doing = teller.step(around, self.unit, step, self._level)
        if not isinstance(step, p.Call):
            teller.begins(doing)
        try:
            signal = await self._do(step)
        except (Placed, RecursionError) as error:
            failure = self.unit.failed(error, step.span)
            teller.fails(doing, failure)
            raise failure from failure.__cause__
        except BaseException as error:
            self.unit.stopped(self.run, step, error)
            teller.stops(doing)
            raise
        finally:
            self._doing = around
        if isinstance(step, p.Return) and isinstance(signal, Returned):
            teller.gives(doing, signal.value)
        elif isinstance(step, p.Call) and step.save_as is not None:
            teller.gives(doing, self.variables[step.save_as], is_secret(step))
        teller.ends(doing)
        return signal

    async def _do(self, step: p.Step) -> Signal:
        match step:
            case p.Call():
                await self._call(step)
            case p.Set():
                self._set(step)
            case p.If():
                return await self._if(step)
            case p.ForEach():
                return await self._for_each(step)
            case p.Count():
                return await self._count(step)
            case p.Repeat():
                return await self._rounds(self.needed(step.times, meaning.rounds), None, step)
            case p.While():
                return await self._while(step)
            case p.StopLoop():
                return Leave.STOP
            case p.NextRound():
                return Leave.NEXT
            case p.Try():
                return await self._try(step)
            case p.Retry():
                return await self._retry(step)
            case p.Limited():
                return await self._limited(step)
            case p.Together():
                await self._together(step)
            case p.Wait():
                await self._pause(self.needed(step.duration, meaning.seconds))
            case p.Return():
                return Returned(self._returned(step))
            case p.Fail():
                self._fail(step)
            case p.FailAgain():
                raise cast("Placed", self.failure)
            case p.Log():
                self._log(step)
        return None

    async def _pause(self, seconds: float) -> None:
        self._teller.waits(self._doing, seconds)
        await pause(self.run, seconds)

    def _set(self, step: p.Set) -> None:
        for name, value in step.values:
            self.variables[name] = self.value(value)

    async def _if(self, step: p.If) -> Signal:
        for condition, body in step.branches:
            if self.needed(condition, meaning.condition):
                return await self.body(body)
        return await self.body(step.otherwise)

    async def _for_each(self, step: p.ForEach) -> Signal:
        items = self.needed(step.items, meaning.items)
        if step.at_once is not None:
            await self._rounds_at_once(step, items, self.needed(step.at_once, meaning.width))
            return None
        if step.collected is None and step.failures_as is None:
            return await self._rounds(items, step.name, step)
        kept: list[Value] = []
        failures: list[Value] = []
        for number, item in enumerate(items, 1):
            self.variables[step.name] = item
            self._teller.rounds(self._doing, number, len(items))
            self.charge(step.span, step.cost)
            try:
                signal = await self.body(step.body)
                if signal is None and step.collected is not None:
                    kept.append(self.value(step.collected.gives))
            except Placed as failure:
                if step.failures_as is None:
                    raise
                failures.append(kept_failure(self.run, failure, item, number))
                continue
            if signal is Leave.STOP:
                break
            if isinstance(signal, Returned):
                return signal
        self._keep(step, kept, failures)
        return None

    async def _rounds_at_once(self, step: p.ForEach, items: list[Value], width: int) -> None:
        numbers = itertools.count(1)

        async def work(run: Run, item: Value) -> Value | Skipped:
            number = next(numbers)
            frame = self._aside(run, {**self.variables, step.name: item})
            frame.charge(step.span, step.cost)
            return await frame.told("round", number, len(items), lambda: frame.one_round(step))

        failed = self._failed_here(step) if step.failures_as is not None else None
        try:
            self._keep(step, *await rounds_at_once(self.run, items, width, work, failed))
        except Failure as error:
            self.fail_at(error, step.span)

    async def one_round(self, step: p.ForEach) -> Value | Skipped:
        """A round that runs beside others: what it has to collect."""
        signal = await self.body(step.body)
        if signal is not None or step.collected is None:
            return SKIPPED
        return self.value(step.collected.gives)

    def _failed_here(self, step: p.Step) -> Callable[[Run, Exception], Placed]:
        return lambda _, error: self.unit.failed(error, step.span)

    def _keep(self, step: p.ForEach, kept: list[Value], failures: list[Value]) -> None:
        if step.collected is not None:
            self.variables[step.collected.name] = kept
        if step.failures_as is not None:
            self.variables[step.failures_as] = failures

    async def _together(self, step: p.Together) -> None:
        def branch(number: int, body: p.Body) -> Callable[[Run], Coroutine[object, object, None]]:
            async def run_branch(run: Run) -> None:
                frame = self._aside(run, dict(self.variables))
                try:
                    await frame.told("branch", number, len(step.branches), lambda: frame.body(body))
                finally:
                    self.variables |= {name: frame.variables[name] for name in p.given_in(body)}

            return run_branch

        try:
            await together(self.run, itertools.starmap(branch, enumerate(step.branches, 1)))
        except Failure as error:
            self.fail_at(error, step.span)

    def _aside(self, run: Run, variables: dict[str, Value]) -> _Steps:
        """The frame of a branch or round that runs beside others."""
        frame = _Steps(replace(self._setting, run=run), self.unit, variables, self._doing, self._level)
        frame.failure = self.failure
        return frame

    async def told(self, name: str, number: int, count: int, work: Callable[[], Coroutine[object, object, T]]) -> T:
        """Do the work of a branch or round that runs beside others, and tell of it."""
        doing = self._doing = self._teller.branch_begins(self._doing, name, number, count)
        self._level += 1
        try:
            given = await unstacked(work())
        except Placed as failure:
            self._teller.branch_ends(doing, failure)
            raise
        except BaseException:
            self._teller.branch_ends(doing, was_stopped=True)
            raise
        self._teller.branch_ends(doing)
        return given

    async def _retry(self, step: p.Retry) -> Signal:
        retrying = Retrying(
            self.run,
            step.codes,
            self.needed(step.more, meaning.tries),
            self.wanted(step.wait, meaning.seconds),
            self.wanted(step.growing, meaning.growth),
            self.wanted(step.at_most, meaning.seconds),
        )
        while True:
            self.charge(step.span, step.cost)
            self._teller.tries(self._doing, retrying.tried + 1, retrying.most)
            try:
                return await self.body(step.body)
            except Placed as failure:
                retrying.failed(failure)
            if step.wait is not None:
                await self._pause(retrying.next_wait())

    async def _limited(self, step: p.Limited) -> Signal:
        seconds = self.needed(step.limit, meaning.seconds)
        try:
            async with TimeLimit(self.run.clock, seconds):
                return await self.body(step.body)
        except Failure as error:
            self.fail_at(error, step.span)

    async def _count(self, step: p.Count) -> Signal:
        start, stop, by = (self.needed(each, meaning.number) for each in (step.start, step.stop, step.by))
        return await self._rounds(self.guarded(step.span, lambda: meaning.counting(start, stop, by)), step.name, step)

    async def _while(self, step: p.While) -> Signal:
        numbers = itertools.count(1)
        while self.needed(step.condition, meaning.condition) is step.wanted:
            signal = await self._round(step, next(numbers), None)
            if signal is Leave.STOP:
                return None
            if isinstance(signal, Returned):
                return signal
        return None

    async def _rounds(self, items: Iterable[Value], name: str | None, step: p.ForEach | p.Count | p.Repeat) -> Signal:
        count = _length(items)
        for number, item in enumerate(items, 1):
            if name is not None:
                self.variables[name] = item
            signal = await self._round(step, number, count)
            if signal is Leave.STOP:
                return None
            if isinstance(signal, Returned):
                return signal
        return None

    async def _round(self, step: p.ForEach | p.Count | p.Repeat | p.While, number: int, count: int | None) -> Signal:
        self._teller.rounds(self._doing, number, count)
        self.charge(step.span, step.cost)
        return await self.body(step.body)

    async def _try(self, step: p.Try) -> Signal:
        try:
            signal = await self._handled(step)
        except BaseException:
            await self._always(step.always)
            raise
        await self._always(step.always)
        return signal

    async def _always(self, body: p.Body) -> None:
        if may_be_disturbed(body):
            await to_its_end(self.run, lambda _: unstacked(self.body(body)), only_calls_blocks(body))
        else:
            await self.body(body)

    async def _handled(self, step: p.Try) -> Signal:
        try:
            return await self.body(step.body)
        except Placed as failure:
            handler = meaning.handler_for(self.run, step.handlers, failure)
            if handler is None:
                raise
            outer = self.failure, self.variables.get("failure")
            self.failure, self.variables["failure"] = failure, failure_value(failure)
            try:
                return await self.body(handler.body)
            finally:
                self.failure, self.variables["failure"] = outer

    def _returned(self, step: p.Return) -> Value:
        if step.wanted is None:
            return self.value(step.value)
        return self.needed(step.value, partial(meaning.returned, step.wanted))

    def _fail(self, step: p.Fail) -> NoReturn:
        code = self.needed(step.code, meaning.code)
        message = self.needed(step.message, meaning.message)
        details = self.needed(step.details, meaning.details)
        self.fail_at(Failure(code, message, details), step.span)

    def _log(self, step: p.Log) -> None:
        text = self.needed(step.text, meaning.logged)
        self.guarded(step.span, lambda: self.run.log(text, self.unit.place(step.span)))

    async def _call(self, call: p.Call) -> None:
        if isinstance(call.callee, Block):
            result = await self._call_block(call, call.callee)
        else:
            result = await self._call_routine(call, call.callee)
        if call.save_as is not None:
            self.variables[call.save_as] = result

    async def _call_block(self, call: p.Call, block: AnyBlock) -> Value:
        inputs: dict[str, object] = {}
        values: dict[str, Value] = {}
        try:
            for each in call.arguments:
                asked = cast("Input", each.input)
                value = values[asked.name] = self.value(each.value)
                form = partial(meaning.secret_block_input, self.run) if asked.secret else meaning.block_input
                try:
                    inputs[asked.parameter] = form(asked, value)
                except Exception as error:
                    self.fail_at(error, each.value.span)
        finally:
            self._teller.begins(self._doing, self._teller.arguments(call, values))
        function = self.run.blocks[block.label]
        try:
            if self.run.aside and not block.is_async:
                result = await in_thread(self.run, function, **inputs)
            else:
                result = function(**inputs)
                if block.is_async:
                    result = await cast("Awaitable[object]", result)
            if call.save_as is None:
                return None
            if block.result_secret:
                return meaning.secret_block_result(self.run, block, result)
            return meaning.block_result(block, result)
        except Exception as error:
            self.fail_at(error, call.span, block)

    async def _call_routine(self, call: p.Call, callee: p.FunctionName | p.FlowName) -> Value:
        run = self.run
        if run.depth >= run.deepest:
            self._teller.begins(self._doing)
            self.guarded(call.span, run.too_deep)
        unit = self.unit if isinstance(callee, p.FunctionName) else self._setting.units[callee.name]
        routine = unit.program.functions[callee.name] if isinstance(callee, p.FunctionName) else unit.program.main
        inputs = {asked.name: asked.default for asked in routine.inputs}
        values: dict[str, Value] = {}
        try:
            for each in call.arguments:
                asked = cast("p.Asked", each.input)
                value = values[asked.name] = self.value(each.value)
                form = partial(meaning.secret_asked, self.run) if asked.secret else meaning.asked
                inputs[asked.name] = self.guarded(each.value.span, partial(form, asked, value))
        finally:
            self._teller.begins(self._doing, self._teller.arguments(call, values))
        called: Called[Value] = Called(_routine(self._setting, unit, routine, inputs, self._doing, self._level))
        return await called


def _length(items: Iterable[Value]) -> int | None:
    """How many rounds there will be, where that is known."""
    try:
        return len(items) if isinstance(items, list | range) else None
    except OverflowError:
        return None
