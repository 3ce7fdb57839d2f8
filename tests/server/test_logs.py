"""A run of everything with every logger at its most talkative: no token, password or address is ever in it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from blockwright.failure import Failure
from blockwright.services import open_mailer, open_users
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import KeyKind
from tests.server.world import Machine, Place, served
from tests.services.mail_servers import Inbox
from tests.services.postgres import postgres
from tests.services.world import QuickHasher, run

ALICE = "alice.liddell@wonderland.example"
PASSWORD = "off-with-her-head"
NEW_PASSWORD = "curiouser and curiouser"
WRONG = "a-wrong-guess"
OF_THE_TESTS = ("mail.log", "uvicorn.access")
"""The mail server of these tests, and what ``blockwright serve`` turns off, as its own tests see; pytest listens to it
all the same."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/users.db" if request.param == "sqlite" else postgres().fresh()


@pytest.fixture
def talkative(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    quiet = {
        name: logger for name, logger in logging.root.manager.loggerDict.items() if isinstance(logger, logging.Logger)
    }
    levels = {name: logger.level for name, logger in quiet.items()}
    for logger in quiet.values():
        logger.setLevel(logging.NOTSET)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for name, logger in quiet.items():
        logger.setLevel(levels[name])


def test_nothing_secret_is_ever_logged(machine: Machine, url: str, talkative: pytest.LogCaptureFixture) -> None:
    inbox = Inbox()
    listening = machine.do(_listen(machine, inbox))
    mailer = open_mailer(f"smtp://127.0.0.1:{listening.sockets[0].getsockname()[1]}?tls=no")
    store = open_store(url)
    users = StoredUsers(store, mailer, passwords=QuickHasher())
    with served(machine, users=users) as place:
        secrets = use_everything(place, inbox)
        secrets |= use_from_afar(place)
    run(store.close())
    listening.close()

    lines = [line(record) for record in talkative.records if not record.name.startswith(OF_THE_TESTS)]
    assert any(each.startswith("blockwright.access: POST /api/users/login 200") for each in lines)
    for secret in secrets:
        assert [each for each in lines if secret in each] == []


def line(record: logging.LogRecord) -> str:
    return f"{record.name}: {logging.Formatter().format(record)}"


async def _listen(machine: Machine, inbox: Inbox) -> asyncio.Server:
    return await machine.loop.create_server(lambda: SMTP(inbox, loop=machine.loop), "127.0.0.1", 0)


def use_everything(place: Place, inbox: Inbox) -> set[str]:
    """Whatever users do, well and badly; gives what must not be seen."""

    def call(method: str, path: str, body: object = None, **headers: str) -> dict[str, object]:
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        answer = place.raw(method, path, data, **headers)
        return answer.record if answer.body.startswith(b"{") else {}

    def links() -> list[str]:
        texts = [bytes(envelope.content or b"").decode() for envelope in inbox.envelopes]
        return [text.partition("token=")[2].split()[0] for text in texts]

    def mail(number: int) -> str:
        wait_for_mails(place, inbox, number)
        return links()[number - 1]

    place.settings(emailConfirmationRequired=True, resendSeconds=0)
    register = {"email": ALICE, "password": PASSWORD, "motto": "secret motto"}
    call("POST", "/api/users/register", register)
    first = mail(1)
    call("POST", "/api/users/register", register)
    call("POST", f"/api/users/resendconfirmation/{ALICE}")
    second = mail(2)
    call("GET", f"/users/confirm?token={first}")
    for token in (first, second, second):
        call("POST", "/users/confirm", f"token={token}".encode())
    call("POST", "/api/users/login", {"login": ALICE, "password": WRONG})
    call("POST", "/api/users/login", b'{"login": "' + ALICE.encode() + b'", "password": ')
    token = str(call("POST", "/api/users/login", {"login": ALICE, "password": PASSWORD})["user-token"])
    call("GET", f"/api/users/isvalidusertoken/{token}")
    call("PUT", "/api/users/nobody", {"password": WRONG, "email": ALICE}, user_token=token)
    call("GET", f"/api/users/restorepassword/{ALICE}")
    third = mail(3)
    call("GET", f"/users/restore?token={third}")
    call("POST", "/users/restore", f"token={third}&password={NEW_PASSWORD.replace(' ', '+')}".encode())
    call("POST", f"/nowhere/{ALICE}", {"password": WRONG})
    guest = str(call("POST", "/api/users/register/guest", {})["user-token"])
    keys = set(place.keys.values())
    call("GET", f"/{place.app_id}/{place.keys[KeyKind.CLOUD_CODE]}/users/restorepassword/{ALICE}")
    call("GET", "/owner/users", authorization=f"Bearer {place.keys[KeyKind.OWNER]}")
    return {ALICE, "liddell", PASSWORD, NEW_PASSWORD, WRONG, first, second, third, token, guest, "secret motto", *keys}


def wait_for_mails(place: Place, inbox: Inbox, number: int) -> None:
    """Until so many mails arrived."""

    async def wait() -> None:
        while len(inbox.envelopes) < number:
            await asyncio.sleep(0.01)

    place.machine.do(wait())


def use_from_afar(place: Place) -> set[str]:
    """The backend for Backendless's own service, which speaks to this server here."""
    users = open_users(f"http://127.0.0.1:{place.machine.port}{place.form(KeyKind.CLOUD_CODE)}", None)

    async def use() -> None:
        for call in (
            users.log_in(ALICE, NEW_PASSWORD),  # type: ignore[attr-defined]
            users.log_in(ALICE, WRONG),  # type: ignore[attr-defined]
            users.resend_confirmation(ALICE),  # type: ignore[attr-defined]
            users.restore_password("hatter@wonderland.example"),  # type: ignore[attr-defined]
        ):
            with suppress(Failure):
                await call
        await users.close()  # type: ignore[attr-defined]

    run(use())
    return {"hatter"}
