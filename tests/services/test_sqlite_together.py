"""Changes of an SQLite file that wait at the same time share one transaction: each is wholly there or not at all, as if
it had been alone, and what goes wrong with one is nobody else's."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blockwright.failure import Failure
from blockwright.services.backends.memory import MemoryTables
from blockwright.services.backends.rows import SettingRow
from blockwright.services.backends.sql import store as store_module
from blockwright.services.backends.sql.store import SqlStore
from blockwright.services.backends.store import Tables
from tests.services.disks import tiny_disk
from tests.services.sqlite_files import PATIENT, store_at
from tests.services.test_store_model import Operation, TakenBackError, clear, do_all, everything, operations
from tests.services.together import Change, Queue, together
from tests.services.world import run


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    store = store_at(path, PATIENT)
    run(store.upgrade())
    yield store
    run(store.close())


async def all_at_once(store: SqlStore, *changes: Change) -> list[object]:
    return await together(store, *(store.change(change) for change in changes))


def keeping(name: str, value: str = "1") -> Change:
    return lambda tables: tables.settings.put(SettingRow(name, value))


def kept(store: SqlStore) -> list[str]:
    return run(store.read(lambda tables: [row.name for row in tables.settings.all()]))


def seen_from_outside(path: Path) -> int:
    """How many settings are in the file for somebody else."""
    with sqlite3.connect(path) as connection:
        (count,) = connection.execute("SELECT count(*) FROM settings").fetchone()
    connection.close()
    return cast(int, count)


def test_changes_that_wait_at_the_same_time_become_visible_at_the_same_time(store: SqlStore, path: Path) -> None:
    def keep_and_look(name: str) -> Change:
        def work(tables: Tables) -> tuple[int, int]:
            tables.settings.put(SettingRow(name, "1"))
            return tables.settings.count(), seen_from_outside(path)

        return work

    outcomes = run(all_at_once(store, *(keep_and_look(str(number)) for number in range(5))))

    assert outcomes == [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0)]
    assert seen_from_outside(path) == 5


def test_a_change_that_nobody_waits_beside_is_there_when_it_is_answered(store: SqlStore, path: Path) -> None:
    run(store.change(keeping("a")))

    assert seen_from_outside(path) == 1


def test_what_one_of_them_raises_takes_back_that_one_alone(store: SqlStore) -> None:
    def failing(tables: Tables) -> None:
        tables.settings.put(SettingRow("b", "1"))
        tables.settings.put(SettingRow("a", "2"))
        raise Failure(3033, "taken")

    failed = run(all_at_once(store, keeping("a"), failing, keeping("c")))[1]

    assert isinstance(failed, Failure)
    assert failed.code == 3033
    assert kept(store) == ["a", "c"]
    assert run(store.read(lambda tables: tables.settings.get("a"))) == SettingRow("a", "1")


def test_what_the_database_refuses_of_one_of_them_is_refused_for_that_one_alone(store: SqlStore) -> None:
    refused = run(all_at_once(store, keeping("a"), keeping("b", cast(str, None)), keeping("c")))[1]

    assert isinstance(refused, Failure)
    assert refused.code == "unavailable"
    assert kept(store) == ["a", "c"]


def test_one_that_is_cancelled_while_it_waits_is_not_done(store: SqlStore) -> None:
    async def main() -> list[object]:
        queue = Queue(store)
        await queue.add(*(store.change(keeping(name)) for name in "abc"))
        queue.cancel(1)
        await asyncio.sleep(0)
        return await queue.outcomes()

    outcomes = run(main())

    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert kept(store) == ["a", "c"]


def test_one_that_never_ends_is_given_up_and_the_others_are_done(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()

    def stuck(tables: Tables) -> None:
        tables.settings.put(SettingRow("stuck", "1"))
        never.wait(20)

    async def main() -> list[object]:
        queue = Queue(store)
        await queue.add(store.change(keeping("a")))
        monkeypatch.setattr(store_module, "GRACE", 0.5 - PATIENT)
        await queue.add(store.change(stuck))
        monkeypatch.undo()
        await queue.add(store.change(keeping("c")))
        queue.go_on()
        asyncio.get_running_loop().call_later(1, never.set)
        return await queue.outcomes()

    failure = run(main())[1]

    assert isinstance(failure, Failure)
    assert failure.message.endswith("does not answer in time; try again.")
    assert kept(store) == ["a", "c"]


def test_rows_are_not_read_in_the_next_ones_part_of_the_transaction(store: SqlStore) -> None:
    run(store.change(keeping("a")))
    rows: list[Iterator[SettingRow]] = []

    def take(tables: Tables) -> None:
        rows.append(tables.settings.all())

    def read(_tables: Tables) -> list[SettingRow]:
        return list(rows[0])

    outcomes = run(all_at_once(store, take, read))

    assert isinstance(outcomes[1], RuntimeError)


def test_a_database_that_is_not_there_yet_is_made_for_all_of_them(path: Path) -> None:
    store = store_at(path, PATIENT)

    run(all_at_once(store, keeping("a"), keeping("b")))

    assert kept(store) == ["a", "b"]
    run(store.close())


def test_on_a_full_disk_exactly_those_are_there_that_were_not_refused() -> None:
    with tiny_disk() as folder:
        store = store_at(folder / "users.db", PATIENT)
        run(store.upgrade())

        outcomes = run(all_at_once(store, *(keeping(f"{number:03}", "x" * 10_000) for number in range(200))))

        refused = [isinstance(outcome, Failure) for outcome in outcomes]
        assert kept(store) == [f"{number:03}" for number in range(200) if not refused[number]]
        assert 10 < refused.count(False) < 200
        run(store.close())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(operations(), max_size=12), st.booleans()), max_size=8))
def test_they_give_and_keep_what_they_would_one_after_the_other(
    store: SqlStore, batches: Sequence[tuple[list[Operation], bool]]
) -> None:
    model, expected = MemoryTables(), []
    for batch, stays in batches:
        expected.append(results_of(model, batch, stays=stays))

    def change(batch: list[Operation], results: list[object], *, stays: bool) -> Change:
        return lambda tables: do_all(tables, batch, stays=stays, results=results)

    async def main() -> list[list[object]]:
        await clear(store)
        results: list[list[object]] = [[] for _ in batches]
        changes = [change(batch, kept, stays=stays) for (batch, stays), kept in zip(batches, results, strict=True)]
        outcomes = await all_at_once(store, *changes)
        assert [isinstance(outcome, TakenBackError) for outcome in outcomes] == [not stays for _, stays in batches]
        return results

    assert run(main()) == expected
    assert run(store.read(everything)) == everything(model)


def results_of(model: MemoryTables, batch: list[Operation], *, stays: bool) -> list[object]:
    results: list[object] = []
    try:
        do_all(model, batch, stays=stays, results=results)
        model.keep()
    except TakenBackError:
        model.take_back()
    return results
