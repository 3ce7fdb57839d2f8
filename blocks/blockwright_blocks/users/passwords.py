"""Blocks about passwords."""

from __future__ import annotations

from blockwright.catalogue import block
from blockwright.failure import RATE_LIMITED, Failure
from blockwright.services.current import CurrentUser
from blockwright.services.users import PasswordRecovery, Sessions
from blockwright_blocks.users.codes import GIVEN, SESSION, TRANSIENT, TRANSIENT_OR_LIMITED
from blockwright_blocks.users.records import SecretText

NOBODY = 3121


@block(
    "restore password",
    category="users",
    failures={
        3020: "Nobody is registered with this user identity, or there is no email to write to.",
        3075: "The user logs in through another service, which keeps the password.",
        3101: "Restoring passwords is turned off in this app.",
        RATE_LIMITED: "Such an email was sent a moment ago; wait before sending another.",
        **GIVEN,
    },
    transient=TRANSIENT_OR_LIMITED,
)
async def restore_password(user_identity: str | int, *, users: PasswordRecovery) -> None:
    """Mail a user a link at which a new password can be chosen.

    The user identity is the value of the identity column: the email address, unless the app says otherwise. The old
    password works until the new one is chosen.
    """
    await users.restore_password(user_identity)


@block(
    "verify current user password",
    category="users",
    failures={NOBODY: "Nobody is logged in.", **SESSION, **GIVEN},
    transient=TRANSIENT,
)
async def verify_current_user_password(password: SecretText, *, users: Sessions, current: CurrentUser) -> bool:
    """Say whether a password is that of the user whom the run acts as: yes or no.

    Good to ask again who is there before something that cannot be undone.
    """
    token = current.token()
    if token is None:
        raise Failure(NOBODY, "Nobody is logged in whose password it could be.")
    return await users.verify_password(token, password)
