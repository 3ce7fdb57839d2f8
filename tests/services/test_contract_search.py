"""Searching: conditions as Backendless writes them, pages, orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar, cast

import pytest

from blockwright.services import UserStatus
from blockwright.services.backends.memory import MemoryStore, MemoryTables
from blockwright.services.records import ColumnType, UserQuery
from tests.services.world import ALICE, NOON, World, code_of, failure_of, run

T = TypeVar("T")

PEOPLE: dict[str, Mapping[str, object]] = {
    "ann": {"name": "Ann", "age": 41, "town": "Ulm", "member": True, "score": Decimal("1.5")},
    "bea": {"name": "Bea", "age": 17, "town": "Bern", "member": False, "tags": ["x"]},
    "cem": {"name": "Cem O'Neil", "age": 0, "score": 2},
    "dan": {"name": "100%_sure", "town": "Ulm\nWest"},
}


def settle(world: World) -> None:
    for name, properties in PEOPLE.items():
        world.register(f"{name}@yourmail.com", **properties)
        world.clock.now += 1000


def found(world: World, where: str = "", **query: object) -> str:
    """The first letters of who is found, in order."""
    users = run(world.users.find_users(UserQuery(where, **query)))  # type: ignore[arg-type]
    return "".join(str(user.email)[0] for user in users)


CONDITIONS = {
    "": "abcd",
    "  ": "abcd",
    "name = 'Ann'": "a",
    "name = 'ann'": "",
    "name != 'Ann'": "bcd",
    "name <> 'Ann'": "bcd",
    "name = 'Cem O''Neil'": "c",
    "age > 17": "a",
    "age >= 17": "ab",
    "age < 17": "c",
    "age <= 0": "c",
    "age = -0.0": "c",
    "age = '17'": "b",
    "age != 17": "ac",
    "age > -1 and age < +1e2": "abc",
    "score = 1.50": "a",
    "score in (2.0, 1.5)": "ac",
    "age between 17 and 41": "ab",
    "age not between 17 and 41": "c",
    "age in (41, 0, 5)": "ac",
    "age not in (41, 0, 5)": "b",
    "age in (41, null)": "a",
    "age not in (41, null)": "",
    "age is null": "d",
    "age is not null": "abc",
    "not age is null": "abc",
    "age = null": "",
    "age != null": "",
    "not age = 41": "bc",
    "not (age = 41 or town = 'Bern')": "",
    "town = 'Ulm' or age = 17": "ab",
    "town = 'Ulm' and age = 17": "",
    "age = 41 or age = 17 and name = 'x'": "a",
    "(age = 41 or age = 17) and name = 'Bea'": "b",
    "member = true": "a",
    "member = FALSE": "b",
    "member = 1": "a",
    "member != true": "b",
    "member in (true, false)": "ab",
    "name like 'A%'": "a",
    "name like '%n%'": "a",
    "name like '___'": "ab",
    "name like '%'": "abcd",
    "name like ''": "",
    r"name like '100\%\_%'": "d",
    "name not like '%e%'": "a",
    "town like 'Ulm%West'": "d",
    "town like 'Ulm'": "a",
    "name LIKE '%''%'": "c",
    "tags is not null": "b",
    "tags is null": "acd",
    "\"name\" = 'Ann'": "a",
    "`name` = 'Ann'": "a",
    "userStatus = 'ENABLED'": "abcd",
    "socialAccount = 'BACKENDLESS' and lastLogin is null and updated is null": "abcd",
    f"created >= {NOON + 1000} and created < {NOON + 3000}": "bc",
    "email = 'ann@yourmail.com'": "a",
    "email = 'ann@yourmail.com' and age = 17": "",
    "email in ('ann@yourmail.com', 'cem@yourmail.com', 'x')": "ac",
    "email = 'ann@yourmail.com' or email = 'bea@yourmail.com'": "ab",
    "email like '%@yourmail.com' and age=17": "b",
    "blUserLocale is null": "abcd",
    "objectId = 'x'": "",
}


def test_a_condition_finds_who_fulfils_it(world: World) -> None:
    settle(world)

    assert {where: found(world, where) for where in CONDITIONS} == CONDITIONS
    for where, who in CONDITIONS.items():
        assert run(world.users.count_users(where)) == len(who)


IDENTITIES = {
    "email = 'ANN@YourMail.com'": "a",
    "email = 'ANN@YourMail.com' and age = 17": "",
    "email != 'ANN@YourMail.com'": "bcd",
    "not email = 'ANN@YourMail.com'": "bcd",
    "email in ('ANN@yourmail.COM', 'Cem@yourmail.com', 'x')": "ac",
    "email not in ('ANN@yourmail.COM', 'x')": "bcd",
    "email not in ('ANN@yourmail.COM', null)": "",
    "email = 'BEA@yourmail.com' or age = 41": "ab",
    "age is not null and not (email = 'BEA@yourmail.com' or age = 41)": "c",
    "email = 'no address'": "",
    "email != 'no address'": "abcd",
    "email = ''": "",
    "email = null": "",
    "email like 'ANN%'": "",
    "email > 'b' and email < 'd'": "bc",
}


def test_an_identity_is_compared_as_logins_compare_it_and_all_else_letter_by_letter(world: World) -> None:
    settle(world)

    assert {where: found(world, where) for where in IDENTITIES} == IDENTITIES
    for where, who in IDENTITIES.items():
        assert run(world.users.count_users(where)) == len(who)


@pytest.mark.parametrize("spelling", ["Ann.B@Münch\u0065n.DE", "ann.b@münchen.de", "ANN.B@xn--mnchen-3ya.de"])
def test_an_account_is_found_by_any_spelling_of_its_address(world: World, spelling: str) -> None:
    ann = world.register("Ann.B@MÜNCHEN.de")

    assert run(world.users.find(spelling)) == ann
    assert run(world.users.find_users(UserQuery(f"email = '{spelling}'"))) == (ann,)


def test_guests_are_not_found_by_any_identity(world: World) -> None:
    run(world.users.log_in_as_guest())

    assert found(world, "email = 'x'") == ""
    assert run(world.users.count_users("email != 'x'")) == 0


def test_an_object_id_finds_its_account(world: World) -> None:
    settle(world)
    object_id = world.found("bea@yourmail.com").object_id

    assert found(world, f"objectId = '{object_id}'") == "b"
    assert found(world, f"ownerId = '{object_id}' and age = 17") == "b"
    assert found(world, f"objectId = '{object_id}' and age = 18") == ""
    assert found(world, f"not objectId = '{object_id}'") == "acd"
    assert found(world, f"age = 41 or objectId = '{object_id}'") == "ab"


class Unscanned:
    """Tables or rows as they are, that nobody may go through from one end to the other."""

    def __init__(self, inner: object) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> object:
        found = getattr(self._inner, name)
        return Unscanned(found) if name == "users" else found

    def all(self) -> object:
        raise AssertionError("all accounts were gone through")


class UnscannedStore(MemoryStore):
    async def read(self, work: Callable[[MemoryTables], T]) -> T:
        return await super().read(lambda tables: work(cast("MemoryTables", Unscanned(tables))))


def test_what_names_accounts_is_looked_up_and_not_searched_for() -> None:
    world = World(UnscannedStore())
    run(world.users.make_column("badge", ColumnType.INT))
    world.change_settings(identityColumn="badge")
    for number in range(3):
        run(world.users.add({"badge": number, "email": f"{number}@x.example"}))
        world.clock.now += 1
    object_id = str(run(world.users.find(1)).to_dict()["objectId"])  # type: ignore[union-attr]

    assert found(world, "badge = 2") == "2"
    assert found(world, "badge = 2.0 and email is not null") == "2"
    assert found(world, "badge in (0, 1, 1, 7)") == "01"
    assert found(world, f"email is not null and objectId = '{object_id}'") == "1"
    assert found(world, among=(object_id,)) == "1"
    assert found(world, "badge = '1'") == "1"
    with pytest.raises(AssertionError):
        found(world, "email = '1@x.example'")


def test_numbers_that_name_accounts_are_equal_in_all_ways_to_write_them(world: World) -> None:
    run(world.users.make_column("badge", ColumnType.DOUBLE))
    world.change_settings(identityColumn="badge")
    for number in range(3):
        run(world.users.add({"badge": number, "email": f"{number}@x.example"}))
        world.clock.now += 1

    assert found(world, "badge = 1.00") == "1"
    assert found(world, "badge != '1'") == "02"
    assert found(world, "badge in (0, 2e0, 1e99)") == "02"
    assert found(world, "badge > 0.5") == "12"


def test_texts_that_name_accounts_are_equal_in_all_ways_to_write_their_letters(world: World) -> None:
    world.register(ALICE, name="Zoe\u0308")
    world.change_settings(identityColumn="name")

    assert run(world.users.count_users("name = 'Zo\u00eb'")) == 1
    assert run(world.users.count_users("name = 'zo\u00eb'")) == 0
    assert run(world.users.count_users(f"email = '{ALICE.upper()}'")) == 0


UNREADABLE = {
    "NAME = 'Ann'": 1,
    "name": 5,
    "= 5": 1,
    "name = ": 8,
    "name = 'x": 8,
    "name == 'x'": 7,
    "name = x": 8,
    "name = 'x' y": 12,
    "name = 'x' and": 15,
    "name = 'x')": 11,
    "(name = 'x'": 12,
    "name is 'x'": 9,
    "name in ()": 10,
    "name in 'x'": 9,
    "name in ('x' 'y')": 14,
    "name like 5": 11,
    "name like null": 11,
    "name between 'a'": 17,
    "name between 'a' or 'b'": 18,
    "name not = 'x'": 10,
    "not": 4,
    "age like '4%'": 5,
    "age = 'old'": 7,
    "age = true": 7,
    "age = 5a": 7,
    "age = .5": 7,
    "age = - 'x'": 9,
    "age = --5": 8,
    "member = 'yes'": 10,
    "member = 2": 10,
    "tags = 'x'": 6,
    "password = 'x'": 1,
    "age = 1 and password is not null": 13,
    "nobody = 5": 1,
    "address.town = 'x'": 8,
    "name = 'x'; drop table users": 11,
    "name = 'x' -- y": 12,
    "name = 'x' /* y */": 12,
    "sleep(5) = 1": 1,
    "1 = 1": 1,
    "name = \x00": 8,
    "näme = 'x'": 2,
    "(" * 51 + "name = 'x'" + ")" * 51: 51,
    "not " * 51 + "name = 'x'": 201,
    "name = 'x' or " * 1000: 8001,
}


def test_a_condition_that_cannot_be_read_is_told_where(world: World) -> None:
    settle(world)

    for where, position in UNREADABLE.items():
        failure = failure_of(world.users.find_users(UserQuery(where)))
        assert (where, failure.code, failure.details) == (where, 1017, {"position": position})
        assert f"at character {position}" in failure.message
        assert failure.message.isprintable()
        assert len(failure.message) < 300
    assert code_of(world.users.count_users("name")) == 1017


def test_what_is_nested_as_deeply_as_allowed_is_read(world: World) -> None:
    settle(world)

    assert found(world, "(" * 50 + "age = 17" + ")" * 50) == "b"
    assert found(world, "not " * 50 + "age = 17") == "b"
    assert found(world, " or ".join(["age = 17"] * 500)) == "b"


ORDERS = {
    ("name",): "dabc",
    ("name desc",): "cbad",
    ("age",): "dcba",
    ("age asc",): "dcba",
    ("age DESC",): "abcd",
    ("score", "age desc"): "bdac",
    ("created desc",): "dcba",
    ("userStatus", "email desc"): "dcba",
    ("  town  desc ", "name"): "dabc",
    ("userStatus",): "abcd",
    ("userStatus desc",): "abcd",
}


def test_users_are_sorted_by_columns_those_without_a_value_first(world: World) -> None:
    settle(world)

    assert {sort_by: found(world, sort_by=sort_by) for sort_by in ORDERS} == ORDERS


def test_users_come_in_pages(world: World) -> None:
    settle(world)

    assert found(world, page_size=3) == "abc"
    assert found(world, page_size=3, offset=3) == "d"
    assert found(world, page_size=3, offset=4) == ""
    assert found(world, "age is not null", page_size=1, offset=2) == "c"
    assert found(world, sort_by=("age",), page_size=2, offset=1) == "cb"
    for number in range(12):
        world.register(f"{number}@yourmail.com")
    assert len(found(world)) == 10
    assert len(found(world, page_size=100)) == 16
    assert run(world.users.count_users()) == 16


def test_a_search_held_to_some_accounts_finds_no_others(world: World) -> None:
    settle(world)
    ids = {name: world.found(f"{name}@yourmail.com").object_id for name in PEOPLE}

    assert found(world, among=(ids["bea"], ids["ann"])) == "ab"
    assert found(world, "age = 41 or age is null", among=(ids["ann"], ids["bea"], "x", "\x00")) == "a"
    assert found(world, f"objectId = '{ids['cem']}'", among=(ids["ann"],)) == ""
    assert found(world, among=()) == ""


IMPOSSIBLE = [
    UserQuery(page_size=0),
    UserQuery(page_size=101),
    UserQuery(page_size=True),
    UserQuery(page_size="5"),  # type: ignore[arg-type]
    UserQuery(offset=-1),
    UserQuery(offset=10**10),
    UserQuery(offset=None),  # type: ignore[arg-type]
    UserQuery(where=None),  # type: ignore[arg-type]
    UserQuery(where=["age = 1"]),  # type: ignore[arg-type]
    UserQuery(sort_by="age"),  # type: ignore[arg-type]
    UserQuery(sort_by=(5,)),  # type: ignore[arg-type]
    UserQuery(sort_by=("",)),
    UserQuery(sort_by=("nobody",)),
    UserQuery(sort_by=("password",)),
    UserQuery(sort_by=("tags",)),
    UserQuery(sort_by=("age downwards",)),
    UserQuery(sort_by=("age",) * 11),
    UserQuery(among="x"),  # type: ignore[arg-type]
    UserQuery(among=("x",) * 1001),
]


def test_a_query_that_cannot_be_is_refused(world: World) -> None:
    settle(world)

    for query in IMPOSSIBLE:
        assert (query, code_of(world.users.find_users(query))) == (query, "bad value")


def test_what_is_counted_is_text(world: World) -> None:
    assert code_of(world.users.count_users(5)) == "bad value"  # type: ignore[arg-type]


def test_guests_are_found_and_have_no_address(world: World) -> None:
    settle(world)
    run(world.users.log_in_as_guest())
    run(world.users.add({"email": ALICE}, UserStatus.DISABLED))

    assert run(world.users.count_users("email is null")) == 1
    assert run(world.users.count_users("userStatus in ('GUEST', 'DISABLED')")) == 2


def test_a_hostile_pattern_takes_no_longer_than_any_other(world: World) -> None:
    run(world.users.add({"email": ALICE, "story": "a" * 60_000}))

    assert run(world.users.count_users(f"story like '{'%a_' * 2000}b'")) == 0
    assert run(world.users.count_users(f"story like '{'%a' * 3000}%'")) == 1
