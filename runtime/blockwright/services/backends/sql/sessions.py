"""The seam between the two kinds of database: connections that begin and end transactions."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Engine

from blockwright.services.backends.sql.tables import SqlTables
from blockwright.services.backends.sql.urls import Place


class Session(Protocol):
    """A connection to a user database, used by one thread at a time."""

    @property
    def tables(self) -> SqlTables:
        """The tables in the transaction that was begun."""
        ...

    def is_stale(self) -> bool:
        """Whether it leads to what is no longer there, so that another is needed."""
        ...

    def begin(self, seconds: float, *, writes: bool) -> str | None:
        """Begin a transaction, in which nothing waits longer than so many seconds; gives the version of the tables,
        None when there are none. Raises the driver's error; fails with ``unavailable``."""
        ...

    def commit(self) -> None:
        """End the transaction; what it changed stays."""
        ...

    def roll_back(self) -> bool:
        """End the transaction, if there is one; what it changed is taken back. Gives whether the connection can go on
        being used; never raises."""
        ...

    def close(self) -> None:
        """Close the connection; never raises."""
        ...

    def abort(self) -> None:
        """Make what it does just now fail. May be called by any thread; never raises."""
        ...


class SharedSession(Session, Protocol):
    """A connection whose transactions have parts, each of which can be taken back alone."""

    def begin_part(self) -> None:
        """Begin a part of the transaction that was begun. Raises the driver's error, as the others do."""
        ...

    def end_part(self) -> None:
        """End the part; what it changed stays if the transaction's changes stay."""
        ...

    def take_back_part(self) -> None:
        """End the part; what it changed is taken back."""
        ...


class Driver(Protocol):
    """How a kind of database is reached."""

    @property
    def place(self) -> Place:
        """Which database it is."""
        ...

    @property
    def engine(self) -> Engine:
        """For making and changing tables: each of its transactions is alone on the database."""
        ...

    @property
    def error(self) -> type[Exception]:
        """What connections raise."""
        ...

    @property
    def readers(self) -> int:
        """How many read at once."""
        ...

    @property
    def writers(self) -> int:
        """How many change at once."""
        ...

    @property
    def together(self) -> int:
        """How many changes may share one transaction; with more than one, connections are ``SharedSession``."""
        ...

    @property
    def idle(self) -> float:
        """Seconds without use after which a connection is closed."""
        ...

    def is_there(self) -> bool:
        """Whether there is something to connect to. Raises OSError; fails with ``unavailable``."""
        ...

    def make(self) -> None:
        """Make what can be connected to, if there is nothing yet. Raises and fails as ``is_there`` does."""
        ...

    def connect(self, deadline: float) -> Session:
        """A new connection."""
        ...

    def is_passing(self, error: Exception) -> bool:
        """Whether the transaction that ended so may go well when it is begun again."""
        ...
