"""Passwords of accounts that a test makes: kept in no time, which real ones must not be."""

from __future__ import annotations

import hashlib

from blockwright.failure import Failure


class QuickPasswords:
    """Hashes passwords without any effort. For tests alone; nothing else may be kept safe by it."""

    async def hash(self, password: object) -> str:
        if password is None or password == "":
            raise Failure(3011, "The password is missing.")
        if not isinstance(password, str) or len(password.encode("utf-8", "surrogatepass")) > _LONGEST:
            raise Failure(3050, f"The password must be a text of 1 to {_LONGEST} bytes.")
        return _digest(password)

    async def verify(self, password_hash: str | None, password: object) -> bool:
        return isinstance(password, str) and password_hash == _digest(password)

    def needs_rehash(self, password_hash: str) -> bool:  # noqa: ARG002 - part of the protocol
        return False


_LONGEST = 1024


def _digest(password: str) -> str:
    return "quick:" + hashlib.sha256(password.encode("utf-8", "surrogatepass")).hexdigest()
