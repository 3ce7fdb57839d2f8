"""How much one evaluation may do: rounds of loops, items looked at, functions called.

Every loop and call pays before it runs, so that a short text cannot keep a machine busy. Without a budget (nobody set
one) nothing is counted.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from blockwright.expressions.values import CONTEXT
from blockwright.failure import TOO_MANY_STEPS, Failure

STEPS = 3_000_000
"""Rounds and calls that one evaluation may take, unless its caller says otherwise."""


class Budget:
    """What is left to spend."""

    __slots__ = ("left",)

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps


_budget: ContextVar[Budget | None] = ContextVar("blockwright_budget", default=None)


def spend(steps: int) -> None:
    """Pay for some rounds; ``Failure("too many steps")`` when the budget is gone."""
    budget = _budget.get()
    if budget is not None:
        budget.left -= steps
        if budget.left < 0:
            raise Failure(TOO_MANY_STEPS, "the expression takes too many steps")


@contextmanager
def evaluating(steps: int = STEPS) -> Iterator[Budget]:
    """Make a thread ready to evaluate: numbers are computed in ``CONTEXT``, loops pay from a fresh budget."""
    before = decimal.getcontext()
    decimal.setcontext(CONTEXT)
    budget = Budget(steps)
    token = _budget.set(budget)
    try:
        yield budget
    finally:
        _budget.reset(token)
        decimal.setcontext(before)
