"""Reading the URL of a user database: ``sqlite:///users.db``, ``sqlite:////var/users.db``, ``postgresql://db/users``."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import shown, shown_path

TIMEOUT = 2.0
"""How many seconds a call waits for a database that is locked, busy or slow."""
LONGEST_TIMEOUT = 300.0
LONGEST_URL = 4000
"""The longest URL of a server, in characters."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """The file of an SQLite database, and how many seconds each call may wait for it."""

    path: Path
    timeout: float = TIMEOUT

    @property
    def name(self) -> str:
        """The database as messages may name it."""
        return shown_path(self.path)


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """A database on a PostgreSQL server. ``parameters`` are libpq's; they may hold a password."""

    parameters: dict[str, str] = field(repr=False)
    timeout: float = TIMEOUT

    @property
    def name(self) -> str:
        """The database as messages may name it: without the user and the password."""
        database = self.parameters.get("dbname") or self.parameters.get("service") or "its default"
        host = self.parameters.get("host") or self.parameters.get("hostaddr") or "this machine"
        return f"{shown(database)} on {shown(host)}"


Place = FilePlace | ServerPlace


def parse_url(url: str) -> Place:
    """Read the URL of a user database. Fails with ``bad value``, and with ``unavailable`` when what PostgreSQL needs is
    not installed."""
    return _parse_file(url) if url[:7].lower() == "sqlite:" else _parse_server(url)


def _parse_file(url: str) -> FilePlace:
    """Read ``sqlite:///PATH[?timeout=SECONDS]``. Three slashes begin a relative path, four an absolute one, and
    ``sqlite:///C:/users.db`` is absolute on Windows."""
    location, _, query = url.partition("?")
    slashes, path = location[: len("sqlite:///")], location[len("sqlite:///") :]
    if slashes.lower() != "sqlite:///" or not path:
        raise Failure(
            BAD_VALUE, "A user database is named by its file, such as sqlite:///users.db, with three slashes."
        )
    if path == ":memory:":
        raise Failure(BAD_VALUE, "A user service that lives in memory is named memory: and needs no database.")
    if not path.isprintable():
        raise Failure(BAD_VALUE, f"The path of a user database cannot be {shown(path)}.")
    return FilePlace(Path(path).absolute(), _read_file_query(query) if query else TIMEOUT)


def _read_file_query(query: str) -> float:
    name, _, value = query.partition("=")
    if name != "timeout":
        near = "; did you mean timeout?" if difflib.get_close_matches(name[:50].lower(), ["timeout"]) else ""
        raise Failure(BAD_VALUE, f"The URL of a user database takes ?timeout=SECONDS and nothing else{near}.")
    return _read_seconds(value)


def _read_seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_TIMEOUT:
        raise Failure(
            BAD_VALUE, f"The timeout of a user database is a number of seconds from 0 to {LONGEST_TIMEOUT:g}."
        )
    return seconds


def _parse_server(url: str) -> ServerPlace:
    """Read ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE[?timeout=SECONDS&…]``, libpq's own form; all of its
    parameters, such as ``sslmode``, may stand after the ``?``."""
    if len(url) > LONGEST_URL or not url.isprintable():
        raise Failure(BAD_VALUE, f"The URL of a user database is at most {LONGEST_URL} visible characters.")
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise Failure(
            UNAVAILABLE, 'PostgreSQL needs psycopg; install it with: pip install "blockwright[postgres]"'
        ) from error
    scheme, _, rest = url.partition(":")
    if scheme.lower() not in ("postgresql", "postgres", "postgresql+psycopg") or not rest.startswith("//"):
        raise Failure(BAD_VALUE, "A user database is named by a URL such as postgresql://user@host/database.")
    location, _, query = rest.partition("?")
    ours = [part for part in query.split("&") if part.partition("=")[0] == "timeout"]
    theirs = [part for part in query.split("&") if part and part not in ours]
    _check_names(theirs)
    try:
        parameters = conninfo_to_dict(f"postgresql:{location}?{'&'.join(theirs)}")
        ports = [int(port) for port in str(parameters.get("port", "")).split(",") if port]
        if not all(0 < port < 65536 for port in ports):
            raise ValueError("no port")
    except (psycopg.Error, ValueError):
        raise Failure(
            BAD_VALUE,
            "The URL of the user database cannot be read; write postgresql://user:password@host:port/database, "
            "with %40 for @, %3A for : and %2F for / in the user and the password.",
        ) from None
    timeout = _read_seconds(ours[-1].partition("=")[2]) if ours else TIMEOUT
    return ServerPlace({name: str(value) for name, value in parameters.items()}, timeout)


def _check_names(parts: list[str]) -> None:
    from psycopg import pq

    known = [option.keyword.decode() for option in pq.Conninfo.get_defaults()]
    for part in parts:
        name = unquote(part.partition("=")[0])
        if name in (*known, "ssl"):
            continue
        near = difflib.get_close_matches(name[:50].lower(), [*known, "timeout"], n=1)
        mend = f"; did you mean {near[0]}?" if near else "; known are timeout and the parameters of libpq."
        raise Failure(BAD_VALUE, f"The URL of the user database has a parameter that nobody knows{mend}")
