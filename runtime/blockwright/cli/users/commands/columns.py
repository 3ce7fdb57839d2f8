"""The columns of the Users table."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from blockwright.cli.options import Json, Users, Yes
from blockwright.cli.users.commands.app import group, is_alone

app = group(
    "columns",
    "The columns of the Users table: the properties that users have.",
    """\
  blockwright users columns
  blockwright users columns add age INT
  blockwright users columns add phone STRING --required""",
)
Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="The name of the column.")]


@app.callback(invoke_without_command=True)
def _columns(context: typer.Context, users: Users = None, json: Json = False) -> int:
    return list_(users, json) if is_alone(context) else 0


@app.command("list")
def list_(users: Users = None, json: Json = False) -> int:
    """List the columns, the built-in ones first."""
    from blockwright.cli.users.columns import list_columns

    return list_columns(users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users columns add age INT
  blockwright users columns add phone STRING --required"""
)
def add(
    name: Name,
    type: Annotated[
        str,
        typer.Argument(metavar="TYPE", help="STRING, TEXT, INT, DOUBLE, BOOLEAN, DATETIME or JSON."),
    ],
    required: Annotated[bool, typer.Option("--required", help="Whoever registers must give a value.")] = False,
    users: Users = None,
    json: Json = False,
) -> int:
    """Make a column."""
    from blockwright.cli.users.columns import add_column

    return add_column(name, type, users, required=required, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users columns remove phone"""
)
def remove(name: Name, yes: Yes = False, users: Users = None, json: Json = False) -> int:
    """Remove a column, and everybody's values in it. Asks first."""
    from blockwright.cli.users.columns import remove_column

    return remove_column(name, users, yes=yes, json=json)
