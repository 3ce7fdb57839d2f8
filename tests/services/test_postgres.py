"""PostgreSQL in hard times: every failure is coded, arrives in time, says what to do, and the store recovers."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import psycopg
import pytest

from blockwright.failure import Failure
from blockwright.services.backends.rows import SettingRow, ThrottleRow, UserRow
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.sql import store as store_module
from blockwright.services.backends.sql.postgresql import PostgresqlDriver
from blockwright.services.backends.sql.store import SqlStore
from blockwright.services.backends.sql.urls import ServerPlace, parse_url
from blockwright.services.backends.store import Tables
from tests.services.postgres import OURS, Postgres, postgres
from tests.services.world import code_of, failure_of, in_threads, label, run

ONE = SettingRow("one", "1")


@pytest.fixture
def server() -> Postgres:
    return postgres()


@pytest.fixture
def url(server: Postgres) -> str:
    return server.fresh()


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = open_store(f"{url}&timeout=5")
    yield store
    run(store.close())


def add(tables: Tables) -> bool:
    return tables.settings.add(ONE)


def adding(row: SettingRow) -> Callable[[Tables], bool]:
    return lambda tables: tables.settings.add(row)


def count(tables: Tables) -> int:
    return tables.settings.count()


def user(object_id: str) -> UserRow:
    return UserRow(object_id, None, None, None, "ENABLED", 0, None, None, "BACKENDLESS", "{}")


def names_in(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_reading_and_failing_make_no_tables(url: str, store: SqlStore) -> None:
    def fail(tables: Tables) -> None:
        tables.settings.add(ONE)
        raise Failure(3033, "taken")

    assert run(store.read(count)) == 0
    assert code_of(store.change(fail)) == 3033
    assert names_in(url) == set()


def test_tables_may_stand_beside_those_of_other_programs(url: str, store: SqlStore) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE orders (number integer)")

    assert run(store.change(add))

    assert {"orders", "users", "settings"} <= names_in(url)


def test_a_database_whose_users_are_of_another_program_is_left_alone(url: str, store: SqlStore) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE users (number integer)")

    for call in (lambda: store.read(count), lambda: store.change(add), store.upgrade):
        failure = failure_of(call())
        assert failure.code == "unavailable"
        assert "belongs to something else" in failure.message
    assert names_in(url) == {"users"}


def test_a_schema_of_its_own_is_chosen_by_the_url(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA mine")
        connection.execute("CREATE TABLE users (number integer)")
    store = open_store(f"{url}&options={quote('-csearch_path=mine')}")

    assert run(store.change(add))
    assert run(store.read(count)) == 1

    assert names_in(url) == {"users"}
    run(store.close())


def test_a_database_that_cannot_keep_every_letter_is_refused(server: Postgres) -> None:
    store = open_store(server.fresh("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"))

    failure = failure_of(store.change(add))

    assert failure.code == "unavailable"
    assert failure.message.endswith("cannot keep every letter; make it with: createdb -E UTF8")
    run(store.close())


def test_many_may_make_the_tables_at_once(url: str) -> None:
    stores = [open_store(f"{url}&timeout=30") for _ in range(4)]

    added = in_threads(8, lambda number: stores[number % 4].change(add))

    assert sorted(added, key=str) == [False] * 7 + [True]
    for store in stores:
        run(store.close())


def end_connections(url: str) -> None:
    """What a restart of the server, or an impatient owner, does to connections."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def test_connections_that_ended_between_calls_are_not_noticed(url: str, store: SqlStore) -> None:
    run(store.change(add))
    run(store.read(count))

    end_connections(url)

    assert run(store.read(count)) == 1
    assert not run(store.change(add))


@pytest.mark.parametrize("method", ["read", "change"])
def test_a_connection_that_ends_within_a_call_is_replaced_and_the_work_done_again(
    url: str, store: SqlStore, method: str
) -> None:
    run(store.change(add))
    runs: list[int] = []

    def work(tables: Tables) -> int:
        runs.append(tables.settings.count())
        if method == "change":
            tables.settings.put(SettingRow("two", "2"))
        if len(runs) == 1:
            end_connections(url)
        return tables.settings.count()

    assert run(getattr(store, method)(work)) == (2 if method == "change" else 1)
    assert runs == [1, 1]


def test_a_change_that_lost_its_connection_at_the_very_end_is_not_done_again(url: str, store: SqlStore) -> None:
    """Nobody knows then whether it was done; who asked hears so."""
    run(store.change(add))
    runs: list[int] = []

    def work(tables: Tables) -> None:
        tables.settings.put(SettingRow(f"run {len(runs)}", ""))
        runs.append(1)
        end_connections(url)

    assert code_of(store.change(work)) == "unavailable"
    assert len(runs) == 1
    assert run(store.read(count)) == 1


