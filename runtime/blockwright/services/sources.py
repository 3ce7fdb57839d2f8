"""Time and chance, handed in, so that a test can move the clock by hand."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass


def system_time() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def random_token() -> str:
    """256 random bits as text that fits into a URL."""
    return secrets.token_urlsafe(32)


def random_object_id() -> str:
    """A new identifier in Backendless's form: an upper-case UUID."""
    return str(uuid.uuid4()).upper()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a backend takes the time (milliseconds since 1970), secret tokens and object ids from."""

    now: Callable[[], int] = system_time
    token: Callable[[], str] = random_token
    object_id: Callable[[], str] = random_object_id
