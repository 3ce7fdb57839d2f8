"""How much one evaluation may do: rounds of loops, items looked at, functions called.

Every loop and call pays before it runs, so that a short text cannot keep a machine busy. Without a budget (nobody set
one) nothing is counted.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable
from contextvars import ContextVar

from blockwright.expressions.caps import CAPS_HERE, Caps
from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.temporal.clock import CLOCK
from blockwright.failure import TOO_MANY_STEPS, Failure

STEPS = 3_000_000
"""Rounds and calls that one evaluation may take, unless its caller says otherwise."""

LEFT: ContextVar[list[int] | None] = ContextVar("blockwright_steps_left", default=None)
"""How many steps are left; after it, perhaps, how many are kept back, and how many there were in all."""


MORE: ContextVar[Callable[[], None] | None] = ContextVar("blockwright_more_steps", default=None)
"""Asked now and then while steps are taken; it may raise, to end what takes too long."""

AT_ONCE = 20_000
"""Steps after which it is asked again."""


def spend(steps: int) -> None:
    """Pay for some rounds; ``Failure("too many steps")`` when the budget is gone."""
    left = LEFT.get()
    if left is not None:
        left[0] -= steps
        if left[0] < 0:
            _take_more(left)


def _take_more(left: list[int]) -> None:
    """Take more of the steps that were kept back, which are the second number in the list, if there are any."""
    kept = left[1] if len(left) > 1 else 0
    more = MORE.get()
    if more is not None:
        more()
    if kept < -left[0]:
        whole = left[2] if len(left) > 2 else STEPS
        raise Failure(TOO_MANY_STEPS, f"expressions may take {whole:,} steps in all, and these take more")
    taken = min(kept, max(AT_ONCE, -left[0]))
    left[0] += taken
    left[1] -= taken


class evaluating:
    """``with evaluating():`` makes a thread ready: numbers are computed in ``CONTEXT``, loops pay from a new budget.

    ``now`` is what ``now()`` and ``today()`` read, where it is not what they read already; ``more`` is called now and
    then while something takes long, and may end it by raising. ``caps`` are how large values may grow, where that is
    less than ``CAPS``.
    """

    __slots__ = (
        "_before",
        "_caps",
        "_more",
        "_now",
        "_steps",
        "_token",
        "_token_of_caps",
        "_token_of_clock",
        "_token_of_more",
    )

    def __init__(
        self,
        steps: int = STEPS,
        now: Callable[[], datetime.datetime] | None = None,
        more: Callable[[], None] | None = None,
        caps: Caps | None = None,
    ) -> None:
        self._steps = steps
        self._now = now
        self._more = more
        self._caps = caps

    def __enter__(self) -> None:
        self._before = decimal.getcontext()
        steps = self._steps
        self._token = LEFT.set([steps, 0, steps] if self._more is None else [0, steps, steps])
        if self._caps is not None:
            self._token_of_caps = CAPS_HERE.set(self._caps)
        if self._now is not None:
            self._token_of_clock = CLOCK.set(self._now)
        if self._more is not None:
            self._token_of_more = MORE.set(self._more)
        decimal.setcontext(CONTEXT.copy())

    def __exit__(self, *_: object) -> None:
        try:
            LEFT.reset(self._token)
        except ValueError:
            return  # a run that was given up ends in the midst of another one, whose numbers and steps are its own
        decimal.setcontext(self._before)
        if self._now is not None:
            CLOCK.reset(self._token_of_clock)
        if self._more is not None:
            MORE.reset(self._token_of_more)
        if self._caps is not None:
            CAPS_HERE.reset(self._token_of_caps)
