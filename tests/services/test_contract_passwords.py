"""Passwords: hashed with argon2, away from everything else."""

from __future__ import annotations

import asyncio
import sys
import threading
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.backends.stored.argon import Argon2
from tests.services.world import (
    ALICE,
    PASSWORD,
    World,
    code_of,
    failure_of,
    in_threads,
    label,
    outcome_of,
    run,
)

SMALL = Argon2(memory=64, passes=1)
"""Real argon2, with parameters that take no time."""
ANOTHER = "battery staple"


def test_a_hash_is_argon2id_with_the_parameters_asked_for_and_its_own_salt() -> None:
    first, second = run(SMALL.hash(PASSWORD)), run(SMALL.hash(PASSWORD))

    assert first.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert first != second
    assert PASSWORD not in first


def test_the_parameters_are_those_recommended_or_better() -> None:
    assert run(Argon2().hash(PASSWORD)).startswith("$argon2id$v=19$m=47104,t=2,p=1$")


def test_the_password_of_a_hash_is_told_from_others() -> None:
    password_hash = run(SMALL.hash(PASSWORD))

    assert run(SMALL.verify(password_hash, PASSWORD)) is True
    assert run(SMALL.verify(password_hash, PASSWORD + " ")) is False
    assert run(SMALL.verify(password_hash, PASSWORD.upper())) is False


def test_an_accent_typed_in_two_ways_is_one_password() -> None:
    assert run(SMALL.verify(run(SMALL.hash("caf\u00e9")), "cafe\u0301")) is True


def test_nothing_after_a_nul_is_lost() -> None:
    assert run(SMALL.verify(run(SMALL.hash("a\0b")), "a\0c")) is False


def test_a_password_has_at_most_1024_bytes() -> None:
    assert run(SMALL.verify(run(SMALL.hash("é" * 512)), "é" * 512)) is True
    assert code_of(SMALL.hash("é" * 513)) == 3050
    assert code_of(SMALL.hash("x" * 1025)) == 3050


@pytest.mark.parametrize(
    ("password", "code"),
    [(None, 3011), ("", 3011), (5, 3050), (["x"], 3050), (b"x", 3050), (True, 3050), ("\ud800", 3050)],
    ids=label,
)
def test_what_is_no_password_is_refused_without_showing_it(password: object, code: int) -> None:
    failure = failure_of(SMALL.hash(password))

    assert failure.code == code
    assert failure.message.startswith("The password")


@given(password=st.text(max_size=1100), other=st.text(max_size=40) | st.none() | st.integers())
@settings(max_examples=50)
def test_any_text_is_hashed_or_refused_with_a_code(password: str, other: object) -> None:
    outcome = outcome_of(lambda: run(SMALL.hash(password)))

    if isinstance(outcome, Failure):
        assert outcome.code in (3011, 3050)
    else:
        assert run(SMALL.verify(outcome, password)) is True
        assert run(SMALL.verify(outcome, other)) is (normal(other) == normal(password))


def normal(password: object) -> object:
    return unicodedata.normalize("NFC", password) if isinstance(password, str) else password


