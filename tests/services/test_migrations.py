"""The tables of user databases through the releases: up, down, from the first release, and by several at once."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

import blockwright.services.backends.sql as package
from blockwright.failure import Failure
from blockwright.services import UserStatus
from blockwright.services.backends.rows import SettingRow
from blockwright.services.backends.sql import open_driver, open_store
from blockwright.services.backends.sql.schema import HEAD, TABLES, VERSION_TABLE, metadata
from blockwright.services.backends.sql.sessions import Driver
from blockwright.services.backends.sql.upgrading import NONE, downgrade, upgrade
from blockwright.services.confirmation import digest_of
from tests.services.postgres import postgres
from tests.services.world import NOON, World, code_of, failure_of, run

URLS: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder / 'users.db'}?timeout=20",
    "postgresql": lambda _folder: f"{postgres().fresh()}&timeout=20",
}


@pytest.fixture(params=list(URLS))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return URLS[request.param](tmp_path)


def in_transaction(driver: Driver, work: Callable[[Connection], object]) -> object:
    with driver.engine.connect() as connection, connection.begin():
        return work(connection)


def differences(driver: Driver) -> object:
    def compare(connection: Connection) -> object:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        return compare_metadata(context, metadata)

    return in_transaction(driver, compare)


def test_the_migrations_make_exactly_the_tables_that_the_code_uses(url: str) -> None:
    driver = open_driver(url)

    assert upgrade(driver) == (NONE, HEAD)

    assert differences(driver) == []


def test_the_newest_migration_is_the_version_that_the_code_uses() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).with_name("migrations")))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_tables_go_up_and_down_and_up_again(url: str) -> None:
    driver = open_driver(url)

    assert upgrade(driver) == (NONE, HEAD)
    assert upgrade(driver) == (HEAD, HEAD)
    assert downgrade(driver) == (HEAD, NONE)
    names = in_transaction(driver, lambda connection: set(inspect(connection).get_table_names()))
    assert names == {VERSION_TABLE}
    assert upgrade(driver) == (NONE, HEAD)
    assert differences(driver) == []


def test_a_database_without_tables_is_as_one_that_is_not_there(url: str) -> None:
    upgrade(open_driver(url))
    downgrade(open_driver(url))
    store = open_store(url)

    assert run(store.read(lambda tables: tables.users.count())) == 0
    assert run(store.change(lambda tables: tables.settings.add(SettingRow("a", "1"))))
    assert run(store.read(lambda tables: tables.settings.count())) == 1
    run(store.close())


def test_a_store_upgrades_and_says_from_what_to_what(url: str) -> None:
    store = open_store(url)

    assert run(store.upgrade()) == (NONE, HEAD)
    assert run(store.upgrade()) == (HEAD, HEAD)
    run(store.close())


def test_a_database_of_a_newer_release_is_refused_and_left_alone(url: str) -> None:
    driver, store = open_driver(url), open_store(url)
    upgrade(driver)
    in_transaction(
        driver, lambda connection: connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9'")
    )

    for call in (store.read(lambda tables: tables.users.count()), store.upgrade()):
        failure = failure_of(call)
        assert failure.code == "unavailable"
        assert "newer release" in failure.message
        assert f"its version is 9, this release reads {HEAD}" in failure.message
    run(store.close())


def test_who_was_connected_before_an_upgrade_by_a_newer_release_notices(url: str) -> None:
    store = open_store(url)
    run(store.change(lambda tables: tables.settings.add(SettingRow("a", "1"))))
    in_transaction(
        open_driver(url), lambda connection: connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9'")
    )

    assert code_of(store.read(lambda tables: tables.settings.count())) == "unavailable"
    assert code_of(store.change(lambda tables: tables.settings.count())) == "unavailable"
    run(store.close())


FIRST_RELEASE = """
CREATE TABLE blockwright_schema (version INTEGER NOT NULL);
CREATE TABLE users (
    object_id VARCHAR(36) NOT NULL, email VARCHAR(254) NOT NULL, email_key TEXT NOT NULL,
    user_status VARCHAR(32) NOT NULL, created BIGINT NOT NULL, updated BIGINT, properties TEXT NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (object_id), CONSTRAINT uq_users_email_key UNIQUE (email_key)
);
CREATE TABLE settings (name VARCHAR(100) NOT NULL, value TEXT NOT NULL, CONSTRAINT pk_settings PRIMARY KEY (name));
CREATE TABLE confirmation_links (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, digest VARCHAR(64) NOT NULL, object_id VARCHAR(36) NOT NULL,
    email VARCHAR(254) NOT NULL, issued BIGINT NOT NULL, expires BIGINT NOT NULL, used BIGINT, voided BIGINT,
    CONSTRAINT uq_confirmation_links_digest UNIQUE (digest),
    CONSTRAINT fk_confirmation_links_object_id_users
        FOREIGN KEY(object_id) REFERENCES users (object_id) ON DELETE CASCADE
);
CREATE INDEX ix_confirmation_links_object_id ON confirmation_links (object_id);
INSERT INTO blockwright_schema (version) VALUES (1);
"""
"""The statements with which release 0.1.0 made its tables."""


@pytest.fixture
def first_release(tmp_path: Path) -> str:
    """A database of release 0.1.0, with somebody confirmed and somebody who has yet to follow a link."""
    path = tmp_path / "users.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(FIRST_RELEASE)
    put = "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?)"
    connection.execute(
        put, ("A-1", "Alice@example.com", "alice@example.com", "ENABLED", NOON - 9, NOON - 8, '{"name": "Alice"}')
    )
    connection.execute(
        put, ("B-2", "bob@example.com", "bob@example.com", "EMAIL_CONFIRMATION_PENDING", NOON - 7, None, "{}")
    )
    link = (
        "INSERT INTO confirmation_links (digest, object_id, email, issued, expires, used, voided) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    connection.execute(link, (digest_of("old"), "B-2", "bob@example.com", NOON - 7, NOON + 10_000, None, NOON - 5))
    connection.execute(link, (digest_of("new"), "B-2", "bob@example.com", NOON - 5, NOON + 10_000, None, None))
    for name, value in {"emailConfirmationRequired": True, "appName": "Bakery", "mailFrom": "b@example.com"}.items():
        connection.execute("INSERT INTO settings VALUES (?, ?)", (name, json.dumps(value)))
    connection.commit()
    connection.close()
    return f"sqlite:///{path}?timeout=20"


def test_a_database_of_the_first_release_asks_to_be_upgraded_and_is_left_alone(first_release: str) -> None:
    store = open_store(first_release)

    for call in (store.read(lambda tables: tables.users.count()), store.change(lambda tables: tables.users.count())):
        failure = failure_of(call)
        assert failure.code == "unavailable"
        assert failure.message.endswith("was written by an older release; bring it up with: blockwright users upgrade")
    run(store.close())


def test_accounts_links_and_settings_of_the_first_release_are_brought_over(first_release: str) -> None:
    world = World(open_store(first_release))

    assert run(world.users.upgrade()) == ("0000", HEAD)

    alice, bob = world.found("ALICE@example.com"), world.found("bob@example.com")
    assert (alice.object_id, alice.email, alice.user_status) == ("A-1", "Alice@example.com", UserStatus.ENABLED)
    assert (alice.created, alice.updated, alice.last_login) == (NOON - 9, NOON - 8, None)
    assert (alice.properties, alice.social_account) == ({"name": "Alice"}, "BACKENDLESS")
    assert bob.user_status is UserStatus.EMAIL_CONFIRMATION_PENDING
    settings = run(world.users.read_settings())
    assert (settings.email_confirmation_required, settings.app_name) == (True, "Bakery")
    assert failure_of(world.users.confirm_token("old")).details == {"reason": "replaced"}
    assert run(world.users.confirm_token("new")).object_id == "B-2"
    run(world.store.close())


def test_properties_of_the_first_release_become_columns(first_release: str, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "users.db")
    for number, properties in enumerate(
        [
            {"age": 3, "note": "x", "mixed": 1, "tags": ["a"], "name": "A", "a b": 1, "nothing": None, "ok": True},
            {"age": 3.5, "note": "x" * 501, "mixed": "one", "Note": "other case", "ok": False},
        ]
    ):
        other.execute("UPDATE users SET properties = ? WHERE rowid = ?", (json.dumps(properties), number + 1))
    other.commit()
    other.close()
    users = World(open_store(first_release)).users

    run(users.upgrade())

    columns = {column.name: str(column.type) for column in run(users.describe()) if not column.built_in}
    assert columns == {"age": "DOUBLE", "note": "TEXT", "mixed": "JSON", "tags": "JSON", "ok": "BOOLEAN"}
    run(users.close())


def test_a_brought_over_database_is_like_a_new_one(first_release: str) -> None:
    driver = open_driver(first_release)

    upgrade(driver)

    assert differences(driver) == []
    names = in_transaction(driver, lambda connection: set(inspect(connection).get_table_names()))
    assert names == {*TABLES, VERSION_TABLE}
    assert upgrade(driver) == (HEAD, HEAD)


def test_an_upgrade_that_fails_half_way_changes_nothing(first_release: str, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "users.db")
    other.execute("CREATE TABLE mail_templates (of_somebody TEXT)")
    other.commit()
    before = list(other.iterdump())
    driver = open_driver(first_release)

    with pytest.raises(Failure) as caught:
        upgrade(driver)

    assert caught.value.code == "unavailable"
    assert list(other.iterdump()) == before
    other.close()


UPGRADE = """
import asyncio, sys
from blockwright.services.backends.sql import open_store
async def main():
    store = open_store(sys.argv[1])
    sys.stdin.readline()
    print(*await store.upgrade())
    await store.close()
asyncio.run(main())
"""


@pytest.mark.parametrize("kind", ["first_release", "new", "postgresql"])
def test_of_many_processes_that_upgrade_at_once_one_does_it(kind: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue("tmp_path")
    before = "none" if kind != "first_release" else "0000"
    url = (
        URLS["postgresql" if kind == "postgresql" else "sqlite"](folder)
        if before == "none"
        else request.getfixturevalue("first_release")
    )
    command = [sys.executable, "-c", UPGRADE, url]
    children = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]

    said = [child.communicate("now\n", timeout=60)[0].split() for child in children]

    assert sorted(said) == sorted([[before, HEAD], [HEAD, HEAD], [HEAD, HEAD]])
    assert differences(open_driver(url)) == []


def test_migrations_say_nothing_and_leave_logging_alone(tmp_path: Path) -> None:
    code = (
        "import logging\n"
        "from blockwright.services.backends.sql import open_driver\n"
        "from blockwright.services.backends.sql.upgrading import upgrade\n"
        f"upgrade(open_driver('sqlite:///{tmp_path}/50%.db'))\n"
        "assert not logging.root.handlers and logging.root.level == logging.WARNING\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("", "")
