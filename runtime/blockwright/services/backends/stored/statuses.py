"""Accounts enabled and disabled."""

from __future__ import annotations

from dataclasses import replace

from blockwright.failure import Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored.context import Context
from blockwright.services.backends.stored.identity import row_by_id
from blockwright.services.records import UserStatus


async def set_status(context: Context, object_id: str, status: UserStatus) -> None:
    """Enable or disable an account; enabling a pending one confirms it.

    A disabled account's sessions are dead at once. They are forgotten when it is enabled again, so none comes back.
    """
    now = context.sources.now()
    if status not in (UserStatus.ENABLED, UserStatus.DISABLED):
        raise Failure(2004, f"The status can be set to ENABLED or DISABLED, not to {shown(status)}.")
    wanted = UserStatus(status)

    def work(tables: Tables) -> None:
        user = row_by_id(tables, object_id)
        if user is None:
            raise Failure(3057, f"Nobody has the object id {shown(object_id)}.")
        if user.user_status == wanted:
            raise _already(wanted)
        if user.user_status == UserStatus.GUEST:
            raise Failure(2004, "A guest is neither enabled nor disabled: guests become accounts by registering.")
        if wanted is UserStatus.ENABLED:
            tables.sessions.remove_all("object_id", user.object_id)
        tables.users.put(replace(user, user_status=wanted.value, updated=now))

    await context.store.change(work)


def _already(status: UserStatus) -> Failure:
    if status is UserStatus.DISABLED:
        return Failure(3085, "The account is disabled already.")
    return Failure(3086, "The account is enabled already.")
