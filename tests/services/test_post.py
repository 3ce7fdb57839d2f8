"""The mail queue: a mail is kept with what it announces, and goes out once, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from blockwright.failure import Failure
from blockwright.services import Mailer, Message, open_mailer
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import delivery
from blockwright.services.backends.stored.post import Post
from blockwright.services.mail import QueueOnly
from blockwright.services.records import Delivery, MailState, QueuedMail
from blockwright.services.settings import Settings
from blockwright.services.sources import Sources
from tests.services.world import ALICE, DAY, HOUR, MINUTE, World, code_of, failure_of, in_threads, run

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


def test_a_mail_goes_out_after_the_change_that_wrote_it(world: World) -> None:
    mailer = MemoryMailer()
    post = post_of(world, mailer)

    write(world, post)
    assert mailer.messages == ()
    run(post.send())

    (message,) = mailer.messages
    assert message.to == ALICE
    assert URL in message.text
    assert message.sent_at == world.clock.now
    assert queued(post).state is MailState.SENT
    assert queued(post).mail_id == message.message_id


def test_a_change_that_is_taken_back_takes_its_mail_back(world: World) -> None:
    mailer = MemoryMailer()
    post = post_of(world, mailer)

    def fail() -> None:
        raise Failure(3033, "taken")

    with pytest.raises(Failure, match="taken"):
        write(world, post, then=fail)
    run(post.send())

    assert mailer.messages == ()
    assert run(post.list_mails(None)) == ()


def test_without_a_mailer_nothing_is_written(world: World) -> None:
    post = post_of(world, None)

    with pytest.raises(Failure, match="No mail can go out, because there is no mailer; give one") as caught:
        write(world, post)

    assert caught.value.code == "unavailable"
    assert code_of(post.deliver()) == "unavailable"
    assert run(post.next_delivery()) is None
    run(post.send())


def test_what_cannot_be_a_mail_is_refused_before_it_is_kept(world: World) -> None:
    post = post_of(world, MemoryMailer())

    with pytest.raises(Failure) as caught:
        write(world, post, to="alice@yourmail.com\r\nBcc: evil@example.com")

    assert caught.value.code == "bad value"
    assert run(post.list_mails(None)) == ()


def test_the_mailer_queue_leaves_mail_to_another_process(world: World) -> None:
    here, there = post_of(world, open_mailer("queue:")), post_of(world, mailer := MemoryMailer())

    write(world, here)
    run(here.send())

    assert run(here.next_delivery()) is None
    assert code_of(here.deliver()) == "unavailable"
    assert code_of(QueueOnly().send(_message())) == "unavailable"
    assert queued(here).tries == 0
    assert run(there.deliver()) == Delivery(sent=1)
    assert len(mailer.messages) == 1


def test_a_sent_mail_keeps_its_texts_no_longer(world: World) -> None:
    post = post_of(world, MemoryMailer())
    write(world, post)
    run(post.send())

    (row,) = run(world.store.read(lambda tables: list(tables.mails.all())))

    assert (row.text, row.html, row.due, row.finished) == ("", "", None, world.clock.now)


def test_mail_that_cannot_go_out_now_is_kept_and_logged_once_without_its_secrets(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    problem = Failure("unavailable", f"The mail to {ALICE} with {URL} did not go out.")
    mailer = Failing(*[problem] * 3)
    post = post_of(world, mailer)
    for _ in range(3):
        write(world, post)

    with caplog.at_level(logging.INFO, "blockwright.mail"):
        run(post.send())

    assert [mail.state for mail in run(post.list_mails(None))] == [MailState.WAITING] * 3
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "(unavailable)" in record.getMessage()
    assert "blockwright users mail --deliver" in record.getMessage()
    assert ALICE not in caplog.text
    assert "secret" not in caplog.text


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
        failures.append(_in_thread(lambda: failure_of(post.retry(message.message_id))))

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
        assert _in_thread(lambda: run(post_of(world, second).deliver())) == Delivery(sent=1)
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


def test_who_was_asked_to_deliver_is_woken_and_calls_do_not_deliver(world: World) -> None:
    mailer, woken = MemoryMailer(), []
    post = post_of(world, mailer)
    post.leave_to(lambda: woken.append(1))
    for _ in range(2):
        write(world, post)
        run(post.send())

    assert woken == [1, 1]
    assert mailer.messages == ()
    assert run(post.deliver()) == Delivery(sent=2)


def test_a_call_that_delivers_its_own_mail_does_not_try_a_whole_queue_on_a_server_that_is_down(world: World) -> None:
    tried: list[str] = []

    def fail(message: Message) -> None:
        tried.append(message.message_id)
        raise UNAVAILABLE

    post = post_of(world, Calling(fail))
    for _ in range(50):
        write(world, post)

    run(post.send())

    assert len(tried) <= 2 * delivery.AT_ONCE


def test_a_call_that_delivers_its_own_mail_stops_after_a_while(world: World) -> None:
    def slowly(_message: Message) -> None:
        world.clock.now += 10_000

    mailer = Calling(slowly)
    post = post_of(world, mailer)
    for _ in range(50):
        write(world, post)

    run(post.send())

    assert len(mailer.taken.messages) < 20


def test_mails_are_listed_the_oldest_first_by_state(world: World) -> None:
    post = post_of(world, Failing(REFUSED, UNAVAILABLE))
    for address in ("a@example.com", "b@example.com", "c@example.com"):
        write(world, post, address)
        run(post.deliver())
        world.clock.now += 1000

    assert [mail.to for mail in run(post.list_mails(None))] == ["a@example.com", "b@example.com", "c@example.com"]
    for state, address in (("refused", "a"), ("waiting", "b"), ("sent", "c")):
        assert [mail.to for mail in run(post.list_mails(MailState(state)))] == [f"{address}@example.com"]


def test_only_the_newest_of_very_many_mails_are_listed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blockwright.services.backends.stored.post.LISTED", 3)
    post = post_of(world, MemoryMailer())
    for number in range(5):
        write(world, post, f"{number}@example.com")
        world.clock.now += 1000

    assert [mail.to for mail in run(post.list_mails(None))] == ["2@example.com", "3@example.com", "4@example.com"]


@pytest.mark.parametrize("state", ["sending", "gone", 5, []])
def test_mails_of_a_state_that_there_is_not_are_a_bad_value(world: World, state: MailState) -> None:
    failure = failure_of(post_of(world, None).list_mails(state))

    assert failure.code == "bad value"
    assert "there are waiting, sent, refused" in failure.message


def test_a_listed_mail_shows_neither_its_text_nor_its_receiver_in_a_traceback(world: World) -> None:
    post = post_of(world, MemoryMailer())
    write(world, post)

    assert ALICE not in repr(queued(post))
    assert "secret" not in str(queued(post).to_dict())


def _message() -> Message:
    return Message(ALICE, "Hello", "", "", "no-reply@example.com", "", 0, "x")


def _in_thread(call: Callable[[], T]) -> T:
    results: list[T] = []
    thread = threading.Thread(target=lambda: results.append(call()))
    thread.start()
    thread.join()
    return results[0]
