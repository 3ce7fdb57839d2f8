"""What went wrong with a user database, in words that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.backends.sql.schema import FIRST_RELEASE, HEAD
from blockwright.services.backends.sql.urls import Place

_LOCKED = "is locked by another program; try again, or wait longer with ?timeout=10 in its URL."

_SQLITE: Mapping[str, str] = MappingProxyType(
    {
        "SQLITE_BUSY": _LOCKED,
        "SQLITE_LOCKED": _LOCKED,
        "SQLITE_NOTADB": "is not an SQLite database; choose another file.",
        "SQLITE_CORRUPT": "is damaged; put back a copy that works.",
        "SQLITE_READONLY": "may only be read; change the permissions of the file and its folder.",
        "SQLITE_CANTOPEN": "cannot be opened; check its folder and permissions.",
        "SQLITE_PERM": "cannot be opened; check its folder and permissions.",
        "SQLITE_FULL": "cannot grow, because the disk is full.",
        "SQLITE_IOERR": "cannot be read or written; check the disk.",
        "SQLITE_INTERRUPT": "does not answer in time; try again.",
    }
)

_POSTGRESQL: Mapping[str, str] = MappingProxyType(
    {
        "08": "cannot be reached just now; check that its server runs.",
        "25006": "may only be read: this server is a copy, or set to be read only.",
        "28": "refuses the user and password of its URL.",
        "3D000": "does not exist; make it first, with createdb.",
        "3F000": "has no schema to make tables in; check the search_path.",
        "40": "is too busy; try again.",
        "42501": "may not be used so by the user of its URL; grant the rights to him.",
        "53100": "cannot grow, because the disk of its server is full.",
        "53300": "has no connection left; try again, or raise max_connections.",
        "53": "has too little memory or disk; check its server.",
        "55P03": _LOCKED,
        "57014": "does not answer in time; try again, or wait longer with ?timeout=10 in its URL.",
        "57P": "is being started or stopped; try again.",
        "58": "cannot be read or written; check the disk of its server.",
        "XX001": "is damaged; put back a copy that works.",
        "XX002": "is damaged; put back a copy that works.",
    }
)


_CONNECTING: Mapping[str, str] = MappingProxyType(
    {
        'database "': _POSTGRESQL["3D000"],
        "password": _POSTGRESQL["28"],
        'role "': _POSTGRESQL["28"],
        "pg_hba.conf": _POSTGRESQL["28"],
        "too many": _POSTGRESQL["53300"],
        "connection slots": _POSTGRESQL["53300"],
        "starting up": _POSTGRESQL["57P"],
        "shutting down": _POSTGRESQL["57P"],
        "certificate": "cannot be trusted: check sslmode, sslrootcert and the certificate of its server.",
        "SSL": "and its server cannot agree on encryption; check sslmode in its URL.",
    }
)
"""What is in the message when no connection came about; there is no state then."""


def explain(error: Exception, place: Place) -> Failure:
    """The ``unavailable`` that an error of the driver, the file system or the kept data stands for."""
    database = f"The user database {place.name}"
    if isinstance(error, sqlite3.Error):
        name: str = getattr(error, "sqlite_errorname", "")
        return Failure(UNAVAILABLE, f"{database} {_first(_SQLITE, name) or f'cannot be used: {error}.'}")
    if isinstance(error, OSError):
        return Failure(UNAVAILABLE, f"{database} cannot be opened: {error.strerror or error}.")
    if isinstance(error, ValueError):
        return Failure(UNAVAILABLE, f"{database} holds something that this release cannot read.")
    state: str | None = getattr(error, "sqlstate", None)
    if state is None:
        words = str(error).rpartition("FATAL:")[2]
        because = next((sentence for part, sentence in _CONNECTING.items() if part in words), _POSTGRESQL["08"])
        return Failure(UNAVAILABLE, f"{database} {because}")
    return Failure(UNAVAILABLE, f"{database} {_first(_POSTGRESQL, state) or f'gave the error {state}.'}")


def _first(sentences: Mapping[str, str], name: str) -> str | None:
    return next((sentence for prefix, sentence in sentences.items() if name.startswith(prefix)), None)


def timed_out(place: Place) -> Failure:
    """The failure of a call that was given up."""
    return Failure(UNAVAILABLE, f"The user database {place.name} does not answer in time; try again.")


def not_ours(place: Place) -> Failure:
    """The failure of opening a database of another program."""
    return Failure(UNAVAILABLE, f"The database {place.name} belongs to something else; choose another one.")


def wrong_version(version: str, place: Place) -> Failure:
    """The failure of using a database of another release."""
    if version == FIRST_RELEASE or version < HEAD:
        return Failure(
            UNAVAILABLE,
            f"The user database {place.name} was written by an older release; "
            "bring it up with: blockwright users upgrade",
        )
    return Failure(
        UNAVAILABLE,
        f"The user database {place.name} was written by a newer release of Blockwright "
        f"(its version is {version[:40]}, this release reads {HEAD}); use that release.",
    )
