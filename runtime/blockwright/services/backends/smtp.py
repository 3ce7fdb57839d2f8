"""Mail by SMTP: ``smtp://user:password@mail.example.com:587``, over an encrypted connection unless the URL says no."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, cast
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import parse_address, shown
from blockwright.services.mail import REFUSED, Mailer, Message
from blockwright.services.mime import compose

if TYPE_CHECKING:
    import aiosmtplib

LONGEST = 60.0
"""How many seconds handing over one mail may take at most; ``timeout`` may say less."""
GOODBYE = 2.0
"""How many seconds to wait for the server's goodbye, when it has the mail already."""
EXAMPLE = "smtp://user:password@mail.example.com:587"


def open_smtp(url: str) -> Mailer:
    """The mailer of an ``smtp://`` or ``smtps://`` URL. Fails with ``bad value`` where the URL names none, and never
    repeats it; ``unavailable`` when aiosmtplib is not installed."""
    server = parse_url(url)
    try:
        import aiosmtplib  # noqa: F401
    except ImportError as error:
        raise Failure(
            UNAVAILABLE, 'Mail by SMTP needs aiosmtplib; install it with: pip install "blockwright[mail]"'
        ) from error
    return SmtpMailer(server)


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over. ``tls`` is ``starttls``, ``at once``, or ``no``; ``timeout`` is in seconds, for one
    mail in all; ``ca`` is a file of certificates to trust instead of the system's; ``hello`` is how we introduce
    ourselves."""

    host: str
    port: int
    tls: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    ca: str | None = None
    hello: str | None = None


def parse_url(url: str) -> Server:
    """Read ``smtp://[user:password@]host[:port][?tls=no&timeout=30&ca=FILE&hello=NAME]``, or ``smtps``."""
    if len(url) > 2000 or not url.isprintable() or any(space in url for space in " \\"):
        raise _bad(f"is named by a URL such as {EXAMPLE}")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _bad(f"is named by a URL such as {EXAMPLE}, with special characters in it written as %40") from None
    if not host or parts.path not in ("", "/") or parts.fragment or port == 0:
        raise _bad(f"is named by a URL such as {EXAMPLE}, with special characters in it written as %40")
    options = _options(parts)
    tls = _tls(parts.scheme, options.get("tls"))
    user, password = _login(parts)
    if user is not None and tls == "no" and not _is_here(host):
        raise _bad("with tls=no takes no user name and password, because they would cross the network in clear")
    return Server(
        host=_ascii_host(host),
        port=port or (465 if tls == "at once" else 25 if tls == "no" else 587),
        tls=tls,
        user=user,
        password=password,
        timeout=_timeout(options.get("timeout", "30")),
        ca=options.get("ca"),
        hello=_hello(options.get("hello")),
    )


_OPTIONS = ("ca", "hello", "timeout", "tls")


def _options(parts: SplitResult) -> dict[str, str]:
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), errors="strict")
    except ValueError:
        raise _bad("takes options such as ?timeout=10") from None
    for name, value in pairs:
        if name not in _OPTIONS or not value or not value.isprintable():
            raise _bad(f"knows the options {', '.join(_OPTIONS)}, each with a value")
    if len(dict(pairs)) != len(pairs):
        raise _bad("takes each option once")
    return dict(pairs)


def _tls(scheme: str, option: str | None) -> str:
    if scheme == "smtps" and option is None:
        return "at once"
    if scheme == "smtp" and option in (None, "no"):
        return option or "starttls"
    raise _bad("is encrypted unless the URL begins with smtp: and says tls=no")


def _login(parts: SplitResult) -> tuple[str | None, str | None]:
    if parts.username is None:
        return None, None
    user, password = unquote(parts.username), unquote(parts.password or "")
    if not user or not password or not (user + password).isprintable() or "\ufffd" in user + password:
        raise _bad("needs both user name and password, or none of them")
    return user, password


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise _bad("needs the name of a host") from None


