"""``/owner/keys``."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from blockwright.server.answers import answer, nothing
from blockwright.server.documents import EMPTY, TEXT, WHOLE, list_of, schema
from blockwright.server.owner.bodies import Taken, body_of, for_owners
from blockwright.server.owner.door import OwnersHouse, Users, owners_router
from blockwright.services.records import KeyKind

router = owners_router("keys")

_KEY = schema(
    "An API key; the value of a secret one is told when it is made, and never again",
    keyId=TEXT,
    kind={"enum": [*KeyKind]},
    label=TEXT,
    created=WHOLE,
    value={"type": ["string", "null"]},
)


class NewKey(Taken):
    """A key to be made."""

    kind: KeyKind = Field(strict=False)
    label: str = ""


@router.get("", **for_owners(list_of(_KEY)))
async def list_keys(users: Users) -> Response:
    """All keys, the oldest first."""
    return answer([key.to_dict() for key in await users.list_keys()])


@router.post("", status_code=201, **for_owners(_KEY, takes=NewKey, status=201))
async def make(users: Users, key: Annotated[NewKey, Depends(body_of(NewKey))]) -> Response:
    """Make a key."""
    return answer((await users.make_key(key.kind, key.label)).to_dict(), 201)


@router.delete("/{key_id}", **for_owners(EMPTY))
async def remove(house: OwnersHouse, key_id: str) -> Response:
    """Remove a key: calls with it are refused from now on."""
    await house.users.remove_key(key_id)
    house.forget()
    return nothing()
