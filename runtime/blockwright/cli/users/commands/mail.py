"""The mail queue."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from blockwright.cli.options import Json, Mail, Users
from blockwright.cli.users.commands.app import group, is_alone

app = group(
    "mail",
    "Mail that waits, was sent, or was refused.",
    """\
  blockwright users mail
  blockwright users mail list --state refused
  blockwright users mail --deliver --mail smtp://user:password@mail.example.com""",
)
State: TypeAlias = Annotated[
    str | None, typer.Option("--state", metavar="STATE", help="Only mails that are waiting, sent or refused.")
]


@app.callback(invoke_without_command=True)
def _mail(
    context: typer.Context,
    deliver: Annotated[bool, typer.Option("--deliver", help="Send now what is due.")] = False,
    retry: Annotated[
        str | None, typer.Option("--retry", metavar="ID", help="Try a mail that waits or was refused again, now.")
    ] = None,
    users: Users = None,
    mail: Mail = None,
    json: Json = False,
) -> int:
    if not is_alone(context):
        return 0
    if not deliver and retry is None:
        return list_(None, users, json)
    from blockwright.cli.users.mail import send_mail

    return send_mail(retry, users, mail, deliver=deliver, json=json)


@app.command("list")
def list_(state: State = None, users: Users = None, json: Json = False) -> int:
    """List the mails of the last days, the oldest first."""
    from blockwright.cli.users.mail import list_mails

    return list_mails(state, users, json=json)
