"""What state an account is in: confirmed, enabled, locked, and with which password."""

from __future__ import annotations

from blockwright.cli.options import Identity, Json, PasswordStdin, Users
from blockwright.cli.users.commands.app import users as app


@app.command(
    epilog="""\b
Examples:
  blockwright users confirm alice@youremail.com"""
)
def confirm(identity: Identity, users: Users = None, json: Json = False) -> int:
    """Confirm the address of a user by hand."""
    from blockwright.cli.users.states import confirm_user

    return confirm_user(identity, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users enable alice@youremail.com"""
)
def enable(identity: Identity, users: Users = None, json: Json = False) -> int:
    """Enable a disabled account; a pending one counts as confirmed."""
    from blockwright.cli.users.states import enable_user

    return enable_user(identity, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users disable alice@youremail.com"""
)
def disable(identity: Identity, users: Users = None, json: Json = False) -> int:
    """Disable an account: nobody can log in to it, and its sessions are over."""
    from blockwright.cli.users.states import disable_user

    return disable_user(identity, users, json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright users unlock alice@youremail.com"""
)
def unlock(identity: Identity, users: Users = None, json: Json = False) -> int:
    """Forget a user's failed logins, so that the next try may come at once."""
    from blockwright.cli.users.states import unlock_user

    return unlock_user(identity, users, json=json)


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
