"""Each mail is claimed by one sender, whoever dies, is cancelled, or comes too late."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from blockwright.failure import Failure
from blockwright.services import Message
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import delivery
from blockwright.services.backends.stored.post import Post
from blockwright.services.records import Delivery, MailState
from blockwright.services.sources import Sources
from tests.services.queues import REFUSED, Calling, in_another_thread, post_of, queued, write
from tests.services.world import World, code_of, in_threads, run


def test_of_many_senders_each_mail_is_sent_by_one(world: World) -> None:
    lock, seen = threading.Lock(), []

    def note(message: Message) -> None:
        with lock:
            seen.append(message.message_id)

    mailer = Calling(note)
    for _ in range(40):
        write(world, post_of(world, mailer))

    rounds = in_threads(4, lambda _: post_of(world, mailer).deliver())

    assert sum(done.sent for done in rounds if isinstance(done, Delivery)) == 40
    assert len(seen) == len(set(seen)) == 40


def test_several_mails_are_handed_over_at_the_same_time_but_not_too_many(world: World) -> None:
    class Counting:
        def __init__(self) -> None:
            self.now = self.most = self.all = 0

        async def send(self, message: Message) -> None:  # noqa: ARG002
            self.now, self.all = self.now + 1, self.all + 1
            self.most = max(self.most, self.now)
            for _ in range(5):
                await asyncio.sleep(0)
            self.now -= 1

    mailer = Counting()
    post = post_of(world, mailer)
    for _ in range(30):
        write(world, post)

    run(post.deliver())

    assert mailer.all == 30
    assert mailer.most == delivery.AT_ONCE


def test_the_mail_of_a_process_that_died_is_sent_when_its_claim_has_run_out(world: World) -> None:
    mailer = MemoryMailer()
    post = post_of(world, mailer)
    write(world, post)
    run(world.store.change(lambda tables: delivery.claim(tables, world.clock.now, 8)))

    assert run(post.deliver()) == Delivery()
    assert queued(post).state is MailState.WAITING
    world.clock.now += delivery.LEASE
    assert run(post.deliver()) == Delivery(sent=1)
    assert queued(post).tries == 2


def test_a_claim_lasts_longer_than_any_mailer_may_take() -> None:
    assert delivery.LEASE > 2 * delivery.LONGEST * 1000


def test_whoever_comes_back_too_late_changes_nothing(world: World) -> None:
    second = MemoryMailer()

    def sleep_through_the_claim(_message: Message) -> None:
        world.clock.now += delivery.LEASE
        assert in_another_thread(lambda: run(post_of(world, second).deliver())) == Delivery(sent=1)
        raise REFUSED

    first = post_of(world, Calling(sleep_through_the_claim))
    write(world, first)

    assert run(first.deliver()) == Delivery()
    assert queued(first).state is MailState.SENT


def test_when_delivering_is_cancelled_what_was_sent_counts_as_sent(world: World) -> None:
    class Uneven:
        """Takes one mail, and hangs with the others."""

        def __init__(self) -> None:
            self.sent: list[str] = []
            self.hanging = asyncio.Event()

        async def send(self, message: Message) -> None:
            if not self.sent:
                self.sent.append(message.message_id)
                return
            self.hanging.set()
            await asyncio.Event().wait()

    async def main() -> list[str]:
        mailer = Uneven()
        task = asyncio.ensure_future(post_of(world, mailer).deliver())
        await mailer.hanging.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return mailer.sent

    post = post_of(world, MemoryMailer())
    for _ in range(3):
        write(world, post)

    sent = run(main())

    assert [mail.mail_id for mail in run(post.list_mails(MailState.SENT))] == sent
    assert len(run(post.list_mails(MailState.WAITING))) == 2
    world.clock.now += delivery.LEASE
    assert run(post.deliver()) == Delivery(sent=2)


def test_when_the_store_fails_the_mails_stay_claimed_and_nothing_is_lost(world: World) -> None:
    mailer = MemoryMailer()
    post = post_of(world, mailer)
    write(world, post)

    class Breaking:
        def __init__(self) -> None:
            self.changes = 0

        async def change(self, work: Callable[[Tables], object]) -> object:
            self.changes += 1
            if self.changes > 1:
                raise Failure("unavailable", "The database is gone.")
            return await world.store.change(work)

        def __getattr__(self, name: str) -> object:
            return getattr(world.store, name)

    broken = Post(Breaking(), mailer, replace(Sources(), now=world.clock))  # type: ignore[arg-type]

    assert code_of(broken.deliver()) == "unavailable"
    world.clock.now += delivery.LEASE
    assert run(post.deliver()) == Delivery(sent=1)
    assert len({message.message_id for message in mailer.messages}) == 1
