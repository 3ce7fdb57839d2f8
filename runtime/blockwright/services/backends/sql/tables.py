"""The tables of a user database within one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, Protocol, TypeVar, cast, get_type_hints

from sqlalchemy import Dialect

from blockwright.services.backends import rows
from blockwright.services.backends.rows import Definition, check_keepable, is_keepable
from blockwright.services.backends.sql.statements import PAGE, Statement, Statements, Values
from blockwright.services.backends.store import Value

R = TypeVar("R")


class Cursor(Protocol):
    """What is used of a driver's cursor."""

    @property
    def rowcount(self) -> int: ...
    def execute(self, sql: object, values: Values = ..., /) -> object: ...
    def fetchone(self) -> Values | None: ...
    def fetchall(self) -> list[Values]: ...


class AllStatements:
    """The statements over all tables, in the words of one dialect. ``hold_missing`` holds what a text names, so that
    nobody else who asks for it first can make it meanwhile; None where changes come one after the other anyway."""

    def __init__(self, dialect: Dialect, hold_missing: bytes | None) -> None:
        self.hold_missing = hold_missing
        self.settings = Statements(rows.SETTINGS, dialect)
        self.users = Statements(rows.USERS, dialect)
        self.columns = Statements(rows.COLUMNS, dialect)
        self.links = Statements(rows.LINKS, dialect)
        self.sessions = Statements(rows.SESSIONS, dialect)
        self.roles = Statements(rows.ROLES, dialect)
        self.grants = Statements(rows.GRANTS, dialect)
        self.keys = Statements(rows.KEYS, dialect)
        self.mails = Statements(rows.MAILS, dialect)
        self.throttles = Statements(rows.THROTTLES, dialect)
        self.templates = Statements(rows.TEMPLATES, dialect)


@dataclass(slots=True)
class Transactions:
    """Counts the transactions of one connection, so that nothing is read after the one it belongs to."""

    current: int = 0


class SqlTables:
    """All tables, over one cursor. ``holds`` is whether rows that are got are held, as in a change."""

    def __init__(self, cursor: Cursor, statements: AllStatements, transactions: Transactions, *, holds: bool) -> None:
        over = _Over(cursor, transactions, holds, statements.hold_missing if holds else None)
        self.settings = SqlRows(statements.settings, over)
        self.users = SqlRows(statements.users, over)
        self.columns = SqlRows(statements.columns, over)
        self.links = SqlRows(statements.links, over)
        self.sessions = SqlRows(statements.sessions, over)
        self.roles = SqlRows(statements.roles, over)
        self.grants = SqlRows(statements.grants, over)
        self.keys = SqlRows(statements.keys, over)
        self.mails = SqlRows(statements.mails, over)
        self.throttles = SqlRows(statements.throttles, over)
        self.templates = SqlRows(statements.templates, over)


@dataclass(frozen=True, slots=True)
class _Over:
    cursor: Cursor
    transactions: Transactions
    holds: bool
    hold_missing: bytes | None


class SqlRows(Generic[R]):
    """The rows of one table (see ``Rows``)."""

    def __init__(self, statements: Statements[R], over: _Over) -> None:
        definition = statements.definition
        holds = over.holds and definition.contended
        self._definition = definition
        self._statements = statements
        self._cursor = over.cursor
        self._transactions = over.transactions
        self._hold_missing = over.hold_missing if holds else None
        self._get = statements.get_held if holds else statements.get
        self._find = statements.find_held if holds else statements.find
        self._holds = holds
        self._values_of = attrgetter(*definition.columns)
        self._reader = _Reader(definition)

    def get(self, key: str) -> R | None:
        if not is_keepable(key):
            return None
        row = self._one(self._get, (key,))
        if row is None and self._hold_missing is not None:
            self._cursor.execute(self._hold_missing, (f"{self._definition.name}:{key}",))
            row = self._one(self._get, (key,))
        return None if row is None else self._reader.read(row)

    def find(self, column: str, value: Value) -> list[R]:
        statement = self._find[column]
        if value is None or not is_keepable(value):
            return []
        return self._many(statement, (value,))

    def until(self, moment: int, limit: int) -> list[R]:
        statement = self._statements.until_held if self._holds else self._statements.until
        return self._many(statement, (moment, limit))

    def first_moment(self) -> int | None:
        row = self._one(self._statements.first_moment, ())
        return None if row is None else cast("int | None", row[0])

    def all(self) -> Iterator[R]:
        return self._read_all(self._transactions.current)

    def add(self, row: R) -> bool:
        return self._do(self._statements.add, self._checked(row)) > 0

    def put(self, row: R) -> None:
        self._do(self._statements.put, self._checked(row))

    def replace(self, row: R) -> bool:
        values = self._checked(row)
        return self._do(self._statements.replace, (*values, self._key(row))) > 0

    def remove(self, key: str) -> bool:
        return is_keepable(key) and self._do(self._statements.remove, (key,)) > 0

    def remove_all(self, column: str, value: Value) -> int:
        statement = self._statements.remove_all[column]
        return 0 if value is None or not is_keepable(value) else self._do(statement, (value,))

    def count(self) -> int:
        row = self._one(self._statements.count, ())
        return 0 if row is None else cast(int, row[0])

    def _read_all(self, transaction: int) -> Iterator[R]:
        for pages in self._statements.all:
            statement, last = pages.first, cast(Values, ())
            while True:
                if self._transactions.current != transaction:
                    raise RuntimeError("Rows can be read only until their transaction ends.")
                self._cursor.execute(statement.sql, statement.fill(last))
                page = self._cursor.fetchall()
                yield from map(self._reader.read, page)
                if len(page) < PAGE:
                    break
                statement, last = pages.following, tuple(page[-1][place] for place in pages.after)

    def _one(self, statement: Statement, values: Values) -> Values | None:
        self._cursor.execute(statement.sql, statement.fill(values))
        return self._cursor.fetchone()

    def _many(self, statement: Statement, values: Values) -> list[R]:
        self._cursor.execute(statement.sql, statement.fill(values))
        return [self._reader.read(row) for row in self._cursor.fetchall()]

    def _do(self, statement: Statement, values: Values) -> int:
        self._cursor.execute(statement.sql, statement.fill(values))
        return self._cursor.rowcount

    def _checked(self, row: R) -> Values:
        values: Values = self._values_of(row)
        check_keepable(values)
        return values

    def _key(self, row: R) -> str:
        return cast(str, getattr(row, self._definition.key))


class _Reader(Generic[R]):
    """Makes rows of what a database gives, and sees to it that they are of the types they should be: somebody may have
    changed them by hand, and SQLite keeps anything anywhere."""

    def __init__(self, definition: Definition[R]) -> None:
        self._row = definition.row
        hints = [getattr(hint, "__args__", (hint,)) for hint in get_type_hints(definition.row).values()]
        self._allowed = [{*types, int} if bool in types else set(types) for types in hints]
        self._booleans = [place for place, types in enumerate(hints) if bool in types]
        self._seen: set[tuple[type, ...]] = set()

    def read(self, values: Values) -> R:
        types = tuple(map(type, values))
        if types not in self._seen:
            if not all(kind in allowed for kind, allowed in zip(types, self._allowed, strict=True)):
                raise ValueError("a value of the wrong type")
            self._seen.add(types)
        if self._booleans:
            values = tuple(bool(value) if place in self._booleans else value for place, value in enumerate(values))
        return self._row(*values)
