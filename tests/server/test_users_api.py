"""The Users API in both forms of its addresses, as Backendless's clients speak it."""

from __future__ import annotations

import pytest

from blockwright.services.records import KeyKind
from tests.server.world import Place
from tests.services.world import ALICE, PASSWORD

BOB = "bob@yourmail.com"


@pytest.fixture(params=["domain", "rest", "js", "cloud-code"])
def base(request: pytest.FixtureRequest, place: Place) -> str:
    """The beginning of the addresses: ``/api``, or id and key."""
    return "/api" if request.param == "domain" else place.form(KeyKind(request.param))


def test_whoever_registers_gets_the_record_without_a_password_and_without_a_token(place: Place, base: str) -> None:
    answer = place.post(f"{base}/users/register", {"email": ALICE, "password": PASSWORD, "name": "Alice", "age": 44})

    assert answer.status == 200
    record = answer.record
    assert record["email"] == ALICE
    assert (record["name"], record["age"], record["___class"]) == ("Alice", 44, "Users")
    assert record["ownerId"] == record["objectId"]
    assert not {"password", "user-token"} & set(record)


def test_a_login_gives_the_record_and_a_token_that_works_until_logout(place: Place, base: str) -> None:
    place.register()

    login = place.post(f"{base}/users/login", {"login": ALICE, "password": PASSWORD})
    token = str(login.record["user-token"])

    assert (login.status, login.record["email"]) == (200, ALICE)
    assert place.get(f"{base}/users/isvalidusertoken/{token}").body == b"true"
    out = place.get(f"{base}/users/logout", token)
    assert (out.status, out.body) == (200, b"")
    assert place.get(f"{base}/users/isvalidusertoken/{token}").body == b"false"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 3011),
        ({"password": "x"}, 3013),
        ({"email": "nonsense", "password": "x"}, 3040),
        ({"email": ALICE, "password": "x"}, 3033),
        ({"email": BOB, "password": "x", "objectId": "1"}, 3039),
        (b'{"email": "bob@yourmail.com", "email": "eve@yourmail.com", "password": "x"}', 3043),
        (b"{", 8002),
        (b"[]", 8002),
        (b'{"email": NaN}', 8002),
        (b'{"age": 1e99999999999999999999}', 8002),
        (b'{"name": "\\ud800"}', 8002),
        (b'{"a":' + b"[" * 500 + b"]" * 500 + b"}", 8002),
        (b'{"a":' + b"[" * 60_000, 8002),
        (b"\xff\xfe", 8002),
        (b'{"a": ' + b"1" * 5000 + b"}", 8002),
    ],
)
def test_a_registration_that_cannot_be_is_refused_with_its_documented_code(
    place: Place, body: object, code: int
) -> None:
    place.register()

    answer = place.post("/api/users/register", body)

    assert (answer.status, answer.code) == (400, code)


def test_registration_that_is_off_is_forbidden(place: Place) -> None:
    place.settings(userRegistrationEnabled=False)

    answer = place.post("/api/users/register", {"email": ALICE, "password": PASSWORD})

    assert (answer.status, answer.code) == (403, 3009)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"login": ALICE, "password": "wrong"}, 3003),
        ({"login": BOB, "password": PASSWORD}, 3003),
        ({"login": ALICE}, 3006),
        ({}, 3006),
        ({"login": "", "password": ""}, 3006),
        ({"login": ALICE, "password": {"$ne": 1}}, "bad value"),
        ({"login": {"$ne": 1}, "password": "x"}, "bad value"),
        ({"login": [ALICE], "password": "x"}, "bad value"),
        ({"objectId": "1"}, 2014),
    ],
)
def test_a_login_that_cannot_be_is_refused_with_its_documented_code(place: Place, body: object, code: object) -> None:
    place.register()

    answer = place.post("/api/users/login", body)

    assert (answer.status, answer.code) == (400, code)


def test_code_of_the_app_s_own_logs_anybody_in_by_object_id(place: Place) -> None:
    object_id = place.register()

    answer = place.post(f"{place.form(KeyKind.CLOUD_CODE)}/users/login", {"objectId": object_id})

    assert place.get("/api/users/logout", str(answer.record["user-token"])).status == 200