def _timeout(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST:
        raise _bad(f"has a timeout of up to {LONGEST:.0f} seconds")
    return seconds


def _hello(name: str | None) -> str | None:
    if name is not None and not (name.isascii() and len(name) <= 255 and " " not in name):
        raise _bad("introduces itself by the name of a host, such as hello=app.example.com")
    return name


def _bad(what: str) -> Failure:
    return Failure(BAD_VALUE, f"A mail server {what}.")


class SmtpMailer:
    """Hands each message to a mail server, over a connection of its own.

    The server's name and certificate are verified. Fails with ``refused`` when the server refuses this mail for good;
    with ``unavailable`` when trying again, or mending the configuration, can help.
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    async def send(self, message: Message) -> None:
        data = compose(message)
        sender, to = str(parse_address(message.sender)), str(parse_address(message.to))
        client = self._client(None if self._server.tls == "no" else await asyncio.to_thread(lambda: self._trust))
        try:
            async with asyncio.timeout(self._server.timeout):
                await self._hand_over(client, sender, to, data)
        except TimeoutError as error:
            raise self._unavailable(self._too_slow) from error
        else:
            with suppress(Exception):
                await client.quit(timeout=GOODBYE)
        finally:
            if client.transport is not None:
                cast("asyncio.WriteTransport", client.transport).abort()
            client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, sender: str, to: str, data: bytes) -> None:
        import aiosmtplib

        options = [] if (sender + to).isascii() else ["SMTPUTF8"]
        try:
            await self._connect(client)
            await client.sendmail(sender, [to], data, mail_options=options)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise self._answered(error.recipients[0]) from error
        except aiosmtplib.SMTPNotSupported as error:
            raise Failure(
                REFUSED, f"The mail server {self._name} cannot carry mail to {shown(to)}: it lacks SMTPUTF8."
            ) from error
        except aiosmtplib.SMTPResponseException as error:
            raise self._answered(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise self._lost(error) from error

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        """Connect, encrypt and log in: what fails here is the configuration or the server, never the mail."""
        import aiosmtplib

        try:
            await client.connect()
            await client.ehlo()
            if self._server.tls == "starttls":
                if not client.supports_extension("starttls"):
                    raise self._unavailable("offers no encryption (STARTTLS)", _NO_STARTTLS)
                await client.starttls()
            if self._server.user is not None and self._server.password is not None:
                await self._log_in(client, self._server.user, self._server.password)
        except aiosmtplib.SMTPResponseException as error:
            raise self._unavailable(f"answers {_answer(error)}") from error

    async def _log_in(self, client: aiosmtplib.SMTP, user: str, password: str) -> None:
        import aiosmtplib

        try:
            await client.login(user, password)
        except aiosmtplib.SMTPAuthenticationError as error:
            raise self._unavailable(
                f"refuses the login ({error.code})", "check the user name and password in its URL"
            ) from None
        except aiosmtplib.SMTPException as error:
            if isinstance(error, ConnectionError | TimeoutError):
                raise
            raise self._unavailable("offers no login that is known here", "leave user name and password out") from None

    def _client(self, trust: ssl.SSLContext | None) -> aiosmtplib.SMTP:
        import aiosmtplib

        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.tls == "at once",
            start_tls=False,
            tls_context=trust,
            timeout=self._server.timeout,
            local_hostname=self._server.hello or _own_name(),
        )

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._server.ca)
        except OSError as error:
            raise Failure(UNAVAILABLE, f"The certificates of {shown(self._server.ca)} cannot be read.") from error

    def _answered(self, error: aiosmtplib.SMTPResponseException) -> Failure:
        """What a server's refusal means: 5xx is for good, unless it is about us rather than about the mail."""
        if error.code in _ABOUT_US:
            return self._unavailable(f"answers {_answer(error)}", "check user name, password and tls in its URL")
        if 500 <= error.code <= 599:
            return Failure(REFUSED, f"The mail server {self._name} refuses the mail: {_answer(error)}.")
        return self._unavailable(f"does not take the mail now: {_answer(error)}")

    def _lost(self, error: Exception) -> Failure:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                why = shown(cause.verify_message, longest=200)
                return self._unavailable(f"has a certificate that cannot be trusted ({why})", _NO_TRUST)
            if isinstance(cause, ssl.SSLError):
                return self._unavailable("does not encrypt as expected", "check port and smtp or smtps in its URL")
            cause = cause.__cause__
        if isinstance(error, TimeoutError):
            return self._unavailable(self._too_slow)
        return self._unavailable("cannot be reached, or ended the connection")

    def _unavailable(self, what: str, mend: str = "") -> Failure:
        return Failure(UNAVAILABLE, f"The mail server {self._name} {what}{f'; {mend}' if mend else ''}.")

    @property
    def _too_slow(self) -> str:
        return f"did not take the mail within {self._server.timeout:g} seconds"

    @property
    def _name(self) -> str:
        return f"{shown(self._server.host)}:{self._server.port}"


_NO_STARTTLS = "name it as smtps://, or add ?tls=no to its URL if nobody can listen on the way"
_NO_TRUST = "its URL must have the name in the certificate, and ca=FILE may name the certificates to trust"
_ABOUT_US = (530, 534, 535, 538)
"""Answers that ask for a login or for encryption (RFC 4954, RFC 3207): the mail itself is not to blame."""


def _answer(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {shown(' '.join(error.message.split()), longest=200)}".rstrip(".")


def _own_name() -> str:
    """How we introduce ourselves: the host's full name where it has one. No name server is asked."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() and name.isprintable() and " " not in name else "[127.0.0.1]"
