"""Processes that are killed between any two statements: what they did is done wholly or not at all, no mail is lost,
and whoever comes next can work at once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest

from blockwright.services.backends.outbox import Outbox
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.backends.stored.delivery import LEASE
from blockwright.services.records import MailState, UserStatus
from blockwright.services.sources import Sources, system_time
from tests.services.killing import CROWD, Killer, Order
from tests.services.postgres import postgres
from tests.services.world import ALICE, PASSWORD, QuickHasher, code_of, run, sqlite_world

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are killed are forked")

MOST_STATEMENTS = 200
ENABLED, PENDING = UserStatus.ENABLED, UserStatus.EMAIL_CONFIRMATION_PENDING


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    killer = Killer()
    yield killer
    killer.stop()


@dataclass(frozen=True)
class State:
    """What a process that was killed left behind."""

    status: UserStatus | None
    nickname_is_a_column: bool
    links: list[str]
    mails: int
    throttled: bool


class Scene:
    """Users whom processes work on that are killed, and a fresh look at them. Mail is in files."""

    def __init__(self, backend: str, folder: Path) -> None:
        self.outbox = folder / "outbox"
        self.outbox.mkdir()
        if backend == "sqlite":
            sqlite_world(folder)
        self.url = (
            f"sqlite:///{folder}/users.db?timeout=20" if backend == "sqlite" else f"{postgres().emptied()}&timeout=20"
        )
        self.store = open_store(self.url)
        run(self.users.change_settings({"emailConfirmationRequired": True, "resendSeconds": 0}))

    @property
    def users(self) -> StoredUsers:
        """Users as a process sees them that comes when all claims of the killed one have run out."""
        later = replace(Sources(), now=lambda: system_time() + LEASE)
        return StoredUsers(self.store, Outbox(self.outbox), later, QuickHasher())

    def state(self) -> State:
        def work(tables: Tables) -> State:
            user = next(tables.users.all(), None)
            assert tables.users.count() <= 1
            return State(
                None if user is None else UserStatus(user.user_status),
                tables.columns.get("nickName") is not None,
                sorted("used" if link.used else "void" if link.voided else "works" for link in tables.links.all()),
                tables.mails.count(),
                any(row.key.startswith("mails") for row in tables.throttles.all()),
            )

        return run(self.store.read(work))

    def links_by_person(self) -> list[list[str]]:
        def work(tables: Tables) -> list[list[str]]:
            links = [tables.links.find("object_id", user.object_id) for user in tables.users.all()]
            return [sorted("void" if link.voided else "works" for link in each) for each in links]

        return run(self.store.read(work))

    def sent(self) -> list[EmailMessage]:
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.outbox.glob("[!.]*.eml")]

    def tokens(self) -> list[str]:
        return [mail.get_body(("plain",)).get_content().partition("token=")[2].split()[0] for mail in self.sent()]

    def check_no_mail_is_lost(self) -> None:
        """Whatever mail was written goes out, if not before, when somebody delivers; each is one mail. What the killed
        process held is left out until the database knows of its death."""
        deadline = time.monotonic() + 20
        while run(self.users.list_mails(MailState.WAITING)):
            assert time.monotonic() < deadline
            run(self.users.deliver())
        mails = run(self.users.list_mails())
        assert {mail.state for mail in mails} <= {MailState.SENT}
        assert sorted(f"<{mail.mail_id}@example.com>" for mail in mails) == sorted(
            {str(mail["Message-ID"]) for mail in self.sent()}
        )

    def close(self) -> None:
        run(self.store.close())


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def scenes(backend: str, folder: Path) -> Iterator[tuple[int, Scene]]:
    """A fresh scene for each number of statements after which a process dies."""
    for number in count():
        assert number < MOST_STATEMENTS
        (folder / str(number)).mkdir()
        scene = Scene(backend, folder / str(number))
        yield number, scene
        scene.close()


NOBODY = State(None, False, [], 0, False)
REGISTERED = State(PENDING, True, ["works"], 1, True)
RESENT = State(PENDING, True, ["void", "works"], 2, True)
CONFIRMED = State(ENABLED, True, ["used"], 1, True)


def test_a_registration_is_wholly_there_with_its_mail_or_not_at_all(
    backend: str, tmp_path: Path, killer: Killer
) -> None:
    seen = []
    for number, scene in scenes(backend, tmp_path):
        alive = killer.do(Order(scene.url, "register", str(scene.outbox), die_after=number, leaves_mail=True))

        seen.append(scene.state())
        scene.check_no_mail_is_lost()
        again = scene.users.register({"email": ALICE, "password": PASSWORD})
        if seen[-1] == REGISTERED:
            assert code_of(again) == 3033
        else:
            assert run(again).user_status is PENDING
        if alive:
            break

    check_it_was_one_step(seen, NOBODY, REGISTERED)


def test_a_resend_is_wholly_there_with_its_mail_or_not_at_all(backend: str, tmp_path: Path, killer: Killer) -> None:
    seen = []
    for number, scene in scenes(backend, tmp_path):
        run(scene.users.register({"email": ALICE, "password": PASSWORD, "nickName": "Al"}))
        first = scene.tokens()[0]
        alive = killer.do(Order(scene.url, "resend", str(scene.outbox), die_after=number, leaves_mail=True))

        seen.append(scene.state())
        scene.check_no_mail_is_lost()
        newest = next((token for token in scene.tokens() if token != first), first)
        if newest != first:
            assert code_of(scene.users.confirm_token(first)) == 3051
        assert run(scene.users.confirm_token(newest)).user_status is ENABLED
        if alive:
            break

    check_it_was_one_step(seen, REGISTERED, RESENT)


def test_of_resends_that_wait_at_the_same_time_each_is_wholly_there_with_its_mail_or_not_at_all(
    backend: str, tmp_path: Path, killer: Killer
) -> None:
    for number, scene in scenes(backend, tmp_path):
        for email in CROWD:
            run(scene.users.register({"email": email, "password": PASSWORD}))
        alive = killer.do(Order(scene.url, "resend together", str(scene.outbox), die_after=number, leaves_mail=True))

        links = scene.links_by_person()
        assert all(states in (["works"], ["void", "works"]) for states in links)
        if backend == "sqlite":
            assert links in ([["works"]] * 3, [["void", "works"]] * 3)
        scene.check_no_mail_is_lost()
        assert len(scene.sent()) == sum(map(len, links))
        if alive:
            assert links == [["void", "works"]] * 3
            break


def test_a_confirmation_is_wholly_there_or_not_at_all(backend: str, tmp_path: Path, killer: Killer) -> None:
    seen = []
    for number, scene in scenes(backend, tmp_path):
        run(scene.users.register({"email": ALICE, "password": PASSWORD, "nickName": "Al"}))
        token = scene.tokens()[0]
        alive = killer.do(Order(scene.url, "confirm", str(scene.outbox), token, die_after=number))

        seen.append(scene.state())
        again = scene.users.confirm_token(token)
        if seen[-1] == CONFIRMED:
            assert code_of(again) == 3092
        else:
            assert run(again).user_status is ENABLED
        if alive:
            break

    check_it_was_one_step(seen, REGISTERED, CONFIRMED)


def check_it_was_one_step(seen: list[State], before: State, after: State) -> None:
    """First there are only states from before, then only states from after, and many of them."""
    assert len(seen) > 8
    turned = seen.index(after)
    assert seen == [before] * turned + [after] * (len(seen) - turned)


def test_a_delivery_that_is_killed_anywhere_loses_no_mail_and_sends_none_twice(
    backend: str, tmp_path: Path, killer: Killer
) -> None:
    for number, scene in scenes(backend, tmp_path):
        queueing = StoredUsers(scene.store, Outbox(scene.outbox), passwords=QuickHasher())
        queueing.leave_mail_to(lambda: None)
        for email in CROWD:
            run(queueing.register({"email": email, "password": PASSWORD}))
        alive = killer.do(Order(scene.url, "deliver", str(scene.outbox), die_after=number))

        scene.check_no_mail_is_lost()
        assert sorted(str(mail["To"]) for mail in scene.sent()) == list(CROWD)
        if alive:
            break


def test_a_mail_whose_sender_dies_before_it_can_say_so_goes_out_again_as_the_same_mail(
    backend: str, tmp_path: Path, killer: Killer
) -> None:
    scene = Scene(backend, tmp_path)
    assert not killer.do(Order(scene.url, "register", str(scene.outbox), die_at_hand_over=True))
    assert len(scene.sent()) == 1
    assert [mail.state for mail in run(scene.users.list_mails())] == [MailState.WAITING]

    run(scene.users.deliver())

    once, twice = scene.sent()
    assert once["Message-ID"] == twice["Message-ID"]
    assert once.as_bytes() == twice.as_bytes()
    scene.close()
