"""How accounts and moments look on a terminal: one line each, and no character that plays tricks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from blockwright.cli.terminal import columns
from blockwright.cli.values import in_line
from blockwright.language.diagnostics import visible
from blockwright.services import User


def cell(value: object) -> str:
    """A stored value as it may stand in a table: on one line, with invisible characters escaped."""
    return visible(value if isinstance(value, str) else in_line(value))


def table(rows: Iterable[Iterable[object]]) -> str:
    """Rows of values, their cells below one another."""
    return columns([cell(value) for value in row] for row in rows)


def moment(milliseconds: int | None) -> str:
    """When something was or will be, to the minute; milliseconds since 1970."""
    if milliseconds is None:
        return "never"
    try:
        return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return str(milliseconds)


def user_rows(users: Iterable[User], identity: str) -> str:
    """Accounts by name, a line each. ``identity`` is the column that names them."""
    return table(
        (
            user.to_dict().get(identity) or user.email or user.object_id,
            user.user_status,
            f"added {moment(user.created)}",
        )
        for user in users
    )
