"""SQLite in hard times: every failure is coded, arrives in time, says what to do, and loses nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blockwright.failure import Failure
from blockwright.services import Mailer, UserStatus
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.rows import SettingRow
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.sql import store as store_module
from blockwright.services.backends.sql.sqlite import SqliteDriver
from blockwright.services.backends.sql.store import SqlStore
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import StoredUsers
from tests.services.world import (
    ALICE,
    HOUR,
    PASSWORD,
    World,
    code_of,
    failure_of,
    in_threads,
    outcome_of,
    run,
    sqlite_world,
)

PATIENT = 30


def store_at(path: Path, timeout: float = 0.1) -> SqlStore:
    return open_store(f"sqlite:///{path}?timeout={timeout}")


def users_at(path: Path, timeout: float = 0.1, mailer: Mailer | None = None) -> StoredUsers:
    return World(store_at(path, timeout)).users_with(mailer or MemoryMailer())


def person(email: str, **properties: object) -> dict[str, object]:
    return {"email": email, "password": PASSWORD, **properties}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "users.db"


def test_reading_makes_no_database_and_finds_nobody(path: Path) -> None:
    users = users_at(path)

    assert run(users.find(ALICE)) is None
    assert run(users.list_users()) == ()
    assert not run(users.read_settings()).email_confirmation_required
    assert code_of(users.resend_confirmation(ALICE)) == 3103
    assert code_of(users.confirm(ALICE)) == 3057
    assert code_of(users.confirm_token("x")) == 3051
    assert code_of(users.register(person("nonsense"))) == 3040
    assert not path.exists()


def test_a_database_is_made_for_its_owner_alone_and_kept_for_the_next_process(path: Path) -> None:
    user = run(users_at(path).register(person(ALICE, name="Alice")))

    assert run(users_at(path).find(ALICE)) == user
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_file_is_a_database_with_nobody_in_it(path: Path) -> None:
    path.touch()

    assert run(users_at(path).list_users()) == ()
    run(users_at(path).register(person(ALICE)))
    assert len(run(users_at(path).list_users())) == 1


def test_tokens_are_nowhere_in_a_database_whose_mail_went_out(tmp_path: Path) -> None:
    world = sqlite_world(tmp_path)
    token = world.register_pending()
    world.clock.now += HOUR
    run(world.users.resend_confirmation(ALICE))
    run(world.users.close())

    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert ALICE.encode() in kept
    assert token.encode() not in kept
    assert world.last_token().encode() not in kept


@pytest.fixture
def locked(path: Path) -> Iterator[Path]:
    run(users_at(path).add(person(ALICE), UserStatus.EMAIL_CONFIRMATION_PENDING))
    run(users_at(path).change_settings({"emailConfirmationRequired": True}))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield path
    other.close()


def test_a_locked_database_is_unavailable_in_bounded_time_and_readable_meanwhile(locked: Path) -> None:
    users, start = users_at(locked), time.monotonic()

    failure = failure_of(users.resend_confirmation(ALICE))

    assert failure.code == "unavailable"
    assert "is locked by another program; try again" in failure.message
    assert 0.1 <= time.monotonic() - start < 5
    assert code_of(users.register(person("bob@yourmail.com"))) == "unavailable"
    assert code_of(users.change_settings({"appName": "Bakery"})) == "unavailable"
    assert [user.email for user in run(users.list_users())] == [ALICE]


def test_many_calls_to_a_locked_database_do_not_wait_for_one_another(locked: Path) -> None:
    users, start = users_at(locked, timeout=0.5), time.monotonic()

    async def main() -> list[object]:
        return await asyncio.gather(
            *(users.add(person(f"u{n}@yourmail.com")) for n in range(24)), return_exceptions=True
        )

    codes = [result.code for result in run(main()) if isinstance(result, Failure)]

    assert codes == ["unavailable"] * 24
    assert time.monotonic() - start < 8


def test_a_call_waits_for_a_lock_that_goes_away(path: Path) -> None:
    run(users_at(path).add(person(ALICE)))
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    release.start()

    run(users_at(path, timeout=PATIENT).add(person("bob@yourmail.com")))

    release.join()
    other.close()
    assert len(run(users_at(path).list_users())) == 2


def test_a_fully_locked_new_database_is_unavailable(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE x (y)")
    other.execute("DROP TABLE x")
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert code_of(users_at(path).add(person(ALICE))) == "unavailable"
        assert code_of(users_at(path).find(ALICE)) == "unavailable"
    finally:
        other.close()


def test_what_is_not_a_database_is_unavailable_and_left_as_it_was(path: Path) -> None:
    path.write_text("Dear diary, " * 500)

    for failure in (failure_of(users_at(path).find(ALICE)), failure_of(users_at(path).register(person(ALICE)))):
        assert failure.code == "unavailable"
        assert "is not an SQLite database" in failure.message
    assert path.read_text() == "Dear diary, " * 500


def test_a_damaged_database_is_unavailable(path: Path) -> None:
    run(users_at(path).register(person(ALICE)))
    content = bytearray(path.read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    path.write_bytes(content)

    assert code_of(users_at(path).find(ALICE)) == "unavailable"
    assert code_of(users_at(path).register(person("bob@yourmail.com"))) == "unavailable"


def test_a_database_of_something_else_is_left_alone(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE users (id INTEGER)")
    other.close()
    before = path.read_bytes()

    for failure in (failure_of(users_at(path).find(ALICE)), failure_of(users_at(path).register(person(ALICE)))):
        assert failure.code == "unavailable"
        assert "belongs to something else" in failure.message
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET user_status = 'SLEEPING'",
        "UPDATE users SET properties = '{'",
        "ALTER TABLE users RENAME COLUMN email TO mail",
    ],
)
def test_a_database_changed_by_hand_beyond_reading_is_unavailable(path: Path, change: str) -> None:
    run(users_at(path).register(person(ALICE)))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(change)
    other.close()

    failure = failure_of(users_at(path).find(ALICE))

    assert failure.code == "unavailable"
    assert "users.db" in failure.message


@pytest.mark.parametrize("value", ["'maybe'", "'[[['", "x'ff'", "'\"' || char(10)"])
def test_settings_changed_by_hand_beyond_reading_are_unavailable(path: Path, value: str) -> None:
    run(users_at(path).change_settings({"emailConfirmationRequired": True}))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(f"UPDATE settings SET value = {value}")
    other.close()

    assert code_of(users_at(path).read_settings()) == "unavailable"
    assert code_of(users_at(path).resend_confirmation(ALICE)) == "unavailable"


def test_a_folder_or_a_missing_folder_is_told_apart(tmp_path: Path) -> None:
    folder = failure_of(users_at(tmp_path).find(ALICE))
    missing = failure_of(users_at(tmp_path / "gone" / "users.db").register(person(ALICE)))

    assert (folder.code, missing.code) == ("unavailable", "unavailable")
    assert "is a folder; name a file" in folder.message
    assert f"The folder {tmp_path / 'gone'} for the user database does not exist" in missing.message
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("name", ["x" * 300, "file/users.db", "loop"], ids=["long", "below a file", "loop"])
def test_a_path_the_system_refuses_is_unavailable(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")

    assert code_of(users_at(tmp_path / name).find(ALICE)) == "unavailable"
    assert code_of(users_at(tmp_path / name).register(person(ALICE))) == "unavailable"


REGISTER = """
import asyncio, sys
from blockwright.failure import Failure
from blockwright.services import open_users
async def main():
    users = open_users(sys.argv[1])
    for number in range(int(sys.argv[2])):
        try:
            await users.add({"email": f"user{number}@yourmail.com"})
            print("registered")
        except Failure as failure:
            print(failure.code, failure.message)
