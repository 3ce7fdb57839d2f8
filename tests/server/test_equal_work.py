"""Where ``reveal`` is off, the time that an answer takes does not tell whether an account exists: the work before it is
the same. Work is counted, in statements and in passwords checked, because a clock would only guess."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blockwright.server import Options
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.mail import QueueOnly
from tests.server.world import Machine, Place, served
from tests.services.world import ALICE, PASSWORD, QuickHasher, run

NOBODY = "nobody@yourmail.com"
CONFIRMED = "carol@yourmail.com"
EVERYBODY = (NOBODY, ALICE, CONFIRMED)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that is asked of databases, up to the first value in it."""
    seen: list[str] = []
    connect = sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(lambda statement: seen.append(re.split("['0-9]", statement)[0]))
        return connection

    monkeypatch.setattr(sqlite3, "connect", watched)
    return seen


@pytest.fixture
def hasher() -> QuickHasher:
    return QuickHasher()


@pytest.fixture
def place(machine: Machine, tmp_path: Path, statements: list[str], hasher: QuickHasher) -> Iterator[Place]:
    """Alice is pending, Carol confirmed; nobody may be told so."""
    del statements
    store = open_store(f"sqlite:///{tmp_path}/users.db")
    users = StoredUsers(store, QueueOnly(), passwords=hasher)
    with served(machine, Options(remember=3600), users=users) as place:
        place.settings(failedLoginsLock=10)
        place.register(CONFIRMED)
        place.settings(emailConfirmationRequired=True)
        place.register(ALICE)
        place.settings(reveal=False)
        place.app.state.house.forget()
        place.get("/api/users/userclassprops")
        place.get(f"/api/users/restorepassword/{NOBODY}x")
        machine.do(place.app.state.house.background.finish())
        yield place
    run(store.close())


@pytest.mark.parametrize("password", ["not the right one", ""])
def test_a_login_that_fails_costs_the_same_for_everybody(
    place: Place, statements: list[str], hasher: QuickHasher, password: str
) -> None:
    def work_for(email: str) -> tuple[list[str], int]:
        before, verified = len(statements), hasher.verified
        assert place.post("/api/users/login", {"login": email, "password": password}).status == 400
        return statements[before:], hasher.verified - verified

    works = [work_for(email) for email in EVERYBODY]

    assert works[1:] == works[:-1]
    assert works[0][1] == (1 if password else 0)


def test_a_registration_hashes_once_for_everybody_and_asks_the_same_until_it_is_decided(
    place: Place, statements: list[str], hasher: QuickHasher
) -> None:
    def work_for(email: str) -> tuple[list[str], int]:
        before, hashed = len(statements), hasher.hashed
        assert place.post("/api/users/register", {"email": email, "password": PASSWORD}).status == 200
        asked = statements[before:]
        decided = next(number for number, each in enumerate(asked) if each.startswith("INSERT INTO users"))
        return asked[: decided + 1], hasher.hashed - hashed

    works = [work_for(email) for email in EVERYBODY]

    assert works[1:] == works[:-1]
    assert works[0][1] == 1


@pytest.mark.parametrize("path", ["POST users/resendconfirmation", "GET users/restorepassword"])
def test_mail_is_asked_for_without_any_work_before_the_answer(
    place: Place, statements: list[str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    method, _, operation = path.partition(" ")
    left: list[object] = []
    monkeypatch.setattr(place.app.state.house.background, "add", lambda _name, work: left.append(work))
    before = len(statements)

    answers = [place.call(method, f"/api/{operation}/{email}") for email in EVERYBODY]

    assert [(answer.status, answer.body) for answer in answers] == [(200, b"")] * 3
    assert statements[before:] == []
    assert len(left) == 3
