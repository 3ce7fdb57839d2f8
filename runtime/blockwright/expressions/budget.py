"""How much one evaluation may do: rounds of loops, items looked at, functions called.

Every loop and call pays before it runs, so that a short text cannot keep a machine busy. Without a budget (nobody set
one) nothing is counted.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable
from contextvars import ContextVar

from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.temporal.clock import CLOCK
from blockwright.failure import TOO_MANY_STEPS, Failure

STEPS = 3_000_000
"""Rounds and calls that one evaluation may take, unless its caller says otherwise."""

LEFT: ContextVar[list[int] | None] = ContextVar("blockwright_steps_left", default=None)
"""The one number in the list is how many steps are left."""


def spend(steps: int) -> None:
    """Pay for some rounds; ``Failure("too many steps")`` when the budget is gone."""
    left = LEFT.get()
    if left is not None:
        left[0] -= steps
        if left[0] < 0:
            raise Failure(TOO_MANY_STEPS, "the expression takes too many steps")


class evaluating:
    """``with evaluating():`` makes a thread ready: numbers are computed in ``CONTEXT``, loops pay from a new budget.

    ``now`` is what ``now()`` and ``today()`` read, where it is not what they read already.
    """

    __slots__ = ("_before", "_now", "_steps", "_token", "_token_of_clock")

    def __init__(self, steps: int = STEPS, now: Callable[[], datetime.datetime] | None = None) -> None:
        self._steps = steps
        self._now = now

    def __enter__(self) -> None:
        self._before = decimal.getcontext()
        self._token = LEFT.set([self._steps])
        if self._now is not None:
            self._token_of_clock = CLOCK.set(self._now)
        decimal.setcontext(CONTEXT.copy())

    def __exit__(self, *_: object) -> None:
        decimal.setcontext(self._before)
        LEFT.reset(self._token)
        if self._now is not None:
            CLOCK.reset(self._token_of_clock)
