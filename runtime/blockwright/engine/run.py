"""One run of a flow: its budget, its log, the blocks it may call, and how an exception becomes a located failure."""

from __future__ import annotations

import decimal
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeAlias

from blockwright.expressions.values import take
from blockwright.failure import BAD_VALUE, TOO_BIG, TOO_DEEP, TOO_MANY_STEPS, UNEXPECTED, Code, Failure, Place

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.limits import Limits
    from blockwright.expressions.values import Value

BlockCall: TypeAlias = Callable[..., object]
"""A block ready to be called with its inputs; asynchronous ones give an awaitable."""

Compiled: TypeAlias = Callable[..., object]
"""``compiled(run, **inputs)``: a flow's value, or an awaitable of it when the flow waits for something."""

GRACE = 1_000
"""Steps that the ``always:`` parts of a run may still take once its budget is used up."""

_logger = logging.getLogger("blockwright.flow")


class LogSink(Protocol):
    """Where the lines of ``log`` steps go."""

    def __call__(self, text: str, place: Place) -> None: ...


def log_to_python(text: str, place: Place) -> None:
    """Hand a line to Python's logging, as information from ``blockwright.flow``."""
    _logger.info("%s", text, extra={"place": str(place)})


class Run:
    """The state of one run. ``left`` counts the steps it may still take, ``depth`` the calls it is inside of, up to
    ``deepest``; ``blocks`` and ``flows`` are what its steps call, by label."""

    __slots__ = ("_ended", "_limits", "blocks", "deepest", "depth", "flows", "left", "log")

    def __init__(
        self, limits: Limits, blocks: Mapping[str, BlockCall], flows: Mapping[str, Compiled], log: LogSink
    ) -> None:
        self.left = limits.steps
        self.depth = 0
        self.deepest = limits.depth
        self.blocks = blocks
        self.flows = flows
        self.log = log
        self._limits = limits
        self._ended = False

    def charge(self, cost: int) -> None:
        """Take ``cost`` steps from the budget."""
        self.left -= cost
        if self.left < 0:
            self.left = self.grace()
            self.exhausted()

    def grace(self) -> int:
        """The steps left to a run whose budget is used up, for its ``always:`` parts; given once."""
        self._ended, given = True, 0 if self._ended else GRACE
        return given

    def exhausted(self) -> NoReturn:
        """End the run."""
        raise Failure(TOO_MANY_STEPS, f"the run took more than the {self._limits.steps:,} steps it may take")

    def too_deep(self) -> NoReturn:
        """Refuse one more call inside another."""
        raise Failure(TOO_DEEP, f"functions and flows may call one another {self._limits.depth} levels deep, no deeper")


def as_failure(error: Exception, place: Place, flow: str, block: AnyBlock | None) -> Failure:
    """The failure that an exception means, with its place. ``block`` is the block that raised it, if one did.

    A failure that has a place already keeps it. Codes that the block does not declare, and every other exception,
    become ``unexpected``, with the original as its cause.
    """
    if isinstance(error, Failure) and error.place is not None:
        return error
    failure = meaning_of(error, block)
    failure.place, failure.flow, failure.block = place, flow, block.label if block else None
    return failure


def meaning_of(error: Exception, block: AnyBlock | None) -> Failure:
    """The failure that an exception means, wherever it happened."""
    if block is None:
        if isinstance(error, Failure):
            return error
        if isinstance(error, decimal.DecimalException):
            return _because(error, BAD_VALUE, "a number here grew too large to be computed")
    elif isinstance(error, Failure):
        if error.code in block.failures or error.code == UNEXPECTED:
            return error
        return _because(error, UNEXPECTED, f"`{block.label}` failed with a code it does not declare: {error}")
    if isinstance(error, RecursionError):
        return _because(error, TOO_DEEP, "this is nested too deeply to be worked out")
    if isinstance(error, MemoryError):
        return _because(error, TOO_BIG, "there is not enough memory for this")
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    where = (
        f"`{block.label}` stopped with an error it does not declare" if block else "the engine stopped with an error"
    )
    return _because(error, UNEXPECTED, f"{where}: {what}")


def _because(error: Exception, code: Code, message: str) -> Failure:
    failure = Failure(code, message)
    failure.__cause__ = error
    return failure


def failure_value(failure: Failure) -> dict[str, Value]:
    """What ``failure`` is inside a handler."""
    details = take(failure.details)
    return {"code": failure.code, "message": failure.message, "block": failure.block, "details": details}
