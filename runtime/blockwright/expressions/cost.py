"""What operations on values cost, so that a budget of steps also bounds the time and memory they take.

A step pays for about a microsecond of work or 256 bytes of a new value; small values cost nothing but the step that
used them. Whatever can be slow or large must be paid for here: a loop repeats it as often as its budget lasts.
"""

from __future__ import annotations

from blockwright.expressions.budget import spend

SMALL_TEXT = 256
"""Characters that cost nothing."""


def pay_for_items(count: int) -> None:
    """Pay for a list that is looked through or copied, 32 items a step."""
    if count >= 32:
        spend(count // 32)


def pay_for_text(length: int) -> None:
    """Pay for a text that is looked through or copied, 64 characters a step."""
    if length > SMALL_TEXT:
        spend(length // 64)


def pay_for_visits(count: int) -> None:
    """Pay for values that are looked into one by one, or entries that are copied, 4 a step."""
    if count >= 16:
        spend(count // 4)


def pay_for_comparing(first: str, second: str) -> None:
    """Pay for comparing two texts, which takes long only where both are."""
    if len(first) > SMALL_TEXT < len(second):
        spend(min(len(first), len(second)) // 1024)


def pay_for_calculating() -> None:
    """Pay for a root, a power or a logarithm: many digits are needed before 34 are right."""
    spend(30)
