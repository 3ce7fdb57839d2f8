"""``blockwright serve`` is killed (SIGKILL) again and again while people register: what it answered holds, whoever is
registered gets the mail, and the next server begins at once."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import httpx
import pytest

from blockwright.services import UserStatus
from blockwright.services.backends.outbox import Outbox
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.backends.stored.delivery import LEASE
from blockwright.services.records import MailState
from blockwright.services.sources import Sources, system_time
from tests.server.test_serve import Serving, serve
from tests.server.world import PATIENCE
from tests.services.world import run

PENDING = UserStatus.EMAIL_CONFIRMATION_PENDING


@pytest.mark.skipif(os.name != "posix", reason="only POSIX kills")
@pytest.mark.parametrize("rounds", [[1, 4], pytest.param([*range(1, 40)], marks=pytest.mark.long)])
def test_a_server_that_is_killed_keeps_its_word_and_its_mail(tmp_path: Path, rounds: list[int]) -> None:
    later = replace(Sources(), now=lambda: system_time() + LEASE)
    users = StoredUsers(open_store(f"sqlite:///{tmp_path}/users.db"), Outbox(tmp_path / "outbox"), later)
    run(users.change_settings({"emailConfirmationRequired": True, "mailsPerClientAndHour": 0}))

    answered: set[str] = set()
    for number, answers in enumerate(rounds):
        with serve(tmp_path) as serving:
            answered |= asyncio.run(register_until(serving, f"round{number}", answers))
    found = run(users.list_users())
    run(users.deliver())

    emails = {str(user.email) for user in found}
    assert answered <= emails
    assert {user.user_status for user in found} == {PENDING}
    assert {mail.state for mail in run(users.list_mails())} == {MailState.SENT}
    mails = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "outbox").glob("[!.]*.eml")]
    assert sorted(str(mail["To"]) for mail in mails) == sorted(emails)
    run(users.close())


async def register_until(serving: Serving, name: str, answers: int) -> set[str]:
    """Register many at once, and kill the server after so many answers; gives whom it answered."""
    answered: set[str] = set()

    async def register(client: httpx.AsyncClient, email: str) -> None:
        with suppress(httpx.TransportError):
            response = await client.post("/api/users/register", json={"email": email, "password": "correct horse"})
            assert response.status_code == 200, response.text
            answered.add(email)
            if len(answered) >= answers:
                serving.process.send_signal(signal.SIGKILL)

    async with httpx.AsyncClient(base_url=serving.url, timeout=PATIENCE) as client:
        await asyncio.gather(*(register(client, f"{name}.{number}@yourmail.com") for number in range(answers + 8)))
    return answered
