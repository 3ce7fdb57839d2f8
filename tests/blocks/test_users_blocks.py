"""What each block about users does when all goes well, from flows."""

from __future__ import annotations

import re
from decimal import Decimal

from blockwright.services import UserStatus
from blockwright.services.records import ColumnType
from tests.blocks.kit import code, run
from tests.engine.kit import Way
from tests.services.world import ALICE, NOON, PASSWORD, World
from tests.services.world import run as wait

BOB = "bob@yourmail.com"


def test_register_user_gives_the_user_with_exact_numbers_and_no_password(world: World, way: Way) -> None:
    given = run(
        world,
        """
        - register user:
            user: {email: alice@yourmail.com, password: correct horse, name: Alice, weight: 61.10, tags: [a, {b: 2.50}]}
          save as: alice
        - return: = alice
        """,
        way,
    )

    assert isinstance(given, dict)
    assert given == world.found().to_dict()
    assert {name: given[name] for name in ("email", "name", "weight", "tags", "created")} == {
        "email": ALICE,
        "name": "Alice",
        "weight": Decimal("61.10"),
        "tags": ["a", {"b": Decimal("2.50")}],
        "created": NOON,
    }
    assert "password" not in given
    assert wait(world.users.log_in(ALICE, PASSWORD)).user.email == ALICE


def test_register_user_mails_who_must_confirm_and_logs_nobody_in(world: World, way: Way) -> None:
    world.require_confirmation()

    given = run(
        world,
        """
        - register user: {user: {email: alice@yourmail.com, password: secret}}
          save as: alice
        - get current user:
          save as: nobody
        - return: '= [alice.userStatus, nobody]'
        """,
        way,
    )

    assert given == ["EMAIL_CONFIRMATION_PENDING", None]
    assert [message.to for message in world.mailer.messages] == [ALICE]


def test_a_guest_who_registers_keeps_the_account(world: World, way: Way) -> None:
    given = run(
        world,
        """
        - log in as guest:
          save as: guest
        - register user: {user: {objectId: = guest.objectId, email: alice@yourmail.com, password: secret}}
          save as: alice
        - return: '= [guest.userStatus, alice.userStatus, alice.objectId = guest.objectId]'
        """,
        way,
    )

    assert given == ["GUEST", "ENABLED", True]


def test_log_in_gives_the_user_with_a_token_and_the_run_acts_as_the_user(world: World, way: Way) -> None:
    world.register()

    given = run(
        world,
        """
        - log in: {identity: Alice@yourmail.com, password: correct horse}
          save as: session
        - get current user token:
          save as: token
        - get current user:
          save as: user
        - is valid user session:
          save as: valid
        - return: {session: = session, user: = user, token: = token, valid: = valid}
        """,
        way,
    )

    assert isinstance(given, dict)
    assert given["session"] == {**given["user"], "user-token": given["token"]}
    assert given["user"] == world.found().to_dict()
    assert wait(world.users.user_of(given["token"])).email == ALICE
    assert given["valid"] is True


def test_log_in_by_object_id_needs_no_password(world: World, way: Way) -> None:
    alice = world.register()

    given = run(
        world,
        f"""
        - log in by object id: {{object id: {alice.object_id}}}
          save as: session
        - get current user:
          save as: user
        - return: '= [session.objectId, user.objectId]'
        """,
        way,
    )

    assert given == [alice.object_id] * 2


def test_a_run_may_begin_as_somebody_and_the_user_is_looked_up_when_asked_for(world: World, way: Way) -> None:
    world.register()
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    assert run(world, "- get current user:\n  save as: user\n- return: = user.email", way, token) == ALICE


