"""Mail: real MIME, and no text from outside ever becomes a header."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.failure import Failure
from blockwright.services import Message
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.mime import compose
from tests.services.test_addresses import NEAR_ADDRESSES
from tests.services.world import NOON, World, outcome_of, run

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]

MESSAGE = Message(
    to="alice@yourmail.com",
    subject="Confirm your address",
    text="Hello\n",
    html="<p>Hello</p>\n",
    sender="no-reply@bakery.example",
    sender_name="Bakery",
    sent_at=NOON,
    message_id="0b7e",
)

ATTACKS = st.sampled_from(
    [
        "=?utf-8?q?hi=0D=0ABcc:_evil@example.com?=",
        "=?utf-8?b?aGkNCkJjYzogZXZpbEBleGFtcGxlLmNvbQ==?=",
        "x\r\nBcc: evil@example.com",
        "x\nBcc: evil@example.com",
        "x\rBcc: evil@example.com",
        "x\x00",
        "x\x0bBcc: evil@example.com",
        "x\x85Bcc: evil@example.com",
        "x\u2028Bcc: evil@example.com",
        'x" <evil@example.com>, "y',
        "x,evil@example.com",
        "=?" * 50,
        "\ud800",
    ]
)
TEXTS = st.one_of(st.text(), ATTACKS, st.builds(lambda a, b, c: a + b + c, st.text(), ATTACKS, st.text()))


def with_text(part: str, text: str) -> Message:
    return {
        "to": replace(MESSAGE, to=text),
        "subject": replace(MESSAGE, subject=text),
        "sender": replace(MESSAGE, sender=text),
        "sender_name": replace(MESSAGE, sender_name=text),
        "message_id": replace(MESSAGE, message_id=text),
    }[part]


def read(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_message_becomes_a_mail_that_any_program_can_read() -> None:
    mail = read(compose(MESSAGE))

    assert mail.keys() == HEADERS
    assert str(mail["From"]) == "Bakery <no-reply@bakery.example>"
    assert str(mail["To"]) == "alice@yourmail.com"
    assert mail["Date"].datetime.timestamp() * 1000 == NOON
    assert mail["Message-ID"] == "<0b7e@bakery.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content() == "Hello\r\n"
    assert html.get_content() == "<p>Hello</p>\r\n"


def test_letters_of_all_scripts_arrive() -> None:
    message = replace(
        MESSAGE, subject="Grüße aus Zürich 🥐", sender_name="Bäckerei, Söhne", text="Žluťoučký kůň\n" * 99
    )

    data = compose(message)

    mail, text = read(data), read(data).get_body(("plain",))
    assert data.isascii()
    assert mail["Subject"] == message.subject
    assert mail["From"].addresses[0].display_name == message.sender_name
    assert text is not None
    assert text.get_content().splitlines() == message.text.splitlines()


@given(subject=st.text(alphabet='äß𝔘漢🥐 "\\<>@,.:;()[]a', min_size=1, max_size=200).filter(str.strip))
def test_a_name_and_a_subject_arrive_as_they_were_written(subject: str) -> None:
    data = compose(replace(MESSAGE, subject=subject, sender_name=subject[:100]))

    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert read(data)["Subject"].strip() == subject.strip()
    if not subject[:100].isascii():
        name = message_from_bytes(data)["From"].partition(" <no-reply@")[0]
        assert str(make_header(decode_header(name))) == subject[:100]
    assert read(data)["From"].addresses[0].addr_spec == MESSAGE.sender


@given(text=st.text())
def test_a_text_arrives_as_it_was_written_but_for_its_line_ends(text: str) -> None:
    body = read(compose(replace(MESSAGE, text=text))).get_body(("plain",))

    assert body is not None
    arrived = body.get_content().replace("\r\n", "\n")
    assert arrived == text.replace("\r\n", "\n").replace("\r", "\n")


def test_the_same_message_is_always_the_same_mail() -> None:
    assert compose(MESSAGE) == compose(replace(MESSAGE))


@pytest.mark.parametrize("message_id", ["", "a b", "a>b", "a@b", "=?utf-8?q?a?=", "ä", "x" * 201])
def test_an_id_that_cannot_stand_in_a_header_is_refused(message_id: str) -> None:
    with pytest.raises(Failure, match="cannot be written as a mail"):
        compose(replace(MESSAGE, message_id=message_id))


def test_an_address_that_a_mail_program_would_read_as_other_words_is_refused() -> None:
    with pytest.raises(Failure, match="means something else in a mail"):
        compose(replace(MESSAGE, to="=?utf-8?q?bob?=@example.com"))


def test_a_name_of_letters_beyond_ascii_before_the_at_is_kept() -> None:
    data = compose(replace(MESSAGE, to="josé@yourmail.com"))

    assert "\r\nTo: josé@yourmail.com\r\n".encode() in data


def test_a_link_stays_in_one_line_so_that_it_can_be_copied_from_the_file() -> None:
    link = "https://bakery.example/users/confirm?token=" + "x" * 500

    assert link.encode() in compose(replace(MESSAGE, text=f"Open this:\n{link}\n"))


@given(name=st.sampled_from(["to", "subject", "sender", "sender_name", "message_id"]), text=TEXTS)
def test_no_text_adds_a_header_or_a_receiver_or_anything_but_a_failure(name: str, text: str) -> None:
    data = outcome_of(lambda: compose(with_text(name, text)))
    if isinstance(data, Failure):
        assert data.code == "bad value"
        assert data.message.isprintable()
        return
    head = data.partition(b"\r\n\r\n")[0]
    assert read(data).keys() == HEADERS
    assert [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in b" \t"] == HEADERS
    assert len(read(data)["To"].addresses) == 1


@given(text=TEXTS, html=TEXTS)
def test_no_body_adds_a_header_or_raises_anything_but_a_failure(text: str, html: str) -> None:
    data = outcome_of(lambda: compose(replace(MESSAGE, text=text, html=html)))
    if isinstance(data, Failure):
        assert data.code == "bad value"
    else:
        assert read(data).keys() == HEADERS


@pytest.mark.parametrize("name", ["subject", "sender_name"])
@pytest.mark.parametrize("text", ["=?utf-8?q?hi=0D=0ABcc:_evil@example.com?=", "hi\r\nBcc: evil@example.com", "\x00"])
def test_the_known_attacks_are_refused(name: str, text: str) -> None:
    with pytest.raises(Failure, match="cannot stand in a mail's header"):
        compose(with_text(name, text))


@given(email=NEAR_ADDRESSES, app=TEXTS)
def test_whoever_can_register_gets_one_mail_with_exactly_the_meant_headers(email: str, app: str) -> None:
    world = World(MemoryStore())
    world.require_confirmation()
    changed = outcome_of(lambda: run(world.users.change_settings({"appName": app})))
    assert not isinstance(changed, Failure) or changed.code == "bad value"
    user = outcome_of(lambda: world.register(email))
    if isinstance(user, Failure):
        assert user.code in (3013, 3040, "bad value")
        assert world.mailer.messages == ()
        return
    data = compose(world.mailer.messages[0])
    assert read(data).keys() == HEADERS
    assert f"\r\nTo: {user.email}\r\n".encode() in data.replace(b"\r\n ", b" ").replace(b":  ", b": ")


@pytest.mark.parametrize("sent_at", [10**30, -(10**30), 2**62])
def test_a_time_beyond_the_calendar_is_a_bad_value(sent_at: int) -> None:
    with pytest.raises(Failure, match="cannot be written as a mail"):
        compose(replace(MESSAGE, sent_at=sent_at))


def test_a_message_does_not_show_its_secret_link_in_a_traceback() -> None:
    message = replace(MESSAGE, text="https://bakery.example/?token=secret", html="secret")

    assert "secret" not in repr(message)
