"""Several processes on one database, all doing the same at once: the outcome is that of one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from blockwright.failure import RATE_LIMITED
from blockwright.services import UserStatus
from blockwright.services.backends.sql import open_store
from blockwright.services.mail import QueueOnly
from blockwright.services.records import MailState
from blockwright.services.sources import system_time
from tests.services.postgres import postgres
from tests.services.processes import DONE, Processes
from tests.services.world import ALICE, PASSWORD, Clock, World, code_of, run, sqlite_world

PATIENT = "timeout=20"


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    processes = Processes()
    yield processes
    processes.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return f"{postgres().emptied()}&{PATIENT}"
    run(sqlite_world(tmp_path).store.close())
    return f"sqlite:///{tmp_path}/users.db?{PATIENT}"


@pytest.fixture
def here(url: str) -> Iterator[World]:
    """The users as this process sees them."""
    here = World(open_store(url), clock=Clock(system_time()))
    yield here
    run(here.store.close())


def test_of_fifty_resends_one_sends_a_mail(processes: Processes, url: str, here: World) -> None:
    first = here.register_pending()

    assert processes.do(50, url, "resend_confirmation", ALICE) == {DONE: 1, RATE_LIMITED: 49}

    assert [mail.to for mail in run(here.users.list_mails(MailState.WAITING))] == [ALICE]
    here.clock.now = system_time()
    run(here.users.deliver())
    assert len(here.mailer.messages) == 2
    assert code_of(here.users.confirm_token(first)) == 3051
    assert run(here.users.confirm_token(here.last_token())).user_status is UserStatus.ENABLED


def test_of_fifty_uses_of_one_link_one_confirms(processes: Processes, url: str, here: World) -> None:
    token = here.register_pending()

    assert processes.do(50, url, "confirm_token", token) == {DONE: 1, 3092: 49}

    assert here.found().user_status is UserStatus.ENABLED


def test_of_many_who_register_one_address_one_wins(processes: Processes, url: str, here: World) -> None:
    here.require_confirmation()

    assert processes.do(20, url, "register", {"email": ALICE, "password": PASSWORD}) == {DONE: 1, 3033: 19}

    assert len(run(here.users.list_users())) == 1
    assert len(run(here.users.list_mails())) == 1


def test_of_many_logins_no_more_succeed_than_may_be_logged_in(processes: Processes, url: str, here: World) -> None:
    here.register()
    here.change_settings(enableMultipleLogins=True, maxConcurrentLogins=3)

    assert processes.do(20, url, "log_in", ALICE, PASSWORD) == {DONE: 3, 3044: 17}


def test_a_guest_becomes_one_account_and_only_once(processes: Processes, url: str, here: World) -> None:
    guest = run(here.users.log_in_as_guest())
    properties = {"email": ALICE, "password": PASSWORD, "objectId": guest.user.object_id}

    outcomes = processes.do(20, url, "register", properties)

    assert outcomes == {DONE: 1, 3039: 19}
    assert [user.object_id for user in run(here.users.list_users())] == [guest.user.object_id]
    assert run(here.users.user_of(guest.token)).email == ALICE


def test_each_mail_is_sent_by_one_of_many_senders(processes: Processes, url: str, here: World, tmp_path: Path) -> None:
    here.require_confirmation()
    for number in range(30):
        run(here.users_with(QueueOnly()).register({"email": f"user{number}@yourmail.com", "password": PASSWORD}))

    assert processes.do(8, url, "deliver", pile=tmp_path) == {DONE: 8}

    sent = [message_from_bytes(path.read_bytes()) for path in tmp_path.glob("*.eml")]
    assert sorted(str(mail["To"]) for mail in sent) == sorted(f"user{number}@yourmail.com" for number in range(30))
    assert {mail.state for mail in run(here.users.list_mails())} == {MailState.SENT}