def test_get_current_user_gives_the_user_as_last_seen_and_with_reload_looks_again(world: World, way: Way) -> None:
    alice = world.register()
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    given = run(
        world,
        f"""
        - get current user:
        - disable user: {{id: {alice.object_id}}}
        - get current user:
          save as: known
        - get current user: {{reload: yes}}
          if it fails:
            3090:
              - return: ${{known.userStatus}}, and then ${{failure.code}}
        """,
        way,
        token,
    )

    assert given == "ENABLED, and then 3090"


def test_update_user_brings_the_current_user_up_to_date(world: World, way: Way) -> None:
    world.register()
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    given = run(
        world,
        """
        - get current user:
          save as: user
        - update user: {user: {objectId: = user.objectId, name: Alicia}}
        - get current user:
          save as: user
        - return: = user.name
        """,
        way,
        token,
    )

    assert given == "Alicia"


def test_after_log_out_nobody_is_logged_in(world: World, way: Way) -> None:
    world.register()
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    given = run(
        world,
        """
        - log out current user
        - get current user:
          save as: user
        - get current user token:
          save as: token
        - is valid user session:
          save as: valid
        - get user roles:
          save as: roles
        - return: '= [user, token, valid, roles]'
        """,
        way,
        token,
    )

    assert given == [None, None, False, []]
    assert not wait(world.users.is_valid(token))


def test_after_a_log_out_that_failed_because_the_session_was_over_nobody_is_logged_in_either(
    world: World, way: Way
) -> None:
    steps = """
        - log out current user:
          if it fails:
            3064: ignore
        - get current user token:
          save as: token
        - return: = token
        """

    assert run(world, steps, way, "no such token") is None


def test_set_current_user_takes_the_token_and_nothing_else_of_an_object(world: World, way: Way) -> None:
    alice = world.register()
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    given = run(
        world,
        f"""
        - set current user: {{user: {{user-token: {token}, objectId: {alice.object_id}, email: forged@yourmail.com}}}}
          save as: set
        - get current user:
          save as: user
        - return: '= [set.email, user.email]'
        """,
        way,
    )

    assert given == [ALICE, ALICE]


def test_nobody_becomes_somebody_else_by_a_forged_object(world: World, way: Way) -> None:
    bob = world.register(BOB)
    world.register()
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    assert code(world, f"- set current user: {{user: {{user-token: {token}, objectId: {bob.object_id}}}}}", way) == (
        "bad value"
    )


def test_set_current_user_token_gives_the_token_and_null_logs_nobody_out_of_the_service(world: World, way: Way) -> None:
    world.register()
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    given = run(
        world,
        f"""
        - set current user token: {{token: {token}}}
          save as: set
        - get current user:
          save as: user
        - set current user token: {{token: null}}
        - get current user:
          save as: nobody
        - return: '= [set, user.email, nobody]'
        """,
        way,
    )

    assert given == [token, ALICE, None]
    assert wait(world.users.is_valid(token))


def test_find_user_and_find_user_by_id_give_the_user_or_null(world: World, way: Way) -> None:
    alice = world.register()

    given = run(
        world,
        f"""
        - find user: {{identity: ALICE@yourmail.com}}
          save as: by identity
        - find user: {{identity: 5}}
          save as: nobody
        - find user by id: {{object id: {alice.object_id}}}
          save as: by id
        - find user by id: {{object id: nobody}}
          save as: nobody either
        - return: '= [by identity, by id, nobody, nobody either]'
        """,
        way,
    )

    assert given == [alice.to_dict(), alice.to_dict(), None, None]


def test_find_users_and_count_users_take_a_condition_an_order_and_a_page(world: World, way: Way) -> None:
    for name, age in [("ann", 30), ("bob", 20), ("cid", 40), ("dan", 10)]:
        world.register(f"{name}@yourmail.com", age=age)

    given = run(
        world,
        """
        - find users: {where: age > 10, sort by: [age desc], page size: 2}
          save as: first
        - find users: {where: age > 10, sort by: [age desc], page size: 2, offset: 2}
          save as: second
        - find users:
          save as: everyone
        - count users: {where: age > 10}
          save as: older
        - count users:
          save as: all
        - return: '= [first.age, second.age, count(everyone), older, all]'
        """,
        way,
    )

    assert given == [[40, 30], [20], 4, 3, 4]


