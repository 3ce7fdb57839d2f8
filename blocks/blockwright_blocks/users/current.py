"""Blocks about the user whom the run acts as."""

from __future__ import annotations

from typing import Annotated

from blockwright.catalogue import SECRET, block
from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.current import CurrentUser
from blockwright.services.users import Sessions
from blockwright_blocks.users.codes import GIVEN, SERVICE, SESSION, TRANSIENT
from blockwright_blocks.users.records import SecretObject, UserRecord, user_record


@block("is valid user session", category="users", failures=SERVICE, transient=TRANSIENT)
async def is_valid_user_session(*, users: Sessions, current: CurrentUser) -> bool:
    """Say whether somebody is logged in whose session goes on: yes or no."""
    token = current.token()
    return token is not None and await users.is_valid(token)


@block("get current user", category="users", failures={**SESSION, **SERVICE}, transient=TRANSIENT)
async def get_current_user(reload: bool = False, *, users: Sessions, current: CurrentUser) -> UserRecord | None:
    """Give the user whom the run acts as; nothing when nobody is logged in.

    The user is given as known from the login, or from the last look. With reload, the user service is asked again, and
    fails when the session has ended.
    """
    token, user = current.token(), current.user()
    if token is None:
        return None
    if user is None or reload:
        user = await users.user_of(token)
        current.become(token, user)
    return user_record(user)


@block("set current user", category="users", failures={**SESSION, **GIVEN}, transient=TRANSIENT)
async def set_current_user(user: SecretObject, *, users: Sessions, current: CurrentUser) -> UserRecord:
    """Act, from now on, as a user who logged in before.

    The user is an object with a user-token, as a login gives it. Gives the user as the user service knows the owner of
    the token. Nothing else of the object counts.
    """
    token, object_id = user.get("user-token"), user.get("objectId")
    if not isinstance(token, str):
        raise Failure(BAD_VALUE, "The user has no user-token; a login gives one.")
    owner = await users.user_of(token)
    if object_id is not None and object_id != owner.object_id:
        raise Failure(BAD_VALUE, "The objectId and the user-token belong to two different users.")
    current.become(token, owner)
    return user_record(owner)


@block("get current user token", category="users")
def get_current_user_token(*, current: CurrentUser) -> Annotated[str | None, SECRET]:
    """Give the token of the session that the run acts in; nothing when nobody is logged in."""
    return current.token()


@block("set current user token", category="users")
def set_current_user_token(
    token: Annotated[str | None, SECRET], *, current: CurrentUser
) -> Annotated[str | None, SECRET]:
    """Act, from now on, in the session of a token; gives the token.

    Whether the token works is seen when it is used. Without a token (null), nobody is logged in from now on.
    """
    current.become(token)
    return token