asyncio.run(main())
"""


@contextmanager
def without_superpowers() -> Iterator[None]:
    """Be an ordinary user for a while, for whom the permissions of files count."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_database_that_may_not_be_written_or_read_is_unavailable_and_says_why() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "users.db")
        run(users_at(path).register(person(ALICE)))
        path.chmod(0o444)
        with without_superpowers():
            unwritable = failure_of(users_at(path).register(person("bob@yourmail.com")))
        path.chmod(0)
        with without_superpowers():
            unreadable = failure_of(users_at(path).find(ALICE))
            unmade = failure_of(users_at(path.with_name("other.db")).register(person(ALICE)))

    assert [failure.code for failure in (unwritable, unreadable, unmade)] == ["unavailable"] * 3
    assert "permissions" in unwritable.message
    assert "permissions" in unreadable.message
    assert "Permission denied" in unmade.message


def test_of_many_processes_that_register_the_same_people_exactly_one_wins_each(path: Path) -> None:
    url = f"sqlite:///{path}?timeout={PATIENT}"
    command = [sys.executable, "-c", REGISTER, url, "8"]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]

    lines = [line for child in children for line in child.communicate(timeout=60)[0].splitlines()]

    assert [child.returncode for child in children] == [0] * 4
    assert lines.count("registered") == 8
    assert sum(line.startswith("3033") for line in lines) == 24
    assert len(run(users_at(path).list_users())) == 8


def test_many_threads_may_make_the_database_at_once(path: Path) -> None:
    users = users_at(path, timeout=PATIENT)

    results = in_threads(12, lambda number: users.register(person(f"user{number}@yourmail.com")))

    assert {user.email for user in run(users.list_users())} == {f"user{number}@yourmail.com" for number in range(12)}
    assert len(results) == 12


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
def tiny_disk() -> Iterator[Path]:
    """A disk that is soon full."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", folder]
        if subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("no disk can be mounted here")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_unavailable_and_says_so_and_what_was_kept_can_be_read(tiny_disk: Path) -> None:
    store = store_at(tiny_disk / "users.db", PATIENT)

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


def test_a_cancelled_call_is_done_wholly_or_not_at_all(path: Path) -> None:
    users = users_at(path, timeout=PATIENT)
    run(users.change_settings({"emailConfirmationRequired": True}))

    async def main() -> None:
        for number in range(20):
            task = asyncio.create_task(users.register(person(f"user{number}@yourmail.com")))
            for _ in range(number):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    run(main())

    for user in run(users.list_users()):
        assert user.user_status is UserStatus.EMAIL_CONFIRMATION_PENDING
        run(users.resend_confirmation(user.email))
    connection = sqlite3.connect(path)
    orphans = connection.execute(
        "SELECT count(*) FROM users WHERE object_id NOT IN (SELECT object_id FROM links)"
    ).fetchone()
    connection.close()
    assert orphans == (0,)
