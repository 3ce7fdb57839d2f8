"""From a ``Message`` to the bytes of a real mail (RFC 5322, MIME), guarded against header injection."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.utils import format_datetime

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import BadAddress, parse_address, shown
from blockwright.services.mail import Message


def compose(message: Message) -> bytes:
    """The mail as bytes with CRLF line ends: headers, a text part and an HTML part.

    Fails with ``bad value`` when a header would hold control characters or an encoded word, or when a reader of the
    mail would see other headers than were meant.
    """
    for name, value in (("subject", message.subject), ("sender's name", message.sender_name)):
        if not value.isprintable() or "=?" in value or len(value) > 500:
            raise Failure(BAD_VALUE, f"The {name} {shown(value)} cannot stand in a mail's header.")
    try:
        mail = _build(message)
        data = mail.as_bytes()
        _check_headers(mail, data)
    except (MessageError, ValueError, LookupError, OverflowError, OSError) as error:
        raise Failure(BAD_VALUE, f"The message to {shown(message.to)} cannot be written as a mail.") from error
    return data


def _build(message: Message) -> EmailMessage:
    to, sender = _header_address(message.to), _header_address(message.sender, message.sender_name)
    plain = to.addr_spec.isascii() and sender.addr_spec.isascii()
    mail = EmailMessage(policy=policy.SMTP if plain else policy.SMTPUTF8)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(datetime.fromtimestamp(message.sent_at / 1000, UTC), usegmt=True)
    mail["Message-ID"] = f"<{message.message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text, cte=_encoding(message.text))
    mail.add_alternative(message.html, subtype="html", cte=_encoding(message.html))
    return mail


def _encoding(text: str) -> str:
    """Plain where it can be, so that a person reads the file as it is and no link is broken over two lines."""
    return "7bit" if text.isascii() and max(map(len, text.splitlines()), default=0) < 998 else "quoted-printable"


def _header_address(text: str, name: str = "") -> HeaderAddress:
    try:
        address = parse_address(text)
    except BadAddress as error:
        raise Failure(BAD_VALUE, f"No mail can go to or come from {shown(text)}: the address {error}.") from None
    return HeaderAddress(display_name=name, username=address.local, domain=address.domain)


def _check_headers(mail: EmailMessage, data: bytes) -> None:
    """Read the finished mail as its receivers will: an encoded word can smuggle a ``Bcc:`` line through the library."""
    meant = mail.keys()
    read = message_from_string(data.decode(), policy=policy.default)
    if read.keys() != meant or message_from_bytes(data, policy=policy.compat32).keys() != meant:
        raise ValueError("the mail would have other headers than were meant")
    for name in ("To", "From"):
        if [each.addr_spec for each in read[name].addresses] != [each.addr_spec for each in mail[name].addresses]:
            raise ValueError(f"the mail would have another {name} than was meant")
