"""Adding, finding, changing and removing accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blockwright.cli.terminal import CallError, say, tell
from blockwright.cli.users.asking import is_sure, read_password
from blockwright.cli.users.calling import account, ask, cannot, exit_code, identity_column, name_of
from blockwright.cli.users.looks import moment, table, user_rows
from blockwright.cli.users.properties import Schema, schema_of
from blockwright.cli.waiting import patience
from blockwright.language.showing import as_json
from blockwright.language.suggest import did_you_mean
from blockwright.services import Accounts, Administration, User, UserStatus
from blockwright.services.records import UserQuery
from blockwright.services.users import Roles, UserSearch

PENDING = "PENDING"
"""Short for ``EMAIL_CONFIRMATION_PENDING``."""
PAGE = 100
"""How many users are asked for at once, and how many a search lists unless it is told otherwise."""


def add_user(
    identity: str, pairs: Sequence[str], status: str, url: str | None, *, with_password: bool, json: bool
) -> int:
    """Add a user; gives the exit code. Raises CallError."""
    chosen = _read_status(status)
    password = {"password": read_password()} if with_password else {}

    async def add(users: object) -> User:
        if not isinstance(users, Administration):
            raise cannot("add users")
        schema = await schema_of(users)
        properties = schema.read(pairs)
        if schema.identity in properties:
            raise CallError(
                f"{schema.identity} is given twice", "it names the account, so it stands in the first place"
            )
        properties = {schema.identity: schema.read_one(schema.identity, identity), **properties}
        user = await users.add({**properties, **password}, chosen)
        _tell_of_new_columns(schema, properties)
        return user

    def call() -> None:
        user = ask(url, add)
        say(as_json(user.to_dict()) if json else f"added {user.email or identity} ({user.user_status})")

    return exit_code(call, json=json)


def _read_status(text: str) -> UserStatus:
    name = text.strip().upper()
    if name == PENDING:
        return UserStatus.EMAIL_CONFIRMATION_PENDING
    if name in UserStatus.__members__:
        return UserStatus[name]
    near = did_you_mean(name, [*UserStatus, PENDING])
    mend = f"did you mean {near}?" if near else f"there are {', '.join(UserStatus)}"
    raise CallError(f"{text} is no status of a user", mend)


def _tell_of_new_columns(schema: Schema, properties: Mapping[str, object]) -> None:
    if new := schema.new_columns(properties):
        tell(f"new columns: {', '.join(new)}" if len(new) > 1 else f"new column: {new[0]}")


@dataclass(frozen=True)
class _Found:
    """Users to list, and how many there are in all that fulfil the condition."""

    users: Sequence[User]
    total: int
    identity: str


def list_users(where: str, sort: Sequence[str], limit: int | None, offset: int, url: str | None, *, json: bool) -> int:
    """Print users; gives the exit code."""
    searches = bool(where.strip() or sort or offset or limit is not None)

    async def find(users: object) -> _Found:
        identity = await identity_column(users)
        if searches:
            found, total = await _search(users, UserQuery(where, tuple(sort), PAGE, offset), limit or PAGE)
            return _Found(found, total, identity)
        if not isinstance(users, Accounts):
            raise cannot("list its users")
        everybody = await users.list_users()
        return _Found(everybody, len(everybody), identity)

    def call() -> None:
        with patience("looking for users"):
            found = ask(url, find)
        if json:
            say(as_json([user.to_dict() for user in found.users]))
        elif found.users:
            say(user_rows(found.users, found.identity))
        else:
            tell("nobody is registered yet" if not searches else "nobody fulfils this")
        if found.users and offset + len(found.users) < found.total:
            tell(f"these are {len(found.users)} of {found.total}; --limit and --offset show others")

    return exit_code(call, json=json)


async def _search(users: object, query: UserQuery, limit: int) -> tuple[list[User], int]:
    if not isinstance(users, UserSearch):
        raise cannot("search its users")
    found: list[User] = []
    while len(found) < limit:
        size = min(PAGE, limit - len(found))
        page = await users.find_users(UserQuery(query.where, query.sort_by, size, query.offset + len(found)))
        found += page
        if len(page) < size:
            return found, query.offset + len(found)
    return found, await users.count_users(query.where)


def show_user(identity: str, url: str | None, *, json: bool) -> int:
    """Print all that is known of a user; gives the exit code."""

    async def find(users: object) -> tuple[User, tuple[str, ...]]:
        user = await account(users, identity)
        return user, await users.roles_of(user.object_id) if isinstance(users, Roles) else ()

    def call() -> None:
        user, roles = ask(url, find)
        if json:
            say(as_json({**user.to_dict(), "roles": roles}))
        else:
            say(table([*_rows(user), ("roles", ", ".join(roles) or "none")]))

    return exit_code(call, json=json)


def _rows(user: User) -> Sequence[tuple[str, object]]:
    return [
        ("objectId", user.object_id),
        ("email", user.email or "none"),
        ("userStatus", user.user_status.value),
        ("socialAccount", user.social_account),
        ("created", moment(user.created)),
        ("updated", moment(user.updated)),
        ("lastLogin", moment(user.last_login)),
        *user.properties.items(),
    ]


def update_user(identity: str, pairs: Sequence[str], url: str | None, *, json: bool) -> int:
    """Change properties of a user; gives the exit code. Raises CallError."""

    async def update(users: object) -> User:
        if not isinstance(users, Accounts):
            raise cannot("change its users")
        schema = await schema_of(users)
        changes = schema.read(pairs)
        user = await users.update((await account(users, identity)).object_id, changes)
        _tell_of_new_columns(schema, changes)
        return user

    def call() -> None:
        user = ask(url, update)
        say(as_json(user.to_dict()) if json else f"updated {name_of(user)}")

    return exit_code(call, json=json)


def remove_user(identity: str, url: str | None, *, yes: bool, json: bool) -> int:
    """Remove a user, when the caller is sure; gives the exit code. Raises CallError."""

    async def find(users: object) -> User:
        return await account(users, identity)

    def call() -> None:
        user = ask(url, find)
        if not is_sure(f"Remove {name_of(user)} ({user.user_status}) for good?", yes=yes):
            return

        async def remove(users: object) -> int:
            if not isinstance(users, Accounts):
                raise cannot("remove its users")
            return await users.remove(user.object_id)

        removed = ask(url, remove)
        say(as_json({"deletionTime": removed}) if json else f"removed {name_of(user)}")

    return exit_code(call, json=json)
