"""Options that several commands have, with the words that their help says."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Users: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--users",
        metavar="URL",
        envvar="BLOCKWRIGHT_USERS",
        help="Where the users are, such as sqlite:///users.db; otherwise a database in your data folder.",
    ),
]
Mail: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--mail",
        metavar="URL",
        envvar="BLOCKWRIGHT_MAIL",
        help="What takes the mail, such as outbox:./outbox; otherwise an outbox in your data folder.",
    ),
]
Flows: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--flows", metavar="DIR", help="A folder whose flows may be called, besides the flow's own. Repeatable."
    ),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Identity: TypeAlias = Annotated[
    str, typer.Argument(metavar="IDENTITY", help="The user's identity, an email address as a rule; or the objectId.")
]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
PasswordStdin: TypeAlias = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input: a pipe or a file.")
]
