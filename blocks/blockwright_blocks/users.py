"""Blocks about the users of an app."""

from blockwright.catalogue import block
from blockwright.services import ConfirmationService


@block(
    "resend confirmation email",
    category="users",
    failures={
        3102: "The user has already confirmed the address, so nothing is sent.",
        3103: "The app does not require email confirmation.",
        3104: "Nobody is registered with this user identity.",
        "unavailable": "The user service or its mail cannot be reached just now.",
        "rate limited": "A confirmation email was sent a moment ago; wait before sending another.",
    },
    transient={"unavailable", "rate limited"},
)
async def resend_confirmation_email(user_identity: str | int, *, users: ConfirmationService) -> None:
    """Send the confirmation email again to a user who has not confirmed yet.

    The user identity is the value of the identity column: the email address, unless the app says otherwise.
    Links that were mailed to the user earlier stop working.
    """
    await users.resend_confirmation(user_identity)


BLOCKS = (resend_confirmation_email,)
