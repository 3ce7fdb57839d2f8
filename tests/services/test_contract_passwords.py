"""Passwords: hashed with argon2 away from everything else, and replaced by mail when they are forgotten."""

from __future__ import annotations

import asyncio
import sys
import threading
import unicodedata
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.failure import RATE_LIMITED, UNAVAILABLE, Failure
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.stored.argon import Argon2
from blockwright.services.records import UserStatus
from tests.services.world import (
    ALICE,
    DAY,
    HOUR,
    NOON,
    PASSWORD,
    QuickHasher,
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

    outcomes = Counter(in_threads(4, one))
    assert outcomes["ENABLED"] >= 1
    assert set(outcomes) <= {"ENABLED", UNAVAILABLE}


def test_a_registered_password_is_kept_as_an_argon2_hash_alone(world: World) -> None:
    world.passwords = SMALL
    world.register()

    assert kept_hash(world).startswith("$argon2id$")
    assert PASSWORD not in repr(run(world.store.read(lambda tables: list(tables.users.all()))))


def restore(world: World, identity: str = ALICE, client: str | None = None) -> str:
    """Have a link for a new password mailed; gives its token."""
    run(world.users.restore_password(identity, client=client))
    return world.last_token()


def reason_of(failure: Failure) -> object:
    assert isinstance(failure.details, dict)
    return failure.code, failure.details["reason"]


def test_a_forgotten_password_is_replaced_by_the_link_in_a_mail(world: World) -> None:
    alice = world.register()
    world.change_settings(publicBaseUrl="https://bakery.example", appName="Bakery")
    world.clock.now += HOUR

    token = restore(world, "ALICE@yourmail.com")
    message = world.mailer.messages[-1]
    user = run(world.users.reset_password(token, ANOTHER))

    assert message.to == ALICE
    assert "Bakery" in message.subject
    assert f"https://bakery.example/users/password?token={token}" in message.text
    assert user == replace(alice, updated=NOON + HOUR)
    assert code_of(world.users.log_in(ALICE, PASSWORD)) == 3003
    assert run(world.users.log_in(ALICE, ANOTHER)).user.email == ALICE


def test_only_a_digest_of_the_links_token_is_kept(world: World) -> None:
    world.register()
    token = restore(world)

    assert token not in repr(run(world.store.read(lambda tables: list(tables.links.all()))))


def test_a_new_password_ends_all_sessions_and_a_lock(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=1, enableMultipleLogins=True)
    session = run(world.users.log_in(ALICE, PASSWORD))
    assert code_of(world.users.log_in(ALICE, "wrong")) == 3003

    run(world.users.reset_password(restore(world), ANOTHER))

    assert run(world.users.is_valid(session.token)) is False
    run(world.users.log_in(ALICE, ANOTHER))


def test_to_ask_whether_a_link_works_does_not_use_it(world: World) -> None:
    world.register()
    token = restore(world)

    for _ in range(2):
        run(world.users.check_password_token(token))
    run(world.users.reset_password(token, ANOTHER))


def test_a_link_works_once(world: World) -> None:
    world.register()
    token = restore(world)
    run(world.users.reset_password(token, ANOTHER))

    assert reason_of(failure_of(world.users.reset_password(token, "third"))) == (3025, "used")
    assert reason_of(failure_of(world.users.check_password_token(token))) == (3025, "used")
    run(world.users.log_in(ALICE, ANOTHER))


def test_of_many_uses_of_a_link_at_once_one_succeeds(world: World) -> None:
    world.register()
    token, users = restore(world), world.users

    async def one(number: int) -> str:
        await users.reset_password(token, f"password {number}")
        return f"password {number}"

    outcomes = in_threads(12, one)

    [winner] = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert outcomes.count(3025) == 11
    run(users.log_in(ALICE, winner))


def test_only_the_newest_link_works(world: World) -> None:
    world.register()
    world.change_settings(resendSeconds=0)
    first, second = restore(world), restore(world)

    assert reason_of(failure_of(world.users.reset_password(first, ANOTHER))) == (3025, "replaced")
    run(world.users.reset_password(second, ANOTHER))


def test_a_link_works_for_as_long_as_the_settings_say(world: World) -> None:
    world.register()
    world.change_settings(passwordLinkHours=2)
    token = restore(world)

    world.clock.now += 2 * HOUR - 1
    run(world.users.check_password_token(token))
    world.clock.now += 1
    assert reason_of(failure_of(world.users.reset_password(token, ANOTHER))) == (3025, "expired")


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\0", "\ud800", None, 5, ["x"]], ids=label)
def test_a_made_up_link_is_not_known(world: World, token: str) -> None:
    world.register()
    restore(world)
    hasher = QuickHasher()
    world.passwords = hasher

    assert reason_of(failure_of(world.users.reset_password(token, ANOTHER))) == (3025, "unknown")
    assert reason_of(failure_of(world.users.check_password_token(token))) == (3025, "unknown")
    assert hasher.hashed == 0


def test_a_link_with_more_behind_its_token_is_not_known(world: World) -> None:
    world.register()

    assert reason_of(failure_of(world.users.reset_password(restore(world) + "x", ANOTHER))) == (3025, "unknown")


def test_a_confirmation_link_sets_no_password_and_a_password_link_confirms_nothing(world: World) -> None:
    confirm = world.register_pending()
    password = restore(world)

    assert reason_of(failure_of(world.users.reset_password(confirm, ANOTHER))) == (3025, "unknown")
    assert code_of(world.users.confirm_token(password)) == 3051
    assert world.found().user_status is UserStatus.EMAIL_CONFIRMATION_PENDING


def test_a_link_for_an_address_that_was_changed_does_not_work(world: World) -> None:
    alice = world.register()
    token = restore(world)
    run(world.users.update(alice.object_id, {"email": "alice@elsewhere.com"}))

    assert code_of(world.users.reset_password(token, ANOTHER)) == 3025


def test_a_changed_password_makes_the_links_void(world: World) -> None:
    alice = world.register()
    token = restore(world)
    run(world.users.update(alice.object_id, {"password": "third"}))

    assert code_of(world.users.reset_password(token, ANOTHER)) == 3025


def test_the_link_of_a_removed_account_is_not_known(world: World) -> None:
    alice = world.register()
    token = restore(world)
    run(world.users.remove(alice.object_id))

    assert reason_of(failure_of(world.users.reset_password(token, ANOTHER))) == (3025, "unknown")


@pytest.mark.parametrize("password", ["", None, 5, "x" * 2000, ["x"]], ids=label)
def test_an_unfit_new_password_leaves_the_link_as_it_is(world: World, password: str) -> None:
    world.register()
    token = restore(world)

    assert code_of(world.users.reset_password(token, password)) == 3050
    run(world.users.reset_password(token, ANOTHER))


def test_who_proves_to_read_the_mail_has_confirmed_the_address(world: World) -> None:
    confirm = world.register_pending()

    assert run(world.users.reset_password(restore(world), ANOTHER)).user_status is UserStatus.ENABLED
    assert code_of(world.users.confirm_token(confirm)) == 3092
    run(world.users.log_in(ALICE, ANOTHER))


def test_a_disabled_account_learns_it_from_its_link_alone(world: World) -> None:
    alice = world.register()
    run(world.users.set_status(alice.object_id, UserStatus.DISABLED))

    token = restore(world)

    assert code_of(world.users.check_password_token(token)) == 3090
    assert code_of(world.users.reset_password(token, ANOTHER)) == 3090
    assert world.found().user_status is UserStatus.DISABLED


def test_recovery_can_be_turned_off_for_everybody(world: World) -> None:
    world.register()
    world.change_settings(passwordRecoveryEnabled=False)

    assert code_of(world.users.restore_password(ALICE)) == 3101
    assert code_of(world.users.restore_password("nobody@yourmail.com")) == 3101


@pytest.mark.parametrize("identity", ["", "nobody@yourmail.com", "x" * 100_000, "\ud800", 0, 10**5000], ids=label)
def test_an_identity_that_nobody_has_gets_no_mail(world: World, identity: str) -> None:
    world.register()

    failure = failure_of(world.users.restore_password(identity))

    assert failure.code == 3020
    assert failure.message.isprintable()
    assert len(failure.message) < 500
    assert world.mailer.messages == ()


def test_a_guest_gets_no_mail(world: World) -> None:
    run(world.users.add({"email": ALICE}, UserStatus.GUEST))

    assert code_of(world.users.restore_password(ALICE)) == 3020


def test_an_account_without_an_address_gets_no_mail(world: World) -> None:
    world.change_settings(identityColumn="name")
    run(world.users.register({"name": "alice", "password": PASSWORD}))

    assert code_of(world.users.restore_password("alice")) == 3020


def test_who_logs_in_through_another_service_has_no_password_to_restore(world: World) -> None:
    world.register()

    def make_social(tables: object) -> None:
        [row] = list(tables.users.all())  # type: ignore[attr-defined]
        tables.users.put(replace(row, social_account="FACEBOOK"))  # type: ignore[attr-defined]

    run(world.store.change(make_social))

    assert code_of(world.users.restore_password(ALICE)) == 3075


def test_without_a_mailer_nothing_is_done(world: World) -> None:
    world.register()

    assert code_of(world.users_with(None).restore_password(ALICE)) == UNAVAILABLE
    assert run(world.store.read(lambda tables: tables.links.count())) == 0
    restore(world)


def test_one_user_gets_one_mail_in_the_time_that_the_settings_say(world: World) -> None:
    world.register()
    first = restore(world)

    failure = failure_of(world.users.restore_password(ALICE))

    assert failure.code == RATE_LIMITED
    assert failure.details == {"retry after": 60}
    assert len(world.mailer.messages) == 1
    run(world.users.check_password_token(first))

    world.clock.now += 60_000
    restore(world)


def test_of_many_requests_at_once_one_mail_goes_out(world: World) -> None:
    world.register()
    users = world.users

    async def one(_: int) -> str:
        await users.restore_password(ALICE)
        return "mailed"

    assert Counter(in_threads(12, one)) == {"mailed": 1, RATE_LIMITED: 11}
    assert len(world.mailer.messages) == 1


def test_mails_for_confirming_and_for_passwords_have_waits_of_their_own_and_limits_together(world: World) -> None:
    world.change_settings(mailsPerAddressAndDay=3)
    world.register_pending()
    restore(world)
    run(world.users.resend_confirmation(ALICE))
    world.clock.now += HOUR

    failure = failure_of(world.users.restore_password(ALICE))

    assert failure.code == RATE_LIMITED
    assert len(world.mailer.messages) == 3
    world.clock.now += DAY
    restore(world)


def test_one_client_can_cause_so_many_mails(world: World) -> None:
    for number in range(3):
        world.register(f"user{number}@yourmail.com")
    world.change_settings(mailsPerClientAndHour=2)

    restore(world, "user0@yourmail.com", "192.0.2.1")
    restore(world, "user1@yourmail.com", "192.0.2.1")
    assert code_of(world.users.restore_password("user2@yourmail.com", client="192.0.2.1")) == RATE_LIMITED
    restore(world, "user2@yourmail.com", "192.0.2.2")


def test_in_memory_a_whole_recovery_works_with_real_hashes() -> None:
    world = World(MemoryStore(), passwords=SMALL)
    world.register()

    run(world.users.reset_password(restore(world), ANOTHER))

    assert code_of(world.users.log_in(ALICE, PASSWORD)) == 3003
    run(world.users.log_in(ALICE, ANOTHER))