@pytest.mark.parametrize("password", [PASSWORD, "", None, 5, "x" * 5000, "\ud800"], ids=label)
def test_without_a_hash_no_password_is_right_and_the_same_work_is_done(
    password: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    argon2 = pytest.importorskip("argon2")
    work: list[str] = []
    verify = argon2.PasswordHasher.verify

    def watched(self: object, password_hash: str, secret: bytes) -> bool:
        work.append(password_hash.rpartition("$")[0].rpartition("$")[0])
        return bool(verify(self, password_hash, secret))

    monkeypatch.setattr(argon2.PasswordHasher, "verify", watched)

    assert run(SMALL.verify(None, password)) is False
    assert run(SMALL.verify(run(SMALL.hash(PASSWORD)), "wrong")) is False
    assert work == ["$argon2id$v=19$m=64,t=1,p=1"] * 2


@pytest.mark.parametrize("password_hash", ["", "!", "x" * 1000, "$argon2id$", "é"])
def test_a_broken_hash_lets_nobody_in(password_hash: str) -> None:
    outcome = outcome_of(lambda: run(SMALL.verify(password_hash, PASSWORD)))

    assert outcome is False or (isinstance(outcome, Failure) and outcome.code == UNAVAILABLE)
    assert SMALL.needs_rehash(password_hash) is True


def test_a_hash_with_other_parameters_is_out_of_date() -> None:
    assert SMALL.needs_rehash(run(Argon2(memory=32, passes=1).hash(PASSWORD))) is True
    assert SMALL.needs_rehash(run(SMALL.hash(PASSWORD))) is False


def test_one_object_serves_many_event_loops_and_a_few_passwords_at_once() -> None:
    hasher = Argon2(memory=64, passes=1, at_once=2)
    password_hash = run(hasher.hash(PASSWORD))
    passwords = [PASSWORD, "wrong"] * 8

    async def verify_some(number: int) -> object:
        return await asyncio.gather(*(hasher.verify(password_hash, passwords[number]) for _ in range(4)))

    assert in_threads(16, verify_some) == [[True] * 4, [False] * 4] * 8
    assert sum(thread.name.startswith("passwords") for thread in threading.enumerate()) <= 2 * 20


def test_who_comes_when_too_many_wait_is_sent_away_and_the_rest_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on = threading.Event()

    def slow_hash(_self: object, secret: bytes) -> str:
        may_go_on.wait(10)
        return secret.decode()

    monkeypatch.setattr("argon2.PasswordHasher.hash", slow_hash)
    hasher = Argon2(at_once=1, waiting=2)

    async def many() -> list[object]:
        calls = [asyncio.ensure_future(hasher.hash(PASSWORD)) for _ in range(6)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        may_go_on.set()
        return await asyncio.gather(*calls, return_exceptions=True)

    for _ in range(2):
        may_go_on.clear()
        outcomes = run(many())
        assert outcomes[:3] == [PASSWORD] * 3
        assert [outcome.code for outcome in outcomes if isinstance(outcome, Failure)] == [UNAVAILABLE] * 3


def test_a_call_that_is_cancelled_gives_its_place_back() -> None:
    hasher = Argon2(memory=64, passes=1, at_once=1, waiting=0)

    async def cancelled_often() -> str:
        for _ in range(20):
            call = asyncio.ensure_future(hasher.hash(PASSWORD))
            await asyncio.sleep(0)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
        while True:
            try:
                return await hasher.hash(PASSWORD)
            except Failure:
                await asyncio.sleep(0)

    assert run(cancelled_often()).startswith("$argon2id$")


def test_without_argon2_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "argon2", None)

    for call in (Argon2().hash(PASSWORD), Argon2().verify(None, PASSWORD)):
        failure = failure_of(call)
        assert failure.code == UNAVAILABLE
        assert 'pip install "blockwright[sql]"' in failure.message


def test_an_old_hash_is_replaced_at_the_next_login(world: World) -> None:
    world.passwords = Argon2(memory=32, passes=1)
    alice = world.register()
    world.passwords = SMALL

    for _ in range(2):
        assert run(world.users.log_in(ALICE, PASSWORD)).user.object_id == alice.object_id
        assert "$m=64,t=1,p=1$" in kept_hash(world)
    assert world.found().updated is None


def kept_hash(world: World) -> str:
    [row] = run(world.store.read(lambda tables: list(tables.users.all())))
    return row.password_hash or ""


def test_many_logins_at_once_with_an_old_hash_all_succeed(world: World) -> None:
    world.passwords = Argon2(memory=32, passes=1)
    world.register()
    world.change_settings(enableMultipleLogins=True)
    world.passwords = SMALL
    users = world.users

    async def one(_: int) -> str:
        return (await users.log_in(ALICE, PASSWORD)).user.user_status

    assert Counter(in_threads(4, one)) == {"ENABLED": 4}


def test_a_registered_password_is_kept_as_an_argon2_hash_alone(world: World) -> None:
    world.passwords = SMALL
    world.register()

    assert kept_hash(world).startswith("$argon2id$")
    assert PASSWORD not in repr(run(world.store.read(lambda tables: list(tables.users.all()))))
