"""Real mail servers on this machine, for tests: they keep mail, unless they were told another answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from blockwright.failure import Failure
from blockwright.services import Message, open_mailer
from tests.services.test_mail import MESSAGE
from tests.services.world import run


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
