"""Every kind of store there is, for tests of what a store promises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.store import Store
from tests.services.postgres import postgres

STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _folder: MemoryStore(),
    "sqlite": lambda folder: open_store(f"sqlite:///{folder / 'users.db'}?timeout=20"),
    "postgresql": lambda _folder: open_store(f"{postgres().emptied()}&timeout=20"),
}
