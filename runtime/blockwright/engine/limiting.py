"""Time limits of steps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from blockwright.engine.clock import Clock, deadline
from blockwright.expressions.temporal.words import duration_words
from blockwright.failure import TIMED_OUT, Failure


@asynccontextmanager
async def time_limit(clock: Clock, seconds: float) -> AsyncIterator[None]:
    """Stop what is inside after so many seconds, with the failure ``timed out``."""
    try:
        async with deadline(clock, seconds):
            yield
    except TimeoutError as error:
        raise Failure(TIMED_OUT, f"this took longer than its time limit of {duration_words(seconds)}") from error
