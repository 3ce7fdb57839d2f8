"""For tests of flows, and of applications that run them: a clock that a test moves."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blockwright.engine.manual_clock import ManualClock

__all__ = ["ManualClock"]

_HOMES = {"ManualClock": "blockwright.engine.manual_clock"}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is first asked for: pytest imports this package in every suite."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
