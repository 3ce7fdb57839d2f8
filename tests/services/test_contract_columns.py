"""Columns: built in, made by the owner, or brought along by new properties."""

from __future__ import annotations

from decimal import Decimal

import pytest

from blockwright.services import User
from blockwright.services.records import Column, ColumnType
from tests.services.world import ALICE, PASSWORD, World, code_of, failure_of, in_threads, label, run

BUILT_IN = [
    "objectId",
    "email",
    "password",
    "name",
    "userStatus",
    "socialAccount",
    "lastLogin",
    "created",
    "updated",
    "ownerId",
    "blUserLocale",
]


def columns(world: World) -> dict[str, Column]:
    return {column.name: column for column in run(world.users.describe())}


def given(**properties: object) -> dict[str, object]:
    return {"email": ALICE, "password": PASSWORD, **properties}


def test_the_built_in_columns_are_those_of_backendless(world: World) -> None:
    found = columns(world)

    assert list(found) == BUILT_IN
    assert [name for name, column in found.items() if column.identity] == ["email"]
    assert found["email"].to_dict() == {
        "name": "email",
        "type": "STRING",
        "required": True,
        "identity": True,
        "defaultValue": None,
        "relatedTable": None,
        "customRegex": None,
        "autoLoad": False,
        "isPrimaryKey": False,
    }
    assert found["objectId"].to_dict()["isPrimaryKey"]


def test_the_identity_column_moves_with_the_setting(world: World) -> None:
    world.change_settings(identityColumn="name")
    found = columns(world)
    assert [(name, column.required) for name, column in found.items() if column.identity] == [("name", True)]
    assert not found["email"].required

    world.require_confirmation()
    assert columns(world)["email"].required


@pytest.mark.parametrize(
    ("value", "type"),
    [
        ("Ulm", ColumnType.STRING),
        ("x" * 500, ColumnType.STRING),
        ("x" * 501, ColumnType.TEXT),
        (5, ColumnType.INT),
        (Decimal("5.5"), ColumnType.DOUBLE),
        (5.5, ColumnType.DOUBLE),
        (True, ColumnType.BOOLEAN),
        ([1], ColumnType.JSON),
        ({"a": 1}, ColumnType.JSON),
    ],
    ids=label,
)
def test_a_new_property_brings_a_column_of_its_type(world: World, value: object, type: ColumnType) -> None:
    user = world.register(town=value)

    assert user.properties["town"] == value
    assert columns(world)["town"] == Column("town", type)


def test_a_new_property_without_a_value_brings_none(world: World) -> None:
    assert world.register(town=None).properties == {}
    assert list(columns(world)) == BUILT_IN


def test_a_change_brings_columns_too(world: World) -> None:
    user = world.register()

    assert run(world.users.update(user.object_id, {"town": "Ulm"})).properties == {"town": "Ulm"}
    assert columns(world)["town"].type is ColumnType.STRING


def test_where_the_schema_is_fixed_unknown_properties_are_dropped(world: World) -> None:
    run(world.users.make_column("age", ColumnType.INT))
    world.change_settings(dynamicSchema=False)

    user = world.register(age=41, town="Ulm", **{"no name": object()})
    changed = run(world.users.update(user.object_id, {"town": "Ulm", "age": 42}))

    assert (user.properties, changed.properties) == ({"age": 41}, {"age": 42})
    assert list(columns(world)) == [*BUILT_IN, "age"]


@pytest.mark.parametrize(
    ("type", "fits", "kept", "wrong"),
    [
        (ColumnType.STRING, "Ulm", "Ulm", [5, True, ["Ulm"]]),
        (ColumnType.TEXT, "x" * 5000, "x" * 5000, [5, {}]),
        (ColumnType.INT, Decimal("5.0"), 5, ["5", True, 5.5, Decimal("5.5"), Decimal("1E+999999"), Decimal("NaN")]),
        (ColumnType.DATETIME, 1_785_000_000_000, 1_785_000_000_000, ["2026-07-25", 1.5]),
        (ColumnType.DOUBLE, 5, 5, ["5", False, []]),
        (ColumnType.BOOLEAN, False, False, [0, "no"]),
        (ColumnType.JSON, {"a": [None]}, {"a": [None]}, []),
    ],
    ids=label,
)
def test_a_column_takes_values_of_its_type_alone(
    world: World, type: ColumnType, fits: object, kept: object, wrong: list[object]
) -> None:
    run(world.users.make_column("it", type))

    for value in wrong:
        failure = failure_of(world.users.register(given(it=value)))
        assert failure.code == 3049
        assert failure.message.startswith("The property it must be ")
    user = world.register(it=fits)
    assert user.properties == {"it": kept}
    assert type_of_kept(user) is type_of_kept(world.found())
    for value in wrong:
        assert code_of(world.users.update(user.object_id, {"it": value})) == 3049
    assert run(world.users.update(user.object_id, {"it": None})).properties == {"it": None}


def type_of_kept(user: User) -> type:
    return user.properties["it"].__class__


