"""What blocks about users take and give: accounts as objects with Backendless's names."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypeAlias, TypedDict, cast

from blockwright.catalogue import SECRET
from blockwright.services.records import Column, Session, User

SecretText: TypeAlias = Annotated[str, SECRET]
SecretObject: TypeAlias = Annotated[dict[str, object], SECRET]
"""An object in which there may be a password or a token."""

UserRecord = TypedDict(
    "UserRecord",
    {
        "objectId": str,
        "email": str | None,
        "userStatus": str,
        "socialAccount": str,
        "lastLogin": int | None,
        "created": int,
        "updated": int | None,
        "ownerId": str,
        "___class": str,
        "name": NotRequired[object],
    },
)
"""An account: what every one has. Further columns stand beside; the name is only the most usual of them."""

SessionRecord = TypedDict(
    "SessionRecord",
    {
        "objectId": str,
        "email": str | None,
        "userStatus": str,
        "socialAccount": str,
        "lastLogin": int | None,
        "created": int,
        "updated": int | None,
        "ownerId": str,
        "___class": str,
        "name": NotRequired[object],
        "user-token": SecretText,
    },
)
"""An account together with the token of a session of its user."""


class ColumnRecord(TypedDict):
    """A column of the Users table."""

    name: str
    type: str
    required: bool
    identity: bool
    defaultValue: object
    relatedTable: object
    customRegex: object
    autoLoad: bool
    isPrimaryKey: bool


def user_record(user: User) -> UserRecord:
    return cast("UserRecord", user.to_dict())


def session_record(session: Session) -> SessionRecord:
    return cast("SessionRecord", session.to_dict())


def column_record(column: Column) -> ColumnRecord:
    return cast("ColumnRecord", column.to_dict())
