"""Passwords: hashed with argon2id, away from the event loop, a few at a time because each takes memory."""

from __future__ import annotations

from typing import Protocol


class PasswordHasher(Protocol):
    """Makes and checks password hashes. Both take a tenth of a second on purpose, and never happen in a transaction."""

    async def hash(self, password: object) -> str:
        """The hash to keep. Fails with 3011 a missing, 3050 an unfit password, ``unavailable`` without argon2."""
        ...

    async def verify(self, password_hash: str | None, password: object) -> bool:
        """Whether this is the password. Takes as long when there is no hash, or the password is nonsense."""
        ...

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether a hash was made with other parameters than today's, and is to be replaced at the next login."""
        ...
