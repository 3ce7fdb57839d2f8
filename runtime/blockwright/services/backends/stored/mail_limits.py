"""How much mail strangers can cause: the limits that every mail asked for by somebody counts towards."""

from __future__ import annotations

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import BadAddress, parse_address
from blockwright.services.backends.rows import UserRow
from blockwright.services.backends.stored.throttle import DAY, HOUR, SECOND, Limit, client_subject
from blockwright.services.settings import Settings


def limits_per_mail(settings: Settings, to: str, client: str | None) -> list[Limit]:
    """For each mail to an address: per address and day, per client (where one is known) and hour, overall and hour."""
    if not (client is None or isinstance(client, str)):
        raise Failure(BAD_VALUE, "The client's network address is text.")
    limits = [Limit("mails to", _key(to), settings.mails_per_address_and_day, DAY)]
    if client is not None:
        limits.append(Limit("mails for", client_subject(client), settings.mails_per_client_and_hour, HOUR))
    return [*limits, Limit("mails", "", settings.mails_per_hour, HOUR)]


def limit_per_user(settings: Settings, purpose: str, user: UserRow) -> Limit:
    """Between two mails of one purpose ("confirm", "restore") that one user asks for."""
    seconds = settings.resend_seconds
    return Limit(f"{purpose} mail of", user.object_id, 1 if seconds else 0, seconds * SECOND)


def _key(address: str) -> str:
    try:
        return parse_address(address).key
    except BadAddress:
        return address