def test_two_changes_that_wait_for_each_other_are_begun_again(store: SqlStore) -> None:
    run(store.change(lambda tables: [tables.users.add(user(key)) for key in "ab"]))
    both = threading.Barrier(2)
    runs: list[str] = []

    def work(first: str, second: str) -> object:
        def hold(tables: Tables) -> None:
            runs.append(first)
            tables.users.get(first)
            if len(runs) <= 2:
                both.wait(10)
            tables.users.get(second)

        return hold

    results = in_threads(2, lambda number: store.change(work(*("ab", "ba")[number])))  # type: ignore[arg-type]

    assert results == [None, None]
    assert len(runs) >= 3


def test_a_row_that_another_program_holds_is_waited_for_in_bounded_time(url: str) -> None:
    patient, store = open_store(f"{url}&timeout=20"), open_store(f"{url}&timeout=0.2")
    run(store.change(lambda tables: [tables.users.add(user(key)) for key in "ab"]))
    other = psycopg.connect(url)
    other.execute("SELECT * FROM users WHERE object_id = 'a' FOR UPDATE")
    start = time.monotonic()

    failure = failure_of(store.change(lambda tables: tables.users.get("a")))

    assert failure.code == "unavailable"
    assert "is locked by another program; try again" in failure.message
    assert 0.2 <= time.monotonic() - start < 5
    assert run(store.change(lambda tables: tables.users.get("b"))) == user("b")
    assert run(store.read(lambda tables: tables.users.get("a"))) == user("a")
    release = threading.Timer(0.2, other.rollback)
    release.start()
    assert run(patient.change(lambda tables: tables.users.get("a"))) == user("a")
    release.join()
    other.close()
    run(store.close())
    run(patient.close())


def test_what_another_change_holds_is_not_among_what_is_due(url: str, store: SqlStore) -> None:
    run(store.change(lambda tables: [tables.throttles.add(ThrottleRow(key, 1)) for key in "abc"]))
    other = psycopg.connect(url)
    other.execute("SELECT * FROM throttles WHERE key = 'b' FOR UPDATE")

    due = run(store.change(lambda tables: [row.key for row in tables.throttles.until(5, 2)]))

    assert due == ["a", "c"]
    assert [row.key for row in run(store.read(lambda tables: tables.throttles.until(5, 9)))] == ["a", "b", "c"]
    other.close()


def test_more_calls_than_connections_wait_for_their_turn(store: SqlStore) -> None:
    run(store.change(add))

    async def main() -> list[bool]:
        names = [SettingRow(f"{number}", "") for number in range(100)]
        return await asyncio.gather(*(store.change(adding(row)) for row in names))

    assert run(main()) == [True] * 100
    assert run(store.read(count)) == 101


@pytest.mark.skipif(bool(OURS), reason="only a server of the tests' own may be stopped")
def test_a_connection_that_goes_silent_is_given_up_in_bounded_time_and_another_is_made(
    url: str, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "GRACE", 1.0)
    monkeypatch.setattr(PostgresqlDriver, "writers", 1)
    impatient = open_store(f"{url}&timeout=1")
    run(impatient.change(add))
    with psycopg.connect(url, autocommit=True) as other:
        found = other.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        ).fetchall()
    start = time.monotonic()
    for (pid,) in found:
        os.kill(pid, signal.SIGSTOP)
    try:
        failure = failure_of(impatient.change(lambda tables: tables.settings.put(SettingRow("two", "2"))))
        assert time.monotonic() - start < 5
        assert not run(impatient.change(add))
    finally:
        for (pid,) in found:
            os.kill(pid, signal.SIGCONT)

    assert failure.code == "unavailable"
    assert failure.message.endswith("does not answer in time; try again.")
    assert run(store.read(count)) == 1
    run(impatient.close())


@pytest.mark.skipif(bool(OURS), reason="only a server of the tests' own may be stopped")
def test_a_stopped_server_is_unavailable_and_used_again_once_it_is_back(server: Postgres, store: SqlStore) -> None:
    run(store.change(add))
    server.stop()
    start = time.monotonic()
    try:
        failures = [failure_of(store.read(count)), failure_of(store.change(add)), failure_of(store.upgrade())]
    finally:
        server.start()

    assert [failure.code for failure in failures] == ["unavailable"] * 3
    assert all("cannot be reached just now; check that its server runs" in each.message for each in failures)
    assert time.monotonic() - start < 20
    assert run(store.read(count)) == 1
    assert not run(store.change(add))


def test_a_database_that_is_not_there_is_unavailable_and_says_so(server: Postgres) -> None:
    store = open_store(server.url_of("nowhere"))

    for call in (lambda: store.read(count), lambda: store.change(add), store.upgrade):
        failure = failure_of(call())
        assert failure.code == "unavailable"
        assert "The user database nowhere on " in failure.message
        assert failure.message.endswith("does not exist; make it first, with createdb.")
    run(store.close())


