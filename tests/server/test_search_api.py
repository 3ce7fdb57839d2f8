"""Looking accounts up: who may see whom, and what is asked for."""

from __future__ import annotations

import pytest

from blockwright.services.records import KeyKind
from tests.server.world import Place
from tests.services.world import ALICE

BOB = "bob@yourmail.com"


@pytest.fixture
def people(place: Place) -> Place:
    place.register(ALICE, age=44)
    place.register(BOB, age=33)
    return place


def emails(found: object) -> list[object]:
    assert isinstance(found, list), found
    return [each["email"] for each in found]


def test_strangers_see_nobody_and_users_themselves(people: Place) -> None:
    token = people.log_in()
    me, other = people.world.found(ALICE).object_id, people.world.found(BOB).object_id

    assert people.post("/api/data/Users/find", {}).code == 1013
    assert people.post("/api/data/Users/count", {}).code == 1013
    assert people.get(f"/api/data/Users/{me}").code == 1013
    assert emails(people.post("/api/data/Users/find", {}, token).json) == [ALICE]
    assert people.post("/api/data/Users/count", {}, token).json == 1
    assert people.get(f"/api/data/Users/{me}", token).record["email"] == ALICE
    assert people.get(f"/api/users/{me}?props=email,age", token).json == {"email": ALICE, "age": 44}
    assert people.get(f"/api/users/{other}", token).code == 1013
    assert people.get("/api/users/nobody", token).code == 1013


@pytest.mark.parametrize(
    "where",
    [
        "age > 0",
        "1 = 1) or (1 = 1",
        "objectId != '' or email = 'bob@yourmail.com'",
        "email = 'bob@yourmail.com'",
        "age > 0 -- ",
        "') or ('' = '",
        "age > 0) or (email like 'bob%'",
    ],
)
def test_no_condition_lets_a_user_see_others(people: Place, where: str) -> None:
    token = people.log_in()

    found = people.post("/api/data/Users/find", {"where": where}, token)
    counted = people.post("/api/data/Users/count", {"where": where}, token)

    if found.status == 200:
        assert set(emails(found.json)) <= {ALICE}
        assert counted.json == len(emails(found.json))
    else:
        assert (found.code, counted.code) == (1017, 1017)


def test_the_owner_can_let_users_or_everyone_look(people: Place) -> None:
    token = people.log_in()
    guest = str(people.post("/api/users/register/guest").record["user-token"])

    people.settings(findUsers="users")
    assert people.post("/api/data/Users/find", {}).code == 1013
    assert emails(people.post("/api/data/Users/find", {"where": "age > 0", "sortBy": "age"}, token).json) == [
        BOB,
        ALICE,
    ]
    assert emails(people.post("/api/data/Users/find", {}, guest).json) == [None]
    people.settings(findUsers="everyone")
    assert people.post("/api/data/Users/count", {"where": "age > 40"}).json == 1


def test_code_of_the_app_s_own_sees_everybody(people: Place) -> None:
    base = people.form(KeyKind.CLOUD_CODE)

    assert emails(people.post(f"{base}/data/Users/find", {"sortBy": ["age desc"]}).json) == [ALICE, BOB]
    assert people.get(f"{base}/data/Users/nobody").code == 1000
    assert people.get(f"{base}/data/Users/count?where=age%20%3E%2040").json == 1


def test_a_search_gives_the_page_and_the_properties_that_were_asked_for(people: Place) -> None:
    base = people.form(KeyKind.CLOUD_CODE)
    query = {"where": "age > 0", "props": ["email", "age"], "sortBy": "age desc", "pageSize": 1, "offset": 1}

    assert people.post(f"{base}/data/Users/find", query).json == [{"email": BOB, "age": 33}]
    same = "where=age%20%3E%200&props=email,age&sortBy=age%20desc&pageSize=1&offset=1"
    assert people.get(f"{base}/data/Users?{same}").json == [{"email": BOB, "age": 33}]
    rest = people.post(f"{base}/data/Users/find", {"excludeProps": "age,objectId", "pageSize": 1}).json
    assert isinstance(rest, list)
    assert not {"age", "objectId"} & set(rest[0])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"where": "age >"}, 1017),
        ({"where": "password = 'x'"}, 1017),
        ({"where": 5}, "bad value"),
        ({"pageSize": "5"}, "bad value"),
        ({"pageSize": True}, "bad value"),
        ({"props": {"a": 1}}, "bad value"),
        ({"sortBy": [1]}, "bad value"),
        ({"groupBy": "age"}, "bad value"),
        ({"having": "age > 5"}, "bad value"),
        ({"distinct": True}, "bad value"),
    ],
)
def test_a_search_that_cannot_be_read_has_a_code(people: Place, query: object, code: object) -> None:
    assert people.post(f"{people.form(KeyKind.CLOUD_CODE)}/data/Users/find", query).code == code


def test_a_count_of_groups_is_refused(people: Place) -> None:
    assert people.post(f"{people.form(KeyKind.CLOUD_CODE)}/data/Users/count", {"groupBy": "age"}).code == "bad value"


def test_one_record_comes_with_the_properties_that_were_asked_for(people: Place) -> None:
    record = f"{people.form(KeyKind.CLOUD_CODE)}/data/Users/{people.world.found(BOB).object_id}"

    assert people.get(f"{record}?property=email&property=age").json == {"email": BOB, "age": 33}
    assert people.get(f"{record}?props=email,age&excludeProps=age").json == {"email": BOB}
    assert people.get(f"{record}?props=*").record["age"] == 33


def test_a_record_is_found_by_its_key_as_a_parameter(people: Place) -> None:
    key = f"{people.form(KeyKind.CLOUD_CODE)}/data/Users/pk?objectId="

    assert people.get(f"{key}{people.world.found(BOB).object_id}").record["email"] == BOB
    assert people.get(f"{key}nobody").code == 1000
    assert people.get(key).code == 1000
    assert people.get(f"/api/data/Users/pk?objectId={people.world.found(BOB).object_id}").code == 1013


def test_those_of_a_role_are_found_by_a_condition_among_those_one_may_see(people: Place) -> None:
    people.machine.do(people.users.make_role("staff"))
    people.machine.do(people.users.assign_role(BOB, "staff"))
    people.register("carol@yourmail.com", age=50)
    token, server = people.log_in(), people.form(KeyKind.CLOUD_CODE)
    everybody = "users/role/staff?where=age%20%3E%200%20or%20objectId%20!%3D%20%27%27&sortBy=age%20desc"

    assert emails(people.get(f"{server}/{everybody}").json) == [BOB]
    assert people.get(f"/api/{everybody}", token).json == []
    people.machine.do(people.users.assign_role(ALICE, "staff"))
    assert emails(people.get(f"{server}/{everybody}").json) == [ALICE, BOB]
    assert people.get(f"{server}/{everybody}&pageSize=1&offset=1&props=age").json == [{"age": 33}]
    assert emails(people.get(f"/api/{everybody}", token).json) == [ALICE]
    assert people.get(f"{server}/users/role/staff?where=age%20%3E").code == 1017
    assert people.get(f"{server}/users/role/staff?pageSize=0").code == "bad value"


def test_a_parameter_that_is_no_number_is_named(people: Place) -> None:
    answer = people.get(f"{people.form(KeyKind.CLOUD_CODE)}/data/Users?pageSize=many")

    assert (answer.status, answer.code) == (400, "bad value")
    assert "pageSize" in str(answer.record["message"])
