"""``/owner/columns``."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from blockwright.server.answers import answer, nothing
from blockwright.server.documents import COLUMN, COLUMNS, EMPTY
from blockwright.server.owner.bodies import Taken, body_of, for_owners
from blockwright.server.owner.door import Users, owners_router
from blockwright.services.records import ColumnType

router = owners_router("columns")


class NewColumn(Taken):
    """A column to be made."""

    name: str
    type: ColumnType = Field(strict=False)
    required: bool = False


@router.get("", **for_owners(COLUMNS))
async def list_columns(users: Users) -> Response:
    """The columns of the Users table."""
    return answer([column.to_dict() for column in await users.describe()])


@router.post("", status_code=201, **for_owners(COLUMN, takes=NewColumn, status=201))
async def make(users: Users, column: Annotated[NewColumn, Depends(body_of(NewColumn))]) -> Response:
    """Make a column."""
    made = await users.make_column(column.name, column.type, required=column.required)
    return answer(made.to_dict(), 201)


@router.delete("/{name}", **for_owners(EMPTY))
async def remove(users: Users, name: str) -> Response:
    """Remove a column and its values."""
    await users.remove_column(name)
    return nothing()
