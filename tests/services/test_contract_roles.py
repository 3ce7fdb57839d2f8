"""Roles: made by the owner, given to users, and those that come from how somebody is connected."""

from __future__ import annotations

from collections import Counter

import pytest

from blockwright.services.backends.stored.roles import SYSTEM_ROLES, roles_of_caller
from blockwright.services.records import KeyKind, User, UserStatus
from tests.services.world import ALICE, World, code_of, failure_of, in_threads, label, run

NOBODY = "00000000-0000-0000-0000-000000000000"


def test_a_role_is_given_to_a_user_and_taken_away(world: World) -> None:
    alice = world.register()
    run(world.users.make_role("Editor"))

    run(world.users.assign_role(ALICE, "Editor"))
    assert run(world.users.roles_of(alice.object_id)) == ("Editor",)
    assert run(world.users.users_in_role("Editor")) == (alice,)

    run(world.users.unassign_role(ALICE, "Editor"))
    assert run(world.users.roles_of(alice.object_id)) == ()
    assert run(world.users.users_in_role("Editor")) == ()


def test_a_user_is_named_by_identity_or_by_object_id(world: World) -> None:
    alice = world.register()
    for role in ("by identity", "by id"):
        run(world.users.make_role(role))

    run(world.users.assign_role("ALICE@yourmail.com", "by identity"))
    run(world.users.assign_role(alice.object_id, "by id"))

    assert run(world.users.roles_of(alice.object_id)) == ("by id", "by identity")


def test_a_number_names_a_user_where_the_identity_is_one(world: World) -> None:
    run(world.users.register({"email": ALICE, "phone": 4711, "password": "x"}))
    world.change_settings(identityColumn="phone")
    run(world.users.make_role("Editor"))

    run(world.users.assign_role(4711, "Editor"))

    assert [user.email for user in run(world.users.users_in_role("Editor"))] == [ALICE]


def test_nobody_gets_the_roles_of_another_by_registering_under_the_others_object_id(world: World) -> None:
    alice = world.register(name="Alice")
    world.change_settings(identityColumn="name")
    eve = run(world.users.register({"name": alice.object_id, "password": "x"}))
    run(world.users.make_role("Editor"))

    run(world.users.assign_role(alice.object_id, "Editor"))

    assert run(world.users.roles_of(alice.object_id)) == ("Editor",)
    assert run(world.users.roles_of(eve.object_id)) == ()


def test_a_role_given_twice_is_had_once(world: World) -> None:
    alice = world.register()
    run(world.users.make_role("Editor"))

    for _ in range(2):
        run(world.users.assign_role(ALICE, "Editor"))

    assert run(world.users.roles_of(alice.object_id)) == ("Editor",)
    run(world.users.unassign_role(ALICE, "Editor"))
    assert code_of(world.users.unassign_role(ALICE, "Editor")) == 3059


def test_who_has_a_role_is_listed_from_the_oldest_account_on(world: World) -> None:
    run(world.users.make_role("Editor"))
    addresses = [f"{name}@yourmail.com" for name in ("zoe", "bob", "amy")]
    for address in addresses:
        world.register(address)
        world.clock.now += 1
    for address in reversed(addresses):
        run(world.users.assign_role(address, "Editor"))

    assert [user.email for user in run(world.users.users_in_role("Editor"))] == addresses


def test_a_role_that_nobody_made_is_not_found(world: World) -> None:
    world.register()

    for call in (
        world.users.assign_role(ALICE, "Editor"),
        world.users.unassign_role(ALICE, "Editor"),
        world.users.users_in_role("Editor"),
        world.users.remove_role("Editor"),
    ):
        assert code_of(call) == 2005


@pytest.mark.parametrize("role", sorted(SYSTEM_ROLES))
def test_the_roles_of_the_system_are_nobodys_to_give(world: World, role: str) -> None:
    world.register()

    assert code_of(world.users.assign_role(ALICE, role)) == 2007
    assert code_of(world.users.unassign_role(ALICE, role)) == 2008
    assert code_of(world.users.users_in_role(role)) == 2005
    assert code_of(world.users.make_role(role)) == 2006
    assert code_of(world.users.remove_role(role)) == 2001


