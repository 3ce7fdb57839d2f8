"""Accounts found by a condition, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from itertools import islice

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import where as conditions
from blockwright.services.backends.stored.columns import columns_in
from blockwright.services.backends.stored.context import Context, settings_in, user_of_row
from blockwright.services.backends.stored.identity import identity_key, row_by_id, row_by_key
from blockwright.services.backends.stored.where.predicates import And, Compare, In, Not, Or
from blockwright.services.properties import decode
from blockwright.services.records import Column, ColumnType, User, UserQuery
from blockwright.services.settings import Settings

LARGEST_PAGE = 100
FARTHEST = 1_000_000_000
MOST_SORTINGS = 10
MOST_AMONG = 1000


async def find_users(context: Context, query: UserQuery) -> tuple[User, ...]:
    """Sorted by nothing else, the oldest account comes first. Accounts without a value come before those with one."""
    _check(query)

    def work(tables: Tables) -> tuple[User, ...]:
        settings = settings_in(tables)
        columns = columns_in(tables, settings)
        sortings = [_read_sorting(text, columns) for text in query.sort_by]
        found: Iterable[UserRow] = _matching(tables, settings, columns, query.where, query.among)
        if sortings:
            found = _sorted(found, sortings)
        return tuple(map(user_of_row, islice(found, query.offset, query.offset + query.page_size)))

    return await context.store.read(work)


async def count_users(context: Context, where: str) -> int:
    _check_where(where)

    def work(tables: Tables) -> int:
        if not where.strip():
            return tables.users.count()
        settings = settings_in(tables)
        return sum(1 for _ in _matching(tables, settings, columns_in(tables, settings), where))

    return await context.store.read(work)


def _check(query: UserQuery) -> None:
    _check_where(query.where)
    if not _is_number(query.page_size, 1, LARGEST_PAGE):
        raise Failure(BAD_VALUE, f"A page holds 1 to {LARGEST_PAGE} users.")
    if not _is_number(query.offset, 0, FARTHEST):
        raise Failure(BAD_VALUE, f"The offset is a number from 0 to {FARTHEST}.")
    if not isinstance(query.sort_by, tuple) or not all(isinstance(text, str) for text in query.sort_by):
        raise Failure(BAD_VALUE, "What to sort by is a list of columns.")
    if query.among is not None and not (isinstance(query.among, tuple) and len(query.among) <= MOST_AMONG):
        raise Failure(BAD_VALUE, f"A search can be held to at most {MOST_AMONG} accounts.")
    if len(query.sort_by) > MOST_SORTINGS:
        raise Failure(BAD_VALUE, f"Users can be sorted by at most {MOST_SORTINGS} columns.")


def _check_where(where: object) -> None:
    if not isinstance(where, str):
        raise Failure(BAD_VALUE, "A condition is text.")


def _is_number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _matching(
    tables: Tables,
    settings: Settings,
    columns: dict[str, Column],
    where: str,
    among: tuple[str, ...] | None = None,
) -> Iterator[UserRow]:
    condition = conditions.parse(where, columns) if where.strip() else And(())
    condition = _by_key(condition, settings.identity_column, partial(_key_of, tables, settings))
    near = _narrowed(tables, condition) if among is None else _rows(partial(_by_object_id, tables), among)
    rows = tables.users.all() if near is None else iter(sorted(near, key=lambda row: (row.created, row.object_id)))
    return (row for row in rows if condition.holds(_Record(row).value_of) is True)


def _by_key(
    condition: conditions.Condition, column: str, key_of: Callable[[conditions.Value], conditions.Value]
) -> conditions.Condition:
    """The same condition, in which identities are equal as logins take them for equal: whatever their spelling."""

    def inside(parts: Iterable[conditions.Condition]) -> tuple[conditions.Condition, ...]:
        return tuple(_by_key(part, column, key_of) for part in parts)

    match condition:
        case And(parts):
            return And(inside(parts))
        case Or(parts):
            return Or(inside(parts))
        case Not(part):
            return Not(*inside((part,)))
        case Compare(name, "=" | "!=" as sign, value) if name == column:
            return Compare(_KEY, sign, key_of(value))
        case In(name, values) if name == column:
            return In(_KEY, tuple(map(key_of, values)))
        case _:
            return condition


_KEY = "identity key"
"""Stands for a column that holds what the spellings of an identity have in common; no column has such a name."""
_NOBODYS = ""
"""The key of what can name no account."""


def _key_of(tables: Tables, settings: Settings, value: conditions.Value) -> conditions.Value:
    return None if value is None else identity_key(tables, settings, value) or _NOBODYS


def _narrowed(tables: Tables, condition: conditions.Condition) -> list[UserRow] | None:
    """The few rows among which all that fulfil the condition are, where it names them by object id or identity."""
    for part in condition.parts if isinstance(condition, And) else (condition,):
        match part:
            case Compare(column, "=", value):
                values: tuple[object, ...] = (value,)
            case In(column, values):
                pass
            case _:
                continue
        if column in ("objectId", "ownerId"):
            look_up = partial(_by_object_id, tables)
        elif column == _KEY:
            look_up = partial(_by_identity_key, tables)
        else:
            continue
        return _rows(look_up, values)
    return None


def _rows(look_up: Callable[[object], UserRow | None], values: Iterable[object]) -> list[UserRow]:
    found = (look_up(value) for value in values if value is not None)
    return list({row.object_id: row for row in found if row is not None}.values())


def _by_object_id(tables: Tables, value: object) -> UserRow | None:
    return row_by_id(tables, value) if isinstance(value, str) else None


def _by_identity_key(tables: Tables, key: object) -> UserRow | None:
    return row_by_key(tables, key) if isinstance(key, str) else None


class _Record:
    """The values of one account by column, its properties read only when one is asked for."""

    def __init__(self, row: UserRow) -> None:
        self._row = row
        self._properties: Mapping[str, object] | None = None

    def value_of(self, column: str) -> object:
        row = self._row
        if column == _KEY:
            return row.identity_key
        match column:
            case "objectId" | "ownerId":
                return row.object_id
            case "email":
                return row.email
            case "userStatus":
                return row.user_status
            case "socialAccount":
                return row.social_account
            case "lastLogin":
                return row.last_login
            case "created":
                return row.created
            case "updated":
                return row.updated
            case _:
                return self._property(column)

    def _property(self, column: str) -> object:
        properties = self._properties
        if properties is None:
            properties = self._properties = decode(self._row.properties)
        return properties.get(column)


def _read_sorting(text: str, columns: dict[str, Column]) -> tuple[str, bool]:
    """The column, and whether the largest comes first."""
    name, _, direction = text.strip().partition(" ")
    direction = direction.strip().lower()
    column = columns.get(name)
    if direction not in ("", "asc", "desc"):
        raise Failure(BAD_VALUE, f"Users are sorted by {shown(name)} asc or desc, not {shown(direction)}.")
    if column is None or column.name == "password" or column.type is ColumnType.JSON:
        raise Failure(BAD_VALUE, f"Users cannot be sorted by {shown(name)}.")
    return name, direction == "desc"


def _sorted(rows: Iterable[UserRow], sortings: list[tuple[str, bool]]) -> list[UserRow]:
    records = [(row, _Record(row)) for row in rows]
    for name, largest_first in reversed(sortings):
        records.sort(key=partial(_key, name), reverse=largest_first)
    return [row for row, _ in records]


def _key(name: str, record: tuple[UserRow, _Record]) -> tuple[int, int | Decimal, str]:
    return _place(record[1].value_of(name))


def _place(value: object) -> tuple[int, int | Decimal, str]:
    match value:
        case None:
            return (0, 0, "")
        case int() | Decimal():
            return (1, value, "")
        case str():
            return (2, 0, value)
        case _:
            return (3, 0, "")