def test_update_user_changes_what_is_given_and_takes_a_whole_user_too(world: World, way: Way) -> None:
    world.register(name="Alice", city="Vienna")

    given = run(
        world,
        """
        - log in: {identity: alice@yourmail.com, password: correct horse}
          save as: session
        - update user: {user: '= context put(session, "name", "Alicia")'}
          save as: updated
        - return: '= [updated.name, updated.city]'
        """,
        way,
    )

    assert given == ["Alicia", "Vienna"]
    assert "user-token" not in world.found().properties


def test_remove_user_says_when(world: World, way: Way) -> None:
    alice = world.register()

    steps = f"- remove user: {{object id: {alice.object_id}}}\n  save as: when\n- return: = when"
    assert run(world, steps, way) == NOON
    assert wait(world.users.find(ALICE)) is None


def test_restore_password_mails_a_link(world: World, way: Way) -> None:
    world.register()

    run(world, f"- restore password: {{user identity: {ALICE}}}", way)

    wait(world.users.reset_password(world.last_token(), "a new secret"))
    assert wait(world.users.log_in(ALICE, "a new secret")).user.email == ALICE


def test_verify_current_user_password_says_whether_it_is_the_one(world: World, way: Way) -> None:
    world.register()
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    given = run(
        world,
        """
        - verify current user password: {password: correct horse}
          save as: right
        - verify current user password: {password: wrong}
          save as: wrong
        - return: '= [right, wrong]'
        """,
        way,
        token,
    )

    assert given == [True, False]


def test_a_confirmation_link_that_was_made_works_and_nothing_is_mailed(world: World, way: Way) -> None:
    world.register_pending()

    link = run(world, f"- create confirmation link: {{user identity: {ALICE}}}\n  save as: link\n- return: = link", way)

    found = re.search(r"token=([\w-]+)$", str(link))
    assert found is not None
    assert len(world.mailer.messages) == 1
    assert wait(world.users.confirm_token(found[1])).user_status is UserStatus.ENABLED


def test_roles_are_given_listed_and_taken_away(world: World, way: Way) -> None:
    alice = world.register()
    for role in ("baker", "admin"):
        wait(world.users.make_role(role))
    token = wait(world.users.log_in(ALICE, PASSWORD)).token

    given = run(
        world,
        f"""
        - assign role: {{identity: {ALICE}, role name: baker}}
        - assign role: {{identity: {alice.object_id}, role name: admin}}
        - get user roles:
          save as: own
        - unassign role: {{identity: {ALICE}, role name: admin}}
        - get roles of user: {{user id: {alice.object_id}}}
          save as: left
        - get users by role: {{role name: baker}}
          save as: bakers
        - get users by role: {{role name: admin}}
          save as: admins
        - return: '= [own, left, bakers.email, admins]'
        """,
        way,
        token,
    )

    assert given == [["admin", "baker"], ["baker"], [ALICE], []]


def test_a_user_is_disabled_and_enabled(world: World, way: Way) -> None:
    alice = world.register()

    run(world, f"- disable user: {{id: {alice.object_id}}}", way)
    assert world.found().user_status is UserStatus.DISABLED
    run(world, f"- enable user: {{id: {alice.object_id}}}", way)
    assert world.found().user_status is UserStatus.ENABLED


def test_describe_users_lists_the_columns(world: World, way: Way) -> None:
    wait(world.users.make_column("age", ColumnType.INT, required=True))

    steps = """
        - describe users:
          save as: columns
        - return: '= columns[name = "age"][1]'
        """

    assert run(world, steps, way) == next(
        column.to_dict() for column in wait(world.users.describe()) if column.name == "age"
    )
