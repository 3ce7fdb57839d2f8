"""What blocks answer in the place of doing anything: values they promise, and failures they declare."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

from hypothesis import strategies as st

from blockwright.catalogue import Block
from blockwright.engine.clock import sleep
from blockwright.engine.services import BoundBlocks, Services
from blockwright.failure import Code, Failure
from blockwright.language.program import calls_in
from blockwright.testing.properties.values import values_of

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.clock import Clock
    from blockwright.engine.run import BlockCall
    from blockwright.engine.runtime import Flow

_MOST_UNEVEN = 11
_PAUSES = (0.0, 0.0, 0.01, 1.0, 30.0, 3600.0)


@dataclass(frozen=True)
class Gives:
    """A block gives a value. An asynchronous one takes so many seconds for it."""

    value: object
    takes: float = 0.0

    def __str__(self) -> str:
        return f"gives {self.value!r}{_pause(self.takes)}"

    def __repr__(self) -> str:
        return _written(self, repr(self.value), takes=self.takes)


@dataclass(frozen=True)
class Fails:
    """A block fails with a code that it declares. An asynchronous one takes so many seconds for it."""

    code: Code
    details: object = None
    takes: float = 0.0

    def __str__(self) -> str:
        details = "" if self.details is None else f" ({self.details!r})"
        return f"fails with {self.code}{details}{_pause(self.takes)}"

    def __repr__(self) -> str:
        return _written(self, repr(self.code), details=self.details, takes=self.takes)


Answer: TypeAlias = Gives | Fails


@dataclass(frozen=True)
class Answers:
    """What each block answers, by its label.

    Which of its answers a call gets depends on its inputs, and on how often the block was called with these before; so
    it does not depend on what runs beside it. When they are ``steady``, it depends on the inputs alone. When they are
    ``uneven``, asynchronous blocks take some milliseconds more, by their inputs: what began together ends apart.
    """

    of: Mapping[str, Sequence[Answer]]
    steady: bool = False
    uneven: bool = False

    def __str__(self) -> str:
        return "\n".join(f"{label} {', then '.join(map(str, answers))}" for label, answers in self.of.items())

    def __repr__(self) -> str:
        return _written(self, repr(dict(self.of)), steady=self.steady, uneven=self.uneven)

    def over(self, flow: Flow, clock: Clock, calls: list[Call]) -> Flow:
        """The flow with these answers in the place of its blocks; each call is added to ``calls``."""
        bound = BoundBlocks(Services(None, None, ()), _NoBlock())
        said = _Said(self, clock, calls)
        for block in blocks_called(flow):
            bound.calls[block.label] = said.in_place_of(block)
        return flow.over(bound, clock)


@dataclass(frozen=True)
class Call:
    """A call of a block, with its inputs by parameter."""

    label: str
    inputs: Mapping[str, object]

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.inputs.items())
        return f"{self.label}({given})"


def block_answers(flow: Flow) -> st.SearchStrategy[Answers]:
    """Answers of all blocks that a flow calls, those of the flows that it calls included."""
    answers = {block.label: st.lists(_answer(block), min_size=1, max_size=4) for block in blocks_called(flow)}
    return st.fixed_dictionaries(answers).map(Answers)


def blocks_called(flow: Flow) -> list[AnyBlock]:
    """The blocks that a flow calls, and the flows that it calls."""
    calls = (call for program in flow.programs for each in program.routines() for call in calls_in(each.body))
    return list({call.callee.label: call.callee for call in calls if isinstance(call.callee, Block)}.values())


def _answer(block: AnyBlock) -> st.SearchStrategy[Answer]:
    takes = st.sampled_from(_PAUSES) if block.is_async else st.just(0.0)
    gives: st.SearchStrategy[Answer] = st.builds(Gives, values_of(block.result, whole=block.result_whole), takes)
    if not block.failures:
        return gives
    details = st.sampled_from([None, {"retry after": 2}, "a word"])
    return st.one_of(gives, st.builds(Fails, st.sampled_from(list(block.failures)), details, takes))


def _written(of: object, first: str, **others: object) -> str:
    """How Python code makes an object; what it has by itself is left out."""
    named = (f"{name}={value!r}" for name, value in others.items() if value)
    return f"{type(of).__name__}({', '.join([first, *named])})"


def _pause(seconds: float) -> str:
    return f" after {seconds:g} s" if seconds else ""


class _Said:
    """Answers for blocks, and keeps count of their calls."""

    def __init__(self, answers: Answers, clock: Clock, calls: list[Call]) -> None:
        self._answers = answers
        self._clock = clock
        self._calls = calls
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def in_place_of(self, block: AnyBlock) -> BlockCall:
        async def wait_and_answer(*values: object, **named: object) -> object:
            answer, more = self._choose(block, values, named)
            if answer.takes or more:
                await sleep(self._clock, answer.takes + more)
            return _say(block, answer)

        def answer(*values: object, **named: object) -> object:
            return _say(block, self._choose(block, values, named)[0])

        return wait_and_answer if block.is_async else answer

    def _choose(self, block: AnyBlock, values: Sequence[object], named: Mapping[str, object]) -> tuple[Answer, float]:
        """The answer to a call, and how many seconds it takes beside its own."""
        given = dict(zip((each.parameter for each in block.inputs), values, strict=False)) | dict(named)
        key = f"{block.label} {sorted(given.items())!r}"
        with self._lock:
            self._calls.append(Call(block.label, given))
            before = 0 if self._answers.steady else self._counts[key]
            self._counts[key] += 1
        answers, number = self._answers.of[block.label], crc32(key.encode())
        more = number // 7 % _MOST_UNEVEN / 1000 if self._answers.uneven else 0.0
        return answers[(number + before) % len(answers)], more


def _say(block: AnyBlock, answer: Answer) -> object:
    if isinstance(answer, Fails):
        raise Failure(answer.code, block.failures[answer.code].about, answer.details)
    return answer.value


class _NoBlock:
    """The invoker where every block has somebody who stands in for it."""

    def bind(self, block: AnyBlock, services: Mapping[str, object]) -> BlockCall:
        raise AssertionError(f"nobody stands in for {block.label}, with {list(services)}")
