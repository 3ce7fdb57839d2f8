"""One SQLite file: transactions from any thread and event loop, in bounded time, with failures a person can act on.

Each transaction runs as a whole in a worker thread. So it belongs to no event loop (every run of a flow may have its
own), it is never left half done when a run is cancelled, and waiting for a disk or a lock holds up nobody's loop.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.addresses import shown_path
from blockwright.services.backends.sql import schema
from blockwright.services.backends.sql.problems import explain
from blockwright.services.backends.sql.urls import Place

T = TypeVar("T")

LAST_WAIT = 0.25
"""Seconds that a call still waits for a lock when it spent its timeout queueing behind other calls of its process."""


class Database:
    """A user database. Only ``make`` makes the file and its tables; nothing makes folders.

    No connection outlives a transaction, so nothing needs closing, and a file may be replaced between two calls.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._engine = _create_engine(place)

    async def read(self, work: Callable[[Connection], T], when_empty: T) -> T:
        """Do ``work`` on one consistent state; ``when_empty`` is the answer while there is no database yet."""
        return await self._in_thread(lambda deadline: self._run(work, deadline, when_empty, writes=False))

    async def change(self, work: Callable[[Connection], T], when_empty: T) -> T:
        """Do ``work`` with no other writer in between; what it raises takes everything back. Makes no database."""
        return await self._in_thread(lambda deadline: self._run(work, deadline, when_empty, writes=True))

    async def make(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` as ``change`` does; a database that is not there yet is made first, for its owner's eyes only."""
        return await self._in_thread(lambda deadline: self._make(work, deadline))

    async def _in_thread(self, run: Callable[[float], T]) -> T:
        deadline = time.monotonic() + self._place.timeout
        try:
            return await asyncio.to_thread(run, deadline)
        except (SQLAlchemyError, sqlite3.Error, OSError, ValueError) as error:
            raise explain(error, self._place) from error

    def _run(self, work: Callable[[Connection], T], deadline: float, when_empty: T, *, writes: bool) -> T:
        if not self._size():
            return when_empty
        with self._transaction(deadline, writes=writes) as connection:
            return work(connection) if schema.is_there(connection, self._place.path) else when_empty

    def _make(self, work: Callable[[Connection], T], deadline: float) -> T:
        if not self._size():
            _make_private_file(self._place)
            self._use_write_ahead_log(deadline)
        with self._transaction(deadline, writes=True) as connection:
            if not schema.is_there(connection, self._place.path):
                schema.create(connection)
            return work(connection)

    def _size(self) -> int:
        """The size of the file, 0 when there is none. Fails with ``unavailable`` for what cannot be a database."""
        path = self._place.path
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
            raise Failure(UNAVAILABLE, f"The user database {shown_path(path)} is {what}; name a file.")
        return found.st_size

    @contextmanager
    def _transaction(self, deadline: float, *, writes: bool) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            _driver(connection).execute(f"PRAGMA busy_timeout = {self._milliseconds_left(deadline)}")
            with connection.execution_options(writes=writes).begin():
                yield connection

    def _use_write_ahead_log(self, deadline: float) -> None:
        """Let readers go on while somebody writes. Several may try it on a new file at once, and one is enough."""
        with self._engine.connect() as connection, suppress(sqlite3.OperationalError):
            _driver(connection).execute(f"PRAGMA busy_timeout = {self._milliseconds_left(deadline)}")
            _driver(connection).execute("PRAGMA journal_mode = WAL")

    def _milliseconds_left(self, deadline: float) -> int:
        least = min(LAST_WAIT, self._place.timeout)
        return int(max(least, deadline - time.monotonic()) * 1000)


def _create_engine(place: Place) -> Engine:
    url = URL.create("sqlite", database=str(place.path))
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Leave transactions to us: the driver's own begin too late for reading and too weakly for writing."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _make_private_file(place: Place) -> None:
    with suppress(FileExistsError):
        os.close(os.open(place.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
