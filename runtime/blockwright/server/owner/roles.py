"""``/owner/roles``."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from blockwright.server.answers import answer, nothing
from blockwright.server.documents import EMPTY, ROLE_NAMES, TEXT, schema
from blockwright.server.owner.bodies import Taken, body_of, for_owners
from blockwright.server.owner.door import Users, owners_router

router = owners_router("roles")


class NewRole(Taken):
    """A role to be made."""

    name: str


@router.get("", **for_owners(ROLE_NAMES))
async def list_roles(users: Users) -> Response:
    """The roles that can be given to users."""
    return answer(await users.list_roles())


@router.post("", status_code=201, **for_owners(schema("The role", name=TEXT), takes=NewRole, status=201))
async def make(users: Users, role: Annotated[NewRole, Depends(body_of(NewRole))]) -> Response:
    """Make a role."""
    await users.make_role(role.name)
    return answer({"name": role.name}, 201)


@router.delete("/{role:rest}", **for_owners(EMPTY))
async def remove(users: Users, role: str) -> Response:
    """Remove a role, and take it from everybody."""
    await users.remove_role(role)
    return nothing()
