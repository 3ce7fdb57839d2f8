"""What cannot be taken back is asked about, and passwords are never seen."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing

import pytest

from blockwright import Failure
from blockwright.services import UserService, open_users
from tests.cli.world import ALICE, Command

pty = pytest.importorskip("pty", reason="there are pseudo-terminals only where there is POSIX")
PASSWORD = "correct horse"


def at_a_terminal(command: Command, words: Sequence[str], *answers: str) -> tuple[int, str]:
    """Call the command at a terminal, where somebody types an answer whenever it waits; gives the exit code and all
    that stood on the screen."""
    process, screen = pty.fork()
    if process == 0:
        os.chdir(command.folder)
        os.execv(command.words()[0], command.words(*words))
    seen = bytearray()
    waiting = list(answers)
    while True:
        try:
            part = os.read(screen, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
        if waiting and seen.rstrip().endswith((b"(yes or no)", b"password:", b"again:")) and part.strip():
            os.write(screen, waiting.pop(0).encode() + b"\n")
    os.close(screen)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), seen.decode().replace("\r\n", "\n")


def logs_in(password: str) -> bool:
    """Whether alice can log in with a password."""

    async def try_it() -> bool:
        users = open_users("sqlite:///users.db")
        assert isinstance(users, UserService)
        try:
            await users.log_in(ALICE, password)
        except Failure as failure:
            if failure.code != 3003:
                raise
            return False
        finally:
            await users.close()
        return True

    return asyncio.run(try_it())


@pytest.fixture
def alice(command: Command) -> Command:
    """The command where alice is registered, and with a role, a key and a column that may go."""
    for words in (("add", ALICE, "age=34"), ("roles", "add", "staff"), ("keys", "add", "rest")):
        assert command("users", *words).code == 0
    return command


def the_key(command: Command) -> str:
    (key,) = json.loads(command("users", "keys", "--json").out)
    return str(key["keyId"])


REMOVALS = [("remove", ALICE), ("roles", "remove", "staff"), ("columns", "remove", "age"), ("keys", "remove", "KEY")]


@pytest.mark.parametrize("removal", REMOVALS, ids=" ".join)
def test_nothing_is_removed_where_nobody_can_be_asked(alice: Command, removal: tuple[str, ...]) -> None:
    words = [the_key(alice) if word == "KEY" else word for word in removal]
    before = everything(alice)

    asked = alice.alone("users", *words)

    assert (asked.code, asked.out) == (2, "")
    assert "if you are sure: --yes" in asked.err
    assert everything(alice) == before
    assert alice("users", *words, "--yes").out.startswith("removed ")
    assert everything(alice) != before


def everything(command: Command) -> list[str]:
    return [command("users", *words, "--json").out for words in (["list"], ["roles"], ["columns"], ["keys"])]


def test_at_a_terminal_it_is_asked_and_only_yes_is_a_yes(alice: Command) -> None:
    code, seen = at_a_terminal(alice, ["users", "remove", ALICE], "no")

    assert code == 0
    assert f"Remove {ALICE} (ENABLED) for good? (yes or no)" in seen
    assert "nothing was done" in seen
    assert ALICE in alice("users", "list").out

    code, seen = at_a_terminal(alice, ["users", "remove", ALICE], "yes")

    assert (code, f"removed {ALICE}" in seen) == (0, True)
    assert alice("users", "list").out == ""


def test_a_removed_user_is_gone_since_a_moment(alice: Command) -> None:
    assert json.loads(alice("users", "remove", ALICE, "--yes", "--json").out)["deletionTime"] > 1_700_000_000_000


def test_a_password_is_asked_for_twice_and_not_shown(alice: Command) -> None:
    code, seen = at_a_terminal(alice, ["users", "password", ALICE], PASSWORD, PASSWORD)

    assert (code, "has a new password, and is logged out everywhere" in seen) == (0, True)
    assert PASSWORD not in seen
    assert logs_in(PASSWORD)


def test_two_passwords_that_differ_change_nothing(alice: Command) -> None:
    code, seen = at_a_terminal(alice, ["users", "password", ALICE], PASSWORD, "wrong horse")

    assert (code, "the two passwords differ" in seen) == (2, True)
    assert not logs_in(PASSWORD)


def test_ctrl_c_at_a_question_changes_nothing(alice: Command) -> None:
    for words in (["users", "password", ALICE], ["users", "remove", ALICE]):
        code, seen = at_a_terminal(alice, words, "\x03")
        assert (code, seen.endswith("blockwright: stopped\n")) == (130, True)
    assert ALICE in alice("users", "list").out


def test_a_password_comes_from_a_pipe_without_the_end_of_its_line(alice: Command) -> None:
    done = alice.alone("users", "password", ALICE, "--password-stdin", text=f"{PASSWORD}\n")

    assert (done.code, done.err) == (0, "")
    assert logs_in(PASSWORD)


def test_somebody_is_added_with_a_password(command: Command) -> None:
    done = command.alone("users", "add", ALICE, "--password-stdin", text=PASSWORD)

    assert done.code == 0
    assert logs_in(PASSWORD)
    with closing(sqlite3.connect(command.folder / "users.db")) as database:
        assert PASSWORD not in "\n".join(database.iterdump())


@pytest.mark.parametrize(("text", "said"), [("", "empty"), ("\n", "empty"), ("x" * 20_000, "longer than")])
def test_what_is_no_password_is_refused(alice: Command, text: str, said: str) -> None:
    done = alice.alone("users", "password", ALICE, "--password-stdin", text=text)

    assert (done.code, said in done.err) == (2, True)


def test_without_a_terminal_it_is_said_how_a_password_is_given(alice: Command) -> None:
    done = alice.alone("users", "password", ALICE)

    assert done.code == 2
    assert "--password-stdin < password.txt" in done.err


def test_what_is_typed_at_a_terminal_is_no_standard_input(alice: Command) -> None:
    code, seen = at_a_terminal(alice, ["users", "password", ALICE, "--password-stdin"])

    assert (code, "asks without showing it" in seen) == (2, True)


def test_control_characters_in_stored_values_never_reach_the_terminal(alice: Command) -> None:
    alice("users", "update", ALICE, "name=\x1b[31mred\x1b[0m\nforged", "nick=‮evil")

    for words in (["users", "show", ALICE], ["users", "list", "--json"]):
        code, seen = at_a_terminal(alice, words)
        assert code == 0
        assert "\x1b[31mred" not in seen
        assert "[31mred" in seen
        assert "‮" not in seen
    assert "\nforged" not in alice("users", "show", ALICE).out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_long_work_is_shown_at_a_terminal_alone(alice: Command) -> None:
    code, seen = at_a_terminal(alice, ["users", "housekeep"])

    assert (code, "cleared away: " in seen) == (0, True)
    assert alice.alone("users", "housekeep").err == ""
