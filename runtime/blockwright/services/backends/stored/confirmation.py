"""Confirmation: the mail sent again, links made for others to mail, and what a link does when it is followed."""

from __future__ import annotations

from dataclasses import replace

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import links, throttle
from blockwright.services.backends.stored.context import Context, settings_in, user_of_row
from blockwright.services.backends.stored.identity import find_row, identity_key
from blockwright.services.backends.stored.mail_limits import limit_per_user, limits_per_mail
from blockwright.services.confirmation import (
    CONFIRM,
    check_confirmable,
    check_usable,
    digest_of,
)
from blockwright.services.records import Identity, User, UserStatus
from blockwright.services.settings import Settings

PENDING = UserStatus.EMAIL_CONFIRMATION_PENDING


async def resend(context: Context, identity: Identity, client: str | None) -> None:
    """One transaction: the checks, the limits, the new link, the older ones void, and the mail in the queue."""
    now, token = context.sources.now(), context.sources.token()

    def work(tables: Tables) -> None:
        settings = settings_in(tables)
        row = _pending_row(tables, settings, identity)
        limits = [
            limit_per_user(settings, CONFIRM, row),
            *limits_per_mail(settings, row.email or "", client),
        ]
        throttle.use(tables, limits, now, "Another confirmation email can go out")
        links.mail_confirmation(context.post, tables, settings, row, token, now)

    await context.store.change(work)
    await context.post.send()


async def create_link(context: Context, identity: Identity) -> str:
    now, token = context.sources.now(), context.sources.token()

    def work(tables: Tables) -> str:
        settings = settings_in(tables)
        return links.issue(tables, settings, _pending_row(tables, settings, identity), token, now)

    return await context.store.change(work)


def _pending_row(tables: Tables, settings: Settings, identity: Identity) -> UserRow:
    identity_key(tables, settings, identity)
    if not settings.email_confirmation_required:
        raise Failure(
            3103,
            "The app does not require email confirmation; turn it on with the setting emailConfirmationRequired.",
        )
    row = find_row(tables, settings, identity)
    if row is None:
        raise Failure(3104, f"Nobody is registered as {shown(identity)}.")
    if row.user_status != PENDING:
        raise Failure(3102, _why_not_pending(row, identity))
    if row.email is None:
        raise Failure(3104, f"{shown(identity)} has no email address that could be confirmed.")
    return row


def _why_not_pending(row: UserRow, identity: Identity) -> str:
    match UserStatus(row.user_status):
        case UserStatus.DISABLED:
            return f"The account of {shown(identity)} is disabled, so no confirmation is awaited."
        case UserStatus.GUEST:
            return f"{shown(identity)} is a guest, so no confirmation is awaited."
        case _:
            return f"{shown(identity)} has already confirmed the address."


async def confirm_token(context: Context, token: str) -> User:
    if not isinstance(token, str):
        raise Failure(BAD_VALUE, "The token of a confirmation link is text.")
    now, digest = context.sources.now(), digest_of(token)
    object_id = await context.store.read(lambda tables: _owner_of(tables, digest))

    def work(tables: Tables) -> User:
        user = None if object_id is None else tables.users.get(object_id)
        link = None if user is None else tables.links.get(digest)
        user, link = check_usable(link, user, now)
        tables.links.put(replace(link, used=now))
        return _enable(tables, user, now)

    return await context.store.change(work)


def _owner_of(tables: Tables, digest: str) -> str | None:
    link = tables.links.get(digest)
    return None if link is None else link.object_id


async def confirm_by_hand(context: Context, identity: Identity) -> User:
    now = context.sources.now()

    def work(tables: Tables) -> User:
        row = find_row(tables, settings_in(tables), identity)
        return _enable(tables, check_confirmable(row, identity), now)

    return await context.store.change(work)


def _enable(tables: Tables, row: UserRow, now: int) -> User:
    enabled = replace(row, user_status=UserStatus.ENABLED.value, updated=now)
    tables.users.put(enabled)
    return user_of_row(enabled)
