"""Confirmation: the documented codes, links that work once, limits, and mail that is kept with what it announces."""

from __future__ import annotations

import asyncio
import threading

import pytest

from blockwright.failure import Failure
from blockwright.services import Message, User, UserStatus
from blockwright.services.backends.outbox import MemoryMailer
from tests.services.world import (
    ALICE,
    DAY,
    HOUR,
    MINUTE,
    PASSWORD,
    World,
    code_of,
    failure_of,
    in_threads,
    label,
    run,
    token_in,
)

BOB = "bob@yourmail.com"
PENDING = UserStatus.EMAIL_CONFIRMATION_PENDING


def resend(world: World, identity: str = ALICE) -> str:
    """Have the mail sent again after the time that a user must wait; gives the token of the new link."""
    world.clock.now += MINUTE
    run(world.users.resend_confirmation(identity))
    return world.last_token()


def test_a_pending_user_gets_another_mail_and_the_call_gives_no_value(world: World) -> None:
    world.register_pending()

    assert run(world.users.resend_confirmation(ALICE)) is None
    assert [message.to for message in world.mailer.messages] == [ALICE, ALICE]


def test_the_mail_goes_to_the_stored_address_whatever_spelling_was_asked_for(world: World) -> None:
    world.register_pending("alice@yourmail.com")

    run(world.users.resend_confirmation("ＡLICE@YOURMAIL.com"))

    assert world.mailer.messages[-1].to == "alice@yourmail.com"


def test_the_mail_names_the_app_and_links_to_its_own_address(world: World) -> None:
    run(world.users.change_settings({"appName": "Bakery & Sons", "publicBaseUrl": "https://bakery.example"}))
    token = world.register_pending()

    message = world.mailer.messages[-1]
    assert message.subject == "Confirm your email address for Bakery & Sons"
    assert f"https://bakery.example/users/confirm?token={token}\n" in message.text
    assert f'"https://bakery.example/users/confirm?token={token}"' in message.html
    assert "Bakery &amp; Sons" in message.html


def test_the_switched_off_option_is_told_first_then_the_unknown_user_then_the_confirmed_one(world: World) -> None:
    run(world.users.add({"email": ALICE}))
    assert code_of(world.users.resend_confirmation(ALICE)) == 3103
    assert code_of(world.users.resend_confirmation("nobody@yourmail.com")) == 3103

    world.require_confirmation()
    assert code_of(world.users.resend_confirmation("nobody@yourmail.com")) == 3104
    assert code_of(world.users.resend_confirmation(ALICE)) == 3102
    assert world.mailer.messages == ()


def test_the_failures_name_the_identity_as_it_was_given(world: World) -> None:
    world.require_confirmation()

    assert "nobody@yourmail.com" in failure_of(world.users.resend_confirmation("nobody@yourmail.com")).message
    assert "4711" in failure_of(world.users.resend_confirmation(4711)).message


@pytest.mark.parametrize(
    "identity", ["", "\x1b[2J", "a\r\nBcc: b", "x" * 100_000, "\ud800", 0, -1, 10**5000], ids=label
)
def test_an_identity_no_account_can_have_is_an_unknown_user_shown_safely(world: World, identity: str | int) -> None:
    world.require_confirmation()

    failure = failure_of(world.users.resend_confirmation(identity))

    assert failure.code == 3104
    assert failure.message.isprintable()
    assert len(failure.message) < 500


@pytest.mark.parametrize("status", [UserStatus.ENABLED, UserStatus.DISABLED, UserStatus.GUEST])
def test_nothing_is_sent_to_a_user_who_is_not_awaiting_confirmation(world: World, status: UserStatus) -> None:
    world.require_confirmation()
    run(world.users.add({"email": ALICE}, status))

    assert code_of(world.users.resend_confirmation(ALICE)) == 3102
    assert world.mailer.messages == ()


def test_a_link_confirms_its_user_once(world: World) -> None:
    token = world.register_pending()
    world.clock.now += HOUR

    user = run(world.users.confirm_token(token))

    assert (user.email, user.user_status, user.updated) == (ALICE, UserStatus.ENABLED, world.clock.now)
    assert run(world.users.find(ALICE)) == user
    assert code_of(world.users.confirm_token(token)) == 3092
    assert code_of(world.users.resend_confirmation(ALICE)) == 3102


