"""For tests of flows, and of applications that run them: a clock that a test moves."""

from blockwright.engine.manual_clock import ManualClock

__all__ = ["ManualClock"]
