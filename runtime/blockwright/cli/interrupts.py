"""Ctrl-C and SIGTERM at the prompt: the one clears a line, the other ends the prompt."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import TypeAlias

_Handler: TypeAlias = "Callable[[int, FrameType | None], object] | int | None"


class Interrupts:
    """While entered, Ctrl-C raises KeyboardInterrupt where ``ready``, and is nothing anywhere else.

    So one that comes while another is answered, or between two lines, cannot leave the prompt. SIGTERM, which arrives
    as Ctrl-C does, raises KeyboardInterrupt everywhere; ``is_over`` tells that it was that.
    """

    def __init__(self) -> None:
        self.is_over = False
        self.ready = False
        self._before: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Interrupts:
        self._replace(signal.SIGTERM, self._terminate)
        # In the background shells have Ctrl-C ignored, and so it stays.
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._replace(signal.SIGINT, self._interrupt)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _replace(self, number: signal.Signals, handler: _Handler) -> None:
        self._before[number] = signal.signal(number, handler)

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self.ready or self.is_over:
            raise KeyboardInterrupt

    def _terminate(self, number: int, frame: FrameType | None) -> None:
        self.is_over = True
        before = self._before[signal.SIGTERM]
        if callable(before):
            before(number, frame)