def test_a_newer_mail_makes_the_older_links_void(world: World) -> None:
    first = world.register_pending()
    second = resend(world)
    third = resend(world)

    for old in (first, second):
        failure = failure_of(world.users.confirm_token(old))
        assert (failure.code, failure.details) == (3051, {"reason": "replaced"})
    assert run(world.users.confirm_token(third)).user_status is UserStatus.ENABLED


def test_a_newer_mail_leaves_other_peoples_links_alone(world: World) -> None:
    world.register_pending(BOB)
    token = world.register_pending(ALICE)
    resend(world, BOB)

    assert run(world.users.confirm_token(token)).email == ALICE


@pytest.mark.parametrize("hours", [24, 1, 100])
def test_a_link_works_as_long_as_the_settings_say_and_no_longer(world: World, hours: int) -> None:
    world.change_settings(confirmationLinkHours=hours)
    token = world.register_pending()
    start = world.clock.now
    assert f"{hours} hour" in world.mailer.messages[-1].text

    world.clock.now = start + hours * HOUR
    failure = failure_of(world.users.confirm_token(token))
    assert (failure.code, failure.details) == (3051, {"reason": "expired"})

    world.clock.now = start + hours * HOUR - 1
    assert run(world.users.confirm_token(token)).user_status is UserStatus.ENABLED


def test_links_that_expired_a_month_ago_are_forgotten_with_the_next_mail(world: World) -> None:
    token = world.register_pending()
    world.clock.now += 31 * DAY - 1
    assert failure_of(world.users.confirm_token(token)).details == {"reason": "expired"}
    world.clock.now += 1

    run(world.users.resend_confirmation(ALICE))

    assert failure_of(world.users.confirm_token(token)).details == {"reason": "unknown"}


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "x" * 1_000_000, "' OR 1=1 --"], ids=label)
def test_a_token_nobody_was_sent_confirms_nobody(world: World, token: str) -> None:
    world.register_pending()

    failure = failure_of(world.users.confirm_token(token))

    assert (failure.code, failure.details) == (3051, {"reason": "unknown"})


def test_a_token_is_text(world: World) -> None:
    assert code_of(world.users.confirm_token(None)) == "bad value"  # type: ignore[arg-type]


def test_of_many_uses_of_one_link_at_once_exactly_one_confirms(world: World) -> None:
    token = world.register_pending()

    results = in_threads(16, lambda _: world.users.confirm_token(token))

    assert sum(isinstance(result, User) for result in results) == 1
    assert [result for result in results if not isinstance(result, User)] == [3092] * 15


def test_where_an_account_is_named_by_a_number_the_mail_goes_to_its_address(world: World) -> None:
    run(world.users.update(world.register(badge=4711).object_id, {"name": "Alice"}))
    world.change_settings(identityColumn="badge")
    run(world.users.add({"email": BOB, "badge": 0}, PENDING))
    run(world.users.add({"badge": 1}, PENDING))
    world.require_confirmation()

    run(world.users.resend_confirmation(0))

    assert [message.to for message in world.mailer.messages] == [BOB]
    assert code_of(world.users.resend_confirmation(4711)) == 3102
    assert code_of(world.users.resend_confirmation(5)) == 3104
    assert code_of(world.users.resend_confirmation(1)) == 3104


def test_a_link_made_for_others_to_mail_confirms_and_replaces_the_older_one(world: World) -> None:
    mailed = world.register_pending()
    world.change_settings(publicBaseUrl="https://bakery.example")

    url = run(world.users.create_confirmation_link("ALICE@yourmail.com"))

    base, _, token = url.partition("?token=")
    assert base == "https://bakery.example/users/confirm"
    assert len(world.mailer.messages) == 1
    assert failure_of(world.users.confirm_token(mailed)).details == {"reason": "replaced"}
    assert run(world.users.confirm_token(token)).email == ALICE


def test_a_link_is_made_for_nobody_but_who_must_confirm_and_no_limit_holds(world: World) -> None:
    run(world.users.add({"email": BOB}))
    assert code_of(world.users.create_confirmation_link(ALICE)) == 3103

    world.change_settings(mailsPerHour=1)
    world.register_pending()
    assert code_of(world.users.create_confirmation_link("nobody@yourmail.com")) == 3104
    assert code_of(world.users.create_confirmation_link(BOB)) == 3102
    assert code_of(world.users.create_confirmation_link(None)) == "bad value"  # type: ignore[arg-type]
    assert len({run(world.users.create_confirmation_link(ALICE)) for _ in range(5)}) == 5


