"""``/owner/settings``."""

from __future__ import annotations

from starlette.responses import Response

from blockwright.server.answers import answer
from blockwright.server.bodies import Body
from blockwright.server.documents import Schema, schema_of
from blockwright.server.owner.bodies import for_owners
from blockwright.server.owner.door import OwnersHouse, Users, owners_router
from blockwright.services import Settings

router = owners_router("settings")


def _schema(*, all_of_them: bool) -> Schema:
    made = schema_of(Settings)
    return {**made, "required": sorted(Settings().to_dict())} if all_of_them else made


@router.get("", **for_owners(_schema(all_of_them=True)))
async def read(users: Users) -> Response:
    """All settings."""
    return answer((await users.read_settings()).to_dict())


@router.patch("", **for_owners(_schema(all_of_them=True), takes=_schema(all_of_them=False)))
async def change(house: OwnersHouse, body: Body) -> Response:
    """Change settings by name, all or none, and give all of them."""
    settings = await house.users.change_settings(body)
    house.forget()
    return answer(settings.to_dict())
