"""Mail by SMTP: what a server gets, and what its answers mean."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from aiosmtpd.smtp import SMTP

from blockwright.services import open_mailer
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import Delivery, MailState
from tests.services.mail_servers import PLAIN, Inbox, sent_to, serving
from tests.services.test_mail import HEADERS, MESSAGE
from tests.services.world import ALICE, PASSWORD, World, run


def test_a_server_gets_the_whole_mail_for_the_right_receiver() -> None:
    inbox = Inbox()
    message = replace(MESSAGE, text="Hello\n.\n..dots\nGrüße\n", subject="Grüße")

    assert sent_to(inbox, PLAIN, message) is None

    (envelope,) = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (message.sender, [message.to])
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert mail.keys() == HEADERS
    assert mail["Subject"] == "Grüße"
    assert mail["Message-ID"] == "<0b7e@bakery.example>"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == message.text.splitlines()


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("550 5.1.1 No such mailbox.", "refused"),
        ("554 5.7.1 Spam, we think", "refused"),
        ("552 Mailbox full", "refused"),
        ("451 4.7.1 Greylisted; come back later", "unavailable"),
        ("421 Too many connections", "unavailable"),
        ("530 5.7.0 Must issue a STARTTLS command first", "unavailable"),
        ("535 5.7.8 Who are you?", "unavailable"),
    ],
)
def test_what_a_server_refuses_is_refused_for_good_or_for_now(stage: str, answer: str, code: str) -> None:
    failure = sent_to(Inbox(**{stage: answer}), PLAIN)

    assert failure is not None
    assert failure.code == code
    assert answer.rstrip(".") in failure.message


def test_a_servers_answer_is_shown_short_and_visible() -> None:
    failure = sent_to(Inbox(rcpt="550 \x1b[31mNo\u202e" + "o" * 1000), PLAIN)

    assert failure is not None
    assert failure.code == "refused"
    assert len(failure.message) < 400


def test_an_address_with_letters_beyond_ascii_goes_to_servers_that_can() -> None:
    message = replace(MESSAGE, to="josé@münchen.de")
    inbox = Inbox()

    assert sent_to(inbox, PLAIN, message, enable_SMTPUTF8=True) is None
    assert inbox.envelopes[0].rcpt_tos == ["josé@xn--mnchen-3ya.de"]
    assert "SMTPUTF8" in inbox.envelopes[0].mail_options

    failure = sent_to(inbox, PLAIN, message)
    assert failure is not None
    assert failure.code == "refused"
    assert "lacks SMTPUTF8" in failure.message


@pytest.mark.parametrize("utf8", [True, False])
def test_a_domain_with_letters_beyond_ascii_goes_everywhere_in_its_ascii_form(utf8: bool) -> None:
    inbox = Inbox()

    assert sent_to(inbox, PLAIN, replace(MESSAGE, to="alice@münchen.de"), enable_SMTPUTF8=utf8) is None

    assert inbox.envelopes[0].rcpt_tos == ["alice@xn--mnchen-3ya.de"]
    assert "SMTPUTF8" not in inbox.envelopes[0].mail_options


def test_the_program_introduces_itself_as_it_was_told() -> None:
    inbox = Inbox()
    sent_to(inbox, PLAIN + "&hello=app.example.com")
    sent_to(inbox, PLAIN)

    assert inbox.hellos[0] == "app.example.com"
    assert "." in inbox.hellos[1]


def test_what_cannot_be_a_mail_never_reaches_the_server() -> None:
    inbox = Inbox()
    for message in (
        replace(MESSAGE, subject="=?utf-8?q?hi=0D=0ABcc:_evil@example.com?="),
        replace(MESSAGE, to="alice@example.com>\r\nRCPT TO:<evil@example.com"),
        replace(MESSAGE, sender="a@b.cd\r\nDATA"),
    ):
        failure = sent_to(inbox, PLAIN, message)
        assert failure is not None
        assert failure.code == "bad value"
    assert inbox.hellos == []


def test_a_body_cannot_end_the_mail_and_begin_another() -> None:
    inbox = Inbox()
    attack = "\r\n.\r\nMAIL FROM:<evil@example.com>\r\n\n.\n\r.\rQUIT\r\n"

    assert sent_to(inbox, PLAIN, replace(MESSAGE, text=attack, html=attack)) is None

    (envelope,) = inbox.envelopes
    assert envelope.mail_from == MESSAGE.sender
    assert isinstance(envelope.content, bytes)
    assert envelope.content.count(b"MAIL FROM") == 2


def test_a_mail_waits_for_its_server_and_goes_out_when_it_is_back() -> None:
    world, inbox = World(MemoryStore()), Inbox(rcpt="451 Greylisted")

    async def main() -> tuple[Delivery, Delivery]:
        async with serving(lambda: SMTP(inbox, loop=asyncio.get_running_loop())) as port:
            mailer = open_mailer(PLAIN.replace("PORT", str(port)))
            users = world.users_with(mailer)
            assert isinstance(users, StoredUsers)
            await users.change_settings({"emailConfirmationRequired": True})
            await users.register({"email": ALICE, "password": PASSWORD})
            early = await users.deliver()
            (mail,) = await users.list_mails(MailState.WAITING)
            assert mail.problem is not None
            assert "451 Greylisted" in mail.problem
            assert mail.next_try is not None
            world.clock.now, inbox.rcpt = mail.next_try, "250 OK"
            return early, await users.deliver()

    assert run(main()) == (Delivery(), Delivery(sent=1))
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [[ALICE]]


def test_a_hundred_mails_all_arrive() -> None:
    inbox = Inbox()

    async def main() -> None:
        async with serving(lambda: SMTP(inbox, loop=asyncio.get_running_loop())) as port:
            mailer = open_mailer(PLAIN.replace("PORT", str(port)))
            for _ in range(10):
                await asyncio.gather(*(mailer.send(replace(MESSAGE, message_id=f"m{n}")) for n in range(10)))

    run(main())
    assert len(inbox.envelopes) == 100