def test_a_port_where_nobody_listens_is_unavailable_and_nothing_secret_is_said() -> None:
    store = open_store("postgresql://alice:secret@127.0.0.1:1/users?timeout=0.5")

    failure = failure_of(store.change(add))

    assert failure.message == (
        "The user database users on 127.0.0.1 cannot be reached just now; check that its server runs."
    )
    assert "secret" not in repr(failure.__dict__)
    run(store.close())


def test_a_user_whom_the_server_does_not_know_is_told_so(url: str) -> None:
    store = open_store(url.replace("user=postgres", "user=nobody&password=secret"))

    failure = failure_of(store.read(count))

    assert failure.message.endswith("refuses the user and password of its URL.")
    run(store.close())


def test_a_user_without_rights_is_told_so(server: Postgres, url: str, store: SqlStore) -> None:
    run(store.change(add))
    name = f"guest_{os.getpid()}"
    server.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
    try:
        guest = open_store(url.replace("user=postgres", f"user={name}&password=secret"))
        failure = failure_of(guest.read(count))
        run(guest.close())
    finally:
        server.execute(f"DROP ROLE {name}")

    assert failure.code == "unavailable"
    assert failure.message.endswith("may not be used so by the user of its URL; grant the rights to him.")


def test_a_user_who_may_only_read_is_told_so_when_he_writes(server: Postgres, url: str, store: SqlStore) -> None:
    run(store.change(add))
    name = f"reader_{os.getpid()}"
    server.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
    with psycopg.connect(url) as connection:
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}".encode())
    reader = open_store(url.replace("user=postgres", f"user={name}&password=secret"))

    assert run(reader.read(count)) == 1
    assert failure_of(reader.change(add)).message.endswith("grant the rights to him.")

    run(reader.close())
    with psycopg.connect(url) as connection:
        connection.execute(f"DROP OWNED BY {name}".encode())
    server.execute(f"DROP ROLE {name}")


def test_what_is_unique_is_not_in_the_failure_of_a_rule_that_breaks_it(store: SqlStore) -> None:
    def work(tables: Tables) -> None:
        for number in "12":
            tables.users.put(UserRow(number, "alice@x.com", None, None, "", 0, None, None, "", "{}"))

    failure = failure_of(store.change(work))

    assert failure.code == "unavailable"
    assert "alice" not in failure.message
    assert failure.__cause__ is None


@pytest.mark.parametrize(
    ("url", "parameters", "timeout"),
    [
        ("postgresql://db.example.com/users", {"host": "db.example.com", "dbname": "users"}, 2.0),
        ("postgres://a@h/users?timeout=7", {"host": "h", "dbname": "users", "user": "a"}, 7.0),
        (
            "PostgreSQL+Psycopg://a:s%40c@h:5433/users?sslmode=verify-full&timeout=0.5&sslrootcert=/ca.pem",
            {
                "host": "h", "port": "5433", "dbname": "users", "user": "a", "password": "s@c",
                "sslmode": "verify-full", "sslrootcert": "/ca.pem",
            },
            0.5,
        ),
        ("postgresql:///users?host=/var/run", {"host": "/var/run", "dbname": "users"}, 2.0),
        ("postgresql://[::1]:5/users", {"host": "::1", "port": "5", "dbname": "users"}, 2.0),
    ],
)  # fmt: skip
def test_the_parameters_of_libpq_pass_through(url: str, parameters: dict[str, str], timeout: float) -> None:
    place = parse_url(url)

    assert isinstance(place, ServerPlace)
    assert (place.parameters, place.timeout) == (parameters, timeout)
    assert "s@c" not in repr(place)
    assert "s@c" not in place.name


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:",
        "postgresql:users",
        "postgresql:/users",
        "postgresql://a:secret@host:port/users",
        "postgresql://a:secret@[::1/users",
        "postgresql://a:secret@h/users?timeout=soon",
        "postgresql://a:secret@h/users?timout=3",
        "postgresql://a:secret@h/users?secret=3",
        "postgresql://a:secret@h/users?sslmode",
        "postgresql://a:secret@h/u%zz",
        "postgresql://a:secret@h/u%00",
        "postgresql://a:secret@h/\x00",
        "postgresql://" + "x" * 5000,
    ],
    ids=label,
)
def test_a_url_that_names_no_server_is_refused_without_repeating_its_secrets(url: str) -> None:
    with pytest.raises(Failure) as caught:
        open_store(url)

    assert caught.value.code == "bad value"
    assert "secret" not in str(caught.value)
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


def test_a_misspelled_parameter_has_a_mend() -> None:
    with pytest.raises(Failure, match=r"did you mean timeout\?"):
        open_store("postgresql://h/users?timout=3")
    with pytest.raises(Failure, match=r"did you mean sslmode\?"):
        open_store("postgresql://h/users?ssl_mode=require")
