"""Where ``reveal`` is off, no stranger can tell whether an account exists."""

from __future__ import annotations

import asyncio
import logging

import pytest

from blockwright.services.records import KeyKind
from tests.server.world import Machine, Place, served
from tests.services.world import ALICE, PASSWORD, QuickHasher

NOBODY = "nobody@yourmail.com"
CONFIRMED = "carol@yourmail.com"


@pytest.fixture
def discreet(place: Place) -> Place:
    """Alice is pending, Carol confirmed; nobody may be told so."""
    place.register(CONFIRMED)
    place.register_pending()
    place.settings(reveal=False)
    return place


@pytest.mark.parametrize("path", ["POST users/resendconfirmation", "GET users/restorepassword"])
def test_known_and_unknown_identities_are_answered_alike_again_and_again(discreet: Place, path: str) -> None:
    method, _, operation = path.partition(" ")

    def shown(identity: str) -> list[tuple[int, bytes, str | None]]:
        answers = [discreet.call(method, f"/api/{operation}/{identity}") for _ in range(3)]
        return [(answer.status, answer.body, answer.headers.get("retry-after")) for answer in answers]

    known = shown(ALICE)

    assert known[0] == (200, b"", None)
    assert known[1][0] == 429
    assert shown(NOBODY) == known
    assert shown(CONFIRMED) == known


def test_the_mail_goes_out_nevertheless_and_only_to_whom_it_belongs(discreet: Place) -> None:
    for identity in (NOBODY, CONFIRMED, ALICE):
        assert discreet.post(f"/api/users/resendconfirmation/{identity}").status == 200

    assert [mail.to for mail in discreet.mails.wait_for(2)] == [ALICE, ALICE]


def test_spellings_of_one_identity_are_limited_together(discreet: Place) -> None:
    assert discreet.post(f"/api/users/resendconfirmation/{NOBODY}").status == 200

    assert discreet.post("/api/users/resendconfirmation/NOBODY@YourMail.com").status == 429
    assert discreet.post("/api/users/resendconfirmation/%20nobody@yourmail.com").status == 429


def test_one_client_cannot_try_identities_without_end(discreet: Place) -> None:
    discreet.settings(mailsPerClientAndHour=3)

    statuses = [discreet.get(f"/api/users/restorepassword/somebody{n}@yourmail.com").status for n in range(5)]

    assert statuses == [200, 200, 200, 429, 429]


def test_what_holds_for_everybody_may_be_told(discreet: Place) -> None:
    discreet.settings(emailConfirmationRequired=False, passwordRecoveryEnabled=False)

    assert discreet.post(f"/api/users/resendconfirmation/{NOBODY}").code == 3103
    assert discreet.get(f"/api/users/restorepassword/{NOBODY}").code == 3101


def test_a_taken_identity_registers_like_a_free_one(discreet: Place) -> None:
    hasher = discreet.world.passwords
    assert isinstance(hasher, QuickHasher)
    body = {"password": PASSWORD, "name": "Al", "age": 44, "vip": True, "nothing": None, "___class": "Users"}

    def registered(email: str) -> tuple[int, list[tuple[str, object]], int]:
        before = hasher.hashed
        answer = discreet.post("/api/users/register", {"email": email, **body})
        record = {**answer.record, "email": "", "objectId": "", "ownerId": "", "created": 0}
        return answer.status, list(record.items()), hasher.hashed - before

    fresh = registered(NOBODY)

    assert fresh[0] == 200
    assert registered(ALICE) == fresh
    assert registered(CONFIRMED) == fresh
    assert len(discreet.machine.do(discreet.users.list_users())) == 3


def test_registering_and_logging_in_does_not_tell_either(discreet: Place) -> None:
    for email in (NOBODY, CONFIRMED):
        discreet.post("/api/users/register", {"email": email, "password": "another"})

    answers = [discreet.post("/api/users/login", {"login": e, "password": "another"}) for e in (NOBODY, CONFIRMED)]

    assert answers[0].code == 3003
    assert answers[0].body == answers[1].body
    assert discreet.get("/api/users/userclassprops").code == 1015


def test_who_knows_the_password_is_told_about_the_account(discreet: Place) -> None:
    object_id = discreet.world.found(CONFIRMED).object_id
    assert discreet.post("/api/users/login", {"login": CONFIRMED, "password": PASSWORD}).status == 200

    discreet.machine.do(discreet.users.set_status(object_id, "DISABLED"))  # type: ignore[arg-type]

    assert discreet.post("/api/users/login", {"login": CONFIRMED, "password": PASSWORD}).code == 3090


def test_code_of_the_app_s_own_gets_the_plain_codes(discreet: Place) -> None:
    base = discreet.form(KeyKind.CLOUD_CODE)

    assert discreet.post(f"{base}/users/resendconfirmation/{NOBODY}").code == 3104
    assert discreet.post(f"{base}/users/resendconfirmation/{CONFIRMED}").code == 3102
    assert discreet.get(f"{base}/users/restorepassword/{NOBODY}").code == 3020
    assert discreet.post(f"{base}/users/register", {"email": ALICE, "password": "x"}).code == 3033
    assert discreet.post(f"{base}/users/login", {"login": ALICE, "password": PASSWORD}).code == 3087


def test_the_log_of_work_in_the_background_names_codes_alone(discreet: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "blockwright.server"):
        discreet.post(f"/api/users/resendconfirmation/{NOBODY}")
        discreet.machine.do(discreet.app.state.house.background.finish())

    assert "resending a confirmation in the background failed with 3104" in caplog.text
    assert NOBODY not in "".join(record.getMessage() for record in caplog.records if "blockwright" in record.name)


def test_too_much_work_at_once_is_refused_for_everybody_alike(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blockwright.server.background.ROOM", 2)
    with served(machine) as place:
        place.register_pending()
        place.settings(reveal=False)
        held = asyncio.Event()

        async def hold(*_: object, **__: object) -> None:
            await held.wait()

        monkeypatch.setattr(place.users, "restore_password", hold)
        statuses = [place.get(f"/api/users/restorepassword/{e}").status for e in (ALICE, NOBODY, "a@b.cc", "d@e.ff")]
        machine.loop.call_soon_threadsafe(held.set)

    assert statuses == [200, 200, 503, 503]
