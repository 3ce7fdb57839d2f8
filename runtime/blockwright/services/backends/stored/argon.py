"""Passwords hashed with argon2id (RFC 9106), in threads of their own."""

from __future__ import annotations

import asyncio
import os
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from blockwright.failure import UNAVAILABLE, Failure

if TYPE_CHECKING:
    import argon2

T = TypeVar("T")

LONGEST = 1024
"""The longest password, in bytes of UTF-8. Nobody remembers a longer one, and hashing those would only keep us busy."""


class Argon2:
    """Makes and checks argon2id hashes (see ``PasswordHasher``). One object serves many threads and event loops.

    ``memory`` is in KiB. The least that OWASP's cheat sheet on password storage asks for is 46 MiB in one pass; this is
    twice that work, and took 80 ms on a slow core. There is one lane, because a server's other cores have other logins
    to check. What limits the memory is ``at_once``; as many as ``waiting`` stand in line behind those, and who comes
    then is sent away with ``unavailable``, rather than made to wait for minutes.
    """

    def __init__(
        self,
        *,
        memory: int = 47_104,
        passes: int = 2,
        lanes: int = 1,
        at_once: int = min(4, os.cpu_count() or 1),
        waiting: int = 200,
    ) -> None:
        self._memory, self._passes, self._lanes = memory, passes, lanes
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="passwords")
        self._room = threading.Semaphore(at_once + waiting)

    async def hash(self, password: object) -> str:
        secret, argon2 = _secret(password), self._argon2
        return await self._in_turn(lambda: argon2.hash(secret))

    async def verify(self, password_hash: str | None, password: object) -> bool:
        try:
            secret = _secret(password)
        except Failure:
            secret, password_hash = b"", None
        return await self._in_turn(lambda: self._matches(password_hash, secret))

    def needs_rehash(self, password_hash: str) -> bool:
        from argon2.exceptions import InvalidHashError

        try:
            return self._argon2.check_needs_rehash(password_hash)
        except InvalidHashError:
            return True

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """Do work in a thread. A call that is cancelled while it waits for its turn is not done at all."""
        from argon2.exceptions import HashingError, VerificationError

        if not self._room.acquire(blocking=False):
            raise Failure(UNAVAILABLE, "Too many passwords wait to be checked just now; try again in a moment.")
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._room.release())
        try:
            return await asyncio.wrap_future(future)
        except (HashingError, VerificationError) as error:
            raise Failure(UNAVAILABLE, f"The password cannot be checked just now: {error}.") from error

    def _matches(self, password_hash: str | None, secret: bytes) -> bool:
        from argon2.exceptions import VerifyMismatchError

        try:
            return self._argon2.verify(password_hash or self._nobodys_hash, secret)
        except VerifyMismatchError:
            return False
        except ValueError:
            return self._matches(None, secret)

    @cached_property
    def _argon2(self) -> argon2.PasswordHasher:
        try:
            import argon2
        except ImportError:
            raise Failure(
                UNAVAILABLE, 'Passwords need argon2; install it with: pip install "blockwright[sql]"'
            ) from None
        return argon2.PasswordHasher(self._passes, self._memory, self._lanes)

    @cached_property
    def _nobodys_hash(self) -> str:
        """A hash that takes as long to check as any other, and that no password has: its digest is chance."""
        salt, digest = (b64encode(os.urandom(size)).decode().rstrip("=") for size in (16, 32))
        return f"$argon2id$v=19$m={self._memory},t={self._passes},p={self._lanes}${salt}${digest}"


def _secret(password: object) -> bytes:
    """The bytes to hash: two ways to type one letter give the same. Fails with 3011 or 3050."""
    if password is None or password == "":
        raise Failure(3011, "The password is missing.")
    if not isinstance(password, str):
        raise Failure(3050, "The password must be text.")
    try:
        secret = unicodedata.normalize("NFC", password[: LONGEST + 1]).encode()
    except UnicodeEncodeError:
        raise Failure(3050, "The password contains half a character; type it again.") from None
    if len(password) > LONGEST or len(secret) > LONGEST:
        raise Failure(3050, f"The password is longer than {LONGEST} bytes.")
    return secret
