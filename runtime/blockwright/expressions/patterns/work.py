"""How much one search may do."""

from __future__ import annotations

from blockwright.expressions.cost import pay_for_visits
from blockwright.expressions.values import too_big

MOST_WORK = 10_000_000
"""About as many characters looked at; a second or two."""

AT_ONCE = 64
"""Work that is paid for together."""


class Work:
    """What is left to do; raises ``too big`` when it is used up."""

    __slots__ = ("left", "owed")

    def __init__(self, most: int = MOST_WORK) -> None:
        self.left = most
        self.owed = 0

    def spend(self, amount: int) -> None:
        self.left -= amount
        self.owed += amount
        if self.owed > AT_ONCE:
            pay_for_visits(self.owed)
            self.owed = 0
        if self.left < 0:
            raise too_big("the pattern takes too much work on so long a text")
