"""What went wrong with a user database, in words that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.addresses import shown_path
from blockwright.services.backends.sql.urls import Place

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "SQLITE_BUSY": "{path} is locked by another program; try again, or wait longer with ?timeout=10 in its URL.",
        "SQLITE_LOCKED": "{path} is locked by another program; try again, or wait longer with ?timeout=10 in its URL.",
        "SQLITE_NOTADB": "{path} is not an SQLite database; choose another file.",
        "SQLITE_CORRUPT": "{path} is damaged; put back a copy that works.",
        "SQLITE_READONLY": "{path} may only be read; change the permissions of the file and its folder.",
        "SQLITE_CANTOPEN": "{path} cannot be opened; check its folder and permissions.",
        "SQLITE_PERM": "{path} cannot be opened; check its folder and permissions.",
        "SQLITE_FULL": "{path} cannot grow, because the disk is full.",
        "SQLITE_IOERR": "{path} cannot be read or written; check the disk.",
    }
)


def explain(error: Exception, place: Place) -> Failure:
    """The ``unavailable`` that an error of the driver, the file system or the kept data stands for."""
    path = shown_path(place.path)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        name: str = getattr(cause, "sqlite_errorname", "")
        for prefix, sentence in _SENTENCES.items():
            if name.startswith(prefix):
                return Failure(UNAVAILABLE, "The user database " + sentence.format(path=path))
        return Failure(UNAVAILABLE, f"The user database {path} cannot be used: {cause}.")
    if isinstance(error, OSError):
        return Failure(UNAVAILABLE, f"The user database {path} cannot be opened: {error.strerror or error}.")
    return Failure(UNAVAILABLE, f"The user database {path} holds something that this release cannot read.")
