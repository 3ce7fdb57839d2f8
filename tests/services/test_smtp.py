"""Mail by SMTP, spoken with real servers that accept, refuse, hang, break and lie."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from blockwright.failure import Failure
from blockwright.services import Message, open_mailer
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.smtp import Server, parse_url
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import Delivery, MailState
from tests.services.test_mail import HEADERS, MESSAGE
from tests.services.world import ALICE, PASSWORD, World, label, run


@dataclass
class Inbox:
    """What a server does with mail: it keeps it, unless it was told another answer."""

    rcpt: str = "250 OK"
    mail: str = "250 OK"
    data: str = "250 OK"
    envelopes: list[Envelope] = field(default_factory=list)
    hellos: list[str] = field(default_factory=list)

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.hellos.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mail.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.mail

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.data.startswith("250"):
            self.envelopes.append(envelope)
        return self.data


@asynccontextmanager
async def serving(protocol: Callable[[], asyncio.BaseProtocol], **options: object) -> AsyncIterator[int]:
    """A server on a free port of this machine, as long as it is needed."""
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def sent_to(inbox: Inbox, url: str, message: Message = MESSAGE, **options: object) -> Failure | None:
    """Send a message to a real server; gives the failure if there is one. In the URL, PORT stands for its port."""
    at_once = options.pop("ssl", None)

    async def main() -> Failure | None:
        async with serving(lambda: SMTP(inbox, loop=asyncio.get_running_loop(), **options), ssl=at_once) as port:
            return await outcome(url.replace("PORT", str(port)), message)

    return run(main())


async def outcome(url: str, message: Message = MESSAGE) -> Failure | None:
    try:
        await open_mailer(url).send(message)
    except Failure as caught:
        failure = caught
    else:
        return None
    assert failure.message.isprintable()
    assert "hunter2" not in str(failure)
    return failure


PLAIN = "smtp://127.0.0.1:PORT?tls=no"


@dataclass(frozen=True)
class Certificates:
    """A certificate authority of the test's own, and what a server needs to speak under a name."""

    ca: Path
    here: ssl.SSLContext
    elsewhere: ssl.SSLContext


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    authority, path = trustme.CA(), tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))

    def context(name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    return Certificates(path, context("127.0.0.1"), context("mail.example.com"))


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


def test_the_connection_is_encrypted_when_the_url_does_not_say_otherwise(certificates: Certificates) -> None:
    inbox = Inbox()
    url = f"smtp://127.0.0.1:PORT?ca={quote(str(certificates.ca))}"

    assert sent_to(inbox, url, tls_context=certificates.here, require_starttls=True) is None

    assert len(inbox.envelopes) == 1


def test_a_server_can_be_encrypted_from_the_first_byte(certificates: Certificates) -> None:
    inbox = Inbox()

    assert sent_to(inbox, f"smtps://127.0.0.1:PORT?ca={quote(str(certificates.ca))}", ssl=certificates.here) is None

    assert len(inbox.envelopes) == 1


def test_a_server_without_encryption_gets_no_mail() -> None:
    inbox = Inbox()

    failure = sent_to(inbox, "smtp://127.0.0.1:PORT")

    assert failure is not None
    assert failure.code == "unavailable"
    assert "offers no encryption (STARTTLS); name it as smtps://, or add ?tls=no" in failure.message
    assert inbox.envelopes == []


def test_a_certificate_nobody_vouches_for_gets_no_mail(certificates: Certificates) -> None:
    for url, options in (
        ("smtp://127.0.0.1:PORT", {"tls_context": certificates.here}),
        ("smtps://127.0.0.1:PORT", {"ssl": certificates.here}),
    ):
        failure = sent_to(inbox := Inbox(), url, **options)

        assert failure is not None
        assert failure.code == "unavailable"
        assert "has a certificate that cannot be trusted" in failure.message
        assert "ca=FILE" in failure.message
        assert inbox.envelopes == []


def test_a_certificate_for_another_name_gets_no_mail(certificates: Certificates) -> None:
    ca = quote(str(certificates.ca))
    for url, options in (
        (f"smtp://127.0.0.1:PORT?ca={ca}", {"tls_context": certificates.elsewhere}),
        (f"smtps://127.0.0.1:PORT?ca={ca}", {"ssl": certificates.elsewhere}),
    ):
        failure = sent_to(Inbox(), url, **options)

        assert failure is not None
        assert "has a certificate that cannot be trusted (IP address mismatch" in failure.message


def test_a_server_that_speaks_plainly_where_encryption_was_due_is_told_apart() -> None:
    failure = sent_to(Inbox(), "smtps://127.0.0.1:PORT?timeout=5")

    assert failure is not None
    assert failure.code == "unavailable"
    assert "does not encrypt as expected; check port and smtp or smtps" in failure.message


def test_certificates_that_cannot_be_read_are_a_clear_failure(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nonsense")
    for name in ("ca.pem", "none.pem"):
        failure = run(outcome(f"smtps://127.0.0.1:1?ca={tmp_path / name}"))
        assert failure is not None
        assert failure.code == "unavailable"
        assert "cannot be read" in failure.message


def log_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword) -> AuthResult:
    right = (data.login, data.password) == (b"me@here", b"hunter2:/?#@ \xc3\xa4")
    return AuthResult(success=right, handled=False)


def test_a_login_opens_the_server(certificates: Certificates) -> None:
    inbox = Inbox()
    password = quote("hunter2:/?#@ ä", safe="")
    url = f"smtp://me%40here:{password}@127.0.0.1:PORT?ca={quote(str(certificates.ca))}"

    failure = sent_to(inbox, url, tls_context=certificates.here, authenticator=log_in, auth_required=True)

    assert failure is None
    assert len(inbox.envelopes) == 1


def test_a_refused_login_is_no_fault_of_the_mail_and_says_what_to_check(certificates: Certificates) -> None:
    url = f"smtp://me:hunter2@127.0.0.1:PORT?ca={quote(str(certificates.ca))}"

    failure = sent_to(Inbox(), url, tls_context=certificates.here, authenticator=log_in, auth_required=True)

    assert failure is not None
    assert failure.code == "unavailable"
    assert "refuses the login (535); check the user name and password" in failure.message


def test_a_server_that_wants_a_login_is_not_mistaken_for_one_that_refuses_the_mail(certificates: Certificates) -> None:
    url = f"smtp://127.0.0.1:PORT?ca={quote(str(certificates.ca))}"

    failure = sent_to(Inbox(), url, tls_context=certificates.here, authenticator=log_in, auth_required=True)

    assert failure is not None
    assert failure.code == "unavailable"
    assert "530" in failure.message
    assert "check user name, password" in failure.message


def test_a_server_that_knows_no_login_is_told_apart() -> None:
    failure = sent_to(Inbox(), "smtp://me:hunter2@127.0.0.1:PORT?tls=no")

    assert failure is not None
    assert failure.code == "unavailable"
    assert "offers no login" in failure.message


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


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SCRIPT = (
    (b"", b"220 hello\r\n"),
    (b"EHLO", b"250 hello\r\n"),
    (b"MAIL", b"250 ok\r\n"),
    (b"RCPT", b"250 ok\r\n"),
    (b"DATA", b"354 go on\r\n"),
    (b".\r\n", b"250 taken\r\n"),
    (b"QUIT", b"221 bye\r\n"),
)


def with_talk(talk: Talk, url: str = PLAIN + "&timeout=0.3") -> Failure | None:
    """Send to a server that talks as it likes."""

    async def main() -> Failure | None:
        tasks: list[asyncio.Task[None]] = []

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.append(task)
            try:
                await talk(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        try:
            port = server.sockets[0].getsockname()[1]
            async with asyncio.timeout(5):
                return await outcome(url.replace("PORT", str(port)))
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return run(main())


async def follow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stages: int) -> None:
    """Talk properly for so many stages."""
    for expected, answer in SCRIPT[:stages]:
        while expected and not (await reader.readuntil(b"\n")).startswith(expected):
            """Read on, to what was expected."""
        writer.write(answer)
        await writer.drain()


@pytest.mark.parametrize("stages", range(len(SCRIPT) - 1))
def test_a_server_that_hangs_at_any_moment_is_left_in_bounded_time(stages: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await follow(reader, writer, stages)
        await asyncio.Event().wait()

    failure = with_talk(talk)

    assert failure is not None
    assert failure.code == "unavailable"
    assert "did not take the mail within 0.3 seconds" in failure.message


def test_a_server_that_hangs_when_it_has_the_mail_has_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blockwright.services.backends.smtp.GOODBYE", 0.05)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await follow(reader, writer, len(SCRIPT) - 1)
        await asyncio.Event().wait()

    assert with_talk(talk) is None


def test_a_server_that_never_stops_talking_is_left_in_bounded_time() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"220-hello\r\n")
            await writer.drain()
            await asyncio.sleep(0)

    failure = with_talk(talk)

    assert failure is not None
    assert failure.code == "unavailable"


def test_a_server_that_drips_its_answer_is_left_in_bounded_time() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"2")
            await writer.drain()
            await asyncio.sleep(0.02)

    failure = with_talk(talk)

    assert failure is not None
    assert failure.code == "unavailable"


