"""What state an account is in: confirmed, enabled, locked, and with which password."""

from __future__ import annotations

from blockwright.cli.options import Identity, Json, PasswordStdin, Users
from blockwright.cli.users.commands.app import users as app


def _add(change: str, about: str) -> None:
    def command(identity: Identity, users: Users = None, json: Json = False) -> int:
        from blockwright.cli.users.states import change_state

        return change_state(change, identity, users, json=json)

    example = f"blockwright users {change} alice@youremail.com"
    app.command(change, help=about, epilog=f"\b\nExamples:\n  {example}")(command)


_add("confirm", "Confirm the address of a user by hand.")
_add("enable", "Enable a disabled account; a pending one counts as confirmed.")
_add("disable", "Disable an account: nobody can log in to it, and its sessions are over.")
_add("unlock", "Forget a user's failed logins, so that the next try may come at once.")


@app.command(
    epilog="""\b
Examples:
  blockwright users password alice@youremail.com
  blockwright users password alice@youremail.com --password-stdin < password.txt"""
)
def password(identity: Identity, password_stdin: PasswordStdin = False, users: Users = None, json: Json = False) -> int:
    """Give a user another password, and end the user's sessions. Asks for it twice, and does not show it."""
    from blockwright.cli.users.states import set_password

    return set_password(identity, users, from_stdin=password_stdin, json=json)
