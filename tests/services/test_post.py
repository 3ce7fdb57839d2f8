"""The mail queue: a mail is kept with what it announces, and goes out."""

from __future__ import annotations

import logging

import pytest

from blockwright.failure import Failure
from blockwright.services import Message, open_mailer
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.stored import delivery
from blockwright.services.mail import QueueOnly
from blockwright.services.records import Delivery, MailState
from tests.services.queues import REFUSED, UNAVAILABLE, URL, Calling, Failing, post_of, queued, write
from tests.services.world import ALICE, World, code_of, failure_of, run


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
    assert "blockwright users mail --retry ID tries one now" in record.getMessage()
    assert "blockwright users mail --deliver all that are due" in record.getMessage()
    assert ALICE not in caplog.text
    assert "secret" not in caplog.text


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
