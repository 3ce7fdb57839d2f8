"""The user service itself: its settings, its tables, its clearing up."""

from __future__ import annotations

from typing import Annotated

import typer

from blockwright.cli.options import Json, Users
from blockwright.cli.users.commands.app import users as app


@app.command(
    epilog="""\b
Examples:
  blockwright users settings
  blockwright users settings emailConfirmationRequired=true "appName=The Garden Shop\""""
)
def settings(
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE", help="What to change: all that is named, or nothing.")
    ] = None,
    users: Users = None,
    json: Json = False,
) -> int:
    """Show the settings of the user service, or change some of them."""
    from blockwright.cli.users.settings import change_settings

    return change_settings(changes or [], users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users upgrade
  blockwright users upgrade --users postgresql://shop@db.example.com/users"""
)
def upgrade(users: Users = None, json: Json = False) -> int:
    """Make the tables of a user database, or bring those of an older release up to this one's."""
    from blockwright.cli.users.upkeep import upgrade_tables

    return upgrade_tables(users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users housekeep"""
)
def housekeep(users: Users = None, json: Json = False) -> int:
    """Clear away what is over: old sessions, guests, links, limits and mails. A server does so by itself."""
    from blockwright.cli.users.upkeep import clear_away

    return clear_away(users, json=json)
