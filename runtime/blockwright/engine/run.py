"""One run of a flow: its budget, its log, the blocks it may call, and how an exception becomes a located failure."""

from __future__ import annotations

import asyncio
import decimal
import logging
import threading
from collections.abc import Callable, Mapping
from copy import copy
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeAlias, cast

from blockwright.expressions.values import give, take
from blockwright.failure import BAD_VALUE, TOO_BIG, TOO_DEEP, TOO_MANY_STEPS, UNEXPECTED, Failure, Place

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
    from. ``aside`` says that others run beside it, whom nothing it does may hold up.
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
        "threads",
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
        self.left = limits.steps
        self.depth = 0
        self.deepest = limits.depth
        self.blocks = blocks
        self.flows = flows
        self.log = log
        self.clock = clock
        self.threads = threads
        self.aside = False
        self._budget = Budget(limits.steps)
        self._is_out = False
        self._is_ending = False

    def branch(self) -> Run:
        """The state of a branch that runs beside others; its budget is part of this run's. ``join`` ends it."""
        self._budget.put_back(self.left)
        self.left = 0
        own = copy(self)
        own.aside = True
        own._is_ending = self._is_ending or _is_cancelled()
        return own

    def join(self) -> None:
        """Give back what a branch did not use."""
        self._budget.put_back(self.left)
        self.left = 0

    def charge(self, cost: int) -> None:
        """Take ``cost`` steps from the budget."""
        self.left -= cost
        if self.left < 0:
            self.left = self.more(self.left)
            self.exhausted()

    def more(self, left: int) -> int:
        """What is left once more is asked for; where there is no more, the steps that ``always:`` parts may take."""
        granted = self._budget.take(-left, self._is_ending or _is_cancelled())
        self._is_out = granted is None
        self._is_ending |= self._is_out
        return 0 if granted is None else left + granted

    def exhausted(self) -> None:
        """End the run if there was no more to ask for."""
        if self._is_out:
            raise Failure(TOO_MANY_STEPS, f"the run took more than the {self._budget.whole:,} steps it may take")

    def too_deep(self) -> NoReturn:
        """Refuse one more call inside another."""
        raise Failure(TOO_DEEP, f"functions and flows may call one another {self.deepest} levels deep, no deeper")


class Budget:
    """The steps of a run that none of its branches has taken yet. They take some at a time, fewer as it runs low.

    When they are used up, each branch that asks for more is refused once, which ends it. What those that are ending take
    after that, all of them together, comes out of ``GRACE``.
    """

    def __init__(self, whole: int) -> None:
        self.whole = whole
        self._left = 0
        self._is_over = False
        self._lock = threading.Lock()

    def put_back(self, steps: int) -> None:
        """Give back what a branch did not use. Once the run is over, what it had before is nobody's."""
        with self._lock:
            if not self._is_over:
                self._left += max(steps, 0)

    def take(self, least: int, is_ending: bool) -> int | None:
        """At least so many steps; None when there are not as many."""
        with self._lock:
            if not self._is_over and self._left < least:
                self._is_over, self._left = True, GRACE
            if (self._is_over and not is_ending) or self._left < least:
                return None
            taken = max(least, min(_MOST_TAKEN, self._left // _SHARE))
            self._left -= taken
            return taken


_MOST_TAKEN = 1_000
_SHARE = 200


def _is_cancelled() -> bool:
    """Whether the branch that is at work here was cancelled, and is tidying up."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.cancelling() > 0


class Placed(Failure):
    """A failure on its way through a run: where it happened is known, its details are a value of the language."""

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
    return placed.with_traceback(error.__traceback__)


def meaning_of(error: Exception) -> Failure:
    """The failure that an exception means which no block raised."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, decimal.DecimalException):
        return _caused(Failure(BAD_VALUE, "a number here grew too large to be computed"), error)
    return _undeclared(error, "the engine stopped with an error")


def _failure_of_block(error: Exception, block: AnyBlock) -> Failure:
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
