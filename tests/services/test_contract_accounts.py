"""Accounts: who registers is found, under one account per identity, and what was given is kept."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from blockwright.services import User, UserService, UserStatus
from blockwright.services.records import ColumnType
from tests.services.world import ALICE, NOON, PASSWORD, World, code_of, failure_of, in_threads, run

BOB = "bob@yourmail.com"
PENDING = UserStatus.EMAIL_CONFIRMATION_PENDING


def test_the_backend_provides_every_protocol(world: World) -> None:
    assert isinstance(world.users, UserService)


def test_a_registered_user_is_enabled_where_no_confirmation_is_required(world: World) -> None:
    user = world.register()

    assert user == world.found()
    assert (user.email, user.user_status, user.created, user.updated) == (ALICE, UserStatus.ENABLED, NOON, None)
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", user.object_id)
    assert world.mailer.messages == ()


def test_a_user_who_must_confirm_is_pending_and_gets_a_mail(world: World) -> None:
    world.require_confirmation()

    user = world.register()

    assert user.user_status is PENDING
    assert [message.to for message in world.mailer.messages] == [ALICE]


def test_a_record_looks_as_backendless_writes_it_and_never_holds_the_password(world: World) -> None:
    user = world.register(name="Alice")

    assert user.to_dict() == {
        "name": "Alice",
        "objectId": user.object_id,
        "email": ALICE,
        "userStatus": "ENABLED",
        "socialAccount": "BACKENDLESS",
        "lastLogin": None,
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
    user = world.register(first)

    assert code_of(world.users.register({"email": second, "password": PASSWORD})) == 3033
    assert code_of(world.users.add({"email": second})) == 3033
    assert world.found(second) == user
    assert run(world.users.list_users()) == (user,)


@pytest.mark.parametrize("other", ["alice+news@yourmail.com", "a.lice@yourmail.com", "alıce@yourmail.com"])
def test_addresses_that_only_look_alike_are_other_accounts(world: World, other: str) -> None:
    world.register()

    assert run(world.users.find(other)) is None
    world.register(other)
    assert len(run(world.users.list_users())) == 2


NO_ADDRESSES: list[object] = [
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
    ["alice@yourmail.com"],
    {"email": "alice@yourmail.com"},
    5,
    True,
]


def test_what_is_not_an_email_address_is_refused(world: World) -> None:
    for email in NO_ADDRESSES:
        failure = failure_of(world.users.register({"email": email, "password": PASSWORD}))
        assert (email, failure.code) == (email, 3040)
        assert failure.message.isprintable()
        assert len(failure.message) < 400
    assert run(world.users.list_users()) == ()


REFUSED: list[tuple[object, object]] = [
    ({}, 3011),
    ({"email": ALICE}, 3011),
    ({"email": ALICE, "password": None}, 3011),
    ({"email": ALICE, "password": ""}, 3011),
    ({"password": PASSWORD}, 3013),
    ({"email": None, "password": PASSWORD}, 3013),
    ({"email": "  ", "password": PASSWORD}, 3013),
    ({"email": ALICE, "password": 12345678}, 3050),
    ({"email": ALICE, "password": ["x"]}, 3050),
    ({"email": ALICE, "password": "x" * 5000}, 3050),
    ({"email": ALICE, "password": PASSWORD, "objectId": "0000-11"}, 3039),
    ({"email": ALICE, "password": PASSWORD, "objectId": 5}, 3039),
    ({"email": ALICE, "password": PASSWORD, "objectId": "\x00" * 500}, 3039),
    ({"email": ALICE, "password": PASSWORD, "updated": 1}, 3076),
    ({"email": ALICE, "password": PASSWORD, "created": 1}, 3077),
    ({"email": ALICE, "password": PASSWORD, "name": 5}, 3049),
    ({"email": ALICE, "password": PASSWORD, "name": "x" * 501}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "a b": 1}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "x" * 65: 1}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "x": object()}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "x": float("nan")}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "x": {1: 2}}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "x": 10**5000}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "x": Decimal("1E+999999")}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "x": "a" * 70_000}, "bad value"),
    ({"email": ALICE, "password": PASSWORD} | {f"x{number}": None for number in range(1000)}, "bad value"),
    ({"email": ALICE, "password": PASSWORD} | {f"x{number}": 1 for number in range(301)}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "EMAIL": "x"}, "bad value"),
    ({"email": ALICE, "password": PASSWORD, "size": 1, "Size": 1}, "bad value"),
    ({5: ALICE}, "bad value"),
    ([ALICE, PASSWORD], "bad value"),
    (None, "bad value"),
    (ALICE, "bad value"),
]


def test_who_registers_with_something_missing_or_wrong_is_told_by_code(world: World) -> None:
    for number, (given, code) in enumerate(REFUSED):
        failure = failure_of(world.users.register(given))  # type: ignore[arg-type]
        assert (number, failure.code) == (number, code)
        assert failure.message.isprintable()
        assert len(failure.message) < 500
    assert run(world.users.list_users()) == ()
    assert not [column for column in run(world.users.describe()) if not column.built_in]


def test_the_missing_identity_is_named(world: World) -> None:
    assert "property email is missing" in failure_of(world.users.register({"password": PASSWORD})).message


def test_what_the_service_sets_may_be_sent_along_and_does_not_count(world: World) -> None:
    user = world.register(
        userStatus="DISABLED",
        socialAccount="FACEBOOK",
        lastLogin=5,
        ownerId="me",
        ___class="Users",
        __meta="x",
        objectId=None,
        created=None,
        **{"user-token": "x"},
    )

    assert (user.user_status, user.social_account, user.last_login) == (UserStatus.ENABLED, "BACKENDLESS", None)
    assert user.properties == {}


def test_nobody_registers_while_registration_is_off_but_the_owner_adds(world: World) -> None:
    world.change_settings(userRegistrationEnabled=False)

    assert code_of(world.users.register({"email": ALICE, "password": PASSWORD})) == 3009
    assert code_of(world.users.register({})) == 3009
    run(world.users.add({"email": ALICE}))
    assert world.found().user_status is UserStatus.ENABLED


def test_no_password_is_hashed_for_who_cannot_register(world: World) -> None:
    class Refusing:
        async def hash(self, password: object) -> str:
            raise AssertionError(password)

        async def verify(self, password_hash: str | None, password: object) -> bool:
            raise AssertionError(password_hash, password)

        def needs_rehash(self, password_hash: str) -> bool:
            raise AssertionError(password_hash)

    world.passwords = Refusing()

    assert code_of(world.users.register({"email": "nobody", "password": PASSWORD})) == 3040
    assert code_of(world.users.add({"password": PASSWORD})) == 3013
    assert code_of(world.users.update("ABC", {"password": PASSWORD})) == 3030


def test_who_must_confirm_needs_an_address_whatever_the_identity_is(world: World) -> None:
    world.change_settings(identityColumn="name", emailConfirmationRequired=True)

    assert code_of(world.users.register({"name": "Alice", "password": PASSWORD})) == 3078
    run(world.users.register({"name": "Alice", "password": PASSWORD, "email": ALICE}))
    assert [message.to for message in world.mailer.messages] == [ALICE]


def test_an_account_may_be_named_by_another_text(world: World) -> None:
    world.change_settings(identityColumn="name")

    user = run(world.users.register({"name": "Zoë", "password": PASSWORD}))

    assert user.email is None
    assert run(world.users.find("Zoe\u0308")) == user
    assert run(world.users.find("zoë")) is None
    assert code_of(world.users.register({"name": "Zoe\u0308", "password": PASSWORD})) == 3033
    assert code_of(world.users.register({"email": ALICE, "password": PASSWORD})) == 3013
    assert code_of(world.users.register({"name": "a\nb", "password": PASSWORD})) == 3049
    assert code_of(world.users.register({"name": "x" * 251, "password": PASSWORD})) == 3049


def test_an_account_may_be_named_by_a_number_even_by_zero(world: World) -> None:
    run(world.users.make_column("badge", ColumnType.INT))
    world.change_settings(identityColumn="badge")

    zero = run(world.users.register({"badge": 0, "password": PASSWORD}))
    many = run(world.users.register({"badge": 10**30, "password": PASSWORD}))

    assert run(world.users.find(0)) == run(world.users.find("0")) == zero
    assert run(world.users.find(10**30)) == many
    assert run(world.users.find(ALICE)) is None
    assert code_of(world.users.register({"badge": Decimal("0.0"), "password": PASSWORD})) == 3033
    assert code_of(world.users.register({"badge": "0", "password": PASSWORD})) == 3049


@pytest.mark.parametrize("status", list(UserStatus))
def test_the_owner_adds_an_account_with_any_status_and_no_mail(world: World, status: UserStatus) -> None:
    world.require_confirmation()

    assert run(world.users.add({"email": ALICE}, status)).user_status is status
    assert world.found() == run(world.users.list_users())[0]
    assert world.mailer.messages == ()


def test_an_account_without_a_password_lets_nobody_in_and_one_with_a_password_does(world: World) -> None:
    run(world.users.add({"email": ALICE}))
    run(world.users.add({"email": BOB, "password": PASSWORD}))

    assert code_of(world.users.log_in(ALICE, PASSWORD)) == 3003
    assert run(world.users.log_in(BOB, PASSWORD)).user.email == BOB


def test_what_the_owner_adds_is_checked_as_a_registration_is(world: World) -> None:
    assert code_of(world.users.add({})) == 3013
    assert code_of(world.users.add({"email": "x"})) == 3040
    assert code_of(world.users.add({"email": ALICE, "name": 5})) == 3049
    assert code_of(world.users.add({"email": ALICE, "password": 5})) == 3050
    assert run(world.users.list_users()) == ()


def test_a_status_that_does_not_exist_is_refused(world: World) -> None:
    failure = failure_of(world.users.add({"email": ALICE}, "PENDING"))  # type: ignore[arg-type]

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
        "story": "x" * 3000,
        "blUserLocale": None,
        "tags": ["a", {"b": []}, {}],
    }

    world.register(**properties)

    found = world.found()
    assert found.properties == properties
    assert str(found.properties["score"]) == "1.10"


def test_an_account_does_not_change_with_the_objects_it_was_made_from(world: World) -> None:
    tags = ["a"]
    user = world.register(tags=tags)
    tags.append("b")

    assert user.properties["tags"] == ["a"]
    assert world.found().properties["tags"] == ["a"]


def test_properties_that_grow_without_end_are_refused_in_no_time(world: World) -> None:
    endless: list[object] = []
    endless.append(endless)
    wide: list[object] = ["x" * 100]
    for _ in range(15):
        wide = [wide] * 10

    for value in (endless, wide):
        assert code_of(world.users.register({"email": ALICE, "password": PASSWORD, "x": value})) == "bad value"


def test_accounts_are_listed_with_the_oldest_first(world: World) -> None:
    for name in ("zoe", "alice", "mia"):
        world.register(f"{name}@yourmail.com")
        world.clock.now += 1

    assert [str(user.email).split("@")[0] for user in run(world.users.list_users())] == ["zoe", "alice", "mia"]


def test_an_identity_that_names_nobody_finds_nobody(world: World) -> None:
    world.register()

    for identity in (BOB, "", " ", "bob", "\x00", "x" * 100_000, 0, 10**5000, Decimal("1E+999999999")):
        assert run(world.users.find(identity)) is None  # type: ignore[arg-type]


def test_an_identity_is_text_or_a_number(world: World) -> None:
    for identity in (None, True, [ALICE], {"email": ALICE}, b"x", 1.5):
        assert code_of(world.users.find(identity)) == "bad value"  # type: ignore[arg-type]


def test_an_account_is_found_by_its_object_id(world: World) -> None:
    user = world.register()

    assert run(world.users.find_by_id(user.object_id)) == user
    for other in ("", "\x00", user.object_id.lower(), "x" * 100_000, "\ud800", "' OR 1=1 --"):
        assert run(world.users.find_by_id(other)) is None
    assert code_of(world.users.find_by_id(5)) == "bad value"  # type: ignore[arg-type]


def test_of_many_who_register_one_address_at_once_exactly_one_wins(world: World) -> None:
    spellings = ["alice@yourmail.com", "Alice@YourMail.com"]

    results = in_threads(
        16, lambda number: world.users.register({"email": spellings[number % 2], "password": PASSWORD, "x": number})
    )

    assert sum(isinstance(result, User) for result in results) == 1
    assert [result for result in results if not isinstance(result, User)] == [3033] * 15
    assert len(run(world.users.list_users())) == 1
