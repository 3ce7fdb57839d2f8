"""Accounts that change: guests who register, new values, new addresses, new passwords, and removal."""

from __future__ import annotations

from blockwright.services import User, UserStatus
from blockwright.services.records import ColumnType
from tests.services.world import ALICE, DAY, NOON, PASSWORD, World, code_of, failure_of, in_threads, run

BOB = "bob@yourmail.com"
PENDING = UserStatus.EMAIL_CONFIRMATION_PENDING


def register_guest(world: World) -> User:
    return run(world.users.add({}, UserStatus.GUEST))


def test_a_guest_becomes_a_user_and_keeps_the_object_id_the_session_and_the_properties(world: World) -> None:
    session = run(world.users.log_in_as_guest())
    guest = run(world.users.update(session.user.object_id, {"cart": ["cake"], "name": "Guest"}))
    world.clock.now += 5

    user = world.register(objectId=guest.object_id, name="Alice")

    assert (user.object_id, user.created, user.updated) == (guest.object_id, NOON, NOON + 5)
    assert (user.email, user.user_status) == (ALICE, UserStatus.ENABLED)
    assert user.properties == {"cart": ["cake"], "name": "Alice"}
    assert run(world.users.user_of(session.token)) == user
    assert run(world.users.log_in(ALICE, PASSWORD)).user.object_id == guest.object_id


def test_a_guest_becomes_nobody_who_is_registered_already_and_nobody_twice(world: World) -> None:
    guest = register_guest(world)
    user = world.register()

    taken = {"email": ALICE, "password": PASSWORD, "objectId": guest.object_id}
    assert code_of(world.users.register(taken)) == 3033
    assert run(world.users.find_by_id(guest.object_id)) == guest
    assert code_of(world.users.register({**taken, "objectId": user.object_id})) == 3039

    world.register(BOB, objectId=guest.object_id)
    assert code_of(world.users.register({**taken, "email": "eve@yourmail.com"})) == 3039


def test_a_guest_gets_an_identity_and_a_password_by_registering_only(world: World) -> None:
    guest = register_guest(world)

    assert code_of(world.users.update(guest.object_id, {"password": "x"})) == "bad value"
    assert code_of(world.users.update(guest.object_id, {"email": ALICE})) == "bad value"
    assert run(world.users.find(ALICE)) is None


def test_a_guests_whole_record_may_be_sent_back_without_an_identity(world: World) -> None:
    run(world.users.make_column("town", ColumnType.STRING, required=True))
    guest = run(world.users.log_in_as_guest()).user

    changed = run(world.users.update(guest.object_id, {**guest.to_dict(), "password": None, "town": "", "name": "G"}))

    assert (changed.email, changed.user_status, changed.properties["name"]) == (None, UserStatus.GUEST, "G")


def test_changes_are_kept_and_the_rest_stays(world: World) -> None:
    user = world.register(name="Alice", age=41)
    world.clock.now += 7

    changed = run(world.users.update(user.object_id, {"age": 42, "town": "Ulm"}))

    assert changed.properties == {"name": "Alice", "age": 42, "town": "Ulm"}
    assert (changed.email, changed.created, changed.updated) == (ALICE, NOON, NOON + 7)
    assert world.found() == changed


def test_a_whole_record_may_be_sent_back_and_what_the_service_sets_stays(world: World) -> None:
    user = world.register(name="Alice")
    record = {**user.to_dict(), "user-token": "x", "userStatus": "DISABLED", "created": 1, "objectId": "2", "name": "A"}

    changed = run(world.users.update(user.object_id, record))

    assert (changed.object_id, changed.user_status, changed.created) == (user.object_id, UserStatus.ENABLED, NOON)
    assert changed.properties == {"name": "A"}


IMPOSSIBLE: list[tuple[object, object]] = [
    ({"email": BOB}, 3018),
    ({"email": "bob@YOURMAIL.com"}, 3018),
    ({"email": None}, 3045),
    ({"email": " "}, 3045),
    ({"email": "x"}, 3040),
    ({"email": 5}, 3040),
    ({"password": None}, 3045),
    ({"password": ""}, 3045),
    ({"password": 5}, 3050),
    ({"age": "old"}, 3049),
    ({"name": 5}, 3049),
    ({"x": object()}, "bad value"),
    ({"story": "a" * 70_000}, "bad value"),
    ("x", "bad value"),
    ({5: 5}, "bad value"),
]


def test_a_change_that_cannot_be_kept_changes_nothing(world: World) -> None:
    world.register(BOB)
    user = world.register(age=41)

    for number, (changes, code) in enumerate(IMPOSSIBLE):
        assert (number, code_of(world.users.update(user.object_id, changes))) == (number, code)  # type: ignore[arg-type]
    assert world.found() == user
    assert run(world.users.log_in(ALICE, PASSWORD)).user.object_id == user.object_id


