"""The tables of a user database, made from their definitions, and its version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, get_type_hints

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from blockwright.services.backends import rows
from blockwright.services.backends.rows import Definition

HEAD = "0001"
"""The version of the tables that this release reads and writes; versions are compared as texts."""
FIRST_RELEASE = "0000"
"""The version that stands for the tables of release 0.1.0, which were made without Alembic."""
FIRST_RELEASE_TABLE = "blockwright_schema"
"""A table that only databases of release 0.1.0 have."""
VERSION_TABLE = "blockwright_version"
"""Where Alembic keeps the version."""

DEFINITIONS: Sequence[Definition[Any]] = (
    rows.SETTINGS,
    rows.USERS,
    rows.COLUMNS,
    rows.LINKS,
    rows.SESSIONS,
    rows.ROLES,
    rows.GRANTS,
    rows.KEYS,
    rows.MAILS,
    rows.THROTTLES,
    rows.TEMPLATES,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared and ordered by its characters alone, whatever language a database speaks."""

_TYPES: Mapping[object, TypeEngine[Any]] = MappingProxyType({str: TEXT, int: BigInteger(), bool: Boolean()})


def _table(definition: Definition[Any]) -> Table:
    table = Table(definition.name, metadata)
    for name, hint in get_type_hints(definition.row).items():
        types = getattr(hint, "__args__", (hint,))
        table.append_column(
            Column(
                name,
                _TYPES[types[0]],
                primary_key=name == definition.key,
                nullable=type(None) in types,
                unique=name in definition.unique or None,
            )
        )
    for name in definition.lookups:
        Index(None, table.c[name])
    if definition.moment is not None:
        Index(None, table.c[definition.moment], table.c[definition.key])
    return table


TABLES: Mapping[str, Table] = MappingProxyType({definition.name: _table(definition) for definition in DEFINITIONS})
