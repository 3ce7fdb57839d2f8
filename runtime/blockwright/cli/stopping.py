"""How the command ends: its exit codes, and Ctrl-C and SIGTERM, after which ``always:`` still runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import TypeAlias

OK = 0
FAILED = 1
WRONG = 2
"""The flow or the call is wrong; nothing was run."""
BROKEN = 70
"""The command itself went wrong (``EX_SOFTWARE`` of sysexits.h)."""
NO_ROOM = 74
"""The output cannot be written (``EX_IOERR``)."""
STOPPED = 130
"""Ctrl-C: 128 + SIGINT, as shells have it."""
NO_READER = 141
"""Whoever read the output went away: 128 + SIGPIPE."""
TERMINATED = 143
"""128 + SIGTERM."""

_Handler: TypeAlias = "Callable[[int, FrameType | None], object] | int | None"


class Stoppable:
    """While it is entered, SIGTERM stops the run as Ctrl-C does; ``code`` says which of the two it was.

    That holds in the background too, where shells have Ctrl-C ignored.
    """

    def __init__(self) -> None:
        self.code = STOPPED
        self._is_ours = threading.current_thread() is threading.main_thread()
        self._before: _Handler = None

    def __enter__(self) -> None:
        if self._is_ours:
            self._before = signal.signal(signal.SIGTERM, self._terminate)

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        if self._is_ours:
            signal.signal(signal.SIGTERM, self._before)

    def _terminate(self, _number: int, _frame: FrameType | None) -> None:
        self.code = TERMINATED
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.raise_signal(signal.SIGINT)
