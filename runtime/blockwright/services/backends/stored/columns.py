"""The columns of the Users table: the built-in ones, and those that owners and new properties bring."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace

from blockwright.failure import BAD_VALUE, Code, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import ColumnRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored.context import Context, settings_in
from blockwright.services.backends.stored.identity import every_row
from blockwright.services.properties import decode, encode
from blockwright.services.records import Column, ColumnType
from blockwright.services.settings import Settings

MOST = 300
"""How many columns there may be beside the built-in ones."""

BUILT_IN = (
    Column("objectId", ColumnType.STRING_ID, built_in=True),
    Column("email", ColumnType.STRING, built_in=True),
    Column("password", ColumnType.STRING, built_in=True),
    Column("name", ColumnType.STRING, built_in=True),
    Column("userStatus", ColumnType.STRING, built_in=True),
    Column("socialAccount", ColumnType.STRING, built_in=True),
    Column("lastLogin", ColumnType.DATETIME, built_in=True),
    Column("created", ColumnType.DATETIME, built_in=True),
    Column("updated", ColumnType.DATETIME, built_in=True),
    Column("ownerId", ColumnType.STRING, built_in=True),
    Column("blUserLocale", ColumnType.STRING, built_in=True),
)
"""``name`` and ``blUserLocale`` are the callers' to fill, like columns of their own."""

SET_BY_SERVICE = frozenset(
    {"objectId", "userStatus", "socialAccount", "lastLogin", "created", "updated", "ownerId", "user-token"}
)
"""What callers may send back as they got it, and what is then left out. So is every name that begins with two
underscores, such as ``___class``: Backendless's clients send these along."""


async def describe(context: Context) -> tuple[Column, ...]:
    return await context.store.read(lambda tables: tuple(columns_in(tables, settings_in(tables)).values()))


def columns_in(tables: Tables, settings: Settings) -> dict[str, Column]:
    """All columns by name, the built-in ones first. The identity column always has a value, so it is required."""
    columns = {column.name: column for column in (*BUILT_IN, *map(_column_of, tables.columns.all()))}
    identity = columns.get(settings.identity_column)
    if identity is not None:
        columns[identity.name] = replace(identity, identity=True, required=True)
    for name in ("password", *(("email",) if settings.email_confirmation_required else ())):
        columns[name] = replace(columns[name], required=True)
    return columns


def _column_of(row: ColumnRow) -> Column:
    return Column(row.name, ColumnType(row.type), required=row.required, default=json.loads(row.default))


def is_set_by_service(name: str) -> bool:
    """Whether callers have no say in this property."""
    return name in SET_BY_SERVICE or name.startswith("__")


async def make_column(context: Context, name: str, type: ColumnType, *, required: bool) -> Column:
    kind = _read_type(type)
    if not isinstance(required, bool):
        raise Failure(BAD_VALUE, "Whether a column is required is yes or no.")
    if isinstance(name, str) and (is_set_by_service(name) or any(column.name == name for column in BUILT_IN)):
        raise Failure(3016, f"The name {shown(name)} is reserved for the service.")
    row = ColumnRow(check_name(name), kind.value, required, "null")

    def work(tables: Tables) -> Column:
        check_new(tables, [row.name], taken=3017)
        if not tables.columns.add(row):
            raise Failure(3017, f"There is a column called {row.name} already.")
        return _column_of(row)

    return await context.store.change(work)


def check_name(name: object) -> str:
    """A name that a column may have; otherwise fails with ``bad value``."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Failure(
            BAD_VALUE,
            f"{shown(name)} cannot be the name of a column: up to 64 letters (A to Z), digits and _, first no digit.",
        )
    return name


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def check_new(tables: Tables, names: Iterable[str], taken: Code = BAD_VALUE) -> None:
    """Fails with ``bad value`` when there would be too many columns, with ``taken`` when one of these names is there in
    another spelling."""
    known = {column.name.casefold(): column.name for column in BUILT_IN}
    known |= {row.name.casefold(): row.name for row in tables.columns.all()}
    for name in names:
        there = known.setdefault(name.casefold(), name)
        if there != name:
            raise Failure(taken, f"There is a column called {there} already; {name} differs from it by case alone.")
    if len(known) > MOST + len(BUILT_IN):
        raise Failure(BAD_VALUE, f"There may be at most {MOST} columns beside the built-in ones.")


def _read_type(type: object) -> ColumnType:
    kinds = [kind for kind in ColumnType if kind is not ColumnType.STRING_ID]
    if isinstance(type, str) and type in kinds:
        return ColumnType(type)
    raise Failure(BAD_VALUE, f"{shown(type)} is no type of a column; there are {', '.join(kinds)}.")


async def remove_column(context: Context, name: str) -> None:
    """Its values go with it, whoever has one."""
    if not isinstance(name, str):
        raise Failure(BAD_VALUE, "The name of a column is text.")

    def work(tables: Tables) -> None:
        if any(column.name == name for column in BUILT_IN):
            raise Failure(3056, f"The column {name} is built in and stays.")
        if settings_in(tables).identity_column == name:
            raise Failure(3056, f"The column {shown(name)} names the accounts, so it stays.")
        if not _NAME.fullmatch(name) or tables.columns.get(name) is None:
            raise Failure(3056, f"There is no column called {shown(name)}.")
        for row in every_row(tables):
            kept = decode(row.properties)
            if name in kept:
                rest = {key: value for key, value in kept.items() if key != name}
                tables.users.put(replace(row, properties=encode(rest)))
        tables.columns.remove(name)

    await context.store.change(work)
