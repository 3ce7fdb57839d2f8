"""The keys that the app's API is called with."""

from __future__ import annotations

from typing import Annotated

import typer

from blockwright.cli.options import Json, Users, Yes
from blockwright.cli.users.commands.app import group, is_alone

app = group(
    "keys",
    "The keys that the app's API is called with.",
    """\
  blockwright users keys
  blockwright users keys add rest --label website
  blockwright users keys add owner""",
)


@app.callback(invoke_without_command=True)
def _keys(context: typer.Context, users: Users = None, json: Json = False) -> int:
    return list_(users, json) if is_alone(context) else 0


@app.command("list")
def list_(users: Users = None, json: Json = False) -> int:
    """List the keys, the oldest first. Secret ones are not known any more."""
    from blockwright.cli.users.keys import list_keys

    return list_keys(users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users keys add rest --label website
  blockwright users keys add owner"""
)
def add(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="rest or js, which are public; cloud-code or owner, which are secret and shown once."
        ),
    ],
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="What the key is for.")] = "",
    users: Users = None,
    json: Json = False,
) -> int:
    """Make a key and print it."""
    from blockwright.cli.users.keys import add_key

    return add_key(kind, label, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users keys remove 5C3F1F0A-5B0E-4E0C-8C53-0B5F8A8D6D0E"""
)
def remove(
    key_id: Annotated[str, typer.Argument(metavar="KEY-ID", help="The id of the key, as the list has it.")],
    yes: Yes = False,
    users: Users = None,
    json: Json = False,
) -> int:
    """Remove a key: calls with it are refused from now on. Asks first."""
    from blockwright.cli.users.keys import remove_key

    return remove_key(key_id, users, yes=yes, json=json)
