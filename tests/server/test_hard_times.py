"""What a server needs is gone for a while: calls fail with a code, soon, and all goes on without a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from blockwright.server import Options
from blockwright.services import open_mailer
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.mail import Mailer
from tests.server.world import PATIENCE, Answer, Machine, Mailbox, Place, served
from tests.services.disks import tiny_disk
from tests.services.mail_servers import Inbox
from tests.services.postgres import OURS, postgres
from tests.services.world import ALICE, PASSWORD, QuickHasher, run

BOB = "bob@yourmail.com"
SOON = 10
"""Seconds within which a call must be answered, whatever is out of order; slow machines included."""


@contextmanager
def served_at(machine: Machine, url: str, mailer: Mailer) -> Iterator[Place]:
    store = open_store(url)
    users = StoredUsers(store, mailer, passwords=QuickHasher())
    with served(machine, Options(remember=0), users=users) as place:
        yield place
    run(store.close())


def soon(call: Answer, since: float) -> tuple[int, object]:
    assert time.monotonic() - since < SOON
    return call.status, call.code


def calls(place: Place, email: str) -> list[tuple[int, object]]:
    """Status and code of calls that write."""
    answers = []
    for method, path, body in (
        ("POST", "/api/users/register", {"email": email, "password": PASSWORD}),
        ("POST", f"/api/users/resendconfirmation/{ALICE}", None),
        ("POST", "/api/users/login", {"login": ALICE, "password": PASSWORD}),
    ):
        started = time.monotonic()
        answers.append(soon(place.call(method, path, body), started))
    return answers


def test_while_the_disk_is_full_calls_that_write_are_unavailable_and_the_others_work(machine: Machine) -> None:
    with tiny_disk("1m") as disk, served_at(machine, f"sqlite:///{disk}/users.db", mails := Mailbox()) as place:
        place.settings(emailConfirmationRequired=True, resendSeconds=0, enableMultipleLogins=True)
        place.register(ALICE)
        run(place.users.confirm(ALICE))
        place.settings(emailConfirmationRequired=False)
        token = place.log_in()
        filler = fill(disk)
        fill_the_log(place)

        assert {*calls(place, BOB)} <= {(503, "unavailable"), (400, 3103)}
        assert (503, "unavailable") in calls(place, BOB)
        assert place.get(f"/api/users/isvalidusertoken/{token}").json is True
        assert place.get("/health").status == 200

        filler.unlink()
        place.register(BOB)
        assert place.log_in(BOB)
        assert len(mails.messages) == 1


def fill(disk: Path) -> Path:
    """Take all the room there is; gives the file that does."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    return filler


def fill_the_log(place: Place) -> None:
    """Use up what room the database's own files still have."""
    for number in range(200):
        answer = place.post("/api/users/register", {"email": f"user{number}@yourmail.com", "password": PASSWORD})
        if answer.status != 200:
            return
    raise AssertionError("the disk is not full")


@pytest.mark.skipif(bool(OURS), reason="only a server of the tests' own may be stopped")
def test_while_postgresql_is_away_calls_are_unavailable_and_nobody_is_told_why(machine: Machine) -> None:
    server = postgres()
    with served_at(machine, server.emptied(), mails := Mailbox()) as place:
        place.settings(emailConfirmationRequired=True, resendSeconds=0)
        place.register(ALICE)
        server.stop()
        try:
            assert calls(place, BOB) == [(503, "unavailable")] * 3
            down = place.post(f"/api/users/resendconfirmation/{ALICE}")
            assert down.record == {
                "message": "The service cannot do this just now; please try again.",
                "code": "unavailable",
            }
            assert (place.get("/health").status, place.get("/health").json) == (503, {"status": "unavailable"})
        finally:
            server.start()

        assert place.get("/health").status == 200
        assert place.post(f"/api/users/resendconfirmation/{ALICE}").status == 200
        place.register(BOB)
        assert sorted(mail.to for mail in mails.wait_for(3)) == [ALICE, ALICE, BOB]


class SlowInbox(Inbox):
    """A server that does not answer, until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.awake = asyncio.Event()
        self.arrived = asyncio.Event()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.set()
        await self.awake.wait()
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.arrived.set()
        return answer


def test_a_mail_server_that_does_not_answer_holds_up_no_call_and_loses_no_mail(
    machine: Machine, tmp_path: Path
) -> None:
    inbox = SlowInbox()

    async def listen() -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: SMTP(inbox, loop=loop), "127.0.0.1", 0)

    listening = machine.do(listen())
    mailer = open_mailer(f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}?tls=no&timeout=0.5")
    with served_at(machine, f"sqlite:///{tmp_path}/users.db", mailer) as place:
        place.settings(emailConfirmationRequired=True, resendSeconds=0)
        started = time.monotonic()
        place.register(ALICE)
        machine.do(inbox.asked.wait())
        assert place.post(f"/api/users/resendconfirmation/{ALICE}").status == 200
        assert time.monotonic() - started < SOON
        kept = mails_with_a_problem(place, 2)
        assert all(str(mail["problem"]).endswith("did not take the mail within 0.5 seconds.") for mail in kept)

        inbox.awake.set()
        for mail in kept:
            assert place.own("POST", f"mails/{mail['mailId']}/retry").status == 200
        machine.do(inbox.arrived.wait())
    listening.close()


def mails_with_a_problem(place: Place, count: int) -> list[dict[str, object]]:
    """The mails that wait to be tried again, as soon as there are so many."""
    until = time.monotonic() + PATIENCE
    while True:
        mails = place.own("GET", "mails?state=waiting").json
        assert isinstance(mails, list)
        if len(found := [mail for mail in mails if mail["problem"]]) == count:
            return found
        assert time.monotonic() < until, mails
