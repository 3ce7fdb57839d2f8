"""Users in an SQL database: SQLite, in one file, or PostgreSQL. SQLAlchemy is imported only when a URL asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.backends.sql.urls import FilePlace, parse_url
from blockwright.services.mail import Mailer

if TYPE_CHECKING:
    from blockwright.services.backends.sql.sessions import Driver
    from blockwright.services.backends.sql.store import SqlStore
    from blockwright.services.backends.stored import StoredUsers


def open_sql(url: str, mailer: Mailer | None) -> StoredUsers:
    """The user service in the database of ``sqlite:///PATH`` or ``postgresql://USER:PASSWORD@HOST/DATABASE``.

    Nothing is read or made before it is used. Fails with ``bad value`` for a URL that names no database,
    ``unavailable`` when something must be installed first.
    """
    store = open_store(url)
    from blockwright.services.backends.stored import StoredUsers

    return StoredUsers(store, mailer)


def open_store(url: str) -> SqlStore:
    """The store alone, without the rules. Fails as ``open_sql`` does."""
    driver = open_driver(url)
    from blockwright.services.backends.sql.store import SqlStore

    return SqlStore(driver)


def open_driver(url: str) -> Driver:
    """The way to the database alone. Fails as ``open_sql`` does."""
    place = parse_url(url)
    try:
        import sqlalchemy  # noqa: F401
    except ImportError as error:
        raise Failure(
            UNAVAILABLE, 'A user database needs SQLAlchemy; install it with: pip install "blockwright[sql]"'
        ) from error
    if isinstance(place, FilePlace):
        from blockwright.services.backends.sql.sqlite import SqliteDriver

        return SqliteDriver(place)
    from blockwright.services.backends.sql.postgresql import PostgresqlDriver

    return PostgresqlDriver(place)
