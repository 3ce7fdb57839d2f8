"""Mail that did not go out is tried again, for a while, or refused for good."""

from __future__ import annotations

import asyncio

import pytest

from blockwright.failure import Failure
from blockwright.services import Message
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.stored import delivery
from blockwright.services.records import Delivery, MailState
from tests.services.queues import REFUSED, UNAVAILABLE, URL, Calling, Failing, in_another_thread, post_of, queued, write
from tests.services.world import DAY, HOUR, MINUTE, World, failure_of, run


def test_a_mail_is_tried_again_with_growing_pauses_for_four_days(world: World) -> None:
    post = post_of(world, Failing(*[UNAVAILABLE] * 1000))
    start = world.clock.now
    write(world, post)
    pauses = []
    while queued(post).state is MailState.WAITING:
        due = run(post.next_delivery())
        assert due is not None
        pauses.append(due - world.clock.now)
        world.clock.now = due
        run(post.deliver())

    assert pauses[:8] == [0, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 3 * HOUR]
    assert set(pauses[6:]) == {3 * HOUR}
    assert 4 * DAY - 3 * HOUR < world.clock.now - start <= 4 * DAY
    assert queued(post).problem == f"{UNAVAILABLE.message} It was tried for four days."
    assert run(post.next_delivery()) is None


def test_before_its_time_a_mail_is_not_tried_again(world: World) -> None:
    mailer = Failing(UNAVAILABLE)
    post = post_of(world, mailer)
    write(world, post)

    assert run(post.deliver()) == Delivery(waiting=1)
    world.clock.now += MINUTE - 1
    assert run(post.deliver()) == Delivery()
    world.clock.now += 1
    assert run(post.deliver()) == Delivery(sent=1)
    assert queued(post).tries == 2
    assert queued(post).problem is None


def test_a_server_that_says_how_long_to_wait_is_heard(world: World) -> None:
    post = post_of(world, Failing(Failure("rate limited", "Slowly.", {"retry after": 600})))
    write(world, post)

    run(post.deliver())

    assert run(post.next_delivery()) == world.clock.now + 600_000


@pytest.mark.parametrize("asked", ["soon", None, -5, True, 10**30, 1.5, [600]])
def test_nonsense_about_how_long_to_wait_does_no_harm(world: World, asked: object) -> None:
    post = post_of(world, Failing(Failure("rate limited", "Slowly.", {"retry after": asked})))
    write(world, post)

    run(post.deliver())

    due = run(post.next_delivery())
    assert due is not None
    assert MINUTE <= due - world.clock.now <= DAY


def test_a_mail_that_is_refused_for_good_is_not_tried_again(world: World) -> None:
    mailer = Failing(REFUSED)
    post = post_of(world, mailer)
    write(world, post)

    assert run(post.deliver()) == Delivery(refused=1)
    world.clock.now += 30 * DAY
    assert run(post.deliver()) == Delivery()

    assert queued(post).state is MailState.REFUSED
    assert queued(post).problem == REFUSED.message
    assert queued(post).next_try is None


def test_a_refused_mail_can_be_tried_again_by_hand_and_is_still_the_same_mail(world: World) -> None:
    mailer = Failing(REFUSED)
    post = post_of(world, mailer)
    write(world, post)
    run(post.deliver())
    mail_id = queued(post).mail_id

    run(post.retry(mail_id))

    (message,) = mailer.taken.messages
    assert message.message_id == mail_id
    assert URL in message.text
    assert queued(post).state is MailState.SENT


def test_a_waiting_mail_can_be_tried_at_once(world: World) -> None:
    mailer = Failing(UNAVAILABLE)
    post = post_of(world, mailer)
    write(world, post)
    run(post.deliver())

    run(post.retry(queued(post).mail_id))

    assert queued(post).state is MailState.SENT


@pytest.mark.parametrize("mail_id", ["", "no-such", "a\x00b", "ä", "x" * 10_000, None, 5, ["a"]])
def test_a_mail_that_does_not_exist_cannot_be_tried_again(world: World, mail_id: str) -> None:
    failure = failure_of(post_of(world, MemoryMailer()).retry(mail_id))

    assert failure.code == 2004
    assert len(failure.message) < 200


def test_a_sent_mail_cannot_be_sent_again(world: World) -> None:
    post = post_of(world, MemoryMailer())
    write(world, post)
    run(post.send())

    assert "is sent" in failure_of(post.retry(queued(post).mail_id)).message


def test_a_mail_in_somebodys_hands_cannot_be_sent_again(world: World) -> None:
    failures: list[Failure] = []
    post = post_of(world, None)

    def retry(message: Message) -> None:
        failures.append(in_another_thread(lambda: failure_of(post.retry(message.message_id))))

    sending = post_of(world, Calling(retry))
    write(world, sending)
    run(sending.deliver())

    assert failures[0].code == 2004
    assert "handed over at this moment" in failures[0].message


@pytest.mark.parametrize("error", [RuntimeError(URL), OSError(5, URL), asyncio.CancelledError(URL), TimeoutError()])
def test_a_mailer_that_breaks_is_tried_again_and_tells_no_secret(world: World, error: BaseException) -> None:
    mailer = Failing(error)
    post = post_of(world, mailer)
    write(world, post)

    assert run(post.deliver()) == Delivery(waiting=1)

    problem = queued(post).problem
    assert problem is not None
    assert "secret" not in problem
    world.clock.now += MINUTE
    assert run(post.deliver()) == Delivery(sent=1)


def test_a_mailer_that_hangs_is_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "LONGEST", 0.02)

    class Hanging:
        async def send(self, message: Message) -> None:  # noqa: ARG002
            await asyncio.Event().wait()

    post = post_of(world, Hanging())
    write(world, post)

    assert run(post.deliver()) == Delivery(waiting=1)