@pytest.mark.parametrize("stages", range(len(SCRIPT) - 1))
def test_a_server_that_closes_in_the_middle_may_be_tried_again(stages: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await follow(reader, writer, stages)

    failure = with_talk(talk, PLAIN + "&timeout=5")

    assert failure is not None
    assert failure.code == "unavailable"
    assert "cannot be reached, or ended the connection" in failure.message


@pytest.mark.parametrize(
    "nonsense", [b"HTTP/1.1 200 OK\r\n\r\n", b"\x00\xff\xfe\r\n", b"554 Go away\r\n", b"999 ?\r\n"]
)
def test_a_server_that_speaks_another_language_may_be_tried_again(nonsense: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(nonsense)
        await writer.drain()
        await reader.read()

    failure = with_talk(talk, PLAIN + "&timeout=5")

    assert failure is not None
    assert failure.code == "unavailable"
    assert len(failure.message) < 400


def test_a_server_that_is_down_may_be_tried_again() -> None:
    async def main() -> Failure | None:
        async with serving(asyncio.Protocol) as port:
            free = port
        return await outcome(f"smtp://127.0.0.1:{free}?tls=no")

    failure = run(main())

    assert failure is not None
    assert failure.code == "unavailable"
    assert "cannot be reached" in failure.message


def test_a_name_that_does_not_exist_may_be_tried_again() -> None:
    failure = run(outcome("smtp://no-such-host.invalid"))

    assert failure is not None
    assert failure.code == "unavailable"
    assert "no-such-host.invalid:587" in failure.message


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


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", Server("mail.example.com", 587, "starttls")),
        ("SMTPS://Mail.Example.com", Server("mail.example.com", 465, "at once")),
        ("smtp://localhost?tls=no", Server("localhost", 25, "no")),
        ("smtp://[::1]:2525?tls=no", Server("::1", 2525, "no")),
        ("smtp://münchen.de/", Server("xn--mnchen-3ya.de", 587, "starttls")),
        (
            "smtps://me%40here:a%2Fb@mail.example.com:4650?timeout=5&hello=app.example.com&ca=/etc/ca.pem",
            Server("mail.example.com", 4650, "at once", "me@here", "a/b", 5.0, "/etc/ca.pem", "app.example.com"),
        ),
    ],
)
def test_a_url_says_where_mail_goes(url: str, server: Server) -> None:
    assert parse_url(url) == server


