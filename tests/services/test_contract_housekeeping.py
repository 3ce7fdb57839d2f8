"""Housekeeping: what is over is forgotten, what goes on is kept."""

from __future__ import annotations

import pytest

from blockwright.failure import Failure
from blockwright.services import Mailer, Message, UserStatus
from blockwright.services.backends.stored import administration
from blockwright.services.records import MailState
from tests.services.world import ALICE, DAY, HOUR, PASSWORD, World, code_of, failure_of, run


def housekeep(world: World, later: int = 0) -> int:
    world.clock.now += later
    return run(world.users.housekeep())


def test_where_nothing_is_over_nothing_is_forgotten(world: World) -> None:
    assert housekeep(world) == 0

    link = world.register_pending()
    run(world.users.confirm_token(link))
    world.change_settings(sessionTimeout=3600)
    token = run(world.users.log_in(ALICE, PASSWORD)).token
    guest = run(world.users.log_in_as_guest())
    housekeep(world)

    assert run(world.users.is_valid(token))
    assert run(world.users.is_valid(guest.token))
    assert code_of(world.users.confirm_token(link)) == 3092
    assert len(run(world.users.list_mails())) == 1


def test_a_session_is_remembered_for_a_day_after_it_expired(world: World) -> None:
    world.change_settings(sessionTimeout=3600)
    world.register()
    token = run(world.users.log_in(ALICE, PASSWORD)).token

    housekeep(world, HOUR + DAY - 1)
    assert code_of(world.users.user_of(token)) == 3091
    housekeep(world, 1)
    assert code_of(world.users.user_of(token)) == 3064
    assert world.found()


def test_a_guest_is_gone_when_the_session_is(world: World) -> None:
    guest = run(world.users.log_in_as_guest())
    housekeep(world, 24 * HOUR - 1)
    assert run(world.users.find_by_id(guest.user.object_id)) is not None

    housekeep(world, 1)

    assert run(world.users.find_by_id(guest.user.object_id)) is None
    assert code_of(world.users.user_of(guest.token)) == 3064


def test_a_guest_who_goes_on_using_the_session_stays(world: World) -> None:
    guest = run(world.users.log_in_as_guest())
    for _ in range(5):
        world.clock.now += 20 * HOUR
        run(world.users.user_of(guest.token))
        housekeep(world)

    assert run(world.users.user_of(guest.token)) == guest.user


def test_a_guest_who_was_added_and_never_came_is_kept_for_the_hours_of_the_settings(world: World) -> None:
    world.change_settings(guestHours=2)
    guest = run(world.users.add({}, UserStatus.GUEST))

    housekeep(world, 2 * HOUR - 1)
    assert run(world.users.find_by_id(guest.object_id)) == guest
    assert housekeep(world, 1) >= 1
    assert run(world.users.find_by_id(guest.object_id)) is None


def test_a_guest_who_registered_stays(world: World) -> None:
    guest = run(world.users.log_in_as_guest())
    world.register(objectId=guest.user.object_id)

    housekeep(world, 1000 * DAY)

    assert world.found().object_id == guest.user.object_id


def test_a_link_is_remembered_for_a_month_after_it_expired(world: World) -> None:
    token = world.register_pending()

    housekeep(world, 31 * DAY - 1)
    assert failure_of(world.users.confirm_token(token)).details == {"reason": "expired"}
    housekeep(world, 1)
    assert failure_of(world.users.confirm_token(token)).details == {"reason": "unknown"}


class Refusing:
    async def send(self, message: Message) -> None:
        raise Failure("refused", f"Nobody takes {message.subject!r}.")


class Waiting:
    async def send(self, message: Message) -> None:
        raise Failure("unavailable", f"Nobody takes {message.subject!r} now.")


def test_mails_are_remembered_for_a_month_after_they_were_sent_or_refused(world: World) -> None:
    world.require_confirmation()
    mailers: tuple[Mailer, ...] = (world.mailer, Refusing(), Waiting())
    for number, mailer in enumerate(mailers):
        given = {"email": f"{number}@x.example", "password": PASSWORD}
        run(world.users_with(mailer).register(given))
    states = [mail.state for mail in run(world.users.list_mails())]
    assert sorted(states) == sorted([MailState.SENT, MailState.REFUSED, MailState.WAITING])

    housekeep(world, 30 * DAY - 1)
    assert len(run(world.users.list_mails())) == 3
    housekeep(world, 1)

    assert [mail.state for mail in run(world.users.list_mails())] == [MailState.WAITING]


def test_much_is_forgotten_in_small_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administration, "BATCH", 3)
    guests = [run(world.users.log_in_as_guest()).user for _ in range(10)]

    assert housekeep(world, 30 * DAY) == 20
    assert [run(world.users.find_by_id(guest.object_id)) for guest in guests] == [None] * 10
    assert housekeep(world) == 0
