"""What stands in an address or a body to name an account."""

from __future__ import annotations

from decimal import Decimal

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import kind_of
from blockwright.services.records import Identity

MISSING = 3038
"""The documented code: a required parameter is null."""
LONGEST = 1000
"""Characters of an identity in an address; no account has one as long."""


def identity_in_path(text: str) -> str:
    """The identity at the end of an address, as it was meant: decoded once. Fails with 3038 when there is none."""
    if not text:
        raise Failure(MISSING, "The identity of the user is missing at the end of the address.")
    return text[:LONGEST]


def identity_in_body(value: object) -> Identity:
    """An identity that a body gives: text or a number. Fails with ``bad value``."""
    if isinstance(value, Decimal) and value == value.to_integral_value() and value.adjusted() < 30:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise Failure(BAD_VALUE, f"The identity of the user is {kind_of(value)}; it must be text or a number.")
    return str(value) if isinstance(value, Decimal) else value


def text_in_body(body: dict[str, object], name: str) -> str:
    """A text that a body must give. Fails with 3038 when it is missing, ``bad value`` when it is no text."""
    value = body.get(name)
    if value is None:
        raise Failure(MISSING, f"The parameter {name} is missing.")
    if not isinstance(value, str):
        raise Failure(BAD_VALUE, f"The parameter {name} is {kind_of(value)}; it must be text.")
    return value