def test_a_password_is_not_shown_in_a_traceback() -> None:
    assert "hunter2" not in repr(parse_url("smtp://me:hunter2@mail.example.com"))


BAD_URLS = [
    "smtp:",
    "smtp://",
    "smtp:///path",
    "smtp:mail.example.com",
    "smtp://me:hunter2@",
    "smtp://me:hunter2@host:port",
    "smtp://me:hunter2@host:0",
    "smtp://me:hunter2@host:99999",
    "smtp://me:hunter2@host/path",
    "smtp://me:hunter2@host#x",
    "smtp://me:hun#ter2@host",
    "smtp://me@host",
    "smtp://:hunter2@host",
    "smtp://me:@host",
    "smtp://me:hunter2%00@host",
    "smtp://me:hunter2%0d%0a@host",
    "smtp://me:hunter2%ff@host",
    "smtp://me:hunter2@host?tls=no",
    "smtp://host?tls=yes",
    "smtps://host?tls=no",
    "smtp://host?timeout=0",
    "smtp://host?timeout=61",
    "smtp://host?timeout=nan",
    "smtp://host?timeout=soon",
    "smtp://host?timeout=1&timeout=2",
    "smtp://host?tmeout=1",
    "smtp://host?password=hunter2",
    "smtp://host?hello=a%20b",
    "smtp://host?hello=",
    "smtp://host?ca",
    "smtp://ho st",
    "smtp://host\r\nDATA",
    "smtp://..",
    "smtp://[::1",
    "smtp://" + "x" * 5000,
]


@pytest.mark.parametrize("url", BAD_URLS, ids=label)
def test_a_url_that_names_no_server_is_refused_without_repeating_its_secrets(url: str) -> None:
    with pytest.raises(Failure) as caught:
        open_mailer(url)

    assert caught.value.code == "bad value"
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.message.startswith("A mail server ")
