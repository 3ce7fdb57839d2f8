"""What operations on large values cost, so that a budget of steps also bounds the time and memory they take.

A step pays for about a microsecond of work or 256 bytes of a new value; small values cost nothing but the step that
used them.
"""

from __future__ import annotations

from blockwright.expressions.budget import spend

SMALL = 1000
"""Items or characters that cost nothing."""


def pay_for_items(count: int) -> None:
    """Pay for a list that is looked through or copied."""
    if count > SMALL:
        spend(count // 32)


def pay_for_text(length: int) -> None:
    """Pay for a text that is looked through or copied."""
    if length > SMALL:
        spend(length // 256)


def pay_for_visits(count: int) -> None:
    """Pay for values that are looked into one by one."""
    if count > SMALL:
        spend(count // 4)
