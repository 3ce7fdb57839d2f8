"""Forgotten passwords: replaced by a link that is mailed, works once, and not for long."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from blockwright.failure import RATE_LIMITED, UNAVAILABLE, Failure
from blockwright.services.backends.store import Tables
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
    run,
)

ANOTHER = "battery staple"


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


def test_a_link_is_bound_to_the_address_it_was_mailed_to_whatever_changed_that(world: World) -> None:
    world.register()
    token = restore(world)

    def move(tables: Tables) -> None:
        [row] = list(tables.users.all())
        tables.users.put(replace(row, email="alice@elsewhere.com"))

    run(world.store.change(move))

    assert reason_of(failure_of(world.users.reset_password(token, ANOTHER))) == (3025, "unknown")


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

    def make_social(tables: Tables) -> None:
        [row] = list(tables.users.all())
        tables.users.put(replace(row, social_account="FACEBOOK"))

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
