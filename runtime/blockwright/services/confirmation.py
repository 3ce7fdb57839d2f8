"""Confirmation links: what is kept of the secret in them, where they point, and whom they confirm."""

from __future__ import annotations

from hashlib import sha256

from blockwright.failure import Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import LinkRow, UserRow
from blockwright.services.records import UserStatus

CONFIRM = "confirm"
"""The purpose of a confirmation link."""
REMEMBERED = 30 * 24 * 60 * 60 * 1000
"""How long an expired link is remembered, in milliseconds, so that its page can say why it does not work."""

CONFIRMATION_FAILED = 3051
ALREADY_ACTIVATED = 3092
ACCOUNT_DISABLED = 3090


def digest_of(token: str) -> str:
    """What is kept of a token. Total: any text at all may arrive as a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def confirmation_url(base_url: str, token: str) -> str:
    """Where a link points. The base comes from the settings, never from a request."""
    return f"{base_url}/users/confirm?token={token}"


def check_usable(link: LinkRow | None, user: UserRow | None, now: int) -> tuple[UserRow, LinkRow]:
    """The user whom this link confirms now; otherwise fails with 3051, 3090 or 3092 and says which it was."""
    if link is None or user is None or link.purpose != CONFIRM or link.email != user.email:
        raise Failure(CONFIRMATION_FAILED, "This confirmation link is not known.", {"reason": "unknown"})
    if user.user_status == UserStatus.DISABLED:
        raise Failure(ACCOUNT_DISABLED, "This account is disabled.", {"reason": "disabled"})
    if link.used is not None or user.user_status == UserStatus.ENABLED:
        raise Failure(ALREADY_ACTIVATED, "This address has already been confirmed.", {"reason": "used"})
    if link.voided is not None:
        raise Failure(
            CONFIRMATION_FAILED, "A newer confirmation link was mailed; only the newest works.", {"reason": "replaced"}
        )
    if now >= link.expires:
        raise Failure(
            CONFIRMATION_FAILED, "This confirmation link is too old; ask for a new one.", {"reason": "expired"}
        )
    return user, link


def check_confirmable(user: UserRow | None, identity: object) -> UserRow:
    """The user whom the owner may confirm by hand; otherwise fails with 3057, 3090, 3092 or 3051."""
    if user is None:
        raise Failure(3057, f"Nobody is registered as {shown(identity)}.")
    match UserStatus(user.user_status):
        case UserStatus.ENABLED:
            raise Failure(ALREADY_ACTIVATED, f"{shown(identity)} has already confirmed the address.")
        case UserStatus.DISABLED:
            raise Failure(ACCOUNT_DISABLED, f"The account of {shown(identity)} is disabled.")
        case UserStatus.GUEST:
            raise Failure(CONFIRMATION_FAILED, f"{shown(identity)} is a guest, who has nothing to confirm.")
        case UserStatus.EMAIL_CONFIRMATION_PENDING:
            return user