def test_a_guest_has_a_token_and_can_become_an_account_of_its_own_making_alone(place: Place) -> None:
    guest = place.post("/api/users/register/guest").record
    token, object_id = str(guest["user-token"]), guest["objectId"]
    body = {"email": ALICE, "password": PASSWORD, "objectId": object_id}

    assert guest["userStatus"] == "GUEST"
    assert place.post("/api/users/register", body).code == 3039
    account = place.post("/api/users/register", body, token).record

    assert (account["objectId"], account["userStatus"]) == (object_id, "ENABLED")


def test_numbers_keep_all_their_digits_both_ways(place: Place) -> None:
    numbers = b'"debt": 0.1234567890123456789, "n": 12345678901234567}'
    body = b'{"email": "alice@yourmail.com", "password": "correct horse", ' + numbers

    answer = place.post("/api/users/register", body)

    assert b'"debt":0.1234567890123456789' in answer.body
    assert b'"n":12345678901234567' in answer.body


def test_a_user_changes_the_own_account_and_no_other(place: Place) -> None:
    mine, theirs = place.register(), place.register(BOB)
    token = place.log_in()

    changed = place.put(f"/api/users/{mine}", {"name": "Al", "objectId": mine, "created": 1}, token)

    assert (changed.status, changed.record["name"], changed.record["email"]) == (200, "Al", ALICE)
    assert place.put(f"/api/users/{theirs}", {"name": "Bo"}, token).code == 3029
    assert place.put(f"/api/users/{mine}", {"name": "Bo"}).code == 3028
    assert place.put(f"/api/users/{mine}", {"email": BOB}, token).code == 3018


def test_code_of_the_app_s_own_changes_any_account(place: Place) -> None:
    object_id = place.register()
    base = place.form(KeyKind.CLOUD_CODE)

    assert place.put(f"{base}/users/{object_id}", {"name": "Al"}).record["name"] == "Al"
    assert place.put(f"{base}/data/Users/{object_id}", {"name": "Bo"}).record["name"] == "Bo"
    assert place.put(f"{base}/data/Users", {"objectId": object_id, "name": "Cy"}).record["name"] == "Cy"
    assert place.put(f"{base}/users/nobody", {"name": "Al"}).code == 3030


@pytest.mark.parametrize("service", ["users", "data/Users"])
def test_a_user_removes_the_own_account_and_no_other(place: Place, service: str) -> None:
    mine, theirs = place.register(), place.register(BOB)
    token = place.log_in()

    assert place.delete(f"/api/{service}/{theirs}", token).code == 3095
    assert place.delete(f"/api/{service}/{mine}").code == 3095
    removed = place.delete(f"/api/{service}/{mine}", token)

    assert (removed.status, set(removed.record)) == (200, {"deletionTime"})
    assert place.delete(f"{place.form(KeyKind.CLOUD_CODE)}/{service}/{mine}").code == 1000


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "users/userroles"),
        ("GET", "info"),
        ("POST", "users/register"),
        ("POST", "data/Users/find"),
        ("GET", "users/restorepassword/alice@yourmail.com"),
        ("POST", "users/resendconfirmation/alice@yourmail.com"),
    ],
)
def test_a_token_that_does_not_work_is_refused_on_any_call(place: Place, method: str, path: str) -> None:
    place.register()
    token = place.log_in()
    body = {} if method == "POST" else None

    assert place.call(method, f"/api/{path}", body, "nonsense").code == 3064
    place.machine.do(place.users.set_status(str(place.world.found().object_id), "DISABLED"))  # type: ignore[arg-type]
    assert place.call(method, f"/api/{path}", body, token).code == 3090


def test_a_session_that_was_not_used_for_too_long_is_over(place: Place) -> None:
    place.settings(sessionTimeout=60)
    place.register()
    token = place.log_in()
    place.world.clock.now += 61_000

    assert place.get("/api/users/userroles", token).code == 3091


def test_a_token_that_does_not_work_is_no_hindrance_to_a_login(place: Place) -> None:
    place.register()

    assert place.post("/api/users/login", {"login": ALICE, "password": PASSWORD}, "nonsense").status == 200
    assert place.post("/api/users/register/guest", token="nonsense").status == 200
    assert place.call("GET", "/api/users/isvalidusertoken/", token="nonsense").body == b"false"
    assert place.get("/api/users/logout", "nonsense").code == 3064
    assert place.get("/api/users/logout").code == 3023


