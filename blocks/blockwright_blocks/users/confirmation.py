"""Blocks about the confirmation of email addresses."""

from __future__ import annotations

from blockwright.catalogue import block
from blockwright.failure import BAD_VALUE, RATE_LIMITED, UNAVAILABLE
from blockwright.services.users import ConfirmationLinkMaker, ConfirmationService
from blockwright_blocks.users.codes import GIVEN, TRANSIENT, TRANSIENT_OR_LIMITED
from blockwright_blocks.users.records import SecretText


@block(
    "resend confirmation email",
    category="users",
    failures={
        3102: "The user has already confirmed the address, so nothing is sent.",
        3103: "The app does not require email confirmation.",
        3104: "Nobody is registered with this user identity.",
        UNAVAILABLE: "The user service or its mail cannot be reached just now.",
        RATE_LIMITED: "A confirmation email was sent a moment ago; wait before sending another.",
        BAD_VALUE: GIVEN[BAD_VALUE],
    },
    transient=TRANSIENT_OR_LIMITED,
)
async def resend_confirmation_email(user_identity: str | int, *, users: ConfirmationService) -> None:
    """Send the confirmation email again to a user who has not confirmed yet.

    The user identity is the value of the identity column: the email address, unless the app says otherwise.
    Links that were mailed to the user earlier stop working.
    """
    await users.resend_confirmation(user_identity)


@block(
    "create confirmation link",
    category="users",
    failures={
        3102: "The user has already confirmed the address, so there is nothing to confirm.",
        3103: "The app does not require email confirmation.",
        3104: "Nobody is registered with this user identity.",
        **GIVEN,
    },
    transient=TRANSIENT,
)
async def create_confirmation_link(user_identity: str | int, *, users: ConfirmationLinkMaker) -> SecretText:
    """Make a link at which a user confirms the address, for a message of your own.

    The user identity is the value of the identity column: the email address, unless the app says otherwise. Links that
    the user got earlier stop working. Whoever has the link can confirm, so hand it to nobody but the user.
    """
    return await users.create_confirmation_link(user_identity)
