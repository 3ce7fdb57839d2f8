"""Roles: one's own, and those of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from blockwright.failure import Failure
from blockwright.server.answers import answer, nothing
from blockwright.server.api.identities import MISSING, identity_in_body, text_in_body
from blockwright.server.api.queries import properties_in, query_in
from blockwright.server.bodies import Body
from blockwright.server.callers import Caller, Someone
from blockwright.server.direct import api_router
from blockwright.server.documents import EMPTY, ROLE_NAMES, USER_AND_ROLE, USERS, documented
from blockwright.services.backends.stored.roles import roles_of_caller
from blockwright.services.records import Identity, User

router = api_router("/api/users", "users")

ROLES_ONLY_FROM_SERVER = 2011
WHOLE_PAGE = 100


@router.get("/userroles", **documented(ROLE_NAMES))
async def own_roles(caller: Someone) -> Response:
    """The roles that the caller acts in."""
    own = await caller.users.roles_of(caller.user.object_id) if caller.user else ()
    return answer(roles_of_caller(caller.kind, caller.user, own))


@router.get("/userroles/{object_id}", **documented(ROLE_NAMES))
async def roles_of_user(caller: Someone, object_id: str) -> Response:
    """The roles that the owner gave to a user: one's own, or anybody's with a CloudCode key."""
    if not caller.is_self(object_id):
        caller.needs_server(ROLES_ONLY_FROM_SERVER, "Looking at the roles of others")
    return answer(await caller.users.roles_of(object_id))


@router.get("/role/{role}", **documented(USERS))
async def users_in_role(
    caller: Someone,
    role: str,
    loadRoles: str = "false",
    where: str = "",
    sortBy: str = "",
    pageSize: int | None = None,
    offset: int = 0,
    props: str = "",
    property: Annotated[list[str] | None, Query()] = None,
    excludeProps: str = "",
) -> Response:
    """Who has a role that the owner made, as far as the caller may look at them: all, or the page that is asked for."""
    only = await caller.seen_user()
    found = await caller.users.users_in_role(role)
    seen = [user for user in found if only is None or user.object_id == only.object_id]
    if where or sortBy or pageSize is not None or offset:
        size = WHOLE_PAGE if pageSize is None else pageSize
        seen = await _page(caller, {"where": where, "sortBy": sortBy, "pageSize": size, "offset": offset}, seen)
    wanted = properties_in({"props": props, "property": property, "excludeProps": excludeProps})
    with_roles = loadRoles.lower() == "true"
    return answer([wanted.of(user.to_dict()) | (await _roles_of(caller, user) if with_roles else {}) for user in seen])


async def _page(caller: Caller, query: Mapping[str, object], of: Sequence[User]) -> list[User]:
    among = tuple(user.object_id for user in of)
    found = await caller.users.find_users(query_in(query, among))
    return [user for user in found if user.object_id in among]


async def _roles_of(caller: Caller, user: User) -> dict[str, object]:
    return {"roles": list(await caller.users.roles_of(user.object_id))}


@router.post("/assignRole", **documented(EMPTY, takes=USER_AND_ROLE))
async def assign_role(caller: Someone, body: Body) -> Response:
    """Give a role to the user of an identity or object id. Needs a CloudCode key."""
    caller.needs_server(ROLES_ONLY_FROM_SERVER, "Assigning roles")
    await caller.users.assign_role(_user(body), text_in_body(body, "roleName"))
    return nothing()


@router.post("/unassignRole", **documented(EMPTY, takes=USER_AND_ROLE))
async def unassign_role(caller: Someone, body: Body) -> Response:
    """Take a role from the user of an identity or object id. Needs a CloudCode key."""
    caller.needs_server(ROLES_ONLY_FROM_SERVER, "Unassigning roles")
    await caller.users.unassign_role(_user(body), text_in_body(body, "roleName"))
    return nothing()


def _user(body: dict[str, object]) -> Identity:
    user = body.get("user")
    if user is None:
        raise Failure(MISSING, "The parameter user is missing.")
    return identity_in_body(user)
