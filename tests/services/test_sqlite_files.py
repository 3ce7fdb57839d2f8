"""SQLite's file while it is open: closed in time, replaced, shared, on a full disk; and work that is stuck."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blockwright.failure import Failure
from blockwright.services.backends.rows import SettingRow
from blockwright.services.backends.sql import store as store_module
from blockwright.services.backends.sql.sqlite import SqliteDriver
from blockwright.services.backends.store import Tables
from tests.services.disks import tiny_disk
from tests.services.sqlite_files import PATIENT, person, store_at, users_at
from tests.services.world import (
    ALICE,
    failure_of,
    outcome_of,
    run,
)


def is_open(path: Path) -> bool:
    """Whether this process has the file open."""
    links = [fd for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
    return any(str(path) in str(fd.readlink()) for fd in links if fd.is_symlink())


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")


@needs_proc
def test_a_file_stays_open_between_calls_until_the_store_is_closed(path: Path) -> None:
    users = users_at(path, timeout=PATIENT)
    for number in range(5):
        run(users.add(person(f"user{number}@yourmail.com")))

    assert is_open(path)
    run(users.close())
    assert not is_open(path)
    assert [file.name for file in path.parent.iterdir()] == ["users.db"]
    assert len(run(users.list_users())) == 5
    run(users.close())


@needs_proc
def test_a_file_that_nobody_used_for_a_while_is_closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqliteDriver, "idle", 0.05)
    store = store_at(path, PATIENT)
    run(store.change(lambda tables: tables.settings.count()))
    run(store.read(lambda tables: tables.settings.count()))

    wait_until(lambda: not is_open(path))

    assert [file.name for file in path.parent.iterdir()] == ["users.db"]
    assert run(store.read(lambda tables: tables.settings.count())) == 0
    run(store.close())


@needs_proc
def test_a_store_that_is_forgotten_closes_its_file(path: Path) -> None:
    run(store_at(path, PATIENT).change(lambda tables: tables.settings.count()))
    gc.collect()

    assert not is_open(path)


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never happened")


def test_a_program_ends_though_its_store_was_never_closed_and_still_works(path: Path) -> None:
    code = (
        "import asyncio, sys, time\n"
        "from blockwright.services.backends.sql import open_store\n"
        "from blockwright.services.backends.rows import SettingRow\n"
        "store = open_store(sys.argv[1])\n"
        "async def main():\n"
        "    await store.change(lambda tables: tables.settings.add(SettingRow('a', '1')))\n"
        "    asyncio.ensure_future(store.change(lambda tables: time.sleep(60)))\n"
        "    await asyncio.sleep(0.1)\n"
        "asyncio.run(main())\n"
    )
    start = time.monotonic()

    subprocess.run([sys.executable, "-c", code, f"sqlite:///{path}"], check=True, timeout=30)

    assert time.monotonic() - start < 20
    assert run(store_at(path).read(lambda tables: tables.settings.get("a"))) == SettingRow("a", "1")


def test_a_database_that_is_deleted_between_calls_is_made_anew(path: Path) -> None:
    users = users_at(path)
    run(users.add(person(ALICE)))
    run(users.list_users())
    for file in path.parent.glob("users.db*"):
        file.unlink()

    assert run(users.list_users()) == ()
    run(users.add(person("bob@yourmail.com")))
    assert [user.email for user in run(users.list_users())] == ["bob@yourmail.com"]
    assert [user.email for user in run(users_at(path).list_users())] == ["bob@yourmail.com"]
    run(users.close())


def test_a_copy_that_is_put_in_place_between_calls_is_read_from_then_on(path: Path) -> None:
    users = users_at(path)
    run(users.add(person("copy@yourmail.com")))
    run(users.close())
    copy = path.with_name("copy.db")
    copy.write_bytes(path.read_bytes())
    users = users_at(path)
    run(users.add(person(ALICE)))
    assert len(run(users.list_users())) == 2
    for file in path.parent.glob("users.db?*"):
        file.unlink()
    copy.replace(path)

    assert [user.email for user in run(users.list_users())] == ["copy@yourmail.com"]
    run(users.add(person("bob@yourmail.com")))
    assert len(run(users_at(path).list_users())) == 2
    run(users.close())


def test_a_process_that_forks_may_go_on_using_its_store(path: Path) -> None:
    code = (
        "import asyncio, os, sys\n"
        "from blockwright.services.backends.sql import open_store\n"
        "from blockwright.services.backends.rows import SettingRow\n"
        "store = open_store(sys.argv[1])\n"
        "def add(name): asyncio.run(store.change(lambda tables: tables.settings.add(SettingRow(name, '1'))))\n"
        "add('before')\n"
        "child = os.fork()\n"
        "add('child' if child == 0 else 'parent')\n"
        "if child == 0: os._exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "print(asyncio.run(store.read(lambda tables: tables.settings.count())))\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, f"sqlite:///{path}?timeout=20"],
        check=True,
        timeout=30,
        capture_output=True,
        text=True,
    )

    assert done.stdout == "3\n"


def test_work_that_never_ends_is_given_up_and_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "GRACE", 0.2)
    store = store_at(path, 0.1)
    run(store.change(lambda tables: tables.settings.add(SettingRow("a", "1"))))
    go_on = threading.Event()

    def stuck(tables: Tables) -> None:
        tables.settings.put(SettingRow("a", "2"))
        go_on.wait(20)

    failure = failure_of(store.change(stuck))
    waiting = failure_of(store.change(lambda tables: tables.settings.put(SettingRow("a", "3"))))
    go_on.set()

    assert (failure.code, waiting.code) == ("unavailable", "unavailable")
    assert failure.message.endswith("does not answer in time; try again.")
    run(store.close())
    assert run(store.read(lambda tables: tables.settings.get("a"))) == SettingRow("a", "1")
    run(store.close())


FILL = """
import asyncio, resource, sys
from blockwright.failure import Failure
from blockwright.services.backends.rows import SettingRow
from blockwright.services.backends.sql import open_store
store = open_store(sys.argv[1])
async def main():
    await store.upgrade()
    most = 600_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    kept = 0
    try:
        for number in range(1000):
            await store.change(lambda tables: tables.settings.put(SettingRow(str(number), "x" * 10_000)))
            kept += 1
    except Failure as failure:
        print(failure)
    assert await store.read(lambda tables: tables.settings.count()) == kept > 10
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
    await store.change(lambda tables: tables.settings.put(SettingRow("again", "")))
    assert await store.read(lambda tables: tables.settings.count()) == kept + 1
    await store.close()
asyncio.run(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX's")
def test_a_disk_without_room_is_unavailable_loses_nothing_and_works_again_afterwards(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILL, f"sqlite:///{path}"], check=True, timeout=60, capture_output=True, text=True
    )

    assert done.stdout.startswith("unavailable: The user database ")
    assert "disk" in done.stdout


@pytest.fixture
def small_disk() -> Iterator[Path]:
    with tiny_disk() as folder:
        yield folder


def test_a_full_disk_is_unavailable_and_says_so_and_what_was_kept_can_be_read(small_disk: Path) -> None:
    store = store_at(small_disk / "users.db", PATIENT)

    def fill() -> int:
        for number in range(200):
            row = SettingRow(str(number), "x" * 10_000)
            failure = outcome_of(lambda: run(store.change(lambda tables: tables.settings.put(row))))  # noqa: B023
            if isinstance(failure, Failure):
                assert failure.code == "unavailable"
                assert failure.message.endswith("cannot grow, because the disk is full.")
                return number
        raise AssertionError("the disk is not full")

    kept = fill()

    assert run(store.read(lambda tables: tables.settings.count())) == kept > 10
    run(store.close())
