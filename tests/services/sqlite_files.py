"""SQLite's files, as the tests about them make and use them."""

from __future__ import annotations

from pathlib import Path

from blockwright.services import Mailer
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.sql.store import SqlStore
from blockwright.services.backends.stored import StoredUsers
from tests.services.world import PASSWORD, World

PATIENT = 30
"""A timeout, in seconds, that nobody waits for."""


def store_at(path: Path, timeout: float = 0.1) -> SqlStore:
    return open_store(f"sqlite:///{path}?timeout={timeout}")


def users_at(path: Path, timeout: float = 0.1, mailer: Mailer | None = None) -> StoredUsers:
    return World(store_at(path, timeout)).users_with(mailer or MemoryMailer())


def person(email: str, **properties: object) -> dict[str, object]:
    return {"email": email, "password": PASSWORD, **properties}
