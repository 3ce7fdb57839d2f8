"""Keeping a user database in order: its tables, and clearing away what is over."""

from __future__ import annotations

from blockwright.cli.terminal import say
from blockwright.cli.users.calling import ask, cannot, exit_code
from blockwright.cli.waiting import patience
from blockwright.language.showing import as_json
from blockwright.services import Administration


def upgrade_tables(url: str | None, *, json: bool) -> int:
    """Bring the tables up to this release's version; gives the exit code."""

    async def upgrade(users: object) -> tuple[str, str]:
        if not isinstance(users, Administration):
            raise cannot("be upgraded")
        return await users.upgrade()

    def call() -> None:
        with patience("upgrading the tables"):
            before, after = ask(url, upgrade)
        if json:
            say(as_json({"before": before, "after": after}))
        elif before == after:
            say(f"the tables have version {after} already")
        else:
            say(f"the tables have version {after} now; before it was {before}")

    return exit_code(call, json=json)


def clear_away(url: str | None, *, json: bool) -> int:
    """Forget what is over; gives the exit code."""

    async def clear(users: object) -> int:
        if not isinstance(users, Administration):
            raise cannot("clear away what is over")
        return await users.housekeep()

    def call() -> None:
        with patience("clearing away what is over"):
            count = ask(url, clear)
        say(as_json({"removed": count}) if json else f"cleared away: {count}")

    return exit_code(call, json=json)
