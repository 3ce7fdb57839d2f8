"""Reading the URL of a user database, as SQLAlchemy spells it: ``sqlite:///users.db``, ``sqlite:////var/users.db``."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from pathlib import Path

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown

TIMEOUT = 2.0
"""How many seconds a call waits for a database that another program has locked."""
LONGEST_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is, and how many seconds each call may wait for it."""

    path: Path
    timeout: float = TIMEOUT


def parse_url(url: str) -> Place:
    """Read ``sqlite:///PATH[?timeout=SECONDS]``. Three slashes begin a relative path, four an absolute one, and
    ``sqlite:///C:/users.db`` is absolute on Windows. Fails with ``bad value``."""
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
    return Place(Path(path).absolute(), _read_timeout(query) if query else TIMEOUT)


def _read_timeout(query: str) -> float:
    name, _, value = query.partition("=")
    if name != "timeout":
        near = "; did you mean timeout?" if difflib.get_close_matches(name[:50].lower(), ["timeout"]) else ""
        raise Failure(BAD_VALUE, f"The URL of a user database takes ?timeout=SECONDS and nothing else{near}.")
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_TIMEOUT:
        raise Failure(
            BAD_VALUE, f"The timeout of a user database is a number of seconds from 0 to {LONGEST_TIMEOUT:g}."
        )
    return seconds