def test_what_only_code_of_the_app_s_own_may_do_has_its_documented_code(place: Place) -> None:
    object_id = place.register()

    for base in ("/api", place.form(KeyKind.REST), place.form(KeyKind.JS)):
        assert place.post(f"{base}/users/assignRole", {"user": ALICE, "roleName": "staff"}).code == 2011
        assert place.post(f"{base}/users/unassignRole", {"user": ALICE, "roleName": "staff"}).code == 2011
        assert place.get(f"{base}/users/userroles/{object_id}").code == 2011
        assert place.put(f"{base}/users/{object_id}/status", {"userStatus": "DISABLED"}).code == 3054
        assert place.post(f"{base}/users/verifypassword", {"password": "x"}).code == 3122
        assert place.post(f"{base}/users/createEmailConfirmationURL/{ALICE}").code == 3054
        assert place.put(f"{base}/data/Users", {"email": BOB, "password": "x"}).code == 1002


@pytest.mark.parametrize("spelling", ["verifypassword", "verifypassowrd"])
def test_code_of_the_app_s_own_verifies_the_password_of_who_is_logged_in(place: Place, spelling: str) -> None:
    place.register()
    token = place.log_in()
    path = f"{place.form(KeyKind.CLOUD_CODE)}/users/{spelling}"

    assert place.post(path, {"password": PASSWORD}, token).json == {"valid": True}
    assert place.post(path, {"password": "wrong"}, token).json == {"valid": False}
    assert place.post(path, {"password": PASSWORD}).code == 3121
    assert place.post(path, {"password": PASSWORD}, "nonsense").code == 3064
    assert place.post(path, {}, token).code == "bad value"


def test_code_of_the_app_s_own_disables_and_enables_accounts(place: Place) -> None:
    object_id = place.register()
    path = f"{place.form(KeyKind.CLOUD_CODE)}/users/{object_id}/status"

    done = place.put(path, {"userStatus": "DISABLED"})

    assert (done.status, done.body) == (200, b"")
    assert place.post("/api/users/login", {"login": ALICE, "password": PASSWORD}).code == 3090
    assert place.put(path, {"userStatus": "DISABLED"}).code == 3085
    assert place.put(path, {"userStatus": "ENABLED"}).status == 200
    assert place.put(path, {"userStatus": "ENABLED"}).code == 3086
    assert place.put(path, {"userStatus": "GONE"}).code == 2004
    assert place.put(path, {"userStatus": ["ENABLED"]}).code == 2004


def test_roles_are_given_taken_and_told(place: Place) -> None:
    object_id = place.register()
    base = place.form(KeyKind.CLOUD_CODE)
    place.machine.do(place.users.make_role("staff"))

    assert place.get("/api/users/userroles").json == ["NotAuthenticatedUser", "RestUser"]
    assert place.get(f"{place.form(KeyKind.JS)}/users/userroles").json == ["NotAuthenticatedUser", "JSUser"]
    given = place.post(f"{base}/users/assignRole", {"user": ALICE, "roleName": "staff"})
    assert (given.status, given.body) == (200, b"")
    assert place.get("/api/users/userroles", place.log_in()).json == ["AuthenticatedUser", "RestUser", "staff"]
    assert place.get(f"{base}/users/userroles/{object_id}").json == ["staff"]
    found = place.get(f"{base}/users/role/staff?loadRoles=true").json
    assert isinstance(found, list)
    assert [(each["email"], each["roles"]) for each in found] == [(ALICE, ["staff"])]
    assert place.post(f"{base}/users/unassignRole", {"user": object_id, "roleName": "staff"}).status == 200
    assert place.get(f"{base}/users/userroles/{object_id}").json == []


@pytest.mark.parametrize(
    ("operation", "body", "code"),
    [
        ("assignRole", {"user": ALICE, "roleName": "nothing"}, 2005),
        ("assignRole", {"user": ALICE, "roleName": "JSUser"}, 2007),
        ("unassignRole", {"user": ALICE, "roleName": "JSUser"}, 2008),
        ("assignRole", {"user": BOB, "roleName": "staff"}, 3057),
        ("assignRole", {"roleName": "staff"}, 3038),
        ("assignRole", {"user": ALICE}, 3038),
        ("assignRole", {"user": {}, "roleName": "staff"}, "bad value"),
        ("assignRole", {"user": ALICE, "roleName": 5}, "bad value"),
    ],
)
def test_roles_that_cannot_be_given_have_their_codes(place: Place, operation: str, body: object, code: object) -> None:
    place.register()
    place.machine.do(place.users.make_role("staff"))

    assert place.post(f"{place.form(KeyKind.CLOUD_CODE)}/users/{operation}", body).code == code


