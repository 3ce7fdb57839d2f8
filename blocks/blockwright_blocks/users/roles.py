"""Blocks about the roles that the owner of the app gives to users."""

from __future__ import annotations

from blockwright.catalogue import block
from blockwright.failure import Code
from blockwright.services.current import CurrentUser
from blockwright.services.users import Roles, Sessions
from blockwright_blocks.users.codes import GIVEN, SERVICE, SESSION, TRANSIENT
from blockwright_blocks.users.records import UserRecord, user_record

_NO_ROLE: dict[Code, str] = {2005: "There is no such role."}
_NO_USER: dict[Code, str] = {3057: "There is no such user."}


@block("get user roles", category="users", failures={**_NO_USER, **SESSION, **SERVICE}, transient=TRANSIENT)
async def get_user_roles(*, users: Roles, sessions: Sessions, current: CurrentUser) -> list[str]:
    """List the names of the roles of the user whom the run acts as; none when nobody is logged in."""
    token = current.token()
    if token is None:
        return []
    user = await sessions.user_of(token)
    current.become(token, user)
    return list(await users.roles_of(user.object_id))


@block("get roles of user", category="users", failures={**_NO_USER, **GIVEN}, transient=TRANSIENT)
async def get_roles_of_user(user_id: str, *, users: Roles) -> list[str]:
    """List the names of a user's roles.

    The user id is the objectId of the user.
    """
    return list(await users.roles_of(user_id))


@block(
    "get users by role",
    category="users",
    failures={2005: "There is no such role, or it comes from how somebody is connected.", **GIVEN},
    transient=TRANSIENT,
)
async def get_users_by_role(role_name: str, *, users: Roles) -> list[UserRecord]:
    """List the users who have a role."""
    return [user_record(user) for user in await users.users_in_role(role_name)]


@block(
    "assign role",
    category="users",
    failures={
        **_NO_ROLE,
        2007: "The role comes from how somebody is connected; nobody can give it.",
        **_NO_USER,
        3058: "The role cannot be given.",
        **GIVEN,
    },
    transient=TRANSIENT,
)
async def assign_role(identity: str | int, role_name: str, *, users: Roles) -> None:
    """Give a role to a user, named by the identity or the objectId.

    The role must be there: the owner of the app makes it. A user who has the role keeps it.
    """
    await users.assign_role(identity, role_name)


@block(
    "unassign role",
    category="users",
    failures={
        **_NO_ROLE,
        2008: "The role comes from how somebody is connected; nobody can take it away.",
        **_NO_USER,
        3059: "The user does not have this role.",
        **GIVEN,
    },
    transient=TRANSIENT,
)
async def unassign_role(identity: str | int, role_name: str, *, users: Roles) -> None:
    """Take a role away from a user, named by the identity or the objectId."""
    await users.unassign_role(identity, role_name)
