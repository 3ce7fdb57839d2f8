"""Statuses: accounts enabled and disabled, and what that means for who is logged in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from blockwright.services.records import UserStatus
from tests.services.world import ALICE, HOUR, NOON, PASSWORD, World, code_of, failure_of, in_threads, label, run

ENABLED, DISABLED = UserStatus.ENABLED, UserStatus.DISABLED


def test_an_account_is_disabled_and_enabled_again(world: World) -> None:
    alice = world.register()
    world.clock.now += HOUR

    run(world.users.set_status(alice.object_id, DISABLED))
    assert world.found() == replace(alice, user_status=DISABLED, updated=NOON + HOUR)

    run(world.users.set_status(alice.object_id, ENABLED))
    assert world.found().user_status is ENABLED


def test_a_status_may_be_given_by_its_name(world: World) -> None:
    alice = world.register()

    run(world.users.set_status(alice.object_id, "DISABLED"))  # type: ignore[arg-type]

    assert world.found().user_status is DISABLED


def test_an_account_that_is_so_already_says_so(world: World) -> None:
    alice = world.register()
    assert code_of(world.users.set_status(alice.object_id, ENABLED)) == 3086

    run(world.users.set_status(alice.object_id, DISABLED))
    assert code_of(world.users.set_status(alice.object_id, DISABLED)) == 3085


def test_enabling_a_pending_account_confirms_it(world: World) -> None:
    token = world.register_pending()

    run(world.users.set_status(world.found().object_id, ENABLED))

    assert run(world.users.log_in(ALICE, PASSWORD)).user.user_status is ENABLED
    assert code_of(world.users.confirm_token(token)) == 3092
    assert code_of(world.users.resend_confirmation(ALICE)) == 3102


def test_a_pending_account_can_be_disabled_and_its_link_does_not_help(world: World) -> None:
    token = world.register_pending()

    run(world.users.set_status(world.found().object_id, DISABLED))

    assert code_of(world.users.confirm_token(token)) == 3090
    assert world.found().user_status is DISABLED


def test_whoever_is_logged_in_is_out_at_once_and_told_why(world: World) -> None:
    alice = world.register()
    session = run(world.users.log_in(ALICE, PASSWORD))

    run(world.users.set_status(alice.object_id, DISABLED))

    assert run(world.users.is_valid(session.token)) is False
    assert code_of(world.users.user_of(session.token)) == 3090
    assert code_of(world.users.verify_password(session.token, PASSWORD)) == 3090
    assert code_of(world.users.log_in(ALICE, PASSWORD)) == 3090


def test_a_session_does_not_come_back_when_its_account_is_enabled_again(world: World) -> None:
    alice = world.register()
    session = run(world.users.log_in(ALICE, PASSWORD))

    for status in (DISABLED, ENABLED):
        run(world.users.set_status(alice.object_id, status))

    assert run(world.users.is_valid(session.token)) is False
    assert code_of(world.users.user_of(session.token)) == 3064


@pytest.mark.parametrize(
    "status", [UserStatus.GUEST, UserStatus.EMAIL_CONFIRMATION_PENDING, "enabled", "", None, 5, ["ENABLED"]], ids=label
)
def test_there_is_no_other_status_to_set(world: World, status: UserStatus) -> None:
    alice = world.register()

    assert code_of(world.users.set_status(alice.object_id, status)) == 2004


def test_a_guest_is_neither_enabled_nor_disabled(world: World) -> None:
    guest = run(world.users.log_in_as_guest()).user

    for status in (ENABLED, DISABLED):
        assert code_of(world.users.set_status(guest.object_id, status)) == 2004


@pytest.mark.parametrize("object_id", ["", "nobody", ALICE, "x" * 100_000, "\0", "\ud800"], ids=label)
def test_an_object_id_that_nobody_has_is_not_found(world: World, object_id: str) -> None:
    world.register()

    failure = failure_of(world.users.set_status(object_id, DISABLED))

    assert failure.code == 3057
    assert failure.message.isprintable()
    assert len(failure.message) < 200
    assert code_of(world.users.set_status(5, DISABLED)) == "bad value"  # type: ignore[arg-type]


def test_of_many_who_disable_an_account_at_once_one_does(world: World) -> None:
    alice = world.register()
    users = world.users

    async def one(_: int) -> str:
        await users.set_status(alice.object_id, DISABLED)
        return "done"

    assert Counter(in_threads(8, one)) == {"done": 1, 3085: 7}


def test_nobody_is_logged_in_when_a_login_and_the_owner_meet(world: World) -> None:
    alice = world.register()
    users = world.users

    async def one(number: int) -> str:
        if number == 0:
            await users.set_status(alice.object_id, DISABLED)
            return "disabled"
        return (await users.log_in(ALICE, PASSWORD)).token

    tokens = [outcome for outcome in in_threads(8, one)[1:] if isinstance(outcome, str)]

    assert [run(users.is_valid(token)) for token in tokens] == [False] * len(tokens)