@pytest.mark.parametrize("name", ["nobody@yourmail.com", "", NOBODY, "x" * 100_000, "\0", "\ud800", 0], ids=label)
def test_a_user_whom_nobody_knows_has_no_roles(world: World, name: str) -> None:
    run(world.users.make_role("Editor"))

    for call in (world.users.assign_role(name, "Editor"), world.users.unassign_role(name, "Editor")):
        failure = failure_of(call)
        assert failure.code == 3057
        assert failure.message.isprintable()
        assert len(failure.message) < 200


def test_the_roles_of_nobody_are_not_found(world: World) -> None:
    for object_id in (NOBODY, "", ALICE, "x" * 100_000):
        assert code_of(world.users.roles_of(object_id)) == 3057


def test_values_of_impossible_types_are_mistakes_of_the_caller(world: World) -> None:
    world.register()
    run(world.users.make_role("Editor"))

    for call in (
        world.users.assign_role(["x"], "Editor"),  # type: ignore[arg-type]
        world.users.assign_role(ALICE, ["Editor"]),  # type: ignore[arg-type]
        world.users.unassign_role(None, "Editor"),  # type: ignore[arg-type]
        world.users.users_in_role(5),  # type: ignore[arg-type]
        world.users.roles_of(5),  # type: ignore[arg-type]
        world.users.make_role(None),  # type: ignore[arg-type]
        world.users.remove_role({}),  # type: ignore[arg-type]
    ):
        assert code_of(call) == "bad value"


def test_there_is_one_role_of_a_name(world: World) -> None:
    for role in ("Writer", "Editor"):
        run(world.users.make_role(role))

    assert code_of(world.users.make_role("Editor")) == 2006
    assert run(world.users.list_roles()) == ("Editor", "Writer")


@pytest.mark.parametrize("role", ["", " ", "x" * 101, "a\nb", " x", "\0", "\ud800"], ids=label)
def test_a_role_has_a_name_that_people_can_read(world: World, role: str) -> None:
    assert code_of(world.users.make_role(role)) == "bad value"
    assert code_of(world.users.users_in_role(role)) == 2005


def test_a_role_that_is_removed_is_taken_from_everybody(world: World) -> None:
    alice = world.register()
    for role in ("Editor", "Writer"):
        run(world.users.make_role(role))
        run(world.users.assign_role(ALICE, role))

    run(world.users.remove_role("Editor"))
    run(world.users.make_role("Editor"))

    assert run(world.users.roles_of(alice.object_id)) == ("Writer",)


def test_roles_go_with_the_account(world: World) -> None:
    alice = world.register()
    run(world.users.make_role("Editor"))
    run(world.users.assign_role(ALICE, "Editor"))

    run(world.users.remove(alice.object_id))

    assert run(world.users.users_in_role("Editor")) == ()
    assert code_of(world.users.roles_of(alice.object_id)) == 3057


def test_a_role_given_while_it_is_removed_is_gone_or_was_never_there(world: World) -> None:
    alice = world.register()
    run(world.users.make_role("Editor"))
    users = world.users

    async def one(number: int) -> str:
        await (users.assign_role(ALICE, "Editor") if number % 2 else users.remove_role("Editor"))
        return "assigned" if number % 2 else "removed"

    outcomes = Counter(in_threads(8, one))

    assert outcomes["removed"] == 1
    assert run(users.roles_of(alice.object_id)) == ()


def user(status: UserStatus) -> User:
    return User(NOBODY, ALICE, status, 0)


def test_a_caller_acts_in_the_roles_of_the_login_the_key_and_the_owner() -> None:
    enabled = user(UserStatus.ENABLED)

    assert roles_of_caller(KeyKind.REST, None, ()) == ("NotAuthenticatedUser", "RestUser")
    assert roles_of_caller(KeyKind.JS, enabled, ("Editor",)) == ("AuthenticatedUser", "JSUser", "Editor")
    assert roles_of_caller(KeyKind.CLOUD_CODE, enabled, ()) == ("AuthenticatedUser", "ServerCodeUser")
    assert roles_of_caller(KeyKind.OWNER, enabled, ()) == ("AuthenticatedUser",)


@pytest.mark.parametrize("status", [UserStatus.GUEST, UserStatus.EMAIL_CONFIRMATION_PENDING])
def test_who_has_proved_nothing_acts_as_a_guest(status: UserStatus) -> None:
    assert roles_of_caller(KeyKind.REST, user(status), ()) == ("GuestUser", "RestUser")
