"""Users in an SQL database: SQLite, in one file, for now. SQLAlchemy is imported only when a URL asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.backends.sql.urls import parse_url
from blockwright.services.mail import Mailer

if TYPE_CHECKING:
    from blockwright.services.backends.stored import StoredUsers


def open_sql(url: str, mailer: Mailer | None) -> StoredUsers:
    """The user service in the database of ``sqlite:///PATH``. Nothing is read or made before it is used.

    Fails with ``bad value`` for a URL that names no file, ``unavailable`` when SQLAlchemy is not installed.
    """
    place = parse_url(url)
    try:
        import sqlalchemy  # noqa: F401
    except ImportError as error:
        raise Failure(
            UNAVAILABLE, 'A user database needs SQLAlchemy; install it with: pip install "blockwright[sql]"'
        ) from error
    from blockwright.services.backends.sql.database import Database
    from blockwright.services.backends.sql.store import SqlStore
    from blockwright.services.backends.stored import StoredUsers

    return StoredUsers(SqlStore(Database(place)), mailer)
