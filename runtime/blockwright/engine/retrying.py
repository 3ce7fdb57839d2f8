"""Trying again: how often, how long to wait in between, for which failures."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING

from blockwright.engine import clock
from blockwright.engine.limiting import pause
from blockwright.failure import Code

if TYPE_CHECKING:
    from blockwright.engine.run import Placed, Run

SHORTEST_SHARE = 0.5
"""The wait before a try is drawn between this share of it and the whole, so that many runs do not come back at once."""


class Retrying:
    """The tries of one step, ``more`` besides the first; waits are in seconds. ``tried`` counts those that failed, of
    ``most``."""

    def __init__(
        self,
        run: Run,
        codes: Collection[Code],
        more: int,
        wait: float | None = None,
        growing: float | None = None,
        at_most: float | None = None,
    ) -> None:
        self.tried = 0
        self._run = run
        self._codes = codes
        self.most = more + 1
        self._wait = 0.0 if wait is None else wait
        self._growing = 1.0 if growing is None else growing
        self._longest = clock.LONGEST_WAIT if at_most is None else at_most
        self._least = 0.0

    def failed(self, failure: Placed) -> None:
        """Note that a try failed; raises its failure when there is to be no other."""
        self.tried += 1
        if self.tried >= self.most or failure.ends_run or self._run.is_stopped or failure.code not in self._codes:
            raise failure
        self._least = _asked_for(failure)

    async def pause(self) -> None:
        """Wait before the next try: what the step says, or as long as the service asked for, if that is longer."""
        await pause(self._run, self.next_wait())

    def next_wait(self) -> float:
        """Seconds to wait before the next try."""
        try:
            wait = min(self._wait * self._growing ** (self.tried - 1), self._longest)
        except OverflowError:
            wait = self._longest if self._wait else 0.0
        share = SHORTEST_SHARE + (1 - SHORTEST_SHARE) * self._run.clock.random()
        return min(max(wait * share, self._least), self._longest)


def _asked_for(failure: Placed) -> float:
    """How many seconds a service asks to wait: ``retry after`` in the failure's details."""
    details = failure.details
    after = details.get("retry after") if isinstance(details, dict) else None
    if not isinstance(after, int | Decimal) or isinstance(after, bool) or after <= 0:
        return 0.0
    return float(min(after, Decimal(clock.LONGEST_WAIT)))
