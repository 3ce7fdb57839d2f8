"""What strangers are answered where ``reveal`` is off: the same, whether or not an account exists.

Limits are kept by the server itself, before anybody is looked up; the work is done after the answer was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from blockwright.failure import Failure
from blockwright.server.api.identities import identity_in_body
from blockwright.server.callers import Caller
from blockwright.server.gates import spelled
from blockwright.services import Settings
from blockwright.services.backends.stored.throttle import DAY, HOUR, SECOND, Limit, client_subject
from blockwright.services.records import Session, User, UserStatus
from blockwright.services.sources import random_object_id, system_time

TAKEN = 3033
WRONG_LOGIN = 3003
NOT_CONFIRMED = 3087


async def resend_confirmation(caller: Caller, identity: str) -> None:
    """Fails with 3103 where the app confirms nothing, and ``rate limited``."""
    settings = await caller.settings()
    if not settings.email_confirmation_required:
        raise Failure(3103, "The app does not require email confirmation.")
    _use_gates(caller, settings, "confirm", identity, "Another confirmation email can go out")
    work = partial(caller.users.resend_confirmation, identity, client=caller.client)
    caller.house.background.add("resending a confirmation", work)


async def restore_password(caller: Caller, identity: str) -> None:
    """Fails with 3101 where recovery is off, and ``rate limited``."""
    settings = await caller.settings()
    if not settings.password_recovery_enabled:
        raise Failure(3101, "Password recovery is off.")
    _use_gates(caller, settings, "restore", identity, "Another email for a new password can go out")
    work = partial(caller.users.restore_password, identity, client=caller.client)
    caller.house.background.add("restoring a password", work)


async def register(caller: Caller, properties: Mapping[str, object]) -> dict[str, object]:
    """The record of the new account; one that is made up where somebody has this identity already. Where nobody has to
    confirm an address, who registers can log in at once, so there a taken identity cannot be hidden."""
    settings = await caller.settings()
    if settings.email_confirmation_required and caller.client is not None:
        caller.house.gates.use([_per_client(settings, caller.client)], "Another registration can come")
    try:
        return (await caller.users.register(properties, client=caller.client)).to_dict()
    except Failure as failure:
        if failure.code != TAKEN or not settings.email_confirmation_required:
            raise
    return (await _made_up(caller, settings, properties)).to_dict()


async def log_in(caller: Caller, body: Mapping[str, object], password: str) -> Session:
    """Whoever registers under somebody's address could tell from 3087 that the address was free; so wrong and
    unconfirmed are one."""
    try:
        return await caller.users.log_in(identity_in_body(body.get("login")), password, client=caller.client)
    except Failure as failure:
        if failure.code not in (WRONG_LOGIN, NOT_CONFIRMED):
            raise
    raise Failure(WRONG_LOGIN, "The identity or the password is wrong, or the email address is not confirmed yet.")


def _use_gates(caller: Caller, settings: Settings, purpose: str, identity: str, what: str) -> None:
    name, seconds = spelled(identity), settings.resend_seconds
    limits = [
        Limit(f"{purpose} mail of", name, 1 if seconds else 0, seconds * SECOND),
        Limit("mails to", name, settings.mails_per_address_and_day, DAY),
    ]
    if caller.client is not None:
        limits.append(_per_client(settings, caller.client))
    caller.house.gates.use(limits, what)


def _per_client(settings: Settings, client: str) -> Limit:
    return Limit("mails for", client_subject(client), settings.mails_per_client_and_hour, HOUR)


async def _made_up(caller: Caller, settings: Settings, given: Mapping[str, object]) -> User:
    from blockwright.services.backends.stored.columns import is_set_by_service
    from blockwright.services.backends.stored.values import fit, read_email

    columns = {column.name: column for column in await caller.users.describe()}
    properties: dict[str, object] = {}
    for name, value in given.items():
        if is_set_by_service(name) or name in ("email", "password"):
            continue
        if name in columns:
            properties[name] = fit(columns[name], value)
        elif settings.dynamic_schema and value is not None:
            properties[name] = value
    pending = UserStatus.EMAIL_CONFIRMATION_PENDING
    return User(random_object_id(), read_email(given.get("email")), pending, system_time(), properties=properties)
