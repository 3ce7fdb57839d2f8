"""Blocks that enable and disable accounts."""

from __future__ import annotations

from blockwright.catalogue import block
from blockwright.failure import Code
from blockwright.services.records import UserStatus
from blockwright.services.users import Statuses
from blockwright_blocks.users.codes import GIVEN, TRANSIENT

_COMMON: dict[Code, str] = {
    2004: "A guest is neither enabled nor disabled.",
    3057: "There is no user with this id.",
    **GIVEN,
}


@block(
    "enable user",
    category="users",
    failures={3086: "The user is enabled already.", **_COMMON},
    transient=TRANSIENT,
)
async def enable_user(id: str, *, users: Statuses) -> None:
    """Let a user log in again, or for the first time.

    The id is the objectId of the user. A user who never confirmed the email address need not do it any more.
    """
    await users.set_status(id, UserStatus.ENABLED)


@block(
    "disable user",
    category="users",
    failures={3085: "The user is disabled already.", **_COMMON},
    transient=TRANSIENT,
)
async def disable_user(id: str, *, users: Statuses) -> None:
    """Keep a user from logging in, and end all sessions.

    The id is the objectId of the user. The account stays, with all that belongs to it.
    """
    await users.set_status(id, UserStatus.DISABLED)
