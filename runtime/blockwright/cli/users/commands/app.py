"""``blockwright users``, and how a group of its commands behaves when only the group is named."""

from __future__ import annotations

import typer

from blockwright.cli.stopping import OK
from blockwright.cli.terminal import CallError

users = typer.Typer(
    help="The users of an app, and everything its owner decides about them.",
    epilog="""\b
Examples:
  blockwright users settings emailConfirmationRequired=true
  blockwright users add alice@youremail.com --status EMAIL_CONFIRMATION_PENDING
  blockwright users list --where "userStatus = 'DISABLED'"
  blockwright users mail

Exit codes: 0 it went well, 1 the user service failed, with a code, 2 the call is wrong.""",
    rich_markup_mode=None,
)


@users.callback(invoke_without_command=True)
def _users(context: typer.Context) -> int:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
    return OK


def group(name: str, help: str, examples: str) -> typer.Typer:
    """A group of commands within ``blockwright users``."""
    made = typer.Typer(help=help, epilog=f"\b\nExamples:\n{examples}", rich_markup_mode=None)
    users.add_typer(made, name=name)
    return made


def is_alone(context: typer.Context) -> bool:
    """Whether a group is named without a command of it. Raises CallError for an option between the two, where it would
    not be read."""
    if context.invoked_subcommand is None:
        return True
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE":
            option = parameter.opts[0]
            raise CallError(
                f"{option} cannot stand before `{context.invoked_subcommand}`",
                f"write it at the end: {context.command_path} {context.invoked_subcommand} … {option}",
            )
    return False
