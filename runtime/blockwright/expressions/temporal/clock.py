"""Where ``now()`` and ``today()`` read the time: a clock that the caller provides."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextvars import ContextVar


def _system() -> datetime.datetime:
    return datetime.datetime.now().astimezone()


CLOCK: ContextVar[Callable[[], datetime.datetime]] = ContextVar("blockwright_clock", default=_system)
"""The clock of the evaluation in hand: set it to a function that gives the present moment, with its zone."""