def test_a_required_column_must_have_a_value(world: World) -> None:
    run(world.users.make_column("town", ColumnType.STRING, required=True))

    missing = failure_of(world.users.register(given()))
    assert (missing.code, missing.message) == (3012, "The property town is missing; every user has one.")
    for value in (None, "", "  "):
        assert code_of(world.users.register(given(town=value))) == 3041
    user = world.register(town="Ulm")
    assert code_of(world.users.update(user.object_id, {"town": None})) == 3045
    assert code_of(world.users.update(user.object_id, {"town": ""})) == 3045
    assert run(world.users.update(user.object_id, {"name": "Alice"})).properties["town"] == "Ulm"


def test_a_guest_needs_no_required_column_and_a_user_does(world: World) -> None:
    run(world.users.make_column("town", ColumnType.STRING, required=True))
    guest = run(world.users.log_in_as_guest()).user

    assert code_of(world.users.register(given(objectId=guest.object_id))) == 3012
    run(world.users.update(guest.object_id, {"town": "Ulm"}))
    assert world.register(objectId=guest.object_id).properties == {"town": "Ulm"}


NAMES: list[tuple[object, object]] = [
    ("objectId", 3016),
    ("email", 3016),
    ("password", 3016),
    ("___class", 3016),
    ("user-token", 3016),
    ("EMAIL", 3017),
    ("town", 3017),
    ("Town", 3017),
    ("", "bad value"),
    ("1a", "bad value"),
    ("a b", "bad value"),
    ("a;drop table users", "bad value"),
    ("grüße", "bad value"),
    ("x" * 65, "bad value"),
    ("a\n", "bad value"),
    ("\x00", "bad value"),
    (5, "bad value"),
    (None, "bad value"),
]


def test_a_column_has_a_plain_name_of_its_own(world: World) -> None:
    run(world.users.make_column("town", ColumnType.STRING))

    for name, code in NAMES:
        failure = failure_of(world.users.make_column(name, ColumnType.STRING))  # type: ignore[arg-type]
        assert (name, failure.code) == (name, code)
        assert failure.message.isprintable()
    assert list(columns(world)) == [*BUILT_IN, "town"]


@pytest.mark.parametrize("type", ["STRING_ID", "VARCHAR", "", None, 5, ["INT"]])
def test_a_column_has_one_of_the_types(world: World, type: ColumnType) -> None:
    assert code_of(world.users.make_column("town", type)) == "bad value"


def test_whether_a_column_is_required_is_yes_or_no(world: World) -> None:
    assert code_of(world.users.make_column("town", ColumnType.INT, required="x")) == "bad value"  # type: ignore[arg-type]


def test_a_made_column_is_told_as_it_is_described(world: World) -> None:
    made = run(world.users.make_column("town", ColumnType.STRING, required=True))

    assert made == columns(world)["town"] == Column("town", ColumnType.STRING, required=True)


def test_there_are_only_so_many_columns(world: World) -> None:
    world.register(**{f"c{number}": number for number in range(300)})

    assert code_of(world.users.make_column("one", ColumnType.INT)) == "bad value"
    assert code_of(world.users.update(world.found().object_id, {"one": 1})) == "bad value"
    run(world.users.remove_column("c7"))
    run(world.users.make_column("one", ColumnType.INT))


def test_with_a_column_its_values_go(world: World) -> None:
    world.register(town="Ulm", age=41)

    run(world.users.remove_column("town"))

    assert world.found().properties == {"age": 41}
    assert "town" not in columns(world)
    run(world.users.make_column("town", ColumnType.INT))
    assert world.found().properties == {"age": 41}


@pytest.mark.parametrize("name", ["email", "objectId", "name", "town", "", "\x00", "x" * 10_000], ids=label)
def test_a_column_that_is_not_there_or_is_needed_is_not_removed(world: World, name: str) -> None:
    assert code_of(world.users.remove_column(name)) == 3056


def test_the_column_that_names_accounts_stays(world: World) -> None:
    run(world.users.make_column("badge", ColumnType.INT))
    world.change_settings(identityColumn="badge")

    assert code_of(world.users.remove_column("badge")) == 3056
    world.change_settings(identityColumn="email")
    run(world.users.remove_column("badge"))


def test_the_name_of_a_column_to_remove_is_text(world: World) -> None:
    assert code_of(world.users.remove_column(5)) == "bad value"  # type: ignore[arg-type]


def test_two_who_bring_one_column_along_at_once_agree_on_its_type(world: World) -> None:
    values: list[object] = ["Ulm", 5]

    results = in_threads(
        12,
        lambda number: world.users.register(
            {"email": f"{number}@x.example", "password": PASSWORD, "b": values[number % 2], "a": number}
        ),
    )

    kept = [user for user in results if isinstance(user, User)]
    assert len(kept) == 6
    assert len({user.properties["b"].__class__ for user in kept}) == 1
    assert {result for result in results if not isinstance(result, User)} == {3049}


def test_what_changes_while_a_column_goes_is_not_lost(world: World) -> None:
    users = [world.register(f"{number}@x.example", town="Ulm", name=f"n{number}") for number in range(8)]

    async def call(number: int) -> object:
        if number == 8:
            await world.users.remove_column("town")
            return await world.users.change_settings({"identityColumn": "name"})
        return await world.users.update(users[number].object_id, {"password": f"new {number}"})

    results = in_threads(9, call)

    assert not [result for result in results if isinstance(result, str | int)]
    for number in range(8):
        session = run(world.users.log_in(f"n{number}", f"new {number}"))
        assert session.user.properties == {"name": f"n{number}"}
