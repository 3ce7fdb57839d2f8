"""What a store promises, held against every store there is: one model, real files, a real server."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from blockwright.failure import Failure
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.rows import (
    ColumnRow,
    GrantRow,
    KeyRow,
    MailRow,
    SettingRow,
    ThrottleRow,
    UserRow,
    grant_key,
)
from blockwright.services.backends.store import Store, Tables
from tests.services.stores import STORES
from tests.services.world import run

T = TypeVar("T")


@pytest.fixture(params=list(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = STORES[request.param](tmp_path)
    yield store
    run(store.close())


@pytest.fixture(params=["sqlite", "postgresql"])
def sql_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    store = STORES[request.param](tmp_path)
    yield store
    run(store.close())


def user(object_id: str, identity_key: str | None = None, created: int = 0) -> UserRow:
    return UserRow(object_id, identity_key, identity_key, None, "ENABLED", created, None, None, "BACKENDLESS", "{}")


def mail(mail_id: str, due: int | None, state: str = "waiting") -> MailRow:
    return MailRow(mail_id, "a@x.com", "Hi", "Hi", "", "b@x.com", "B", 0, state, 0, due, None, None)


def test_what_is_changed_is_there_for_the_next(store: Store) -> None:
    row = user("1", "a@x.com")

    assert run(store.change(lambda tables: tables.users.add(row)))

    assert run(store.read(lambda tables: tables.users.get("1"))) == row
    assert run(store.read(lambda tables: tables.users.find("identity_key", "a@x.com"))) == [row]


@pytest.mark.parametrize("error", [Failure(3033, "taken"), KeyError("x"), KeyboardInterrupt()])
def test_what_a_change_raises_comes_out_and_takes_everything_back(store: Store, error: BaseException) -> None:
    run(store.change(lambda tables: tables.settings.add(SettingRow("kept", "1"))))

    def work(tables: Tables) -> None:
        tables.settings.put(SettingRow("kept", "2"))
        tables.users.add(user("1"))
        raise error

    async def main() -> BaseException | None:
        try:
            await store.change(work)
        except BaseException as caught:
            return caught
        return None

    assert run(main()) is error
    assert run(store.read(lambda tables: [*tables.settings.all(), *tables.users.all()])) == [SettingRow("kept", "1")]


def test_a_failed_read_leaves_the_store_usable(store: Store) -> None:
    for _ in range(12):
        with pytest.raises(KeyError):
            run(store.read(lambda tables: {}[tables.users.count()]))

    assert run(store.read(lambda tables: tables.users.count())) == 0


def test_rows_come_in_the_order_of_their_moments_then_of_their_keys_by_characters(store: Store) -> None:
    keys = ["b", "B", "a", "ä", "Z", "z", "_", "😀", "\uffff", "-"]

    def work(tables: Tables) -> None:
        for key in keys:
            tables.mails.add(mail(f"late {key}", None))
            tables.mails.add(mail(key, 7))
        tables.mails.add(mail("first", 6))

    run(store.change(work))

    expected = ["first", *sorted(keys), *(f"late {key}" for key in sorted(keys))]
    assert run(store.read(lambda tables: [row.mail_id for row in tables.mails.all()])) == expected
    found = run(store.read(lambda tables: tables.mails.find("state", "waiting")))
    assert [row.mail_id for row in found] == sorted(expected)


def test_any_number_of_rows_is_read_in_order(store: Store) -> None:
    dues = [None if number % 3 == 0 else number % 7 for number in range(1600)]

    def work(tables: Tables) -> None:
        for number, due in enumerate(dues):
            tables.mails.add(mail(f"{number:05}", due))
            tables.settings.add(SettingRow(f"{number:05}", ""))

    run(store.change(work))

    timed = sorted((due, f"{number:05}") for number, due in enumerate(dues) if due is not None)
    rest = [f"{number:05}" for number, due in enumerate(dues) if due is None]
    mails = run(store.read(lambda tables: [row.mail_id for row in tables.mails.all()]))
    assert mails == [key for _, key in timed] + rest
    assert len(run(store.read(lambda tables: list(tables.settings.all())))) == 1600


def test_rows_may_be_changed_while_all_are_gone_through(store: Store) -> None:
    def fill(tables: Tables) -> None:
        for number in range(1100):
            tables.throttles.add(ThrottleRow(f"{number:05}", number))

    def thin_out(tables: Tables) -> int:
        return sum(tables.throttles.remove(row.key) for row in tables.throttles.all() if row.until % 2)

    run(store.change(fill))

    assert run(store.change(thin_out)) == 550
    assert run(store.read(lambda tables: tables.throttles.count())) == 550


def test_rows_are_not_read_after_their_transaction(sql_store: Store) -> None:
    run(sql_store.change(lambda tables: tables.settings.add(SettingRow("a", "1"))))

    escaped = run(sql_store.read(lambda tables: tables.settings.all()))

    with pytest.raises(RuntimeError, match="only until their transaction ends"):
        list(escaped)


def test_booleans_and_nothing_come_back_as_they_were(store: Store) -> None:
    kept = [ColumnRow("a", "STRING", True, "null"), ColumnRow("b", "INT", False, "1")]
    key = KeyRow("d", "1", "REST", "", None, 0)

    run(store.change(lambda tables: [tables.columns.add(row) for row in kept] + [tables.keys.add(key)]))

    found = run(store.read(lambda tables: list(tables.columns.all())))
    assert found == kept
    assert [type(row.required) for row in found] == [bool, bool]
    assert run(store.read(lambda tables: tables.keys.get("d"))) == key


@pytest.mark.parametrize("text", ["\0", "a\0", "\ud800", "x\udc00"])
def test_a_text_that_some_store_cannot_keep_is_refused_by_all_and_never_found(store: Store, text: str) -> None:
    for method in ("add", "put", "replace"):
        with pytest.raises(Failure) as caught:
            run(store.change(lambda tables: getattr(tables.settings, method)(SettingRow("a", text))))  # noqa: B023
        assert caught.value.code == "bad value"

    def look(tables: Tables) -> object:
        return tables.users.get(text), tables.users.find("identity_key", text), tables.users.remove(text)

    assert run(store.change(look)) == (None, [], False)


def in_parallel(count: int, call: Callable[[int], T]) -> list[T]:
    together = threading.Barrier(count)

    def one(number: int) -> T:
        together.wait()
        return call(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_of_many_who_count_one_thing_at_once_each_counts(store: Store) -> None:
    """Also when nothing was counted before, so that there was no row to hold."""

    def work(tables: Tables) -> None:
        row = tables.throttles.get("one thing")
        tables.throttles.put(ThrottleRow("one thing", row.until + 1 if row else 1))

    in_parallel(24, lambda _: run(store.change(work)))

    assert run(store.read(lambda tables: tables.throttles.get("one thing"))) == ThrottleRow("one thing", 24)


def test_of_many_who_add_what_is_unique_at_once_one_succeeds(store: Store) -> None:
    added = in_parallel(20, lambda number: run(store.change(lambda tables: tables.users.add(user(str(number), "a")))))

    assert added.count(True) == 1
    assert run(store.read(lambda tables: tables.users.count())) == 1


def test_of_many_who_become_what_is_unique_at_once_one_succeeds(store: Store) -> None:
    run(store.change(lambda tables: [tables.users.add(user(str(number))) for number in range(12)]))

    became = in_parallel(
        12, lambda number: run(store.change(lambda tables: tables.users.replace(user(str(number), "a"))))
    )

    assert became.count(True) == 1
    assert len(run(store.read(lambda tables: tables.users.find("identity_key", "a")))) == 1


def test_of_many_who_take_what_is_due_each_gets_what_nobody_else_got(store: Store) -> None:
    run(store.change(lambda tables: [tables.mails.add(mail(f"{number:02}", 1)) for number in range(30)]))

    def take(tables: Tables) -> list[str]:
        taken = tables.mails.until(5, 5)
        for row in taken:
            tables.mails.put(mail(row.mail_id, None, "sending"))
        return [row.mail_id for row in taken]

    batches = in_parallel(6, lambda _: run(store.change(take)))
    rest = run(store.change(take))

    taken = [mail_id for batch in [*batches, rest] for mail_id in batch]
    assert len(taken) == len(set(taken))
    assert rest == [] or len(rest) <= 5


def test_who_holds_rows_in_different_orders_waits_but_never_for_ever(store: Store) -> None:
    run(store.change(lambda tables: [tables.users.add(user(key)) for key in "ab"]))
    met = threading.Barrier(2)

    def work(first: str, second: str) -> Callable[[Tables], None]:
        runs = [0]

        def hold(tables: Tables) -> None:
            runs[0] += 1
            tables.users.get(first)
            if runs[0] == 1:
                try_to_meet(met)
            held = tables.users.get(second)
            assert held is not None
            tables.users.put(user(second, None, held.created + 1))

        return hold

    in_parallel(2, lambda number: run(store.change(work(*("ab", "ba")[number]))))

    assert [row.created for row in run(store.read(lambda tables: list(tables.users.all())))] == [1, 1]


def try_to_meet(barrier: threading.Barrier) -> None:
    """Wait for another, where another may come at all."""
    try:
        barrier.wait(0.3)
    except threading.BrokenBarrierError:
        return


def test_what_a_change_got_stays_as_it_is_until_it_ends(store: Store) -> None:
    run(store.change(lambda tables: tables.users.add(user("a"))))
    got, done = threading.Event(), threading.Event()
    seen: list[int] = []

    def hold(tables: Tables) -> None:
        tables.users.get("a")
        got.set()
        assert not done.wait(0.3)
        row = tables.users.get("a")
        seen.append(-1 if row is None else row.created)

    def disturb(tables: Tables) -> None:
        tables.users.get("a")
        tables.users.put(user("a", None, 99))
        done.set()

    def call(number: int) -> None:
        if number:
            got.wait(10)
        run(store.change((hold, disturb)[number]))

    in_parallel(2, call)

    assert seen == [0]
    assert done.is_set()


def test_a_read_sees_one_state_however_long_it_takes(sql_store: Store) -> None:
    run(sql_store.change(lambda tables: tables.settings.add(SettingRow("a", "1"))))
    began, changed = threading.Event(), threading.Event()

    def look(tables: Tables) -> list[object]:
        first = list(tables.settings.all())
        began.set()
        changed.wait(10)
        return [first, list(tables.settings.all())]

    def change(tables: Tables) -> None:
        tables.settings.put(SettingRow("a", "2"))

    def call(number: int) -> object:
        if number == 0:
            return run(sql_store.read(look))
        began.wait(10)
        run(sql_store.change(change))
        changed.set()
        return None

    before, after = in_parallel(2, call)[0]  # type: ignore[misc]

    assert before == after == [SettingRow("a", "1")]
    assert run(sql_store.read(lambda tables: list(tables.settings.all()))) == [SettingRow("a", "2")]


def test_a_store_is_used_from_many_loops_and_after_it_was_closed(store: Store) -> None:
    for number in range(3):
        grant = GrantRow(grant_key("1", str(number)), "1", str(number))
        run(store.change(lambda tables: tables.grants.add(grant)))  # noqa: B023
        found = run(store.read(lambda tables: [row.role for row in tables.grants.find("object_id", "1")]))
        assert found == [str(role) for role in range(number + 1)]
        if not isinstance(store, MemoryStore):
            run(store.close())


def test_a_cancelled_change_is_done_or_not_but_never_half(store: Store) -> None:
    async def main() -> None:
        for number in range(30):
            key = f"{number}"

            def work(tables: Tables, key: str = key) -> None:
                tables.users.add(user(key))
                tables.sessions.count()
                tables.grants.add(GrantRow(key, key, "x"))

            task = asyncio.create_task(store.change(work))
            for _ in range(number % 5):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await store.change(lambda tables: tables.settings.add(SettingRow("the last", "")))

    run(main())

    users, grants = run(store.read(lambda tables: (list(tables.users.all()), list(tables.grants.all()))))
    assert {row.object_id for row in users} == {row.object_id for row in grants}


def test_two_stores_of_one_database_see_each_other(tmp_path: Path) -> None:
    for open_one in (STORES["sqlite"], STORES["postgresql"]):
        first, second = open_one(tmp_path), open_one(tmp_path)
        name = str(uuid.uuid4())

        run(first.change(lambda tables: tables.settings.add(SettingRow(name, "1"))))  # noqa: B023

        assert run(second.read(lambda tables: tables.settings.get(name))) == SettingRow(name, "1")  # noqa: B023
        assert not run(second.change(lambda tables: tables.settings.add(SettingRow(name, "2"))))  # noqa: B023
        run(first.close())
        run(second.close())
