"""Users kept in memory, for tests and for trying things out. What is kept is gone with the object."""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar, cast

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.backends import rows
from blockwright.services.backends.rows import Definition, check_keepable
from blockwright.services.backends.store import Value
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.mail import Mailer

T = TypeVar("T")
R = TypeVar("R")


def open_memory(url: str, mailer: Mailer | None) -> StoredUsers:
    """A new, empty user service for ``memory:``. Every opening gives another one."""
    if url.lower() != "memory:":
        raise Failure(BAD_VALUE, "A user service in memory is simply named memory: and takes nothing after it.")
    return StoredUsers(MemoryStore(), mailer)


class MemoryTables:
    """All tables, empty at first. What a change did can be taken back until it is kept."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []
        self.settings = MemoryRows(rows.SETTINGS, self._undo)
        self.users = MemoryRows(rows.USERS, self._undo)
        self.columns = MemoryRows(rows.COLUMNS, self._undo)
        self.links = MemoryRows(rows.LINKS, self._undo)
        self.sessions = MemoryRows(rows.SESSIONS, self._undo)
        self.roles = MemoryRows(rows.ROLES, self._undo)
        self.grants = MemoryRows(rows.GRANTS, self._undo)
        self.keys = MemoryRows(rows.KEYS, self._undo)
        self.mails = MemoryRows(rows.MAILS, self._undo)
        self.throttles = MemoryRows(rows.THROTTLES, self._undo)
        self.templates = MemoryRows(rows.TEMPLATES, self._undo)

    def keep(self) -> None:
        """Let what was done since the last time stand."""
        self._undo.clear()

    def take_back(self) -> None:
        """Undo what was done since ``keep``, the last of it first."""
        while self._undo:
            self._undo.pop()()


class MemoryRows(Generic[R]):
    """The rows of one table in memory (see ``Rows``)."""

    def __init__(self, definition: Definition[R], undo: list[Callable[[], None]]) -> None:
        self._definition = definition
        self._undo = undo
        self._rows: dict[str, R] = {}
        self._indexes: dict[str, dict[Value, dict[str, None]]] = {
            column: {} for column in (*definition.unique, *definition.lookups)
        }
        self._moments: list[tuple[int, str]] = []

    def get(self, key: str) -> R | None:
        return self._rows.get(key)

    def find(self, column: str, value: Value) -> list[R]:
        return [self._rows[key] for key in sorted(self._indexes[column].get(value, ()))]

    def until(self, moment: int, limit: int) -> list[R]:
        end = bisect_left(self._moments, (moment + 1, ""))
        return [self._rows[key] for _, key in self._moments[: min(end, limit)]]

    def first_moment(self) -> int | None:
        return self._moments[0][0] if self._moments else None

    def all(self) -> Iterator[R]:
        timed = [key for _, key in self._moments]
        rest = sorted(self._rows.keys() - set(timed))
        return iter([self._rows[key] for key in (*timed, *rest)])

    def add(self, row: R) -> bool:
        self._check(row)
        if self._key(row) in self._rows or self._is_taken(row):
            return False
        self._set(self._key(row), row)
        return True

    def put(self, row: R) -> None:
        self._check(row)
        self._set(self._key(row), row)

    def replace(self, row: R) -> bool:
        self._check(row)
        if self._key(row) not in self._rows or self._is_taken(row):
            return False
        self._set(self._key(row), row)
        return True

    def remove(self, key: str) -> bool:
        was_there = key in self._rows
        self._set(key, None)
        return was_there

    def remove_all(self, column: str, value: Value) -> int:
        keys = list(self._indexes[column].get(value, ()))
        for key in keys:
            self._set(key, None)
        return len(keys)

    def count(self) -> int:
        return len(self._rows)

    def _key(self, row: R) -> str:
        return cast(str, getattr(row, self._definition.key))

    def _check(self, row: R) -> None:
        check_keepable(getattr(row, column) for column in self._definition.columns)

    def _is_taken(self, row: R) -> bool:
        return any(
            set(self._indexes[column].get(value, ())) - {self._key(row)}
            for column in self._definition.unique
            if (value := getattr(row, column)) is not None
        )

    def _set(self, key: str, row: R | None) -> None:
        old = self._rows.get(key)
        self._undo.append(lambda: self._write(key, old))
        self._write(key, row)

    def _write(self, key: str, row: R | None) -> None:
        old = self._rows.pop(key, None)
        if old is not None:
            for column, index in self._indexes.items():
                self._unlist(index, getattr(old, column), key)
            self._forget_moment(old, key)
        if row is not None:
            self._rows[key] = row
            for column, index in self._indexes.items():
                if (value := getattr(row, column)) is not None:
                    index.setdefault(value, {})[key] = None
            if (moment := self._moment(row)) is not None:
                insort(self._moments, (moment, key))

    @staticmethod
    def _unlist(index: dict[Value, dict[str, None]], value: Value, key: str) -> None:
        if value is not None:
            del index[value][key]
            if not index[value]:
                del index[value]

    def _forget_moment(self, row: R, key: str) -> None:
        if (moment := self._moment(row)) is not None:
            del self._moments[bisect_left(self._moments, (moment, key))]

    def _moment(self, row: R) -> int | None:
        column = self._definition.moment
        return None if column is None else cast("int | None", getattr(row, column))


class MemoryStore:
    """A store in memory. Each transaction holds a lock for a moment, so many threads may use it at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables = MemoryTables()

    async def read(self, work: Callable[[MemoryTables], T]) -> T:
        return self._do(work)

    async def change(self, work: Callable[[MemoryTables], T]) -> T:
        return self._do(work)

    def _do(self, work: Callable[[MemoryTables], T]) -> T:
        with self._lock:
            try:
                result = work(self._tables)
            except BaseException:
                self._tables.take_back()
                raise
            self._tables.keep()
            return result

    async def upgrade(self) -> tuple[str, str]:
        return ("in memory", "in memory")

    async def close(self) -> None:
        """Nothing to let go of."""
