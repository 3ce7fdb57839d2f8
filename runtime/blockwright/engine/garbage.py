"""Building much at once without Python's garbage collector looking through it again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Pause the garbage collector while a large tree is built, of which nothing is garbage yet.

    Reading a flow makes hundreds of thousands of objects that stay; the collector, called by their number, would go
    through all of them many times and take as long as the reading itself.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
