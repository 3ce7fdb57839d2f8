"""The threads of a runtime, in which blocks run that do not wait, where others run beside them."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, ThreadPoolExecutor

MOST = 64
"""How many such blocks may run at once in one runtime; others wait for their turn."""


class Threads:
    """Makes its threads when the first one is needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._executor: Executor | None = None

    def executor(self) -> Executor:
        """Where to run what does not wait."""
        with self._lock:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(MOST, "blockwright")
            return self._executor
