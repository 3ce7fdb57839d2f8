"""The columns of the Users table."""

from __future__ import annotations

from blockwright.cli.terminal import CallError, say
from blockwright.cli.users.asking import is_sure
from blockwright.cli.users.calling import ask, cannot, exit_code
from blockwright.cli.users.looks import table
from blockwright.cli.values import as_json
from blockwright.language.suggest import did_you_mean
from blockwright.services import Administration
from blockwright.services.records import Column, ColumnType
from blockwright.services.users import UserSearch


def list_columns(url: str | None, *, json: bool) -> int:
    """Print the columns; gives the exit code."""

    async def find(users: object) -> tuple[Column, ...]:
        if not isinstance(users, UserSearch):
            raise cannot("say which columns it has")
        return await users.describe()

    def call() -> None:
        found = ask(url, find)
        say(as_json([each.to_dict() for each in found]) if json else table(map(_row, found)))

    return exit_code(call, json=json)


def _row(column: Column) -> tuple[str, str, str]:
    notes = {"names the account": column.identity, "required": column.required, "built in": column.built_in}
    return (column.name, column.type.value, ", ".join(note for note, holds in notes.items() if holds))


def add_column(name: str, type: str, url: str | None, *, required: bool, json: bool) -> int:
    """Make a column; gives the exit code. Raises CallError for a type that is none."""
    kind = _read_type(type)

    async def make(users: object) -> Column:
        if not isinstance(users, Administration):
            raise cannot("make columns")
        return await users.make_column(name, kind, required=required)

    def call() -> None:
        column = ask(url, make)
        say(as_json(column.to_dict()) if json else f"made the column {column.name} ({column.type})")

    return exit_code(call, json=json)


def _read_type(text: str) -> ColumnType:
    name = text.strip().upper()
    known = [each for each in ColumnType if each is not ColumnType.STRING_ID]
    if name in known:
        return ColumnType(name)
    near = did_you_mean(name, known)
    mend = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
    raise CallError(f"{text} is no type of a column", mend)


def remove_column(name: str, url: str | None, *, yes: bool, json: bool) -> int:
    """Remove a column, when the caller is sure; gives the exit code. Raises CallError."""

    async def remove(users: object) -> None:
        if not isinstance(users, Administration):
            raise cannot("remove columns")
        await users.remove_column(name)

    def call() -> None:
        if is_sure(f"Remove the column {name}, and everybody's values in it?", yes=yes):
            ask(url, remove)
            say(as_json({"name": name}) if json else f"removed the column {name}")

    return exit_code(call, json=json)
