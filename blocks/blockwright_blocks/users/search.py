"""Blocks that find users by a condition, and say which columns users have."""

from __future__ import annotations

from collections.abc import Sequence

from blockwright.catalogue import block
from blockwright.failure import Code
from blockwright.services.records import UserQuery
from blockwright.services.users import UserSearch
from blockwright_blocks.users.codes import GIVEN, SERVICE, TRANSIENT
from blockwright_blocks.users.records import ColumnRecord, UserRecord, column_record, user_record

_UNREADABLE: dict[Code, str] = {1017: "The condition in where cannot be read."}


@block("find users", category="users", failures={**_UNREADABLE, **GIVEN}, transient=TRANSIENT)
async def find_users(
    where: str = "", sort_by: Sequence[str] = (), page_size: int = 10, offset: int = 0, *, users: UserSearch
) -> list[UserRecord]:
    """Find the users who fulfil a condition, one page of them at a time.

    The condition is written as Backendless has it: age > 20 and name = 'Ann'. Without one, all users are found. Sort by
    names of columns, each with desc behind it to begin with the largest. Offset says how many users to pass over first.
    """
    found = await users.find_users(UserQuery(where, tuple(sort_by), page_size, offset))
    return [user_record(user) for user in found]


@block("count users", category="users", failures={**_UNREADABLE, **GIVEN}, transient=TRANSIENT)
async def count_users(where: str = "", *, users: UserSearch) -> int:
    """Say how many users fulfil a condition, or how many there are."""
    return await users.count_users(where)


@block("describe users", category="users", failures=SERVICE, transient=TRANSIENT)
async def describe_users(*, users: UserSearch) -> list[ColumnRecord]:
    """List the columns that users have, each with its name, its type, and whether it is required."""
    return [column_record(column) for column in await users.describe()]
