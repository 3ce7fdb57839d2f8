"""What names an account or a role, at the end of an address: encoded so that no value can lead anywhere else."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import quote, unquote

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import kind_of

LONGEST = 500
"""The longest identity, in characters: as long as a text in a column of Backendless may be."""


def written(identity: object) -> str | None:
    """An identity as text; None when nobody can have it. Fails with ``bad value`` for what is no identity."""
    if isinstance(identity, bool) or not isinstance(identity, str | int | Decimal):
        raise Failure(BAD_VALUE, f"The user identity is {kind_of(identity)}; it must be text or a number.")
    if isinstance(identity, Decimal):
        return format(identity, "f") if identity.is_finite() and abs(identity.adjusted()) <= 100 else None
    if isinstance(identity, int):
        return str(identity) if identity.bit_length() <= 256 else None
    return identity if 0 < len(identity) <= LONGEST and identity.isprintable() else None


def segment(text: str | None) -> str | None:
    """A text as the last part of a path; None for what cannot be sent safely, and nobody is called.

    Servers on the way may decode a path and then tidy it up, so that an encoded ``..`` leads elsewhere all the same,
    alone or behind a slash.
    """
    if not text or len(text) > LONGEST or not text.isprintable() or _climbs(text):
        return None
    return quote(text, safe="")


def _climbs(text: str) -> bool:
    """Whether a part of it is ``.`` or ``..``, however often it was encoded already."""
    for _ in range(10):
        if any(part.partition(";")[0].strip() in (".", "..") for part in re.split(r"[/\\]", text)):
            return True
        plain = unquote(text, errors="replace")
        if plain == text:
            return False
        text = plain
    return True


_OBJECT_ID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def is_object_id(object_id: object) -> bool:
    """Whether it is an object id at all. Fails with ``bad value`` for anything but text."""
    if not isinstance(object_id, str):
        raise Failure(BAD_VALUE, f"The object id is {kind_of(object_id)}; it must be text.")
    return _OBJECT_ID.fullmatch(object_id) is not None


_TOKEN = re.compile(r"[A-Za-z0-9._~+=-]{1,500}")


def is_token(token: object) -> bool:
    """Whether it can be the token of a session, and stand in a header and a path."""
    return isinstance(token, str) and _TOKEN.fullmatch(token) is not None and token.strip(".") != ""


def is_unicode(text: str) -> bool:
    """Whether a text has no half characters (lone surrogates), which can be sent nowhere."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
