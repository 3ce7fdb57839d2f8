"""SQLite in hard times: every failure is coded, arrives in time, says what to do, and loses nothing."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blockwright.failure import Failure
from blockwright.services import UserStatus
from tests.services.sqlite_files import PATIENT, person, users_at
from tests.services.world import (
    ALICE,
    HOUR,
    code_of,
    failure_of,
    in_threads,
    run,
    sqlite_world,
)


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
