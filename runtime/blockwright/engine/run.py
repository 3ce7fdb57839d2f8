"""One run of a flow: its budget, its log, the blocks it may call, and how an exception becomes a located failure."""

from __future__ import annotations

import asyncio
import decimal
import logging
import math
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeAlias, cast

from blockwright.engine.limits import GRACE as SECONDS_OF_GRACE
from blockwright.engine.secrets import Secrets
from blockwright.engine.stopping import SOFTLY, is_tidying_up, stops_so_far
from blockwright.expressions.cost import pay_for_text
from blockwright.expressions.temporal.words import duration_words
from blockwright.expressions.values import give, take
from blockwright.failure import (
    BAD_VALUE,
    FINAL_CODES,
    TIMED_OUT,
    TOO_BIG,
    TOO_DEEP,
    TOO_MANY_BRANCHES,
    TOO_MANY_CALLS,
    TOO_MANY_LINES,
    TOO_MANY_STEPS,
    UNEXPECTED,
    Failure,
    Place,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from blockwright.catalogue import AnyBlock
    from blockwright.engine.clock import Clock
    from blockwright.engine.limits import Limits
    from blockwright.expressions.values import Value

BlockCall: TypeAlias = Callable[..., object]
"""A block ready to be called with its inputs; asynchronous ones give an awaitable."""

Compiled: TypeAlias = Callable[..., object]
"""``compiled(run, **inputs)``: a flow's value, or an awaitable of it when the flow waits for something."""

GRACE = 1_000
"""Steps that the ``always:`` parts of a run may still take once its budget is used up."""

LINES_OF_GRACE = 100
"""Lines that the ``always:`` parts of a run may still write once its log is full."""

_MOST_WORDS = 10_000

_logger = logging.getLogger("blockwright.flow")


class LogSink(Protocol):
    """Where the lines of ``log`` steps go."""

    def __call__(self, text: str, place: Place) -> None: ...


def log_to_python(text: str, place: Place) -> None:
    """Hand a line to Python's logging, as information from ``blockwright.flow``."""
    _logger.info("%s", text, extra={"place": str(place)})


class Run:
    """The state of one run, or of one of its branches.

    ``left`` counts the steps it may still take before it must ask for more, ``depth`` the calls it is inside of, up to
    ``deepest``; ``blocks`` and ``flows`` are what its steps call, by label; ``clock`` is where it takes time and chance
    from, ``secrets`` what it shows to nobody. ``aside`` says that others run beside it, whom nothing it does may hold
    up; ``waits`` that it needs an event loop. Its task had been cancelled ``stops`` times before it began.
    """

    __slots__ = (
        "_budget",
        "_is_ending",
        "_is_out",
        "aside",
        "blocks",
        "clock",
        "deepest",
        "depth",
        "flows",
        "left",
        "log",
        "secrets",
        "stops",
        "threads",
        "waits",
    )

    def __init__(
        self,
        limits: Limits,
        blocks: Mapping[str, BlockCall],
        flows: Mapping[str, Compiled],
        log: LogSink,
        clock: Clock,
        threads: Callable[[], Executor],
    ) -> None:
        self.left = 0 if limits.seconds is not None else limits.steps
        self.depth = 0
        self.deepest = limits.depth
        self.blocks = blocks if limits.calls is None else Outstanding(blocks, limits.calls)
        self.flows = flows
        self.secrets = Secrets()
        self.log = Lines(log, self.secrets, limits.log_lines).write
        self.clock = clock
        self.threads = threads
        self.aside = False
        self.waits = False
        self.stops = 0
        self._budget = Budget(limits, clock)
        self._is_out = False
        self._is_ending = False

    def branch(self) -> Run:
        """The state of a branch that runs beside others; its budget is part of this run's. ``join`` ends it."""
        self._budget.put_back(self.left)
        self.left = 0
        own = copy(self)
        own.aside = True
        own.stops = 0
        own._is_ending = self._is_ending or is_tidying_up()
        return own

    def join(self) -> None:
        """Give back what a branch did not use."""
        self._budget.put_back(self.left)
        self.left = 0

    @property
    def end_of_time(self) -> float:
        """When the run has taken as long as it may, by its clock's ``monotonic``."""
        return math.inf if self._budget.end is None else self._budget.end

    @property
    def is_stopped(self) -> bool:
        """Whether it was told to stop, and is on its way out: no handler keeps it, and nothing is tried again."""
        return stops_so_far() > self.stops

    def heed(self) -> None:
        """Stop here if it was told to, and a block took no notice; and where even the time of grace is over."""
        end = self._budget.end
        if self.is_stopped or (end is not None and self.clock.monotonic() >= end + SECONDS_OF_GRACE):
            raise asyncio.CancelledError(SOFTLY)

    def check_time(self) -> None:
        """End the run if it has taken longer than it may."""
        self._budget.check_time()

    def begin_branches(self, count: int) -> None:
        """Note that so many branches run from now on, until as many ``end_branches``."""
        self._budget.begin_branches(count)

    def end_branches(self, count: int) -> None:
        self._budget.end_branches(count)

    def charge(self, cost: int) -> None:
        """Take ``cost`` steps from the budget."""
        self.left -= cost
        if self.left < 0:
            self.left = self.more(self.left)
            self.exhausted()

    def more(self, left: int) -> int:
        """What is left once more is asked for; where there is no more, the steps that ``always:`` parts may take."""
        granted = self._budget.take(-left, self._is_ending or is_tidying_up())
        self._is_out = granted is None
        self._is_ending |= self._is_out
        return 0 if granted is None else left + granted

    def exhausted(self) -> None:
        """End the run if there was no more to ask for."""
        if self._is_out:
            raise self._budget.refusal()

    def too_deep(self) -> NoReturn:
        """Refuse one more call inside another."""
        raise Failure(TOO_DEEP, f"functions and flows may call one another {self.deepest} levels deep, no deeper")


class Budget:
    """The steps of a run that none of its branches has taken yet. They take some at a time, fewer as it runs low.

    When they are used up, each branch that asks for more is refused once, which ends it. What those that are ending
    take after that, all of them together, comes out of ``GRACE``. The same goes for the time that a run may take; it is
    looked at whenever steps are taken.
    """

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self.end = None if limits.seconds is None else clock.monotonic() + limits.seconds
        self._left = 0 if limits.seconds is None else limits.steps
        self._branches = 0
        self._is_over = False
        self._is_late = False
        self._lock = threading.Lock()

    def put_back(self, steps: int) -> None:
        """Give back what a branch did not use. Once the run is over, what it had before is nobody's."""
        with self._lock:
            if not self._is_over:
                self._left += max(steps, 0)

    def take(self, least: int, is_ending: bool) -> int | None:
        """At least so many steps; None when there are not as many."""
        with self._lock:
            if not self._is_over and (self._left < least or self.is_late()):
                self._is_over, self._left = True, GRACE
            if (self._is_over and not is_ending) or self._left < least:
                return None
            taken = max(least, min(_MOST_TAKEN, self._left // (_SHARE + _SHARE_OF_BRANCH * self._branches)))
            self._left -= taken
            return taken

    def is_late(self) -> bool:
        """Whether the run has taken longer than it may."""
        self._is_late = self._is_late or (self.end is not None and self._clock.monotonic() >= self.end)
        return self._is_late

    def refusal(self) -> Failure:
        """How the run ends when no more is given."""
        if self._is_late and self._limits.seconds is not None:
            return out_of_time(self._limits.seconds)
        return Failure(TOO_MANY_STEPS, f"the run took more than the {self._limits.steps:,} steps it may take")

    def check_time(self) -> None:
        """End the run if it has taken longer than it may."""
        if not self._is_over and self.is_late():
            with self._lock:
                self._is_over, self._left = True, GRACE
            raise self.refusal()

    def begin_branches(self, count: int) -> None:
        if self._branches + count > self._limits.branches:
            most = self._limits.branches
            raise Failure(TOO_MANY_BRANCHES, f"a run may have {most:,} branches and rounds side by side, no more")
        self._branches += count

    def end_branches(self, count: int) -> None:
        self._branches -= count


_MOST_TAKEN = 1_000
_SHARE = 200
_SHARE_OF_BRANCH = 10
"""What branches have taken and do not use, because they wait, is a tenth of what there was at most."""


class Ending(Failure):
    """A failure that ends the run, whatever its code."""


def out_of_time(seconds: float) -> Failure:
    """How a run fails that takes longer than so many seconds."""
    return Ending(TIMED_OUT, f"the run took longer than the {duration_words(seconds)} it may take")


class Lines:
    """The log of a run: no more lines than it may write, and no secrets."""

    def __init__(self, sink: LogSink, secrets: Secrets, most: int) -> None:
        self._sink = sink
        self._secrets = secrets
        self._most = most
        self._left = most

    def write(self, text: str, place: Place) -> None:
        """Write a line. Whoever is the first to write one too many ends the run; ``always:`` parts may write a few."""
        self._left -= 1
        if self._left == -1 or self._left < -LINES_OF_GRACE:
            raise Failure(TOO_MANY_LINES, f"a run may write {self._most:,} lines into its log, no more")
        pay_for_text(len(text))
        self._sink(self._secrets.text(text) if self._secrets else text, place)


class Outstanding(Mapping[str, BlockCall]):
    """The blocks of a run that may wait for only so many calls at a time."""

    def __init__(self, blocks: Mapping[str, BlockCall], most: int) -> None:
        self._blocks = blocks
        self._most = most
        self._now = 0
        self._lock = threading.Lock()

    def __getitem__(self, label: str) -> BlockCall:
        return partial(self._call, self._blocks[label])

    def __iter__(self) -> Iterator[str]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)

    def _call(self, function: BlockCall, /, *inputs: object, **named: object) -> object:
        with self._lock:
            if self._now >= self._most:
                raise Ending(TOO_MANY_CALLS, f"a run may wait for {self._most:,} calls of blocks at a time, no more")
            self._now += 1
        given: object = None
        try:
            given = function(*inputs, **named)
            return self._awaited(given) if isinstance(given, Awaitable) else given
        finally:
            if not isinstance(given, Awaitable):
                self._is_done()

    async def _awaited(self, call: Awaitable[object]) -> object:
        try:
            return await call
        finally:
            self._is_done()

    def _is_done(self) -> None:
        with self._lock:
            self._now -= 1


class Placed(Failure):
    """A failure on its way through a run: where it happened is known, its details are a value of the language.

    ``ends_run`` says that no handler is asked about it.
    """

    ends_run = False

    def leaving(self) -> Failure:
        """The failure as an application sees it: of its own, with details in Python's values."""
        details = give(cast("Value", self.details))
        out = Failure(self.code, self.message, details, place=self.place, flow=self.flow, block=self.block)
        return _caused(out, self.__cause__).with_traceback(self.__traceback__)


def as_failure(error: Exception, place: Place, flow: str, block: AnyBlock | None) -> Placed:
    """The failure that an exception means, with its place. ``block`` is the block that raised it, if one did.

    Codes that the block does not declare, and every exception that is no failure, become ``unexpected``, with the
    original as its cause. Two runs never share a failure, even where a block raises the same object again.
    """
    if isinstance(error, Placed):
        return error
    failure = meaning_of(error) if block is None else _failure_of_block(error, block)
    label = block.label if block else None
    placed = Placed(failure.code, failure.message, failure.details, place=place, flow=flow, block=label)
    placed.__cause__ = failure.__cause__
    placed.ends_run = isinstance(failure, Ending) or failure.code in FINAL_CODES
    return placed.with_traceback(error.__traceback__)


def meaning_of(error: Exception) -> Failure:
    """The failure that an exception means which no block raised."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, decimal.DecimalException):
        return _caused(Failure(BAD_VALUE, "a number here grew too large to be computed"), error)
    return _undeclared(error, "the engine stopped with an error")


def _failure_of_block(error: Exception, block: AnyBlock) -> Failure:
    if isinstance(error, Ending):
        return error
    if not isinstance(error, Failure):
        return _undeclared(error, f"`{block.label}` stopped with an error it does not declare")
    code = error.code if isinstance(error.code, int | str) else _words(error.code)
    if code not in block.failures and code != UNEXPECTED:
        what = f"`{block.label}` failed with a code it does not declare: {_words(error)}"
        return _caused(Failure(UNEXPECTED, what), error)
    failure = Failure(code, _words(error.message), _details(error.details))
    return _caused(failure, error.__cause__ if error.place is None else error)


def _undeclared(error: Exception, where: str) -> Failure:
    if isinstance(error, RecursionError):
        return _caused(Failure(TOO_DEEP, "this is nested too deeply to be worked out"), error)
    if isinstance(error, MemoryError):
        return _caused(Failure(TOO_BIG, "there is not enough memory for this"), error)
    words = _words(error)
    what = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return _caused(Failure(UNEXPECTED, f"{where}: {what}"), error)


def _caused(failure: Failure, cause: BaseException | None) -> Failure:
    failure.__cause__ = cause
    return failure


def _details(given: object) -> Value:
    """A block's details as a value that handlers can read; what no flow can hold is kept as text."""
    try:
        return take(given)
    except Exception:
        return _words(given)


def _words(given: object) -> str:
    """What a stranger's object says of itself, within reason."""
    try:
        return str(given)[:_MOST_WORDS]
    except Exception:
        return f"{type(given).__name__} that cannot be shown"


def failure_value(failure: Failure) -> dict[str, Value]:
    """What ``failure`` is inside a handler."""
    details = cast("Value", failure.details)
    return {"code": failure.code, "message": failure.message, "block": failure.block, "details": details}
