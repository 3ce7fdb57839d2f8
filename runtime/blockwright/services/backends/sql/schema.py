"""The tables of a user database, and its version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
)

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.addresses import LONGEST, shown_path

VERSION = 1
"""The version of the tables that this release writes. A database of a newer one is refused."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

schema_version = Table("blockwright_schema", metadata, Column("version", Integer, nullable=False))

users = Table(
    "users",
    metadata,
    Column("object_id", String(36), primary_key=True),
    Column("email", String(LONGEST), nullable=False),
    Column("email_key", Text, nullable=False, unique=True),
    Column("user_status", String(32), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger),
    Column("properties", Text, nullable=False),
)

confirmation_links = Table(
    "confirmation_links",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("object_id", ForeignKey("users.object_id", ondelete="CASCADE"), nullable=False),
    Column("email", String(LONGEST), nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", BigInteger),
    Column("voided", BigInteger),
    Index(None, "object_id"),
    sqlite_autoincrement=True,
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)


def is_there(connection: Connection, path: Path) -> bool:
    """Whether the database has our tables; False when it is still empty. Fails with ``unavailable`` for a database of
    something else, or of a newer release."""
    names = inspect(connection).get_table_names()
    if not names:
        return False
    if schema_version.name not in names:
        raise Failure(UNAVAILABLE, f"The database {shown_path(path)} belongs to something else; choose another file.")
    version = connection.scalar(select(schema_version.c.version))
    if version != VERSION:
        raise Failure(
            UNAVAILABLE,
            f"The user database {shown_path(path)} was written by another release of Blockwright "
            f"(its version is {version}, this release reads {VERSION}); use that release.",
        )
    return True


def create(connection: Connection) -> None:
    """Make the tables in an empty database."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(insert(schema_version).values(version=VERSION))