def test_users_of_a_role_are_shown_as_far_as_the_caller_may_look(place: Place) -> None:
    place.register()
    place.register(BOB)
    place.machine.do(place.users.make_role("staff"))
    for email in (ALICE, BOB):
        place.machine.do(place.users.assign_role(email, "staff"))
    token = place.log_in()

    assert place.get("/api/users/role/staff").code == 1013
    mine = place.get("/api/users/role/staff", token).json
    assert isinstance(mine, list)
    assert [each["email"] for each in mine] == [ALICE]
    assert place.get("/api/users/role/JSUser", token).code == 2005


def test_the_columns_of_the_users_table_are_described(place: Place) -> None:
    columns = place.get("/api/users/userclassprops").json

    assert isinstance(columns, list)
    by_name = {column["name"]: column for column in columns}
    assert by_name["email"]["identity"] is True
    assert by_name["objectId"]["isPrimaryKey"] is True


def test_a_client_that_starts_is_told_about_the_app(place: Place) -> None:
    info = place.get("/api/info").record

    assert info["appId"] == place.app_id
    assert info["apiKey"] == place.keys[KeyKind.REST]
    assert info["loggers"] == []
    assert place.put("/api/log", [{"log-level": "INFO", "message": "hello"}]).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "users/oauth/googleplus/request_url"),
        ("POST", "users/oauth/googleplus/login"),
        ("POST", "users/social/googleplus/login"),
        ("POST", "users/social/oauth/googleplus/request_url"),
        ("POST", "users/social/facebook/sdk/login"),
    ],
)
def test_logins_through_other_services_are_refused_clearly(place: Place, method: str, path: str) -> None:
    assert place.call(method, f"/api/{path}", {}).code == 3052


@pytest.mark.parametrize("path", ["data/Orders", "data/Orders/find", "data/bulk/Users"])
def test_other_tables_are_not_known(place: Place, path: str) -> None:
    assert place.post(f"/api/{path}", {}).code == 1009


def test_what_leads_nowhere_says_so_in_json(place: Place) -> None:
    for path in ("/", "/nowhere", "/api", "/api/", "/api/nothing", "/a/b/c", "/api/users/a/b/c", "/api/data/Users/a/b"):
        answer = place.get(path)
        assert (path, answer.status, answer.code) == (path, 404, "not found")
    wrong = place.call("DELETE", "/api/users/login")
    assert (wrong.status, wrong.code) == (400, 3095)
    wrong = place.call("PATCH", "/api/users/login")
    assert (wrong.status, wrong.code, wrong.headers["allow"]) == (405, "wrong method", "POST")


@pytest.mark.parametrize("base", ["/X/{rest}", "/{app}/X", "/{app}/{owner}", "/X/X", "/%20/{rest}"])
def test_another_app_or_key_is_refused(place: Place, base: str) -> None:
    begin = base.format(app=place.app_id, rest=place.keys[KeyKind.REST], owner=place.keys[KeyKind.OWNER])

    assert place.get(f"{begin}/info").code == 2002
    assert place.post(f"{begin}/users/register/guest").code == 2002


def test_a_key_that_was_removed_opens_nothing_any_more(place: Place) -> None:
    key = place.machine.do(place.users.make_key(KeyKind.JS))
    path = f"/{place.app_id}/{key.value}/info"

    assert place.get(path).status == 200
    place.machine.do(place.users.remove_key(key.key_id))
    assert place.get(path).code == 2002


def test_a_body_may_have_a_megabyte_and_no_more(place: Place) -> None:
    body = b'{"login": "' + b"x" * 1_000_000 + b'"}'
    parts = iter([body[:600_000], body[600_000:]])

    declared = place.post("/api/users/login", body)
    streamed = place.client.post("/api/users/login", content=parts)

    assert (declared.status, declared.code) == (413, "too big")
    assert (streamed.status_code, streamed.json()["code"]) == (413, "too big")
