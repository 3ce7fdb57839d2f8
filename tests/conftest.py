"""What holds for the whole suite."""

from __future__ import annotations

import signal

from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
"""No test fails because the machine was busy."""


def pytest_configure() -> None:
    """Listen to Ctrl-C even where the suite runs in the background, whose shell has it ignored: tests send it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
