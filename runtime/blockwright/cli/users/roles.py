"""Making and removing roles, and giving them to users."""

from __future__ import annotations

from collections.abc import Sequence

from blockwright.cli.terminal import say, tell
from blockwright.cli.users.asking import is_sure
from blockwright.cli.users.calling import ask, cannot, exit_code, identity_column
from blockwright.cli.users.looks import cell, user_rows
from blockwright.cli.values import as_json
from blockwright.services import Administration, User
from blockwright.services.users import Roles


def list_roles(url: str | None, *, json: bool) -> int:
    """Print the roles that can be given; gives the exit code."""

    async def find(users: object) -> tuple[str, ...]:
        if not isinstance(users, Administration):
            raise cannot("list its roles")
        return await users.list_roles()

    def call() -> None:
        roles = ask(url, find)
        if json:
            say(as_json(roles))
        elif roles:
            say("\n".join(map(cell, roles)))
        else:
            tell("there are no roles yet; make one: blockwright users roles add ROLE")

    return exit_code(call, json=json)


def show_role(role: str, url: str | None, *, json: bool) -> int:
    """Print who has a role; gives the exit code."""

    async def find(users: object) -> tuple[Sequence[User], str]:
        if not isinstance(users, Roles):
            raise cannot("say who has a role")
        return await users.users_in_role(role), await identity_column(users)

    def call() -> None:
        found, identity = ask(url, find)
        if json:
            say(as_json([user.to_dict() for user in found]))
        elif found:
            say(user_rows(found, identity))
        else:
            tell(f"nobody has the role {role} yet")

    return exit_code(call, json=json)


def add_role(role: str, url: str | None, *, json: bool) -> int:
    """Make a role; gives the exit code."""

    async def make(users: object) -> None:
        if not isinstance(users, Administration):
            raise cannot("make roles")
        await users.make_role(role)

    def call() -> None:
        ask(url, make)
        say(as_json({"role": role}) if json else f"made the role {role}")

    return exit_code(call, json=json)


def remove_role(role: str, url: str | None, *, yes: bool, json: bool) -> int:
    """Remove a role, when the caller is sure; gives the exit code. Raises CallError."""

    async def remove(users: object) -> None:
        if not isinstance(users, Administration):
            raise cannot("remove roles")
        await users.remove_role(role)

    def call() -> None:
        if is_sure(f"Remove the role {role}, and take it from everybody?", yes=yes):
            ask(url, remove)
            say(as_json({"role": role}) if json else f"removed the role {role}")

    return exit_code(call, json=json)


def give_role(identity: str, role: str, url: str | None, *, json: bool) -> int:
    """Give a role to a user; gives the exit code."""

    async def give(users: object) -> None:
        if not isinstance(users, Roles):
            raise cannot("give roles")
        await users.assign_role(identity, role)

    def call() -> None:
        ask(url, give)
        say(as_json({"user": identity, "role": role}) if json else f"{identity} has the role {role}")

    return exit_code(call, json=json)


def take_role(identity: str, role: str, url: str | None, *, json: bool) -> int:
    """Take a role from a user; gives the exit code."""

    async def take(users: object) -> None:
        if not isinstance(users, Roles):
            raise cannot("take roles")
        await users.unassign_role(identity, role)

    def call() -> None:
        ask(url, take)
        say(as_json({"user": identity, "role": role}) if json else f"{identity} has the role {role} no more")

    return exit_code(call, json=json)