def test_nobody_is_changed_or_removed_by_an_object_id_that_nobody_has(world: World) -> None:
    for object_id in ("", "\x00", "x" * 100_000, "0000", "\ud800"):
        assert code_of(world.users.update(object_id, {"name": "x"})) == 3030
        assert code_of(world.users.remove(object_id)) == 1000


def test_an_object_id_is_text(world: World) -> None:
    assert code_of(world.users.update(5, {})) == "bad value"  # type: ignore[arg-type]
    assert code_of(world.users.remove(None)) == "bad value"  # type: ignore[arg-type]


def test_a_new_address_names_the_account_and_frees_the_old_one(world: World) -> None:
    user = world.register()

    run(world.users.update(user.object_id, {"email": "Alice@new.example"}))

    assert run(world.users.find(ALICE)) is None
    assert world.found("alice@NEW.example").object_id == user.object_id
    assert run(world.users.log_in("alice@new.example", PASSWORD)).user.object_id == user.object_id
    world.register(ALICE)


def test_another_spelling_of_ones_own_address_is_no_other_account(world: World) -> None:
    user = world.register()

    assert run(world.users.update(user.object_id, {"email": "Alice@YourMail.com"})).email == "Alice@yourmail.com"


def test_of_many_who_change_to_one_address_at_once_exactly_one_gets_it(world: World) -> None:
    users = [world.register(f"{number}@yourmail.com") for number in range(8)]

    results = in_threads(8, lambda number: world.users.update(users[number].object_id, {"email": ALICE}))

    assert [result for result in results if not isinstance(result, User)] == [3018] * 7


def test_a_new_password_ends_all_sessions_and_the_old_one_is_worth_nothing(world: World) -> None:
    user = world.register()
    token = run(world.users.log_in(ALICE, PASSWORD)).token

    run(world.users.update(user.object_id, {"password": "battery staple"}))

    assert not run(world.users.is_valid(token))
    assert code_of(world.users.log_in(ALICE, PASSWORD)) == 3003
    assert run(world.users.log_in(ALICE, "battery staple")).user.object_id == user.object_id


def test_a_change_without_a_password_leaves_the_session_alone(world: World) -> None:
    user = world.register()
    token = run(world.users.log_in(ALICE, PASSWORD)).token

    run(world.users.update(user.object_id, {"name": "A"}))

    assert run(world.users.user_of(token)).properties == {"name": "A"}


def test_a_new_password_makes_links_for_another_one_void(world: World) -> None:
    user = world.register()
    run(world.users.restore_password(ALICE))
    token = world.last_token()

    run(world.users.update(user.object_id, {"password": "battery staple"}))

    assert failure_of(world.users.reset_password(token, "eve's")).details == {"reason": "replaced"}


def test_a_link_confirms_no_address_but_the_one_it_was_mailed_to(world: World) -> None:
    token = world.register_pending()
    user = run(world.users.update(world.found().object_id, {"email": "alice@new.example"}))

    assert user.user_status is PENDING
    assert code_of(world.users.confirm_token(token)) == 3051
    run(world.users.update(user.object_id, {"email": ALICE}))
    assert code_of(world.users.confirm_token(token)) == 3051

    world.clock.now += DAY
    run(world.users.resend_confirmation(ALICE))
    assert run(world.users.confirm_token(world.last_token())).email == ALICE


def test_who_has_confirmed_stays_enabled_under_a_new_address_and_no_mail_goes_out(world: World) -> None:
    run(world.users.confirm_token(world.register_pending()))
    sent = len(world.mailer.messages)

    changed = run(world.users.update(world.found().object_id, {"email": "alice@new.example"}))

    assert changed.user_status is UserStatus.ENABLED
    assert len(world.mailer.messages) == sent


def test_with_a_removed_account_everything_of_it_is_gone(world: World) -> None:
    link = world.register_pending()
    object_id = world.found().object_id
    run(world.users.confirm(ALICE))
    token = run(world.users.log_in(ALICE, PASSWORD)).token
    run(world.users.make_role("baker"))
    run(world.users.assign_role(ALICE, "baker"))
    world.clock.now += 9

    assert run(world.users.remove(object_id)) == NOON + 9

    assert run(world.users.find(ALICE)) is None
    assert run(world.users.find_by_id(object_id)) is None
    assert not run(world.users.is_valid(token))
    assert run(world.users.users_in_role("baker")) == ()
    assert failure_of(world.users.confirm_token(link)).details == {"reason": "unknown"}
    assert code_of(world.users.remove(object_id)) == 1000
    assert world.register().object_id != object_id
