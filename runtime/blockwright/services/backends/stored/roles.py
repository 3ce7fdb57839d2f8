"""Roles: those that the owner makes and gives to users, and those that come from how somebody is connected."""

from __future__ import annotations

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import kind_of, shown
from blockwright.services.backends.rows import GrantRow, RoleRow, UserRow, grant_key
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored.context import Context, settings_in, user_of_row
from blockwright.services.backends.stored.identity import find_row, row_by_id
from blockwright.services.records import Identity, KeyKind, User, UserStatus

SYSTEM_ROLES = frozenset(
    {
        "ASUser",
        "AndroidUser",
        "AuthenticatedUser",
        "DotNetUser",
        "FacebookUser",
        "GooglePlusUser",
        "GuestUser",
        "IOSUser",
        "JSUser",
        "NotAuthenticatedUser",
        "RestUser",
        "ServerCodeUser",
        "SocialUser",
        "TwitterUser",
    }
)
"""The roles that Backendless knows by itself. Nobody can give, take, make or remove them."""

LONGEST_NAME = 100

_ROLE_OF_KEY = {KeyKind.REST: "RestUser", KeyKind.JS: "JSUser", KeyKind.CLOUD_CODE: "ServerCodeUser"}


def roles_of_caller(kind: KeyKind, user: User | None, own: tuple[str, ...]) -> tuple[str, ...]:
    """The names of all roles that somebody acts in: by being logged in or not, by the key, and by what the owner gave.

    Who has not proved an address yet acts as a guest.
    """
    if user is None:
        connected = "NotAuthenticatedUser"
    else:
        connected = "AuthenticatedUser" if user.user_status is UserStatus.ENABLED else "GuestUser"
    by_key = _ROLE_OF_KEY.get(kind)
    return (connected, *([by_key] if by_key else []), *own)


async def roles_of(context: Context, object_id: str) -> tuple[str, ...]:
    """The names of a user's own roles, in order."""

    def work(tables: Tables) -> tuple[str, ...]:
        user = row_by_id(tables, object_id)
        if user is None:
            raise _unknown_user(object_id)
        return tuple(sorted(grant.role for grant in tables.grants.find("object_id", user.object_id)))

    return await context.store.read(work)


async def users_in_role(context: Context, role: str) -> tuple[User, ...]:
    """Who has a role, the oldest account first."""

    def work(tables: Tables) -> list[UserRow]:
        _own_role(tables, role, 2005, "cannot be listed")
        users = [tables.users.get(grant.object_id) for grant in tables.grants.find("role", role)]
        return sorted(filter(None, users), key=lambda user: (user.created, user.object_id))

    return tuple(map(user_of_row, await context.store.read(work)))


async def assign(context: Context, identity: Identity, role: str) -> None:
    """Give a role to a user. Who has it already keeps it."""

    def work(tables: Tables) -> None:
        user = _named_user(tables, identity)
        _own_role(tables, role, 2007, "cannot be assigned")
        user = _known_user(user, identity)
        tables.grants.add(GrantRow(grant_key(user.object_id, role), user.object_id, role))

    await context.store.change(work)


async def unassign(context: Context, identity: Identity, role: str) -> None:
    """Take a role away from a user."""

    def work(tables: Tables) -> None:
        user = _named_user(tables, identity)
        _own_role(tables, role, 2008, "cannot be unassigned")
        user = _known_user(user, identity)
        if not tables.grants.remove(grant_key(user.object_id, role)):
            raise Failure(3059, f"{shown(identity)} does not have the role {shown(role)}.")

    await context.store.change(work)


async def list_roles(context: Context) -> tuple[str, ...]:
    """The names of the roles that can be given, in order."""
    return await context.store.read(lambda tables: tuple(sorted(row.name for row in tables.roles.all())))


async def make(context: Context, role: str) -> None:
    """Make a role."""
    now = context.sources.now()
    if not _is_name(_text(role)):
        raise Failure(
            BAD_VALUE,
            f"A role's name is 1 to {LONGEST_NAME} visible characters, with no space at its ends; "
            f"{shown(role)} is not.",
        )

    def work(tables: Tables) -> None:
        if role in SYSTEM_ROLES or not tables.roles.add(RoleRow(role, now)):
            raise Failure(2006, f"There is a role {shown(role)} already.")

    await context.store.change(work)


async def remove(context: Context, role: str) -> None:
    """Remove a role, and take it from everybody."""

    def work(tables: Tables) -> None:
        _own_role(tables, role, 2001, "cannot be removed")
        tables.grants.remove_all("role", role)
        tables.roles.remove(role)

    await context.store.change(work)


def _named_user(tables: Tables, identity: object) -> UserRow | None:
    """The user of an object id or an identity. The object id comes first: nobody can choose one like another's
    identity, but somebody could register under another's object id."""
    by_id = row_by_id(tables, identity) if isinstance(identity, str) else None
    return by_id or find_row(tables, settings_in(tables), identity)


def _known_user(user: UserRow | None, identity: object) -> UserRow:
    if user is None:
        raise _unknown_user(identity)
    return user


def _unknown_user(name: object) -> Failure:
    return Failure(3057, f"There is no user {shown(name)}.")


def _own_role(tables: Tables, role: str, system_code: int, cannot: str) -> None:
    """Fails with 2005 when the owner has made no such role, with ``system_code`` when it is a system role."""
    if _text(role) in SYSTEM_ROLES:
        raise Failure(system_code, f"{role} is a role of the system and {cannot}.")
    if not _is_name(role) or tables.roles.get(role) is None:
        raise Failure(2005, f"There is no role {shown(role)}.")


def _text(role: object) -> str:
    if not isinstance(role, str):
        raise Failure(BAD_VALUE, f"The role is {kind_of(role)}; it must be text.")
    return role


def _is_name(role: str) -> bool:
    return 0 < len(role) <= LONGEST_NAME and role.isprintable() and role == role.strip()
