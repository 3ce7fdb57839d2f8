"""Which account an identity names: two spellings of one value have one key."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import BadAddress, kind_of, parse_address
from blockwright.services.backends.rows import UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import throttle
from blockwright.services.records import ColumnType
from blockwright.services.settings import Settings

LONGEST = 250
"""The longest identity that is not an email address, in characters."""
LONGEST_ID = 36
"""The length of a UUID, in characters."""
NUMBERS = (ColumnType.INT, ColumnType.DOUBLE)


def identity_key(tables: Tables, settings: Settings, identity: object) -> str | None:
    """The key under which an identity's account is kept; None when no account can have such an identity.

    Fails with ``bad value`` for anything but text or a number: a mistake of the caller, not an unknown user.
    """
    if isinstance(identity, bool) or not isinstance(identity, str | int | Decimal):
        raise Failure(BAD_VALUE, f"The user identity is {kind_of(identity)}; it must be text or a number.")
    if settings.identity_column == "email":
        return _address_key(identity)
    column = tables.columns.get(settings.identity_column)
    return _number_key(identity) if column is not None and column.type in NUMBERS else _text_key(identity)


def find_row(tables: Tables, settings: Settings, identity: object) -> UserRow | None:
    """The account of an identity. In a change, it is held until the change ends."""
    return row_by_key(tables, identity_key(tables, settings, identity))


def row_by_key(tables: Tables, key: str | None) -> UserRow | None:
    """The account with this ``identity_key``. In a change, it is held until the change ends."""
    return None if key is None else next(iter(tables.users.find("identity_key", key)), None)


def row_by_id(tables: Tables, object_id: object) -> UserRow | None:
    """The account with this object id. In a change, it is held until the change ends. Fails with ``bad value`` for
    anything but text."""
    if not isinstance(object_id, str):
        raise Failure(BAD_VALUE, f"The object id is {kind_of(object_id)}; it must be text.")
    return tables.users.get(object_id) if is_id(object_id) else None


def is_id(text: str) -> bool:
    """Whether a text could be an id at all; others need not be looked up, and some databases refuse to."""
    return len(text) <= LONGEST_ID and text.isascii() and text.isprintable()


def every_row(tables: Tables) -> Iterator[UserRow]:
    """In a change: every account, each held until the change ends."""
    for object_id in [row.object_id for row in tables.users.all()]:
        held = tables.users.get(object_id)
        if held is not None:
            yield held


def hold_identities(tables: Tables) -> None:
    """Before anything else in a change that gives accounts identities: hold the rule by which they get them, so that
    nobody registers by the old rule while another one comes in."""
    throttle.hold(tables, "identities")


def _address_key(identity: str | int | Decimal) -> str | None:
    if not isinstance(identity, str):
        return None
    try:
        return parse_address(identity).key
    except BadAddress:
        return None


def _number_key(identity: str | int | Decimal) -> str | None:
    if (isinstance(identity, int) and identity.bit_length() > 256) or (
        isinstance(identity, str) and len(identity) > 100
    ):
        return None
    try:
        number = Decimal(identity)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 100:
        return None
    plain = format(number.normalize(), "f")
    return "0" if plain in ("-0", "0") else plain


def _text_key(identity: str | int | Decimal) -> str | None:
    if isinstance(identity, int) and identity.bit_length() > 256:
        return None
    text = unicodedata.normalize("NFC", str(identity))
    return text if 0 < len(text) <= LONGEST and text.isprintable() else None
