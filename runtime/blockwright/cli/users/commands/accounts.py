"""Accounts: added, found, changed and removed."""

from __future__ import annotations

from typing import Annotated

import typer

from blockwright.cli.options import Identity, Json, PasswordStdin, Users, Yes
from blockwright.cli.users.commands.app import users as app


@app.command(
    epilog="""\b
Examples:
  blockwright users add alice@youremail.com
  blockwright users add alice@youremail.com name=Alice age=34 --status EMAIL_CONFIRMATION_PENDING
  blockwright users add alice@youremail.com --password-stdin < password.txt"""
)
def add(
    identity: Annotated[
        str, typer.Argument(metavar="IDENTITY", help="The value of the identity column: an email address as a rule.")
    ],
    properties: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE", help="Further properties, read by their columns' types.")
    ] = None,
    status: Annotated[
        str,
        typer.Option(
            "--status",
            metavar="STATUS",
            help="ENABLED (the default), EMAIL_CONFIRMATION_PENDING (or PENDING), DISABLED or GUEST.",
        ),
    ] = "ENABLED",
    password_stdin: PasswordStdin = False,
    users: Users = None,
    json: Json = False,
) -> int:
    """Add a user with any status, with or without a password. No mail goes out."""
    from blockwright.cli.users.accounts import add_user

    return add_user(identity, properties or [], status, users, with_password=password_stdin, json=json)


@app.command(
    "list",
    epilog="""\b
Examples:
  blockwright users list
  blockwright users list --where "age > 20 and name like 'A%'" --sort "age desc" --sort name
  blockwright users list --where "lastLogin is null" --limit 1000 --json""",
)
def list_(
    where: Annotated[
        str, typer.Option("--where", metavar="CONDITION", help="Only users that fulfil it: userStatus = 'DISABLED'.")
    ] = "",
    sort: Annotated[
        list[str] | None,
        typer.Option("--sort", metavar="COLUMN", help="What to sort by, with desc behind it or not. Repeatable."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, help="How many at most; 100 with --where or --sort, else all."),
    ] = None,
    offset: Annotated[int, typer.Option("--offset", metavar="N", min=0, help="How many to leave out first.")] = 0,
    users: Users = None,
    json: Json = False,
) -> int:
    """List the users, the oldest first, or those who fulfil a condition."""
    from blockwright.cli.users.accounts import list_users

    return list_users(where, sort or [], limit, offset, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users show alice@youremail.com
  blockwright users show 8AEA25A2-DB4E-30A2-FF37-E9C6E220F100 --json"""
)
def show(identity: Identity, users: Users = None, json: Json = False) -> int:
    """Show all that is known of a user, roles included."""
    from blockwright.cli.users.accounts import show_user

    return show_user(identity, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users update alice@youremail.com age=35 "name=Alice Brown"
  blockwright users update alice@youremail.com email=alice@elsewhere.com
  blockwright users update alice@youremail.com nickname="""
)
def update(
    identity: Identity,
    changes: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE…", help="What to change; nothing behind the = empties the property."),
    ],
    users: Users = None,
    json: Json = False,
) -> int:
    """Change properties of a user. What is not named stays."""
    from blockwright.cli.users.accounts import update_user

    return update_user(identity, changes, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users remove alice@youremail.com
  blockwright users remove alice@youremail.com --yes"""
)
def remove(identity: Identity, yes: Yes = False, users: Users = None, json: Json = False) -> int:
    """Remove a user, with sessions, roles and links. Asks first."""
    from blockwright.cli.users.accounts import remove_user

    return remove_user(identity, users, yes=yes, json=json)
