"""PostgreSQL: many change different accounts at once; what one change has got, others wait for."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from typing import cast

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool

from blockwright.services.backends.sql.schema import VERSION_TABLE
from blockwright.services.backends.sql.standing import judge
from blockwright.services.backends.sql.tables import AllStatements, Cursor, SqlTables, Transactions
from blockwright.services.backends.sql.urls import ServerPlace

LEAST_WAIT = 0.05
"""Seconds that a call still waits for a lock when it spent its timeout queueing behind other calls of its process."""
SLACK = 1.0
"""Seconds that one statement may take beyond the wait for locks."""
_UPGRADE_LOCK = 0x626C6F636B77
_PASSING = frozenset({"40001", "40P01", "23505"})
"""Two changes met: they waited for each other, or both made what is unique. Begun again, one sees the other."""
_VERSION = f"SELECT version_num FROM {VERSION_TABLE}"
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"


class PostgresqlDriver:
    """A user database on a PostgreSQL server. Nothing makes the database itself."""

    error = psycopg.Error
    readers = 4
    writers = 8
    together = 1
    idle = 60.0

    def __init__(self, place: ServerPlace) -> None:
        self.place = place
        self.engine = create_engine(
            "postgresql+psycopg://",
            creator=self._open_alone,
            poolclass=NullPool,
            hide_parameters=True,
            paramstyle="format",
        )
        self.statements = AllStatements(
            self.engine.dialect, hold_missing=b"SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
        )
        event.listen(self.engine, "begin", _begin_alone)

    def is_there(self) -> bool:
        return True

    def make(self) -> None:
        """Databases of a server are made by their owner."""

    def connect(self, deadline: float) -> PostgresqlSession:
        return PostgresqlSession(self._open(deadline - time.monotonic()), self)

    def is_passing(self, error: Exception) -> bool:
        """A lost connection passes, too: a server that was started again takes a new one."""
        if not isinstance(error, psycopg.Error):
            return False
        return error.sqlstate in _PASSING or (isinstance(error, psycopg.OperationalError) and _is_lost(error))

    def _open_alone(self) -> psycopg.Connection:
        connection = self._open(self.place.timeout)
        connection.execute(f"SET lock_timeout = {max(1, int(self.place.timeout * 1000))}".encode())
        connection.autocommit = False
        return connection

    def _open(self, seconds: float) -> psycopg.Connection:
        defaults: dict[str, str | int] = {
            "fallback_application_name": "blockwright",
            "connect_timeout": max(2, round(seconds)),
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
        }
        parameters = {**defaults, **self.place.parameters, "client_encoding": "utf8"}
        connection = psycopg.connect(make_conninfo("", **parameters), autocommit=True)
        connection.execute("SET idle_in_transaction_session_timeout = '60s'")
        return connection


def _begin_alone(connection: Connection) -> None:
    """Wait for others who make or change tables, and for who uses them."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
    if connection.exec_driver_sql(f"SELECT to_regclass('{VERSION_TABLE}')").scalar() is not None:
        connection.exec_driver_sql(f"LOCK TABLE {VERSION_TABLE} IN ACCESS EXCLUSIVE MODE")


def _is_lost(error: psycopg.OperationalError) -> bool:
    return error.sqlstate is None or (error.sqlstate[:2] in ("08", "57") and error.sqlstate != "57014")


class PostgresqlSession:
    """A connection to a server."""

    def __init__(self, connection: psycopg.Connection, driver: PostgresqlDriver) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._place = driver.place
        self._transactions = Transactions()
        cursor = cast(Cursor, self._cursor)
        self._reading = SqlTables(cursor, driver.statements, self._transactions, holds=False)
        self._writing = SqlTables(cursor, driver.statements, self._transactions, holds=True)
        self.tables = self._reading

    def is_stale(self) -> bool:
        return self._connection.closed

    def begin(self, seconds: float, *, writes: bool) -> str | None:
        """All in one message to the server, which costs one wait."""
        wait = int(max(LEAST_WAIT, seconds) * 1000)
        limits = f"SET LOCAL lock_timeout = {wait}; SET LOCAL statement_timeout = {wait + int(SLACK * 1000)}"
        self._transactions.current += 1
        self.tables = self._writing if writes else self._reading
        try:
            self._cursor.execute(f"{_WRITE if writes else _READ}; {limits}; {_VERSION}".encode(), prepare=False)
        except psycopg.errors.UndefinedTable:
            self._cursor.execute("ROLLBACK")
            return judge(self._names(), self._place)
        while self._cursor.nextset():
            pass
        row = self._cursor.fetchone()
        return str(row[0]) if row is not None else judge(self._names(), self._place)

    def commit(self) -> None:
        self._transactions.current += 1
        self._cursor.execute("COMMIT")

    def roll_back(self) -> bool:
        self._transactions.current += 1
        try:
            if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                self._cursor.execute("ROLLBACK")
        except psycopg.Error:
            return False
        return not self._connection.closed

    def close(self) -> None:
        with suppress(psycopg.Error):
            self._connection.close()

    def abort(self) -> None:
        """Cut the line, so that whoever waits for an answer of a silent server stops waiting."""
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(self._connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    def _names(self) -> set[str]:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        return {str(name) for (name,) in self._cursor.execute(tables)}
