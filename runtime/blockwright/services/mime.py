"""From a ``Message`` to the bytes of a real mail (RFC 5322, MIME), guarded against header injection.

The mail is put together here rather than by ``email.message``, which decodes and encodes headers anew while it writes
them, takes milliseconds for it, and can be brought to write headers that nobody meant.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import Address, BadAddress, parse_address, shown
from blockwright.services.mail import Message


def compose(message: Message) -> bytes:
    """The mail as bytes with CRLF line ends: headers, a text part and an HTML part. The same message always becomes the
    same bytes.

    Fails with ``bad value`` when a header would hold control characters or an encoded word, or when a reader of the
    mail would see other headers than were meant.
    """
    try:
        headers = _checked_headers(message)
        parts = [_part("plain", message.text), _part("html", message.html)]
        boundary = sha256(b"\n".join(parts)).hexdigest()
        head = _head({**headers, "Content-Type": f'multipart/alternative; boundary="{boundary}"'})
        line = f"--{boundary}".encode()
        data = b"\r\n".join([head, line, parts[0], line, parts[1], line + b"--", b""])
        if not data.count(b"\r\n") == data.count(b"\r") == data.count(b"\n"):
            raise ValueError("the mail would have lines that end in other ways than mail's do")
    except (ValueError, OverflowError, OSError) as error:
        raise _unwritable(message) from error
    return data


def check_composable(message: Message) -> None:
    """Fail as ``compose`` does, without composing the mail."""
    try:
        _head(_checked_headers(message))
        (message.text + message.html).encode()
    except (ValueError, OverflowError, OSError) as error:
        raise _unwritable(message) from error


def _unwritable(message: Message) -> Failure:
    return Failure(BAD_VALUE, f"The message to {shown(message.to)} cannot be written as a mail.")


def _checked_headers(message: Message) -> dict[str, str]:
    for name, value in (("subject", message.subject), ("sender's name", message.sender_name)):
        if not is_header_text(value):
            raise Failure(BAD_VALUE, f"The {name} {shown(value)} cannot stand in a mail's header.")
    return _headers(message, _address(message.to), _address(message.sender))


def is_header_text(text: str) -> bool:
    """Whether a text can stand in a mail's header: visible, of bounded length, and not taken for anything else."""
    return text.isprintable() and "=?" not in text and len(text) <= 500


def _headers(message: Message, to: Address, sender: Address) -> dict[str, str]:
    if not _MESSAGE_ID.fullmatch(message.message_id):
        raise ValueError("the message's id cannot stand in a header")
    name = _phrase(message.sender_name)
    return {
        "From": f"{name} <{sender}>" if name else str(sender),
        "To": str(to),
        "Subject": _words(message.subject),
        "Date": _date(message.sent_at // 1000),
        "Message-ID": f"<{message.message_id}@{sender.domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }


@lru_cache(maxsize=16)
def _date(seconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


_MESSAGE_ID = re.compile(r"[A-Za-z0-9._+-]{1,200}")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9 !#$%&'*+/?^_`{|}~-]*")


def _phrase(name: str) -> str:
    """A display name: as it is, quoted, or as encoded words."""
    if not name.isascii():
        return _words(name)
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return name.strip() if _PLAIN_PHRASE.fullmatch(name) else f'"{escaped}"'


def _words(text: str) -> str:
    """Text in a header: as it is where it is ASCII, else as encoded words of at most 75 characters (RFC 2047)."""
    if text.isascii():
        return text.strip()
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(text.encode()))


def _pieces(data: bytes) -> Iterator[bytes]:
    """UTF-8 in pieces of at most 45 bytes that do not cut a character."""
    while data:
        end = min(45, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        yield data[:end]
        data = data[end:]


def _part(subtype: str, text: str) -> bytes:
    """One part of the mail. Plain where it can be, so that a person reads the file as it is and no link is broken over
    two lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = text.isascii() and max(map(len, text.split("\n"))) < 998 and not _CONTROL.search(text)
    how = "7bit" if plain else "quoted-printable"
    head = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: {how}\n\n'
    body = text.encode()
    return (head.encode() + (body if plain else b2a_qp(body))).replace(b"\n", b"\r\n")


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _address(text: str) -> Address:
    try:
        address = parse_address(text)
    except BadAddress as error:
        raise Failure(BAD_VALUE, f"No mail can go to or come from {shown(text)}: the address {error}.") from None
    if "=?" in address.local and "?=" in address.local:
        raise Failure(BAD_VALUE, f"No mail can go to or come from {shown(text)}: it means something else in a mail.")
    return address


def _head(headers: dict[str, str]) -> bytes:
    """The head of the mail. Names are our own; no value may end its line but to go on behind a space, so that nothing
    becomes a header, or part of one, unmeant."""
    if not all(map(_VALUE.fullmatch, headers.values())):
        raise ValueError("the mail would have other headers than were meant")
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()]).encode()


_VALUE = re.compile(r"[^\x00-\x1f\x7f]+(?:\r\n [^\x00-\x1f\x7f]+)*")
