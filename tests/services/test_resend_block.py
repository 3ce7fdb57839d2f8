"""The standard block ``resend confirmation email``."""

from __future__ import annotations

import pytest

from blockwright.catalogue import Catalogue, installed_blocks
from blockwright.expressions.types import parse_type
from blockwright.services import ConfirmationService
from blockwright_blocks.users import resend_confirmation_email
from tests.services.world import ALICE, MINUTE, World, code_of, run


def test_the_block_is_found_like_a_strangers() -> None:
    assert Catalogue(installed_blocks())["resend confirmation email"] is resend_confirmation_email


def test_the_block_says_what_it_takes_gives_and_can_fail_with() -> None:
    block = resend_confirmation_email

    assert [(each.name, each.type, each.is_required) for each in block.inputs] == [
        ("user identity", parse_type("text or number"), True)
    ]
    assert not block.gives_value
    assert block.category == "users"
    assert block.services == {"users": ConfirmationService}
    assert {code: failure.transient for code, failure in block.failures.items()} == {
        3102: False,
        3103: False,
        3104: False,
        "bad value": False,
        "unavailable": True,
        "rate limited": True,
    }
    assert block.about.startswith("Send the confirmation email again to a user who has not confirmed yet.")


def test_the_block_mails_a_pending_user_and_gives_nothing(world: World) -> None:
    world.register_pending()
    world.clock.now += 2 * MINUTE

    assert run(resend_confirmation_email(ALICE, users=world.users)) is None
    assert [message.to for message in world.mailer.messages] == [ALICE, ALICE]


@pytest.mark.parametrize(("required", "known", "code"), [(False, True, 3103), (True, False, 3104), (True, True, 3102)])
def test_the_block_fails_with_the_documented_codes(world: World, required: bool, known: bool, code: int) -> None:
    if known:
        world.register()
    world.change_settings(emailConfirmationRequired=required)

    assert code_of(resend_confirmation_email(ALICE, users=world.users)) == code
