"""The words of mails."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from blockwright.cli.options import Json, Users, Yes
from blockwright.cli.users.commands.app import group, is_alone

app = group(
    "templates",
    "The words of mails.",
    """\
  blockwright users templates
  blockwright users templates show confirmation --part text > confirmation.txt
  blockwright users templates edit confirmation --subject "Welcome to {{ app }}!" --text confirmation.txt
  blockwright users templates reset confirmation""",
)
Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="confirmation or password.")]


@app.callback(invoke_without_command=True)
def _templates(context: typer.Context, users: Users = None, json: Json = False) -> int:
    return list_(users, json) if is_alone(context) else 0


@app.command("list")
def list_(users: Users = None, json: Json = False) -> int:
    """List the templates, one for each kind of mail."""
    from blockwright.cli.users.templates import list_templates

    return list_templates(users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users templates show confirmation
  blockwright users templates show confirmation --part text > confirmation.txt"""
)
def show(
    name: Name,
    part: Annotated[
        str | None, typer.Option("--part", metavar="PART", help="Only this part: subject, text or html.")
    ] = None,
    users: Users = None,
    json: Json = False,
) -> int:
    """Show a template, or one part of it to keep in a file."""
    from blockwright.cli.users.templates import show_template

    return show_template(name, part, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users templates edit confirmation --subject "Welcome to {{ app }}!" --text confirmation.txt"""
)
def edit(
    name: Name,
    subject: Annotated[str | None, typer.Option("--subject", metavar="TEXT", help="The new subject.")] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="FILE", help="A file with the new text.")] = None,
    html: Annotated[str | None, typer.Option("--html", metavar="FILE", help="A file with the new HTML.")] = None,
    users: Users = None,
    json: Json = False,
) -> int:
    """Replace parts of a template; what cannot make a mail is refused, with its line."""
    from blockwright.cli.users.templates import edit_template

    return edit_template(name, subject, text, html, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users templates reset confirmation"""
)
def reset(name: Name, yes: Yes = False, users: Users = None, json: Json = False) -> int:
    """Go back to the words that come with Blockwright. Asks first."""
    from blockwright.cli.users.templates import reset_template

    return reset_template(name, users, yes=yes, json=json)
