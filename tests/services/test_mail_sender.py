"""The sender that goes on: it delivers when mail is queued and when it is due again, whatever goes wrong meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest

from blockwright.failure import Failure
from blockwright.services import Mailer
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import Delivery
from blockwright.services.sending import LONGEST_PAUSE, LOOK, SHORTEST_PAUSE, Sender, wait_for
from blockwright.services.sources import Sources
from tests.services.queues import Failing
from tests.services.world import ALICE, MINUTE, PASSWORD, World, run


class Enough(Exception):
    """The test has seen what it wanted to see."""


@dataclass
class Pauses:
    """Instead of waiting: notes how long, moves the world's clock, and does what the test planned for this pause."""

    world: World
    plan: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    woken: list[bool] = field(default_factory=list)

    async def __call__(self, event: asyncio.Event, seconds: float) -> None:
        self.seconds.append(seconds)
        if not self.plan:
            raise Enough
        await self.plan.pop(0)()
        await asyncio.sleep(0)
        self.woken.append(event.is_set())
        self.world.clock.now += int(seconds * 1000)


async def nothing() -> None:
    """Nothing happens in this pause."""


def users_of(world: World, mailer: Mailer | None) -> StoredUsers:
    return StoredUsers(world.store, mailer, replace(Sources(), now=world.clock), world.passwords)


def send(world: World, users: object, plan: list[Callable[[], Awaitable[None]]]) -> Pauses:
    """Run a sender until the plan is through."""
    pauses = Pauses(world, plan)

    async def main() -> None:
        with pytest.raises(Enough):
            await Sender(users, now=world.clock, wait=pauses).run()  # type: ignore[arg-type]

    run(main())
    return pauses


def test_mail_that_was_queued_wakes_the_sender_and_goes_out(world: World) -> None:
    world.require_confirmation()
    users = users_of(world, world.mailer)

    async def register() -> None:
        await users.register({"email": ALICE, "password": PASSWORD})
        assert world.mailer.messages == ()

    pauses = send(world, users, [register])

    assert pauses.seconds == [LOOK, LOOK]
    assert pauses.woken == [True]
    assert [message.to for message in world.mailer.messages] == [ALICE]


def test_mail_that_waited_from_before_goes_out_at_once(world: World) -> None:
    world.require_confirmation()
    run(users_of(world, Failing(Failure("unavailable", "Down."))).register({"email": ALICE, "password": PASSWORD}))
    world.clock.now += MINUTE

    send(world, users_of(world, world.mailer), [])

    assert len(world.mailer.messages) == 1


def test_the_sender_wakes_when_a_mail_is_due_again(world: World) -> None:
    world.require_confirmation()
    mailer = Failing(Failure("unavailable", "Down."))
    users = users_of(world, mailer)
    run(users.register({"email": ALICE, "password": PASSWORD}))

    pauses = send(world, users, [nothing] * int(60 / LOOK))

    assert sum(pauses.seconds[:-1]) == 60
    assert len(mailer.taken.messages) == 1


def test_mail_that_another_process_queued_is_found_within_seconds(world: World) -> None:
    world.require_confirmation()
    elsewhere = users_of(world, MemoryMailer())
    elsewhere.leave_mail_to(lambda: None)

    async def register() -> None:
        await elsewhere.register({"email": ALICE, "password": PASSWORD})

    pauses = send(world, users_of(world, world.mailer), [register])

    assert pauses.woken == [False]
    assert pauses.seconds[0] <= 5
    assert len(world.mailer.messages) == 1


def test_a_process_without_a_mailer_looks_and_does_no_harm(world: World, caplog: pytest.LogCaptureFixture) -> None:
    pauses = send(world, users_of(world, None), [nothing, nothing])

    assert pauses.seconds == [LOOK] * 3
    assert caplog.records == []


def test_mail_in_somebody_elses_hands_is_not_asked_for_without_a_pause(world: World) -> None:
    class Held:
        def leave_mail_to(self, wake: Callable[[], None]) -> None:
            """Nobody is woken."""

        async def next_delivery(self) -> int:
            return world.clock.now

        async def deliver(self) -> Delivery:
            return Delivery()

    assert send(world, Held(), [nothing]).seconds == [SHORTEST_PAUSE] * 2


class Broken:
    """A queue that fails as planned, then works."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.wake: Callable[[], None] | None = None

    def leave_mail_to(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    async def next_delivery(self) -> int | None:
        if self._errors:
            raise self._errors.pop(0)
        return None

    async def deliver(self) -> Delivery:
        return Delivery()


def test_a_queue_that_fails_is_asked_again_ever_less_often(world: World, caplog: pytest.LogCaptureFixture) -> None:
    queue = Broken(*[Failure("unavailable", f"No database for {ALICE}.")] * 8, RuntimeError(ALICE))

    with caplog.at_level(logging.INFO, "blockwright.mail"):
        pauses = send(world, queue, [nothing] * 9)

    assert pauses.seconds == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE, LOOK]
    assert [record.getMessage() for record in caplog.records] == [
        "No mail goes out just now (unavailable). It is kept, and will be tried again.",
        "Mail goes out again.",
    ]


def test_while_the_queue_fails_new_mail_does_not_shorten_the_pause(world: World) -> None:
    queue = Broken(RuntimeError())

    async def wake() -> None:
        assert queue.wake is not None
        queue.wake()

    assert send(world, queue, [wake]).woken == [False]


def test_waking_a_sender_that_is_gone_does_nothing(world: World) -> None:
    queue = Broken()
    send(world, queue, [])

    assert queue.wake is not None
    queue.wake()


def test_a_sender_ends_cleanly_when_it_is_cancelled(world: World) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(Sender(users_of(world, world.mailer)).run())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main())


def test_real_waiting_ends_with_the_event_or_the_time() -> None:
    async def main() -> tuple[bool, bool]:
        event = asyncio.Event()
        await wait_for(event, 0.01)
        too_late = event.is_set()
        asyncio.get_running_loop().call_soon(event.set)
        async with asyncio.timeout(10):
            await wait_for(event, 60)
        return too_late, event.is_set()

    assert run(main()) == (False, True)
