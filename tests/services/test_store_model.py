"""Whatever is done to a store, it gives and keeps what the model, the tables in memory, gives and keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blockwright.failure import Failure
from blockwright.services.backends import rows
from blockwright.services.backends.memory import MemoryTables
from blockwright.services.backends.rows import Definition
from blockwright.services.backends.sql.schema import TABLES
from blockwright.services.backends.store import Rows, Store, Tables
from tests.services.stores import STORES
from tests.services.world import run


@pytest.fixture(params=["sqlite", "postgresql"])
def sql_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = STORES[request.param](tmp_path)
    yield store
    run(store.close())


@dataclass(frozen=True)
class Operation:
    table: str
    method: str
    values: tuple[object, ...]


TEXTS = st.sampled_from(
    ["", "a", "B", "b", "ab", "é", "Ａ", "ﬁ", "%s", "'; --", "😀", "\U0010ffff", "\uffff", "x" * 3000]
)
ODD_TEXTS = TEXTS | st.sampled_from(["\0", "a\0b", "\ud800", "b\udfff"])
NUMBERS = st.sampled_from([0, 1, 2, 3, 5, -1, 2**31, 2**63 - 1, -(2**63)])
ODD_NUMBERS = NUMBERS | st.sampled_from([2**63, -(2**70)])
DEFINITIONS: dict[str, Definition[object]] = {
    "settings": rows.SETTINGS,
    "users": rows.USERS,
    "columns": rows.COLUMNS,
    "links": rows.LINKS,
    "sessions": rows.SESSIONS,
    "roles": rows.ROLES,
    "grants": rows.GRANTS,
    "keys": rows.KEYS,
    "mails": rows.MAILS,
    "throttles": rows.THROTTLES,
    "templates": rows.TEMPLATES,
}


def rows_of(definition: Definition[object]) -> st.SearchStrategy[object]:
    def values(kind: str) -> st.SearchStrategy[object]:
        some: st.SearchStrategy[object] = {"str": ODD_TEXTS, "int": ODD_NUMBERS, "bool": st.booleans()}[kind.split()[0]]
        return some | st.none() if kind.endswith("None") else some

    kinds: dict[str, str] = definition.row.__annotations__
    return st.builds(definition.row, **{name: values(kind) for name, kind in kinds.items()})


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    table = draw(st.sampled_from(list(DEFINITIONS)))
    definition = DEFINITIONS[table]
    findable = (*definition.unique, *definition.lookups)
    methods = ["get", "all", "add", "add", "add", "put", "put", "replace", "replace", "remove", "count"]
    methods += ["find", "find", "remove_all"] if findable else []
    methods += ["until", "first_moment"] if definition.moment else []
    method = draw(st.sampled_from(methods))
    values: tuple[object, ...] = ()
    if method in ("get", "remove"):
        values = (draw(ODD_TEXTS),)
    elif method in ("find", "remove_all"):
        values = (draw(st.sampled_from(findable)), draw(ODD_TEXTS | st.none()))
    elif method == "until":
        values = (draw(NUMBERS.filter(lambda number: number < 2**63 - 1)), draw(st.integers(0, 4)))
    elif method in ("add", "put", "replace"):
        values = (draw(rows_of(definition)),)
    return Operation(table, method, values)


def do(tables: Tables, operation: Operation) -> object:
    """Do an operation; gives its result, or the code of its failure."""
    table: Rows[object] = getattr(tables, operation.table)
    if operation.method == "put" and is_taken(table, DEFINITIONS[operation.table], operation.values[0]):
        return "not allowed"
    try:
        result = getattr(table, operation.method)(*operation.values)
    except Failure as failure:
        return failure.code
    return list(result) if operation.method == "all" else result


def is_taken(table: Rows[object], definition: Definition[object], row: object) -> bool:
    return any(
        getattr(other, definition.key) != getattr(row, definition.key)
        for column in definition.unique
        for other in table.find(column, getattr(row, column))
    )


class TakenBackError(Exception):
    """A change that is to leave nothing behind."""


def do_all(tables: Tables, batch: list[Operation], *, stays: bool, results: list[object]) -> None:
    results[:] = [do(tables, operation) for operation in batch]
    if not stays:
        raise TakenBackError


def everything(tables: Tables) -> dict[str, object]:
    return {name: list(getattr(tables, name).all()) for name in DEFINITIONS}


async def clear(store: Store) -> None:
    def work(tables: Tables) -> None:
        for name, definition in DEFINITIONS.items():
            table: Rows[object] = getattr(tables, name)
            for row in table.all():
                table.remove(getattr(row, definition.key))

    await store.change(work)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(operations(), max_size=12), st.booleans()), max_size=5))
def test_whatever_is_done_every_store_gives_and_keeps_the_same(
    sql_store: Store, batches: list[tuple[list[Operation], bool]]
) -> None:
    async def main() -> None:
        await clear(sql_store)
        model = MemoryTables()
        for batch, stays in batches:
            expected: list[object] = []
            results: list[object] = []
            try:
                do_all(model, batch, stays=stays, results=expected)
                model.keep()
            except TakenBackError:
                model.take_back()
            try:
                await sql_store.change(lambda tables: do_all(tables, batch, stays=stays, results=results))  # noqa: B023
            except TakenBackError:
                assert not stays
            assert results == expected
        assert await sql_store.read(everything) == everything(model)

    run(main())


def test_the_model_knows_every_table() -> None:
    assert {definition.name for definition in DEFINITIONS.values()} == set(TABLES)
    assert set(DEFINITIONS) == {name for name in vars(MemoryTables()) if not name.startswith("_")}
    assert all(fields(definition.row) for definition in DEFINITIONS.values())  # type: ignore[arg-type]
