"""A way back in for who forgot the password: a link, mailed to the stored address, at which a new one is chosen."""

from __future__ import annotations

from dataclasses import replace

from blockwright.failure import Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import LinkRow, UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import links, lockout, throttle
from blockwright.services.backends.stored.context import Context, settings_in, user_of_row
from blockwright.services.backends.stored.identity import find_row
from blockwright.services.backends.stored.mail_limits import limit_per_user, limits_per_mail
from blockwright.services.backends.stored.throttle import HOUR
from blockwright.services.confirmation import digest_of
from blockwright.services.records import Identity, User, UserStatus
from blockwright.services.settings import Settings

RESTORE = "restore"
"""The purpose of these links."""
LONGEST_TOKEN = 200
"""How many characters of a token are looked at; ours have 43."""


async def restore_password(context: Context, identity: Identity, client: str | None) -> None:
    """Mail a link for a new password; older ones stop working.

    A disabled account gets its mail, too: what the link says then is for its owner alone.
    """
    now, token = context.sources.now(), context.sources.token()

    def work(tables: Tables) -> None:
        settings = settings_in(tables)
        user, email = _restorable(tables, settings, identity)
        limits = [limit_per_user(settings, RESTORE, user), *limits_per_mail(settings, email, client)]
        throttle.use(tables, limits, now, "Another email for a new password can go out")
        links.void(tables, user.object_id, RESTORE, now)
        hours = settings.password_link_hours
        tables.links.put(LinkRow(digest_of(token), RESTORE, user.object_id, email, now, now + hours * HOUR))
        url = f"{settings.public_base_url}/users/password?token={token}"
        values = {"app": settings.app_name, "email": email, "url": url, "hours": str(hours)}
        context.post.write(tables, settings, "password", email, values, now)

    await context.store.change(work)
    await context.post.send()


async def check_token(context: Context, token: str) -> None:
    """Whether the link would work now. Changes nothing."""
    await _link_of(context, token, context.sources.now())


async def reset_password(context: Context, token: str, password: str) -> User:
    """Set a new password and end all sessions.

    Who does this has read the mail to the stored address: so a pending account is confirmed by it, and a lock after
    failed logins is gone.
    """
    now = context.sources.now()
    found = await _link_of(context, token, now)
    if password is None or password == "":
        raise Failure(3050, "The new password is empty.")
    password_hash = await context.passwords.hash(password)

    def work(tables: Tables) -> UserRow:
        user = tables.users.get(found.object_id)
        link, user = _usable(tables.links.get(found.digest), user, now)
        pending = user.user_status == UserStatus.EMAIL_CONFIRMATION_PENDING
        status = UserStatus.ENABLED.value if pending else user.user_status
        user = replace(user, password_hash=password_hash, user_status=status, updated=now)
        tables.users.put(user)
        tables.links.put(replace(link, used=now))
        links.void(tables, user.object_id, RESTORE, now)
        tables.sessions.remove_all("object_id", user.object_id)
        if user.identity_key is not None:
            lockout.forget(tables, user.identity_key)
        return user

    return user_of_row(await context.store.change(work))


def _restorable(tables: Tables, settings: Settings, identity: Identity) -> tuple[UserRow, str]:
    """The account whose password can be restored, and its address."""
    if not settings.password_recovery_enabled:
        raise Failure(3101, "Password recovery is off; turn it on with the setting passwordRecoveryEnabled.")
    user = find_row(tables, settings, identity)
    if user is None or user.user_status == UserStatus.GUEST:
        raise Failure(3020, f"Nobody is registered as {shown(identity)}.")
    if user.email is None:
        raise Failure(3020, f"The account of {shown(identity)} has no email address to which a link could go.")
    if user.social_account != "BACKENDLESS":
        raise Failure(3075, f"{shown(identity)} logs in through another service, where the password is kept.")
    return user, user.email


async def _link_of(context: Context, token: object, now: int) -> LinkRow:
    """The link of a token, which would work now. Any text at all may arrive as a token."""
    if not isinstance(token, str):
        raise _unknown_link()
    digest = digest_of(token[:LONGEST_TOKEN])

    def work(tables: Tables) -> LinkRow:
        link = tables.links.get(digest)
        return _usable(link, tables.users.get(link.object_id) if link else None, now)[0]

    return await context.store.read(work)


def _usable(link: LinkRow | None, user: UserRow | None, now: int) -> tuple[LinkRow, UserRow]:
    """A link that works now, and its user; otherwise fails with 3025 or 3090 and says why."""
    if link is None or user is None or link.purpose != RESTORE or link.email != user.email:
        raise _unknown_link()
    if user.user_status == UserStatus.DISABLED:
        raise Failure(3090, "This account is disabled.", {"reason": "disabled"})
    if link.used is not None:
        raise Failure(3025, "With this link a new password was chosen already.", {"reason": "used"})
    if link.voided is not None:
        raise Failure(3025, "A newer link was mailed; only the newest works.", {"reason": "replaced"})
    if now >= link.expires:
        raise Failure(3025, "This link is too old; ask for a new one.", {"reason": "expired"})
    return link, user


def _unknown_link() -> Failure:
    return Failure(3025, "This link for a new password is not known.", {"reason": "unknown"})
