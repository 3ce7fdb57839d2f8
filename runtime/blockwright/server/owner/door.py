"""Who may use the owner's API."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.responses import Response

from blockwright.failure import Failure
from blockwright.server.callers import house_of
from blockwright.server.house import House
from blockwright.server.problems import IN_FULL, NOT_AUTHORIZED
from blockwright.services import UserService
from blockwright.services.records import KeyKind

_BEARER = HTTPBearer(auto_error=False, scheme_name="owner key", description="An owner key.")


async def _owner(request: Request) -> House:
    """Keys are looked up by their digest, so the time that takes tells nothing about them."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    house = house_of(request)
    if scheme.lower() != "bearer" or not key or await house.users.kind_of_key(key.strip()) is not KeyKind.OWNER:
        raise Failure(NOT_AUTHORIZED, "The owner's API needs an owner key: Authorization: Bearer <key>.")
    request.scope[IN_FULL] = True
    return house


async def _users(house: Annotated[House, Depends(_owner)]) -> UserService:
    return house.users


OwnersHouse: TypeAlias = Annotated[House, Depends(_owner)]
"""The server, for its owner."""
Users: TypeAlias = Annotated[UserService, Depends(_users)]
"""The user service, for its owner."""


def owners_router(what: str) -> APIRouter:
    """The addresses below ``/owner/<what>``."""
    return APIRouter(
        prefix=f"/owner/{what}",
        tags=["owner"],
        default_response_class=Response,
        dependencies=[Depends(_owner), Security(_BEARER)],
    )
