"""Roles and statuses of users."""

from __future__ import annotations

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import kind_of, shown
from blockwright.services.backends.backendless.accounts import PAGE
from blockwright.services.backends.backendless.answers import names_of, nothing_of, users_of
from blockwright.services.backends.backendless.api import LARGEST_LIST, Api, Call, body
from blockwright.services.backends.backendless.identities import is_object_id, segment, written
from blockwright.services.backends.stored.roles import SYSTEM_ROLES
from blockwright.services.records import Identity, User, UserStatus

NO_ROLE = 2005
NO_USER = 3057
BAD_STATUS = 2004
MOST_PAGES = 1000
_USERS = {1000: NO_USER, 1035: NO_USER, 3030: NO_USER}


async def roles_of(api: Api, object_id: str) -> tuple[str, ...]:
    if not is_object_id(object_id):
        raise _nobody(object_id)
    names = await api.ask(Call("GET", f"users/userroles/{object_id}", reads_as=_USERS, repeatable=True), names_of)
    return tuple(sorted(name for name in names if name not in SYSTEM_ROLES))


async def users_in_role(api: Api, role: str) -> tuple[User, ...]:
    """Page by page, until one brings nobody new: some services give all at once."""
    name = segment(_name(role))
    if name is None or role in SYSTEM_ROLES:
        raise _no_role(role)
    found: dict[str, User] = {}
    for number in range(MOST_PAGES):
        path = f"users/role/{name}?pageSize={PAGE}&offset={number * PAGE}"
        users = await api.ask(Call("GET", path, repeatable=True, largest=LARGEST_LIST), users_of)
        new = [user for user in users if user.object_id not in found]
        found.update((user.object_id, user) for user in new)
        if len(users) < PAGE or not new:
            break
    return tuple(found.values())


async def assign_role(api: Api, identity: Identity, role: str) -> None:
    await _change(api, "users/assignRole", identity, role)


async def unassign_role(api: Api, identity: Identity, role: str) -> None:
    await _change(api, "users/unassignRole", identity, role)


async def _change(api: Api, path: str, identity: Identity, role: str) -> None:
    text, name = written(identity), _name(role)
    if not 0 < len(name) <= 1000:
        raise _no_role(role)
    if text is None:
        raise _nobody(identity)
    user = identity if isinstance(identity, int) else text
    await api.ask(Call("POST", path, body(user=user, roleName=name), reads_as=_USERS), nothing_of)


def _name(role: object) -> str:
    if not isinstance(role, str):
        raise Failure(BAD_VALUE, f"The name of a role is {kind_of(role)}; it must be text.")
    return role


async def set_status(api: Api, object_id: str, status: UserStatus) -> None:
    if status not in (UserStatus.ENABLED, UserStatus.DISABLED):
        raise Failure(BAD_STATUS, f"The status can be set to ENABLED or DISABLED, not to {shown(status)}.")
    if not is_object_id(object_id):
        raise _nobody(object_id)
    wanted = body(userStatus=UserStatus(status).value)
    await api.ask(Call("PUT", f"users/{object_id}/status", wanted, reads_as=_USERS), nothing_of)


def _nobody(identity: object) -> Failure:
    return Failure(NO_USER, f"Nobody is registered as {shown(identity)}.")


def _no_role(role: str) -> Failure:
    return Failure(NO_ROLE, f"There is no role {shown(role)} that the owner made.")
