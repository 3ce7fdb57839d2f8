"""The seam between the rules of a user service and the place where it keeps things: tables of rows, in transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias, TypeVar

from blockwright.services.backends.rows import (
    ColumnRow,
    GrantRow,
    KeyRow,
    LinkRow,
    MailRow,
    RoleRow,
    SessionRow,
    SettingRow,
    TemplateRow,
    ThrottleRow,
    UserRow,
)

T = TypeVar("T")
R = TypeVar("R")
Value: TypeAlias = str | int | bool | None


class Rows(Protocol[R]):
    """The rows of one table. Names of columns are those of the row's fields."""

    def get(self, key: str) -> R | None:
        """The row with this key. In a change, a contended row that was got stays as it is until the change ends; one
        that was not there stays away."""
        ...

    def find(self, column: str, value: Value) -> list[R]:
        """The rows with this value in a unique or looked-up column, in the order of their keys. Holds them as ``get``
        does. Rows without a value are never found."""
        ...

    def until(self, moment: int, limit: int) -> list[R]:
        """Rows whose moment is not None and at most this, the earliest first (of equal ones by key). In a change, rows
        that another change holds are left out."""
        ...

    def first_moment(self) -> int | None:
        """The earliest moment there is."""
        ...

    def all(self) -> Iterator[R]:
        """Every row, in the order of their moments (rows without one last), then of keys."""
        ...

    def add(self, row: R) -> bool:
        """Keep a new row; False, changing nothing, when its key or something unique is taken."""
        ...

    def put(self, row: R) -> None:
        """Keep a row in place of the one with its key, if there is one. What is unique must not be taken by another:
        use ``replace`` where it may be."""
        ...

    def replace(self, row: R) -> bool:
        """Keep a row in place of the one with its key; False, changing nothing, when there is none, or something unique
        is taken by another."""
        ...

    def remove(self, key: str) -> bool:
        """Remove the row with this key; whether there was one."""
        ...

    def remove_all(self, column: str, value: Value) -> int:
        """Remove the rows with this value in a unique or looked-up column; how many there were."""
        ...

    def count(self) -> int:
        """How many rows there are."""
        ...


class Tables(Protocol):
    """All tables, within one transaction."""

    @property
    def settings(self) -> Rows[SettingRow]: ...
    @property
    def users(self) -> Rows[UserRow]: ...
    @property
    def columns(self) -> Rows[ColumnRow]: ...
    @property
    def links(self) -> Rows[LinkRow]: ...
    @property
    def sessions(self) -> Rows[SessionRow]: ...
    @property
    def roles(self) -> Rows[RoleRow]: ...
    @property
    def grants(self) -> Rows[GrantRow]: ...
    @property
    def keys(self) -> Rows[KeyRow]: ...
    @property
    def mails(self) -> Rows[MailRow]: ...
    @property
    def throttles(self) -> Rows[ThrottleRow]: ...
    @property
    def templates(self) -> Rows[TemplateRow]: ...


class Store(Protocol):
    """A place that keeps tables. Both methods fail with ``unavailable``, in bounded time, when it cannot be reached or
    used; beyond that, only what ``work`` raises comes out of them.

    ``work`` may be run more than once before it counts, so it touches nothing but the tables. It runs in a thread of
    its own; a call that is cancelled meanwhile is done or not done, never half.

    Who changes several rows gets the account's row first, so that everything about one account happens one after the
    other, and two changes cannot wait for each other.
    """

    async def read(self, work: Callable[[Tables], T]) -> T:
        """Do ``work`` on one consistent state; it must change nothing. While there is no database, all is empty."""
        ...

    async def change(self, work: Callable[[Tables], T]) -> T:
        """Do ``work`` wholly or not at all: what it raises takes everything back. Makes the database where there is
        none yet, unless ``work`` raises."""
        ...

    async def upgrade(self) -> tuple[str, str]:
        """Bring the tables of an older release up to this one's, or make them; gives the versions before and after."""
        ...

    async def close(self) -> None:
        """Let go of connections. The store may be used again."""
        ...
