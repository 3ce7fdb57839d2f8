"""Queues of mail for tests, and mailers that fail, or do something with every message."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from blockwright.failure import Failure
from blockwright.services import Mailer, Message
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored.post import Post
from blockwright.services.records import QueuedMail
from blockwright.services.settings import Settings
from blockwright.services.sources import Sources
from tests.services.world import ALICE, World, run

T = TypeVar("T")

URL = "https://bakery.example/users/confirm?token=secret"
VALUES = {"app": "Bakery", "email": ALICE, "url": URL, "hours": "24"}


def post_of(world: World, mailer: Mailer | None) -> Post:
    return Post(world.store, mailer, replace(Sources(), now=world.clock))


def write(world: World, post: Post, to: str = ALICE, *, then: Callable[[], None] | None = None) -> None:
    """Queue a mail, and do what may fail in the same change."""

    def work(tables: Tables) -> None:
        post.write(tables, Settings(), "confirmation", to, VALUES, world.clock.now)
        if then is not None:
            then()

    run(world.store.change(work))


def queued(post: Post) -> QueuedMail:
    (mail,) = run(post.list_mails(None))
    return mail


class Failing:
    """Refuses mails as long as there is a failure or an exception to do it with."""

    def __init__(self, *problems: BaseException) -> None:
        self.taken = MemoryMailer()
        self._problems = list(problems)

    async def send(self, message: Message) -> None:
        if self._problems:
            raise self._problems.pop(0)
        await self.taken.send(message)


class Calling:
    """Does something with every message before it takes it."""

    def __init__(self, call: Callable[[Message], None]) -> None:
        self.taken = MemoryMailer()
        self._call = call

    async def send(self, message: Message) -> None:
        self._call(message)
        await self.taken.send(message)


UNAVAILABLE = Failure("unavailable", "The mail server mail.example.com:587 cannot be reached.")
REFUSED = Failure("refused", "The mail server refuses the mail: 550 no such mailbox.")


def in_another_thread(call: Callable[[], T]) -> T:
    results: list[T] = []
    thread = threading.Thread(target=lambda: results.append(call()))
    thread.start()
    thread.join()
    return results[0]
