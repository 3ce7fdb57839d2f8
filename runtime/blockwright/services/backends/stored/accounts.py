"""Accounts that there are: found, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import links
from blockwright.services.backends.stored.columns import columns_in
from blockwright.services.backends.stored.context import Context, row_of_user, settings_in, user_of_row
from blockwright.services.backends.stored.identity import find_row, hold_identities, identity_key, row_by_id
from blockwright.services.backends.stored.values import check_given, is_empty, make_columns, read_email, read_values
from blockwright.services.properties import frozen
from blockwright.services.records import Identity, User, UserStatus
from blockwright.services.settings import Settings


async def find(context: Context, identity: Identity) -> User | None:
    def work(tables: Tables) -> User | None:
        row = find_row(tables, settings_in(tables), identity)
        return None if row is None else user_of_row(row)

    return await context.store.read(work)


async def find_by_id(context: Context, object_id: str) -> User | None:
    def work(tables: Tables) -> User | None:
        row = row_by_id(tables, object_id)
        return None if row is None else user_of_row(row)

    return await context.store.read(work)


async def list_users(context: Context) -> tuple[User, ...]:
    return await context.store.read(lambda tables: tuple(map(user_of_row, tables.users.all())))


async def update(context: Context, object_id: str, changes: Mapping[str, object]) -> User:
    """A new address makes links void that were mailed to the old one; whoever had confirmed the old one stays enabled,
    as on Backendless. A new password ends all sessions of the user."""
    now = context.sources.now()
    given = check_given(changes)
    new_password = given.get("password") is not None

    def check(tables: Tables) -> None:
        _changed(tables, settings_in(tables), _existing(tables, object_id), given)

    password_hash = None
    if new_password:
        await context.store.read(check)
        password_hash = await context.passwords.hash(given["password"])

    def work(tables: Tables) -> User:
        hold_identities(tables)
        settings = settings_in(tables)
        before = _existing(tables, object_id)
        after = replace(_changed(tables, settings, before, given), updated=now)
        if new_password:
            after = replace(after, password_hash=password_hash)
            tables.sessions.remove_all("object_id", object_id)
        if new_password or after.email != before.email:
            links.void(tables, object_id, None if after.email != before.email else "restore", now)
        make_columns(tables, read_values(tables, settings, given))
        if not tables.users.replace(after):
            raise Failure(3018, f"{shown(given.get(settings.identity_column))} is already registered.")
        return user_of_row(after)

    return await context.store.change(work)


def _existing(tables: Tables, object_id: object) -> UserRow:
    row = row_by_id(tables, object_id)
    if row is None:
        raise Failure(3030, f"There is no user with the object id {shown(object_id)}.")
    return row


def _changed(tables: Tables, settings: Settings, row: UserRow, given: Mapping[str, object]) -> UserRow:
    _check_not_emptied(tables, settings, row, given)
    before = user_of_row(row)
    if before.user_status is UserStatus.GUEST and (
        given.get("password") is not None or not is_empty(given.get(settings.identity_column))
    ):
        raise Failure(
            BAD_VALUE, "A guest gets an identity and a password by registering with the objectId of the guest."
        )
    email = read_email(given["email"]) if "email" in given else before.email
    values = read_values(tables, settings, given)
    user = replace(before, email=email, properties=frozen({**before.properties, **values.properties}))
    return row_of_user(user, _new_key(tables, settings, row, given), row.password_hash)


def _check_not_emptied(tables: Tables, settings: Settings, row: UserRow, given: Mapping[str, object]) -> None:
    """What was empty before may stay so: whole records are sent back, those of guests among them."""
    had = {**user_of_row(row).to_dict(), "password": row.password_hash}
    for column in columns_in(tables, settings).values():
        emptied = column.name in given and is_empty(given[column.name]) and not is_empty(had.get(column.name))
        if column.required and emptied:
            raise Failure(3045, f"The property {column.name} must keep a value; every user has one.")


def _new_key(tables: Tables, settings: Settings, row: UserRow, given: Mapping[str, object]) -> str | None:
    identity = given.get(settings.identity_column)
    if identity is None:
        return row.identity_key
    key = identity_key(tables, settings, identity)
    if key is None:
        raise Failure(3049, f"{shown(identity)} cannot name an account.")
    return key


async def remove(context: Context, object_id: str) -> int:
    now = context.sources.now()

    def work(tables: Tables) -> int:
        row = row_by_id(tables, object_id)
        if row is None:
            raise Failure(1000, f"There is no user with the object id {shown(object_id)}.")
        remove_row(tables, row)
        return now

    return await context.store.change(work)


def remove_row(tables: Tables, row: UserRow) -> bool:
    """Remove an account that was got in this change, and all that belongs to it."""
    tables.sessions.remove_all("object_id", row.object_id)
    tables.links.remove_all("object_id", row.object_id)
    tables.grants.remove_all("object_id", row.object_id)
    return tables.users.remove(row.object_id)
