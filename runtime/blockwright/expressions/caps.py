"""How large values may grow."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caps:
    """How large values may grow. Past a cap an operation fails with ``too big``, whatever the error policy."""

    text: int = 1_000_000
    """Characters of one text."""
    items: int = 1_000_000
    """Items of one list, entries of one object, rounds over one range."""
    nodes: int = 1_000_000
    """Values that one comparison, copy or text may visit: lists can share items, so trees may be larger than memory."""
    depth: int = 100
    """Lists and objects inside one another."""
    digits: int = 10_000
    """Digits of a number written as text."""


CAPS = Caps()

CAPS_HERE: ContextVar[Caps] = ContextVar("blockwright_caps", default=CAPS)
"""The caps that whoever evaluates has set; never above ``CAPS``."""

caps = CAPS_HERE.get
"""The caps that hold here, for what may be lowered: ``text`` and ``items``."""
