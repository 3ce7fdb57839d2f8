"""``/owner/accounts``."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from blockwright.failure import BAD_VALUE, Failure
from blockwright.server.answers import answer, nothing
from blockwright.server.api.queries import names_in
from blockwright.server.bodies import Properties
from blockwright.server.documents import DELETION, EMPTY, PROPERTIES, ROLE_NAMES, USER, USERS, WHOLE, schema
from blockwright.server.owner.bodies import Taken, body_of, for_owners
from blockwright.server.owner.door import Users, owners_router
from blockwright.services import UserService
from blockwright.services.addresses import shown
from blockwright.services.records import Identity, User, UserQuery, UserStatus

router = owners_router("accounts")

NO_SUCH_USER = 3057

_PAGE = schema("A page of accounts, and how many there are in all", accounts=USERS, total=WHOLE)


class NewStatus(Taken):
    """The status that an account is to have."""

    user_status: UserStatus = Field(strict=False)


@router.get("", **for_owners(_PAGE))
async def list_accounts(
    users: Users,
    where: str = "",
    sortBy: str = "",
    pageSize: int = 10,
    offset: int = 0,
) -> Response:
    """The accounts that fulfil a condition, page by page."""
    found = await users.find_users(UserQuery(where, tuple(names_in(sortBy)), pageSize, offset))
    return answer({"accounts": [user.to_dict() for user in found], "total": await users.count_users(where)})


@router.post("", status_code=201, **for_owners(USER, takes=PROPERTIES, status=201))
async def add(users: Users, properties: Properties) -> Response:
    """Make an account with the `userStatus` among its properties (ENABLED without one). No mail goes out."""
    status = properties.pop("userStatus", UserStatus.ENABLED)
    if status not in list(UserStatus):
        raise Failure(BAD_VALUE, f"The property userStatus is one of {', '.join(UserStatus)}.")
    return answer((await users.add(properties, UserStatus(str(status)))).to_dict(), 201)


@router.get("/{object_id}", **for_owners(USER))
async def find(users: Users, object_id: str) -> Response:
    """An account."""
    return answer((await _existing(users, object_id)).to_dict())


@router.patch("/{object_id}", **for_owners(USER, takes=PROPERTIES))
async def update(users: Users, object_id: str, properties: Properties) -> Response:
    """Change properties of an account."""
    return answer((await users.update(object_id, properties)).to_dict())


@router.delete("/{object_id}", **for_owners(DELETION))
async def remove(users: Users, object_id: str) -> Response:
    """Remove an account, its sessions and links."""
    return answer({"deletionTime": await users.remove(object_id)})


@router.post("/{object_id}/confirm", **for_owners(USER))
async def confirm(users: Users, object_id: str) -> Response:
    """Confirm a pending account by hand."""
    return answer((await users.confirm(await _identity(users, object_id))).to_dict())


@router.post("/{object_id}/unlock", **for_owners(EMPTY))
async def unlock(users: Users, object_id: str) -> Response:
    """Forget failed logins, so that the user may try again at once."""
    await users.unlock(await _identity(users, object_id))
    return nothing()


@router.put("/{object_id}/status", **for_owners(EMPTY, takes=NewStatus))
async def set_status(
    users: Users, object_id: str, status: Annotated[NewStatus, Depends(body_of(NewStatus))]
) -> Response:
    """Enable or disable an account."""
    await users.set_status(object_id, status.user_status)
    return nothing()


@router.get("/{object_id}/roles", **for_owners(ROLE_NAMES))
async def roles_of(users: Users, object_id: str) -> Response:
    """The roles of a user."""
    return answer(await users.roles_of(object_id))


@router.put("/{object_id}/roles/{role:rest}", **for_owners(EMPTY))
async def assign_role(users: Users, object_id: str, role: str) -> Response:
    """Give a role to a user."""
    await users.assign_role((await _existing(users, object_id)).object_id, role)
    return nothing()


@router.delete("/{object_id}/roles/{role:rest}", **for_owners(EMPTY))
async def unassign_role(users: Users, object_id: str, role: str) -> Response:
    """Take a role from a user."""
    await users.unassign_role((await _existing(users, object_id)).object_id, role)
    return nothing()


async def _existing(users: UserService, object_id: str) -> User:
    user = await users.find_by_id(object_id)
    if user is None:
        raise Failure(NO_SUCH_USER, f"There is no user with the object id {shown(object_id)}.")
    return user


async def _identity(users: UserService, object_id: str) -> Identity:
    """What names this account. Guests have no such name."""
    user = await _existing(users, object_id)
    identity = user.to_dict().get((await users.read_settings()).identity_column)
    if not isinstance(identity, str | int):
        raise Failure(3051, "This account has no identity: a guest has nothing to confirm or to unlock.")
    return identity
