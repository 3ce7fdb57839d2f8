"""A user service of any backend, with a clock that tests move by hand and a mailer whose mail they can read."""

from __future__ import annotations

import asyncio
import hashlib
import re
import tempfile
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from blockwright.failure import Code, Failure
from blockwright.services import Mailer, Message, User
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.store import Store
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.backends.stored.passwords import PasswordHasher
from blockwright.services.sources import Sources
from tests.services.postgres import postgres

T = TypeVar("T")

ALICE = "alice@yourmail.com"
PASSWORD = "correct horse"
NOON = 1_785_000_000_000
MINUTE = 60 * 1000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass
class Clock:
    now: int = NOON

    def __call__(self) -> int:
        return self.now


class QuickHasher:
    """Hashes passwords in no time, which real ones must not, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.hashed = 0
        self.verified = 0

    async def hash(self, password: object) -> str:
        if password is None or password == "":
            raise Failure(3011, "The password is missing.")
        if not isinstance(password, str) or len(password) > 1024:
            raise Failure(3050, "The password must be a text of 1 to 1024 bytes.")
        self.hashed += 1
        return "quick:" + hashlib.sha256(password.encode("utf-8", "surrogatepass")).hexdigest()

    async def verify(self, password_hash: str | None, password: object) -> bool:
        self.verified += 1
        digest = hashlib.sha256(str(password).encode("utf-8", "surrogatepass")).hexdigest()
        return password_hash == f"quick:{digest}"

    def needs_rehash(self, password_hash: str) -> bool:
        return not password_hash.startswith("quick:")


@dataclass
class World:
    store: Store
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    clock: Clock = field(default_factory=Clock)
    passwords: PasswordHasher = field(default_factory=QuickHasher)

    @property
    def users(self) -> StoredUsers:
        return self.users_with(self.mailer)

    def users_with(self, mailer: Mailer | None) -> StoredUsers:
        """The same accounts, served with another mailer."""
        return StoredUsers(self.store, mailer, replace(Sources(), now=self.clock), self.passwords)

    def change_settings(self, **changes: object) -> None:
        """Change settings by their documented names."""
        run(self.users.change_settings(changes))

    def require_confirmation(self) -> None:
        self.change_settings(emailConfirmationRequired=True)

    def register(self, email: str = ALICE, /, **properties: object) -> User:
        return run(self.users.register({"email": email, "password": PASSWORD, **properties}))

    def register_pending(self, email: str = ALICE) -> str:
        """Register somebody who must confirm; gives the token of the link that was mailed."""
        self.require_confirmation()
        self.register(email)
        return self.last_token()

    def found(self, email: str = ALICE) -> User:
        """The account of this address, which there must be."""
        user = run(self.users.find(email))
        assert user is not None, email
        return user

    def last_token(self) -> str:
        return token_in(self.mailer.messages[-1])

    def tokens(self) -> list[str]:
        return [token_in(message) for message in self.mailer.messages]


def token_in(message: Message) -> str:
    found = re.search(r"token=([\w-]+)", message.text)
    assert found is not None, message.text
    return found[1]


def memory_world(_folder: Path) -> World:
    return World(MemoryStore())


def sqlite_world(folder: Path) -> World:
    path = folder / "users.db"
    path.write_bytes(_new_database())
    return World(open_store(f"sqlite:///{path}?timeout=20"))


@cache
def _new_database() -> bytes:
    """A database with its tables and nothing in them: copying it is quicker than making it."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/users.db")
        run(store.upgrade())
        run(store.close())
        return Path(folder, "users.db").read_bytes()


def postgresql_world(_folder: Path) -> World:
    return World(open_store(f"{postgres().emptied()}&timeout=20"))


BACKENDS: dict[str, Callable[[Path], World]] = {
    "memory": memory_world,
    "sqlite": sqlite_world,
    "postgresql": postgresql_world,
}


def label(value: object) -> str:
    """A short name for a value in a test's name, the same in every process."""
    if type(value) is object:
        return "a bare object"
    try:
        return ascii(value)[:40]
    except ValueError:
        return "a huge number"


def run(coroutine: Coroutine[object, object, T]) -> T:
    return asyncio.run(coroutine)


def failure_of(coroutine: Coroutine[object, object, object]) -> Failure:
    """The failure that a call ends with; a test fails when it does not fail, or fails with anything else."""
    with pytest.raises(Failure) as caught:
        asyncio.run(coroutine)
    return caught.value


def outcome_of(call: Callable[[], T]) -> T | Failure:
    """What a call gives, or the failure it ends with; nothing else may escape from it."""
    try:
        return call()
    except Failure as failure:
        return failure


def code_of(coroutine: Coroutine[object, object, object]) -> Code:
    return failure_of(coroutine).code


def in_threads(count: int, call: Callable[[int], Awaitable[object]]) -> list[object]:
    """Make a call from many threads at once, each with its own event loop; gives results, or codes of failures."""
    results: list[object] = [None] * count
    together = threading.Barrier(count)

    async def one(number: int) -> object:
        try:
            return await call(number)
        except Failure as failure:
            return failure.code

    def work(number: int) -> None:
        together.wait()
        results[number] = asyncio.run(one(number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
