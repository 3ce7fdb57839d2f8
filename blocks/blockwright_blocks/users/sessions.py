"""Blocks that log users in and out. Who logs in is the current user of the run."""

from __future__ import annotations

from blockwright.catalogue import block
from blockwright.failure import RATE_LIMITED, Failure
from blockwright.services.current import CurrentUser
from blockwright.services.records import Session
from blockwright.services.users import Sessions
from blockwright_blocks.users.codes import GIVEN, LOGIN, SERVICE, SESSION, TRANSIENT, TRANSIENT_OR_LIMITED
from blockwright_blocks.users.records import SecretText, SessionRecord, session_record

NOBODY = 3023


@block(
    "log in",
    category="users",
    failures={**LOGIN, **GIVEN},
    transient=TRANSIENT_OR_LIMITED,
)
async def log_in(identity: str | int, password: SecretText, *, users: Sessions, current: CurrentUser) -> SessionRecord:
    """Log a user in; from now on the run acts as this user.

    Gives the user, with the token of the session as user-token. The identity is the value of the identity column: the
    email address, unless the app says otherwise.
    """
    return _begun(await users.log_in(identity, password), current)


@block(
    "log in by object id",
    category="users",
    failures={**LOGIN, **GIVEN},
    transient=TRANSIENT_OR_LIMITED,
)
async def log_in_by_object_id(object_id: str, *, users: Sessions, current: CurrentUser) -> SessionRecord:
    """Log a user in without a password; from now on the run acts as this user.

    Ask for it only where the flow knows by other means who is there. Gives the user, with the token of the session as
    user-token.
    """
    return _begun(await users.log_in_by_id(object_id), current)


@block(
    "log in as guest",
    category="users",
    failures={3034: LOGIN[3034], RATE_LIMITED: "Too many guests came; wait a while.", **SERVICE},
    transient=TRANSIENT_OR_LIMITED,
)
async def log_in_as_guest(*, users: Sessions, current: CurrentUser) -> SessionRecord:
    """Log in as a new guest, who is gone when the session is over; from now on the run acts as this guest.

    Gives the guest, with the token of the session as user-token. A guest who registers keeps the account.
    """
    return _begun(await users.log_in_as_guest(), current)


def _begun(session: Session, current: CurrentUser) -> SessionRecord:
    current.become(session.token, session.user)
    return session_record(session)


@block(
    "log out current user",
    category="users",
    failures={NOBODY: "Nobody is logged in.", **SESSION, **SERVICE},
    transient=TRANSIENT,
)
async def log_out_current_user(*, users: Sessions, current: CurrentUser) -> None:
    """Log out the user whom the run acts as; afterwards nobody is logged in.

    Also when the session has ended already, which is a failure, nobody is logged in afterwards.
    """
    token = current.token()
    if token is None:
        raise Failure(NOBODY, "Nobody is logged in, so nobody can be logged out.")
    try:
        await users.log_out(token)
    except Failure as failure:
        if failure.code in SESSION:
            current.become(None)
        raise
    current.become(None)
