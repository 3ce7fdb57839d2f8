"""The statements over each table, put into words once for a kind of database, and then only filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ClauseElement,
    ColumnElement,
    Dialect,
    Integer,
    Select,
    Text,
    bindparam,
    delete,
    func,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler

from blockwright.services.backends.rows import Definition
from blockwright.services.backends.sql.schema import TABLES

R = TypeVar("R")
Values: TypeAlias = tuple[object, ...]

PAGE = 500
"""How many rows are fetched at once when all are asked for."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, and the order in which it wants its values."""

    sql: bytes | str
    fill: Callable[[Values], Values]


@dataclass(frozen=True, slots=True)
class Pages:
    """Rows in an order, by pages: the first, and the one that follows a row. ``after`` picks what ``following`` wants
    of the row before it."""

    first: Statement
    following: Statement
    after: tuple[int, ...]


class Statements(Generic[R]):
    """All statements over one table in the words of one dialect. Each takes its values in the order of its text here:
    those of a row in the row's order, then a key."""

    def __init__(self, definition: Definition[R], dialect: Dialect) -> None:
        self.definition = definition
        self._dialect = dialect
        self._table = TABLES[definition.name]
        self._key = self._table.c[definition.key]
        self._moment = None if definition.moment is None else self._table.c[definition.moment]

    @cached_property
    def get(self) -> Statement:
        return self._put_into_words(self._by_key(), ["key"])

    @cached_property
    def get_held(self) -> Statement:
        return self._put_into_words(self._by_key().with_for_update(), ["key"])

    @cached_property
    def find(self) -> Mapping[str, Statement]:
        return {name: self._put_into_words(query, ["value"]) for name, query in self._by_value().items()}

    @cached_property
    def find_held(self) -> Mapping[str, Statement]:
        held = {name: query.with_for_update() for name, query in self._by_value().items()}
        return {name: self._put_into_words(query, ["value"]) for name, query in held.items()}

    @cached_property
    def until(self) -> Statement:
        return self._put_into_words(self._due(), ["moment", "limit"])

    @cached_property
    def until_held(self) -> Statement:
        return self._put_into_words(self._due().with_for_update(skip_locked=True), ["moment", "limit"])

    @cached_property
    def first_moment(self) -> Statement:
        return self._put_into_words(select(func.min(self._timed)), [])

    @cached_property
    def all(self) -> Sequence[Pages]:
        """How to read all rows: first those with a moment, then those without one."""
        if self._moment is None:
            return [self._pages([self._key], true())]
        timed = self._pages([self._moment, self._key], self._moment.is_not(None))
        return [timed, self._pages([self._key], self._moment.is_(None))] if self._moment.nullable else [timed]

    @cached_property
    def add(self) -> Statement:
        return self._put_into_words(self._insert().on_conflict_do_nothing(), self.definition.columns)

    @cached_property
    def put(self) -> Statement:
        insert = self._insert()
        others = {name: insert.excluded[name] for name in self.definition.columns if name != self._key.name}
        put = insert.on_conflict_do_update(index_elements=[self._key], set_=others)
        return self._put_into_words(put, self.definition.columns)

    @cached_property
    def replace(self) -> Statement:
        """Changes a row unless something unique is another's already."""
        change = update(self._table).where(self._key == self._given("key"))
        for name in self.definition.unique:
            other = self._table.alias()
            taken = select(other.c[self._key.name]).where(
                other.c[name] == self._given_column(name), other.c[self._key.name] != self._given("key")
            )
            change = change.where(~taken.exists())
        others = {name: self._given_column(name) for name in self.definition.columns if name != self._key.name}
        return self._put_into_words(change.values(others), [*self.definition.columns, "key"])

    @cached_property
    def remove(self) -> Statement:
        return self._put_into_words(delete(self._table).where(self._key == self._given("key")), ["key"])

    @cached_property
    def remove_all(self) -> Mapping[str, Statement]:
        clauses = {
            name: delete(self._table).where(self._table.c[name] == self._given("value")) for name in self._findable
        }
        return {name: self._put_into_words(clause, ["value"]) for name, clause in clauses.items()}

    @cached_property
    def count(self) -> Statement:
        return self._put_into_words(select(func.count()).select_from(self._table), [])

    @property
    def _findable(self) -> tuple[str, ...]:
        return (*self.definition.unique, *self.definition.lookups)

    @property
    def _timed(self) -> ColumnElement[int]:
        if self._moment is None:
            raise LookupError(f"{self.definition.name} has no moment")
        return self._moment

    def _by_key(self) -> Select[Values]:
        return self._select().where(self._key == self._given("key"))

    def _by_value(self) -> Mapping[str, Select[Values]]:
        return {
            name: self._select().where(self._table.c[name] == self._given("value")).order_by(self._key)
            for name in self._findable
        }

    def _due(self) -> Select[Values]:
        due = self._select().where(self._timed <= bindparam("given_moment", type_=BigInteger()))
        return due.order_by(self._timed, self._key).limit(bindparam("given_limit", type_=Integer()))

    def _pages(self, order: list[ColumnElement[object]], which: ColumnElement[bool]) -> Pages:
        page = self._select().where(which).order_by(*order).limit(PAGE)
        names = [str(column.key) for column in order]
        last = tuple_(*(self._given_column(name) for name in names))
        following = page.where(tuple_(*order) > last)
        return Pages(
            self._put_into_words(page, []),
            self._put_into_words(following, names),
            tuple(self.definition.columns.index(name) for name in names),
        )

    def _select(self) -> Select[Values]:
        return select(*(self._table.c[name] for name in self.definition.columns))

    def _insert(self) -> postgresql.Insert | sqlite.Insert:
        insert = postgresql.insert if self._dialect.name == "postgresql" else sqlite.insert
        return insert(self._table).values({name: self._given_column(name) for name in self.definition.columns})

    def _given(self, name: str) -> BindParameter[str]:
        return bindparam(f"given_{name}", type_=Text())

    def _given_column(self, name: str) -> BindParameter[Any]:
        kind = self._table.c[name].type
        return bindparam(f"given_{name}", type_=Text() if isinstance(kind, Text) else kind)

    def _put_into_words(self, clause: ClauseElement, names: Sequence[str]) -> Statement:
        compiled = clause.compile(dialect=self._dialect)
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None
        given = [f"given_{name}" for name in names]
        constants = {name: value for name, value in compiled.params.items() if name not in given}
        places = [[*given, *constants].index(name) for name in compiled.positiontup]
        sql = str(compiled)
        return Statement(
            sql.encode() if self._dialect.name == "postgresql" else sql, _filler(places, tuple(constants.values()))
        )


def _filler(places: Sequence[int], constants: Values) -> Callable[[Values], Values]:
    """How to bring given values, and constants after them, into the order of these places."""
    if not constants and list(places) == list(range(len(places))):
        return lambda values: values
    if len(places) == 1:
        return lambda values: ((values + constants)[places[0]],)
    pick = itemgetter(*places)
    return lambda values: pick(values + constants)
