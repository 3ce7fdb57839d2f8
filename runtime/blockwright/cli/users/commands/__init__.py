"""What can be typed after ``blockwright users``; what a command does is imported when it runs."""

from __future__ import annotations

from blockwright.cli.users.commands import accounts, columns, keys, mail, roles, service, states, templates
from blockwright.cli.users.commands.app import users

__all__ = ["accounts", "columns", "keys", "mail", "roles", "service", "states", "templates", "users"]
