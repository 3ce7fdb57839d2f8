"""How much mail can be asked for: per user, address, client and overall, and never more by asking at once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from blockwright.services import UserStatus
from tests.services.world import ALICE, DAY, HOUR, MINUTE, PASSWORD, World, code_of, failure_of, in_threads, run

BOB = "bob@yourmail.com"
PENDING = UserStatus.EMAIL_CONFIRMATION_PENDING


def resend(world: World, identity: str = ALICE) -> str:
    """Have the mail sent again after the time that a user must wait; gives the token of the new link."""
    world.clock.now += MINUTE
    run(world.users.resend_confirmation(identity))
    return world.last_token()


def test_of_fifty_resends_at_once_one_sends_a_mail_and_the_others_are_told_to_wait(world: World) -> None:
    world.register_pending()

    results = in_threads(50, lambda _: world.users.resend_confirmation(ALICE))

    assert Counter(results) == {None: 1, "rate limited": 49}
    assert len(world.mailer.messages) == 2
    first, second = world.tokens()
    assert failure_of(world.users.confirm_token(first)).details == {"reason": "replaced"}
    assert run(world.users.confirm_token(second)).email == ALICE


def test_where_nothing_is_limited_fifty_resends_at_once_send_fifty_mails_and_one_link_works(world: World) -> None:
    world.change_settings(resendSeconds=0, mailsPerAddressAndDay=0, mailsPerClientAndHour=0, mailsPerHour=0)
    world.register_pending()

    async def resend_all() -> None:
        await asyncio.gather(*(world.users.resend_confirmation(ALICE) for _ in range(50)))

    run(resend_all())

    assert len(world.mailer.messages) == 51
    tokens = world.tokens()
    world.clock.now += DAY
    reasons = Counter(str(failure_of(world.users.confirm_token(token)).details) for token in tokens)
    assert reasons == {"{'reason': 'unknown'}": 30, "{'reason': 'replaced'}": 20, "{'reason': 'expired'}": 1}


def test_a_user_waits_for_another_mail_and_is_told_how_long(world: World) -> None:
    world.register_pending()
    resend(world)
    world.clock.now += 15_001

    failure = failure_of(world.users.resend_confirmation(ALICE))

    assert (failure.code, failure.details) == ("rate limited", {"retry after": 45})
    assert failure.message == "Another confirmation email can go out in 45 seconds."
    world.clock.now += 45_000
    run(world.users.resend_confirmation(ALICE))
    assert len(world.mailer.messages) == 3


def test_right_after_registering_the_mail_can_be_sent_again(world: World) -> None:
    world.register_pending()

    run(world.users.resend_confirmation(ALICE))

    assert len(world.mailer.messages) == 2


def test_what_is_refused_uses_up_no_limit_and_leaves_the_older_link_working(world: World) -> None:
    world.register_pending()
    run(world.users.resend_confirmation(ALICE))
    for _ in range(10):
        assert code_of(world.users.resend_confirmation(ALICE)) == "rate limited"

    world.clock.now += MINUTE
    run(world.users.resend_confirmation(ALICE))
    assert code_of(world.users.resend_confirmation(ALICE)) == "rate limited"
    assert run(world.users.confirm_token(world.last_token())).email == ALICE


def test_an_address_gets_so_many_mails_in_a_day_however_it_is_spelt(world: World) -> None:
    world.change_settings(mailsPerAddressAndDay=3)
    world.register_pending()
    resend(world)
    resend(world, "ALICE@yourmail.com")

    world.clock.now += MINUTE
    failure = failure_of(world.users.resend_confirmation("Alice@YOURMAIL.com"))
    assert failure.code == "rate limited"
    assert isinstance(failure.details, dict)
    assert failure.details["retry after"] == 8 * 3600 - 180
    world.register_pending(BOB)


def test_an_address_is_not_mailed_without_end_by_removing_and_registering_it(world: World) -> None:
    world.change_settings(mailsPerAddressAndDay=2)
    for _ in range(2):
        world.register_pending()
        run(world.users.remove(world.found().object_id))

    assert code_of(world.users.register({"email": ALICE, "password": PASSWORD})) == "rate limited"
    assert run(world.users.find(ALICE)) is None


@pytest.mark.parametrize("client", ["192.0.2.7", "2001:db8::7"])
def test_a_client_causes_so_many_mails_in_an_hour(world: World, client: str) -> None:
    world.require_confirmation()
    world.change_settings(mailsPerClientAndHour=2)

    def register(name: str, client: str | None) -> None:
        run(world.users.register({"email": f"{name}@yourmail.com", "password": PASSWORD}, client=client))

    register("a", client)
    register("b", client)
    for call in (
        world.users.register({"email": "c@yourmail.com", "password": PASSWORD}, client=client),
        world.users.resend_confirmation("a@yourmail.com", client=client),
    ):
        assert code_of(call) == "rate limited"
    assert run(world.users.find("c@yourmail.com")) is None
    register("d", "192.0.2.8")
    register("e", None)

    world.clock.now += HOUR // 2
    register("f", client)


def test_two_addresses_of_one_ipv6_network_are_one_client(world: World) -> None:
    world.require_confirmation()
    world.change_settings(mailsPerClientAndHour=1)

    run(world.users.register({"email": ALICE, "password": PASSWORD}, client="2001:db8:1:2::1"))

    near = world.users.register({"email": BOB, "password": PASSWORD}, client="2001:db8:1:2:ffff::9")
    assert code_of(near) == "rate limited"
    run(world.users.register({"email": BOB, "password": PASSWORD}, client="2001:db8:1:3::1"))


def test_the_client_is_text(world: World) -> None:
    world.register_pending()

    assert code_of(world.users.resend_confirmation(ALICE, client=5)) == "bad value"  # type: ignore[arg-type]
    run(world.users.resend_confirmation(ALICE, client="x" * 100_000))


def test_all_together_cause_so_many_mails_in_an_hour(world: World) -> None:
    world.require_confirmation()
    world.change_settings(mailsPerHour=2)
    world.register("a@yourmail.com")
    world.register("b@yourmail.com")

    assert code_of(world.users.register({"email": ALICE, "password": PASSWORD})) == "rate limited"
    run(world.users.add({"email": ALICE}, PENDING))
    assert code_of(world.users.resend_confirmation(ALICE)) == "rate limited"
    world.clock.now += HOUR // 2
    run(world.users.resend_confirmation(ALICE))


def test_limits_are_told_of_last(world: World) -> None:
    world.change_settings(mailsPerHour=1)
    world.register_pending()
    run(world.users.add({"email": BOB}))

    assert code_of(world.users.resend_confirmation(BOB)) == 3102
    assert code_of(world.users.resend_confirmation("nobody@yourmail.com")) == 3104
    world.change_settings(emailConfirmationRequired=False)
    assert code_of(world.users.resend_confirmation(ALICE)) == 3103
