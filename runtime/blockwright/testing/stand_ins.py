"""What blocks answer in a test instead of being run, and which calls there were."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from blockwright.engine.clock import sleep
from blockwright.expressions.temporal.types import DaysDuration
from blockwright.expressions.values import Value, give, take
from blockwright.failure import UNEXPECTED, Failure
from blockwright.testing.values import same, worked_out

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.manual_clock import ManualClock
    from blockwright.engine.run import BlockCall
    from blockwright.language.cases.checked import Answer, MeantFailure


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a block that a run made, its inputs by name."""

    block: AnyBlock
    inputs: Mapping[str, Value]


class StandIns:
    """The invoker of a test: notes every call, and answers for the blocks that the test has answers for.

    A call takes the first of its block's answers that are meant for these inputs, or else for any, that was not taken
    yet; the last of them stays. ``unanswered`` are the calls for which there was neither an answer nor a service,
    ``endless`` those whose block was still at it when the run was given up.
    """

    def __init__(self, answers: Mapping[str, Sequence[Answer]], clock: ManualClock) -> None:
        self.calls: list[Call] = []
        self.unanswered: list[Call] = []
        self.endless: list[Call] = []
        self._answers = answers
        self._taken: set[int] = set()
        self._clock = clock

    def bind(self, block: AnyBlock, services: Mapping[str, object]) -> BlockCall:
        return self._noted(block, functools.partial(block.function, **services))

    def in_place_of(self, block: AnyBlock) -> BlockCall:
        """What is called instead of a block that a test has answers for, or that lacks a service."""

        async def wait_and_answer(*values: object, **named: object) -> object:
            answer = self._choose(block, _inputs(block, values, named))
            if answer.takes is not None:
                await sleep(self._clock, float(cast("DaysDuration", worked_out(answer.takes)).seconds))
            return _said(block, answer)

        def answer(*values: object, **named: object) -> object:
            return _said(block, self._choose(block, _inputs(block, values, named)))

        return self._noted(block, wait_and_answer if block.is_async else answer)

    def _noted(self, block: AnyBlock, act: BlockCall) -> BlockCall:
        async def noted_later(*values: object, **named: object) -> object:
            call = self._note(block, values, named)
            try:
                return await cast("Awaitable[object]", act(*values, **named))
            except asyncio.CancelledError:
                if self._clock.is_stuck:
                    self.endless.append(call)
                raise

        def noted(*values: object, **named: object) -> object:
            self._note(block, values, named)
            return act(*values, **named)

        return noted_later if block.is_async else noted

    def _note(self, block: AnyBlock, values: Sequence[object], named: Mapping[str, object]) -> Call:
        call = _call(block, _inputs(block, values, named))
        self.calls.append(call)
        return call

    def _choose(self, block: AnyBlock, inputs: Mapping[str, Value]) -> Answer:
        answers = self._answers.get(block.label, ())
        meant = [each for each in answers if each.when and _is_meant(each, inputs)]
        meant = meant or [each for each in answers if not each.when]
        if not meant:
            self.unanswered.append(_call(block, inputs))
            raise Failure(UNEXPECTED, f"the test has no answer for this call of `{block.label}`")
        answer = next((each for each in meant if id(each) not in self._taken), meant[-1])
        self._taken.add(id(answer))
        return answer


def _inputs(block: AnyBlock, values: Sequence[object], named: Mapping[str, object]) -> dict[str, Value]:
    """The inputs of a call by parameter, those that were left out with their defaults."""
    given = dict(zip((each.parameter for each in block.inputs), values, strict=False)) | dict(named)
    return {each.parameter: take(given.get(each.parameter, each.default)) for each in block.inputs}


def _call(block: AnyBlock, inputs: Mapping[str, Value]) -> Call:
    return Call(block, {each.name: inputs[each.parameter] for each in block.inputs})


def _is_meant(answer: Answer, inputs: Mapping[str, Value]) -> bool:
    return all(same(worked_out(value), inputs[parameter]) for parameter, value in answer.when.items())


def _said(block: AnyBlock, answer: Answer) -> object:
    if answer.fails is not None:
        raise failure_meant(answer.fails, lambda code: block.failures[code].about if code in block.failures else "")
    return None if answer.gives is None else give(worked_out(answer.gives))


def failure_meant(meant: MeantFailure, otherwise: Callable[[int | str], str]) -> Failure:
    """The failure that an author wrote; ``otherwise`` gives its message where there is none."""
    code = cast("int | str", worked_out(meant.code))
    message = otherwise(code) if meant.message is None else cast("str", worked_out(meant.message))
    return Failure(code, message, None if meant.details is None else give(worked_out(meant.details)))
