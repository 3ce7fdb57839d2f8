"""SQLite: one file. Whoever changes it does so alone, and readers go on meanwhile (WAL)."""

from __future__ import annotations

import math
import os
import sqlite3
import stat
from contextlib import closing, suppress
from typing import cast

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.addresses import shown_path
from blockwright.services.backends.sql.schema import VERSION_TABLE
from blockwright.services.backends.sql.standing import judge
from blockwright.services.backends.sql.tables import AllStatements, Cursor, SqlTables, Transactions
from blockwright.services.backends.sql.urls import FilePlace

LAST_WAIT = 0.05
"""Seconds that a call still waits for a lock when it spent its timeout queueing behind other calls of its process."""
_VERSION = f"SELECT version_num FROM {VERSION_TABLE}"


class SqliteDriver:
    """The file of a user database. Only ``make`` makes it; nothing makes folders."""

    error = sqlite3.Error
    readers = 4
    writers = 1
    together = 32
    idle = 5.0
    """A file that nobody used for so long is closed, so that it may be copied, or put back, alone."""

    def __init__(self, place: FilePlace) -> None:
        self.place = place
        self.engine = create_engine("sqlite://", creator=self._open_alone, poolclass=NullPool, hide_parameters=True)
        self.statements = AllStatements(self.engine.dialect, hold_missing=None)
        event.listen(self.engine, "begin", _begin_alone)

    def is_there(self) -> bool:
        return bool(self._size())

    def make(self) -> None:
        """Make the file, for its owner's eyes only."""
        if not self._size():
            with suppress(FileExistsError):
                os.close(os.open(self.place.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._use_write_ahead_log()

    def connect(self, _deadline: float) -> SqliteSession:
        """Open the file. When another takes its place just meanwhile, that one is opened."""
        while True:
            before = identity_of(self.place)
            connection = self._open()
            if before == identity_of(self.place):
                return SqliteSession(connection, self, before)
            connection.close()

    def is_passing(self, _error: Exception) -> bool:
        return False

    def _size(self) -> int:
        """The size of the file, 0 when there is none. Fails with ``unavailable`` for what cannot be a database."""
        path = self.place.path
        try:
            found = path.stat()
        except FileNotFoundError:
            if path.parent.is_dir():
                return 0
            raise Failure(
                UNAVAILABLE,
                f"The folder {shown_path(path.parent)} for the user database does not exist; make it first.",
            ) from None
        if not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "no file"
            raise Failure(UNAVAILABLE, f"The user database {self.place.name} is {what}; name a file.")
        return found.st_size

    def _use_write_ahead_log(self) -> None:
        """Let readers go on while somebody writes. Several may try it on a new file at once, and one is enough."""
        with closing(self._open_alone()) as connection, suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")

    def _open_alone(self) -> sqlite3.Connection:
        connection = self._open()
        connection.execute(f"PRAGMA busy_timeout = {int(max(LAST_WAIT, self.place.timeout) * 1000)}")
        return connection

    def _open(self) -> sqlite3.Connection:
        """Open the file, and never make it. Transactions are left to us: the driver begins them too late for reading
        and too weakly for writing. What is removed is overwritten: mails that went out held links."""
        connection = sqlite3.connect(
            f"{self.place.path.as_uri()}?mode=rw",
            uri=True,
            timeout=0,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.execute("PRAGMA secure_delete = ON").close()
        return connection


def _begin_alone(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def identity_of(place: FilePlace) -> tuple[int, int]:
    """What tells a file from another of the same name. Raises OSError."""
    found = place.path.stat()
    return found.st_dev, found.st_ino


class SqliteSession:
    """An open file; ``identity`` tells it from one that takes its place."""

    def __init__(self, connection: sqlite3.Connection, driver: SqliteDriver, identity: tuple[int, int]) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._place = driver.place
        self._identity = identity
        self._waits: int | None = None
        self._transactions = Transactions()
        self.tables = SqlTables(cast(Cursor, self._cursor), driver.statements, self._transactions, holds=False)

    def is_stale(self) -> bool:
        try:
            return self._identity != identity_of(self._place)
        except FileNotFoundError:
            return True

    def begin(self, seconds: float, *, writes: bool) -> str | None:
        self._wait_at_most(seconds)
        self._cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        self._transactions.current += 1
        try:
            row = self._cursor.execute(_VERSION).fetchone()
        except sqlite3.OperationalError as error:
            if not str(error).startswith("no such table"):
                raise
            row = None
        return str(row[0]) if row is not None else judge(self._names(), self._place)

    def _wait_at_most(self, seconds: float) -> None:
        """Rounded up to a tenth of the timeout, so that there is seldom anything to change."""
        step = max(LAST_WAIT, self._place.timeout / 10)
        milliseconds = int(min(max(1, math.ceil(seconds / step)) * step, self._place.timeout) * 1000)
        if milliseconds != self._waits:
            self._cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
            self._waits = milliseconds

    def begin_part(self) -> None:
        self._transactions.current += 1
        self._cursor.execute("SAVEPOINT part")

    def end_part(self) -> None:
        self._cursor.execute("RELEASE part")

    def take_back_part(self) -> None:
        self._cursor.execute("ROLLBACK TO part")
        self._cursor.execute("RELEASE part")

    def commit(self) -> None:
        self._transactions.current += 1
        self._cursor.execute("COMMIT")

    def roll_back(self) -> bool:
        self._transactions.current += 1
        try:
            if self._connection.in_transaction:
                self._cursor.execute("ROLLBACK")
        except sqlite3.Error:
            return False
        return True

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()

    def abort(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.interrupt()

    def _names(self) -> set[str]:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        return {str(name) for (name,) in self._cursor.execute(tables)}
