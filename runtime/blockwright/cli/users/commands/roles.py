"""Roles, and who has them."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from blockwright.cli.options import Identity, Json, Users, Yes
from blockwright.cli.users.commands.app import group, is_alone

app = group(
    "roles",
    "Roles that users can be given, and who has them.",
    """\
  blockwright users roles add staff
  blockwright users roles give alice@youremail.com staff
  blockwright users roles show staff""",
)
Role: TypeAlias = Annotated[str, typer.Argument(metavar="ROLE", help="The name of the role.")]


@app.callback(invoke_without_command=True)
def _roles(context: typer.Context, users: Users = None, json: Json = False) -> int:
    return list_(users, json) if is_alone(context) else 0


@app.command("list")
def list_(users: Users = None, json: Json = False) -> int:
    """List the roles that users can be given."""
    from blockwright.cli.users.roles import list_roles

    return list_roles(users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users roles show staff"""
)
def show(role: Role, users: Users = None, json: Json = False) -> int:
    """List who has a role."""
    from blockwright.cli.users.roles import show_role

    return show_role(role, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users roles add staff"""
)
def add(role: Role, users: Users = None, json: Json = False) -> int:
    """Make a role."""
    from blockwright.cli.users.roles import add_role

    return add_role(role, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users roles remove staff"""
)
def remove(role: Role, yes: Yes = False, users: Users = None, json: Json = False) -> int:
    """Remove a role, and take it from everybody. Asks first."""
    from blockwright.cli.users.roles import remove_role

    return remove_role(role, users, yes=yes, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users roles give alice@youremail.com staff"""
)
def give(identity: Identity, role: Role, users: Users = None, json: Json = False) -> int:
    """Give a role to a user."""
    from blockwright.cli.users.roles import give_role

    return give_role(identity, role, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users roles take alice@youremail.com staff"""
)
def take(identity: Identity, role: Role, users: Users = None, json: Json = False) -> int:
    """Take a role from a user."""
    from blockwright.cli.users.roles import take_role

    return take_role(identity, role, users, json=json)
