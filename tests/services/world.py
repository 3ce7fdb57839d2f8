"""A user service of any backend, with a clock that tests move by hand and a mailer whose mail they can read."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pytest

from blockwright.failure import Code, Failure
from blockwright.services import Mailer, Message
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.sql.database import Database
from blockwright.services.backends.sql.store import SqlStore
from blockwright.services.backends.sql.urls import parse_url
from blockwright.services.backends.store import Store
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.sources import Sources

T = TypeVar("T")

ALICE = "alice@yourmail.com"
NOON = 1_785_000_000_000
HOUR = 60 * 60 * 1000


@dataclass
class Clock:
    now: int = NOON

    def __call__(self) -> int:
        return self.now


@dataclass
class World:
    store: Store
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    clock: Clock = field(default_factory=Clock)

    @property
    def users(self) -> StoredUsers:
        return self.users_with(self.mailer)

    def users_with(self, mailer: Mailer | None) -> StoredUsers:
        """The same accounts, served with another mailer."""
        return StoredUsers(self.store, mailer, replace(Sources(), now=self.clock))

    def require_confirmation(self) -> None:
        run(self.users.change_settings({"emailConfirmationRequired": True}))

    def register_pending(self, email: str = ALICE) -> str:
        """Register somebody who must confirm; gives the token of the link that was mailed."""
        self.require_confirmation()
        run(self.users.register(email))
        return self.last_token()

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
    return World(SqlStore(Database(parse_url(f"sqlite:///{folder / 'users.db'}?timeout=20"))))


BACKENDS: dict[str, Callable[[Path], World]] = {"memory": memory_world, "sqlite": sqlite_world}


def label(value: object) -> str:
    """A short name for a value in a test's name."""
    return "a huge number" if isinstance(value, int) and value.bit_length() > 64 else ascii(value)[:40]


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
