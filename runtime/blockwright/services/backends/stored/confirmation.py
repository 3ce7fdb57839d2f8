"""Confirmation: the mail sent again, links made for others to mail, and what a link does when it is followed."""

from __future__ import annotations

from dataclasses import replace

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import LinkRow, UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import links, throttle
from blockwright.services.backends.stored.context import Context, settings_in, user_of_row
from blockwright.services.backends.stored.identity import find_row, identity_key, row_by_key
from blockwright.services.backends.stored.mail_limits import limit_per_user, limits_per_mail
from blockwright.services.confirmation import digest_of
from blockwright.services.records import Identity, User, UserStatus
from blockwright.services.settings import Settings

PENDING = UserStatus.EMAIL_CONFIRMATION_PENDING


async def resend(context: Context, identity: Identity, client: str | None) -> None:
    """One transaction: the checks, the limits, the new link, the older ones void, and the mail in the queue."""
    now, token = context.sources.now(), context.sources.token()

    def work(tables: Tables) -> None:
        settings = settings_in(tables)
        row = _pending_row(tables, settings, identity)
        limits = [limit_per_user(settings, links.CONFIRM, row), *limits_per_mail(settings, row.email or "", client)]
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
    key = identity_key(tables, settings, identity)
    if not settings.email_confirmation_required:
        raise Failure(
            3103,
            "The app does not require email confirmation; turn it on with the setting emailConfirmationRequired.",
        )
    row = row_by_key(tables, key)
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

    def check(tables: Tables) -> str:
        """A link that would not work is refused here already, without holding up who writes."""
        link = tables.links.get(digest)
        user, _ = _usable(link, None if link is None else tables.users.get(link.object_id), now)
        return user.object_id

    object_id = await context.store.read(check)

    def work(tables: Tables) -> User:
        user = tables.users.get(object_id)
        user, link = _usable(tables.links.get(digest), user, now)
        tables.links.put(replace(link, used=now))
        return _enable(tables, user, now)

    return await context.store.change(work)


def _usable(link: LinkRow | None, user: UserRow | None, now: int) -> tuple[UserRow, LinkRow]:
    """The user whom this link confirms now; otherwise fails with 3051, 3090 or 3092 and says which it was."""
    if link is None or user is None or link.purpose != links.CONFIRM or link.email != user.email:
        raise Failure(3051, "This confirmation link is not known.", {"reason": "unknown"})
    if user.user_status == UserStatus.DISABLED:
        raise Failure(3090, "This account is disabled.", {"reason": "disabled"})
    if link.used is not None or user.user_status == UserStatus.ENABLED:
        raise Failure(3092, "This address has already been confirmed.", {"reason": "used"})
    if link.voided is not None:
        raise Failure(3051, "A newer confirmation link was mailed; only the newest works.", {"reason": "replaced"})
    if now >= link.expires:
        raise Failure(3051, "This confirmation link is too old; ask for a new one.", {"reason": "expired"})
    return user, link


async def confirm_by_hand(context: Context, identity: Identity) -> User:
    now = context.sources.now()

    def work(tables: Tables) -> User:
        row = find_row(tables, settings_in(tables), identity)
        return _enable(tables, _confirmable(row, identity), now)

    return await context.store.change(work)


def _confirmable(user: UserRow | None, identity: object) -> UserRow:
    """The user whom the owner may confirm by hand; otherwise fails with 3057, 3090, 3092 or 3051."""
    if user is None:
        raise Failure(3057, f"Nobody is registered as {shown(identity)}.")
    match UserStatus(user.user_status):
        case UserStatus.ENABLED:
            raise Failure(3092, f"{shown(identity)} has already confirmed the address.")
        case UserStatus.DISABLED:
            raise Failure(3090, f"The account of {shown(identity)} is disabled.")
        case UserStatus.GUEST:
            raise Failure(3051, f"{shown(identity)} is a guest, who has nothing to confirm.")
        case UserStatus.EMAIL_CONFIRMATION_PENDING:
            return user


def _enable(tables: Tables, row: UserRow, now: int) -> User:
    enabled = replace(row, user_status=UserStatus.ENABLED.value, updated=now)
    tables.users.put(enabled)
    return user_of_row(enabled)