def test_the_owner_confirms_a_pending_user_and_the_mailed_link_then_says_so(world: World) -> None:
    token = world.register_pending()
    world.clock.now += HOUR

    user = run(world.users.confirm("ALICE@yourmail.com"))

    assert (user.user_status, user.updated) == (UserStatus.ENABLED, world.clock.now)
    assert run(world.users.find(ALICE)) == user
    assert code_of(world.users.confirm_token(token)) == 3092


@pytest.mark.parametrize(
    ("status", "code"), [(UserStatus.ENABLED, 3092), (UserStatus.DISABLED, 3090), (UserStatus.GUEST, 3051)]
)
def test_the_owner_confirms_nobody_who_is_not_pending(world: World, status: UserStatus, code: int) -> None:
    user = run(world.users.add({"email": ALICE}, status))

    assert code_of(world.users.confirm(ALICE)) == code
    assert run(world.users.find(ALICE)) == user


def test_the_owner_is_told_about_an_unknown_user(world: World) -> None:
    assert code_of(world.users.confirm("nobody@yourmail.com")) == 3057
    assert code_of(world.users.confirm(5)) == 3057


def test_without_a_mailer_nobody_is_registered_half_and_the_failure_says_what_is_missing(world: World) -> None:
    world.require_confirmation()
    mute = world.users_with(None)

    failure = failure_of(mute.register({"email": ALICE, "password": PASSWORD}))
    assert failure.code == "unavailable"
    assert "outbox:" in failure.message
    assert run(mute.list_users()) == ()

    run(mute.add({"email": ALICE}, PENDING))
    assert code_of(mute.resend_confirmation(ALICE)) == "unavailable"
    assert code_of(mute.resend_confirmation("nobody@yourmail.com")) == 3104


class DeadServer:
    async def send(self, message: Message) -> None:
        raise Failure("unavailable", f"The mail server does not take {message.subject!r}.")


def test_a_registration_whose_mail_cannot_go_out_now_stands_and_the_mail_goes_out_later(world: World) -> None:
    world.require_confirmation()

    user = run(world.users_with(DeadServer()).register({"email": ALICE, "password": PASSWORD}))

    assert user.user_status is PENDING
    world.clock.now += HOUR
    assert run(world.users.deliver()).sent == 1
    assert run(world.users.confirm_token(world.last_token())).email == ALICE


def test_a_resend_whose_mail_cannot_go_out_now_goes_out_later(world: World) -> None:
    world.register_pending()

    run(world.users_with(DeadServer()).resend_confirmation(ALICE))

    world.clock.now += HOUR
    assert run(world.users.deliver()).sent == 1
    assert run(world.users.confirm_token(world.last_token())).email == ALICE


class ImpatientReader:
    """Takes a mail and follows its link at once, before the service hears that the mail was taken."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.confirmed: list[User] = []

    async def send(self, message: Message) -> None:
        self.confirmed.append(await self.world.users.confirm_token(token_in(message)))


def test_a_link_works_from_the_moment_its_mail_is_handed_over(world: World) -> None:
    world.require_confirmation()
    reader = ImpatientReader(world)
    users = world.users_with(reader)

    run(users.register({"email": ALICE, "password": PASSWORD}))
    run(users.add({"email": BOB}, PENDING))
    run(users.resend_confirmation(BOB))

    assert [user.email for user in reader.confirmed] == [ALICE, BOB]


class HangingServer:
    """Takes the mail, and then does not say so until it is let go."""

    def __init__(self) -> None:
        self.mailer = MemoryMailer()
        self.has_taken = threading.Event()
        self._answer = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(self, message: Message) -> None:
        await self.mailer.send(message)
        self._loop = asyncio.get_running_loop()
        self.has_taken.set()
        try:
            await self._answer.wait()
        finally:
            self._loop = None

    def let_go(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._answer.set)


def test_a_run_that_is_cancelled_while_mailing_leaves_the_mailed_link_working(world: World) -> None:
    older = world.register_pending()
    server = HangingServer()

    async def resend_and_cancel() -> None:
        call = asyncio.create_task(world.users_with(server).resend_confirmation(ALICE))
        assert await asyncio.to_thread(server.has_taken.wait, 20)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    run(resend_and_cancel())

    assert run(world.users.confirm_token(token_in(server.mailer.messages[0]))).email == ALICE
    assert failure_of(world.users.confirm_token(older)).details == {"reason": "used"}
    server.let_go()
