"""The settings of the app, and its id."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import SettingRow, UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored.context import APP_ID, Context, settings_in, user_of_row
from blockwright.services.backends.stored.identity import every_row, hold_identities, identity_key
from blockwright.services.records import ColumnType, UserStatus
from blockwright.services.settings import Settings, checked_changes


async def read(context: Context) -> Settings:
    return await context.store.read(settings_in)


async def change(context: Context, changes: Mapping[str, object]) -> Settings:
    """Another ``identityColumn`` gives every account another identity at once; sessions go on."""
    if not isinstance(changes, Mapping) or not all(isinstance(name, str) for name in changes):
        raise Failure(BAD_VALUE, "Changes to settings are an object of names and values.")
    checked = checked_changes(changes)

    def work(tables: Tables) -> Settings:
        if "identityColumn" in checked:
            hold_identities(tables)
        before = settings_in(tables).identity_column
        for name, value in sorted(checked.items()):
            tables.settings.put(SettingRow(name, json.dumps(value)))
        settings = settings_in(tables)
        if settings.identity_column != before:
            _check_identity_column(tables, settings)
            _rename_accounts(tables, settings)
        return settings

    return await context.store.change(work)


def _check_identity_column(tables: Tables, settings: Settings) -> None:
    name = settings.identity_column
    if name in _BUILT_IN_IDENTITIES:
        return
    column = tables.columns.get(name)
    if column is None:
        raise Failure(BAD_VALUE, f"The setting identityColumn names the column {shown(name)}, which there is not.")
    if column.type not in _NAMING:
        raise Failure(
            BAD_VALUE, f"The setting identityColumn must name a column of text or numbers; {name} is {column.type}."
        )


_BUILT_IN_IDENTITIES = ("email", "name")
_NAMING = (ColumnType.STRING, ColumnType.TEXT, ColumnType.INT, ColumnType.DOUBLE)


def _rename_accounts(tables: Tables, settings: Settings) -> None:
    """First nobody has an identity, then everybody the new one: in between, old and new ones could meet."""
    renamed = list(_renamed(every_row(tables), tables, settings))
    for row in renamed:
        tables.users.put(replace(row, identity_key=None))
    for row in renamed:
        tables.users.put(row)


def _renamed(rows: Iterable[UserRow], tables: Tables, settings: Settings) -> Iterable[UserRow]:
    seen: set[str] = set()
    for row in rows:
        user = user_of_row(row)
        value = user.to_dict().get(settings.identity_column)
        key = None if value is None else identity_key(tables, settings, value)
        if key is None and user.user_status is not UserStatus.GUEST:
            raise Failure(
                BAD_VALUE,
                f"The setting identityColumn cannot be {settings.identity_column}: the user {row.object_id} has no "
                "usable value there.",
            )
        if key in seen:
            raise Failure(
                BAD_VALUE,
                f"The setting identityColumn cannot be {settings.identity_column}: two users have {shown(value)}.",
            )
        if key is not None:
            seen.add(key)
        yield replace(row, identity_key=key)


async def app_id(context: Context) -> str:
    """It is made when it is asked for first, and stays."""
    known = await context.store.read(_app_id_in)
    if known is not None:
        return known
    new = context.sources.object_id()

    def work(tables: Tables) -> str:
        tables.settings.add(SettingRow(APP_ID, json.dumps(new)))
        return _app_id_in(tables) or new

    return await context.store.change(work)


def _app_id_in(tables: Tables) -> str | None:
    row = tables.settings.get(APP_ID)
    return None if row is None else str(json.loads(row.value))
