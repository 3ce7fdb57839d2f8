"""Confirmation links: the secret in them, who may use them, and the mail that carries one."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from hashlib import sha256

from blockwright.failure import Failure
from blockwright.services.addresses import shown
from blockwright.services.mail import Message
from blockwright.services.settings import Settings
from blockwright.services.sources import Sources
from blockwright.services.users import User, UserStatus

LIFETIME = 24 * 60 * 60 * 1000
"""How long a link works, in milliseconds."""
REMEMBERED = 30 * LIFETIME
"""How long an expired link is remembered, so that its page can say why it does not work."""

CONFIRMATION_FAILED = 3051
ALREADY_ACTIVATED = 3092
ACCOUNT_DISABLED = 3090


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was issued. Only the SHA-256 of its token is ever stored; times are milliseconds since 1970."""

    digest: str
    object_id: str
    email: str
    issued: int
    expires: int
    used: int | None = None
    voided: int | None = None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link together with its token, which goes into one mail and nowhere else."""

    token: str = field(repr=False)
    link: Link


def new_link(user: User, sources: Sources) -> NewLink:
    """A link for this user, bound to the address the user has now."""
    token, now = sources.token(), sources.now()
    return NewLink(token, Link(digest_of(token), user.object_id, user.email, now, now + LIFETIME))


def digest_of(token: str) -> str:
    """What is stored of a token. Total: any text at all may arrive as a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def check_usable(link: Link | None, user: User | None, now: int) -> User:
    """The user whom this link confirms now; otherwise fails with 3051, 3090 or 3092 and says which it was."""
    if link is None or user is None or link.email != user.email:
        raise Failure(CONFIRMATION_FAILED, "This confirmation link is not known.", {"reason": "unknown"})
    if user.user_status is UserStatus.DISABLED:
        raise Failure(ACCOUNT_DISABLED, "This account is disabled.", {"reason": "disabled"})
    if link.used is not None or user.user_status is UserStatus.ENABLED:
        raise Failure(ALREADY_ACTIVATED, "This address has already been confirmed.", {"reason": "used"})
    if link.voided is not None:
        raise Failure(
            CONFIRMATION_FAILED, "A newer confirmation link was mailed; only the newest works.", {"reason": "replaced"}
        )
    if now >= link.expires:
        raise Failure(
            CONFIRMATION_FAILED, "This confirmation link is too old; ask for a new one.", {"reason": "expired"}
        )
    return user


def check_confirmable(user: User | None, identity: object) -> User:
    """The user whom the owner may confirm by hand; otherwise fails with 3057, 3090, 3092 or 3051."""
    if user is None:
        raise Failure(3057, f"Nobody is registered as {shown(identity)}.")
    match user.user_status:
        case UserStatus.ENABLED:
            raise Failure(ALREADY_ACTIVATED, f"{shown(user.email)} has already confirmed the address.")
        case UserStatus.DISABLED:
            raise Failure(ACCOUNT_DISABLED, f"The account of {shown(user.email)} is disabled.")
        case UserStatus.GUEST:
            raise Failure(CONFIRMATION_FAILED, f"{shown(user.email)} is a guest, who has nothing to confirm.")
        case UserStatus.EMAIL_CONFIRMATION_PENDING:
            return user


def confirmation_url(base_url: str, token: str) -> str:
    """Where a link points. The base comes from the settings, never from a request."""
    return f"{base_url}/users/confirm?token={token}"


def confirmation_message(user: User, new: NewLink, settings: Settings, sources: Sources) -> Message:
    """The mail that carries a link, to the stored address of its user."""
    url = confirmation_url(settings.public_base_url, new.token)
    return Message(
        to=user.email,
        subject=f"Confirm your email address for {settings.app_name}",
        text=_TEXT.format(app=settings.app_name, email=user.email, url=url),
        html=_HTML.format(app=html.escape(settings.app_name), email=html.escape(user.email), url=html.escape(url)),
        sender=settings.mail_from,
        sender_name=settings.app_name,
        sent_at=new.link.issued,
        message_id=sources.object_id().lower(),
    )


_TEXT = """\
Hello,

somebody, most likely you, registered {email} at {app}.
Please confirm the address by opening this link:

{url}

The link works for 24 hours, and only the newest one works.
If it was not you, do nothing; without a confirmation nobody can use the account.
"""

_HTML = """\
<!doctype html>
<html lang="en">
<body>
<p>Hello,</p>
<p>somebody, most likely you, registered {email} at {app}. Please confirm the address:</p>
<p><a href="{url}">Confirm my email address</a></p>
<p>If that does nothing, open this link: {url}</p>
<p>The link works for 24 hours, and only the newest one works.
If it was not you, do nothing; without a confirmation nobody can use the account.</p>
</body>
</html>
"""
