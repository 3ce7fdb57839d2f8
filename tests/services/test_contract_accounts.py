"""Accounts: who registers is found, under one account per address, and what was given is kept."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from blockwright.services import (
    Accounts,
    Administration,
    ConfirmationLinks,
    ConfirmationService,
    User,
    UserService,
    UserSettings,
    UserStatus,
)
from tests.services.world import ALICE, NOON, World, code_of, failure_of, in_threads, label, run


@pytest.mark.parametrize(
    "protocol", [Accounts, Administration, ConfirmationLinks, ConfirmationService, UserService, UserSettings]
)
def test_the_backend_provides_every_protocol(world: World, protocol: type) -> None:
    assert isinstance(world.users, protocol)


def test_a_registered_user_is_enabled_where_no_confirmation_is_required(world: World) -> None:
    user = run(world.users.register(ALICE))

    assert user == run(world.users.find(ALICE))
    assert (user.email, user.user_status, user.created, user.updated) == (ALICE, UserStatus.ENABLED, NOON, None)
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", user.object_id)
    assert world.mailer.messages == ()


def test_a_user_who_must_confirm_is_pending_and_gets_a_mail(world: World) -> None:
    world.require_confirmation()

    user = run(world.users.register(ALICE))

    assert user.user_status is UserStatus.EMAIL_CONFIRMATION_PENDING
    assert [message.to for message in world.mailer.messages] == [ALICE]


def test_a_record_looks_as_backendless_writes_it(world: World) -> None:
    user = run(world.users.register(ALICE, {"name": "Alice"}))

    assert user.to_dict() == {
        "name": "Alice",
        "objectId": user.object_id,
        "email": ALICE,
        "userStatus": "ENABLED",
        "created": NOON,
        "updated": None,
        "ownerId": user.object_id,
        "___class": "Users",
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("alice@yourmail.com", "ALICE@YourMail.COM"),
        ("straße@yourmail.com", "STRASSE@yourmail.com"),
        ("ａlice@yourmail.com", "alice@yourmail.com"),
        ("jose\u0301@yourmail.com", "jos\u00e9@yourmail.com"),
        ("alice@münchen.de", "alice@xn--mnchen-3ya.de"),
        ("alice@MÜNCHEN.de", "alice@münchen.de"),
    ],
)
def test_two_spellings_of_an_address_are_one_account(world: World, first: str, second: str) -> None:
    user = run(world.users.register(first))

    assert code_of(world.users.register(second)) == 3033
    assert code_of(world.users.add(second)) == 3033
    assert run(world.users.find(second)) == user
    assert run(world.users.list_users()) == (user,)


@pytest.mark.parametrize("other", ["alice+news@yourmail.com", "a.lice@yourmail.com", "alıce@yourmail.com"])
def test_addresses_that_only_look_alike_are_other_accounts(world: World, other: str) -> None:
    run(world.users.register(ALICE))

    assert run(world.users.find(other)) is None
    run(world.users.register(other))
    assert len(run(world.users.list_users())) == 2


@pytest.mark.parametrize(
    "email",
    [
        "alice",
        "@yourmail.com",
        "alice@",
        "alice@yourmail",
        "alice@127.0.0.1",
        "alice@-yourmail.com",
        "al ice@yourmail.com",
        "alice@your mail.com",
        "Alice <alice@yourmail.com>",
        "alice@yourmail.com, bob@yourmail.com",
        "alice@yourmail.com\r\nBcc: bob@yourmail.com",
        "=?utf-8?q?hi=0D=0ABcc:_bob@yourmail.com?=",
        "bob＠yourmail.com@yourmail.com",
        "alice\x00@yourmail.com",
        "alice\u202e@yourmail.com",
        "\ud800@yourmail.com",
        "alice@straße.de",
        "a..b@yourmail.com",
        "a" * 65 + "@yourmail.com",
        "alice@" + "a." * 150 + "com",
    ],
    ids=label,
)
def test_what_is_not_an_email_address_is_refused(world: World, email: str) -> None:
    failure = failure_of(world.users.register(email))

    assert failure.code == 3040
    assert failure.message.isprintable()
    assert len(failure.message) < 400
    assert run(world.users.list_users()) == ()


@pytest.mark.parametrize("email", ["", "  "])
def test_a_missing_email_is_refused(world: World, email: str) -> None:
    assert code_of(world.users.register(email)) == 3013


def test_nobody_registers_while_registration_is_off_but_the_owner_adds(world: World) -> None:
    run(world.users.change_settings({"userRegistrationEnabled": False}))

    assert code_of(world.users.register(ALICE)) == 3009
    run(world.users.add(ALICE))
    assert run(world.users.find(ALICE)) is not None


@pytest.mark.parametrize("status", list(UserStatus))
def test_the_owner_adds_an_account_with_any_status_and_no_mail(world: World, status: UserStatus) -> None:
    world.require_confirmation()

    assert run(world.users.add(ALICE, status)).user_status is status
    assert run(world.users.find(ALICE)) == run(world.users.list_users())[0]
    assert world.mailer.messages == ()


def test_a_status_that_does_not_exist_is_refused(world: World) -> None:
    failure = failure_of(world.users.add(ALICE, "PENDING"))  # type: ignore[arg-type]

    assert failure.code == "bad value"
    assert "EMAIL_CONFIRMATION_PENDING" in failure.message


def test_properties_come_back_exactly(world: World) -> None:
    properties: dict[str, object] = {
        "name": "Zoë 😀 \u2028 \x00",
        "age": 41,
        "big": 2**200,
        "score": Decimal("1.10"),
        "tiny": Decimal("-3E-90"),
        "member": True,
        "boss": None,
        "tags": ["a", {"b": []}, {}],
    }

    run(world.users.register(ALICE, properties))

    found = run(world.users.find(ALICE))
    assert found is not None
    assert found.properties == properties
    assert str(found.properties["score"]) == "1.10"


def test_an_account_does_not_change_with_the_objects_it_was_made_from(world: World) -> None:
    tags = ["a"]
    user = run(world.users.register(ALICE, {"tags": tags}))
    tags.append("b")

    assert user.properties["tags"] == ["a"]
    found = run(world.users.find(ALICE))
    assert found is not None
    assert found.properties["tags"] == ["a"]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"objectId": "1"}, 3039),
        ({"updated": 1}, 3076),
        ({"created": 1}, 3077),
        ({"userStatus": "ENABLED"}, "bad value"),
        ({"email": "bob@yourmail.com"}, "bad value"),
        ({"password": "secret"}, "bad value"),
        ({"x": object()}, "bad value"),
        ({"x": float("nan")}, "bad value"),
        ({"x": {1: 2}}, "bad value"),
        ({"x": 10**5000}, "bad value"),
        ({"x": "a" * 70_000}, "bad value"),
    ],
    ids=["objectId", "updated", "created", "status", "email", "password", "object", "nan", "key", "huge", "long"],
)
def test_properties_that_cannot_be_kept_are_refused(world: World, properties: dict[str, object], code: object) -> None:
    assert code_of(world.users.register(ALICE, properties)) == code
    assert run(world.users.list_users()) == ()


def test_properties_that_grow_without_end_are_refused_in_no_time(world: World) -> None:
    endless: list[object] = []
    endless.append(endless)
    wide: list[object] = ["x" * 100]
    for _ in range(15):
        wide = [wide] * 10

    assert code_of(world.users.register(ALICE, {"x": endless})) == "bad value"
    assert code_of(world.users.register(ALICE, {"x": wide})) == "bad value"


def test_accounts_are_listed_with_the_oldest_first(world: World) -> None:
    for name in ("zoe", "alice", "mia"):
        run(world.users.register(f"{name}@yourmail.com"))
        world.clock.now += 1

    assert [user.email.split("@")[0] for user in run(world.users.list_users())] == ["zoe", "alice", "mia"]


@pytest.mark.parametrize(
    "identity", ["bob@yourmail.com", "", " ", "bob", "\x00", "x" * 100_000, 0, 10**5000], ids=label
)
def test_an_identity_that_names_nobody_finds_nobody(world: World, identity: str | int) -> None:
    run(world.users.register(ALICE))

    assert run(world.users.find(identity)) is None


@pytest.mark.parametrize("identity", [None, True, [ALICE], {"email": ALICE}, b"x", 1.5])
def test_an_identity_is_text_or_a_number(world: World, identity: str) -> None:
    assert code_of(world.users.find(identity)) == "bad value"


def test_of_many_who_register_one_address_at_once_exactly_one_wins(world: World) -> None:
    spellings = ["alice@yourmail.com", "Alice@YourMail.com"]

    results = in_threads(16, lambda number: world.users.register(spellings[number % 2]))

    assert sum(isinstance(result, User) for result in results) == 1
    assert [result for result in results if not isinstance(result, User)] == [3033] * 15
    assert len(run(world.users.list_users())) == 1
