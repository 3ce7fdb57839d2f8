"""What the live service answers, quirks included, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from decimal import Decimal
from pathlib import Path

import pytest

from blockwright import FlowError, Runtime
from blockwright.catalogue import block
from blockwright.services.backends.backendless.service import BackendlessUsers
from blockwright.services.records import ColumnType, UserQuery, UserStatus
from blockwright.services.users import MailQueue
from tests.services.scripted import COLUMNS, OBJECT_ID, TOKEN, answering, record, refusing, scripted
from tests.services.world import ALICE, code_of, failure_of, run

Calling = Callable[[BackendlessUsers], Coroutine[object, object, object]]

CALLS: dict[str, Calling] = {
    "register": lambda users: users.register({"email": ALICE, "password": "x"}),
    "find by id": lambda users: users.find_by_id(OBJECT_ID),
    "update": lambda users: users.update(OBJECT_ID, {"name": "A"}),
    "remove": lambda users: users.remove(OBJECT_ID),
    "find users": lambda users: users.find_users(UserQuery("age > 20")),
    "count users": lambda users: users.count_users(),
    "describe": lambda users: users.describe(),
    "log in": lambda users: users.log_in(ALICE, "x"),
    "log in by id": lambda users: users.log_in_by_id(OBJECT_ID),
    "log in as guest": lambda users: users.log_in_as_guest(),
    "log out": lambda users: users.log_out(TOKEN),
    "is valid": lambda users: users.is_valid(TOKEN),
    "verify": lambda users: users.verify_password(TOKEN, "x"),
    "resend": lambda users: users.resend_confirmation(ALICE),
    "link": lambda users: users.create_confirmation_link(ALICE),
    "restore": lambda users: users.restore_password(ALICE),
    "roles of": lambda users: users.roles_of(OBJECT_ID),
    "users in role": lambda users: users.users_in_role("staff"),
    "assign": lambda users: users.assign_role(ALICE, "staff"),
    "unassign": lambda users: users.unassign_role(ALICE, "staff"),
    "set status": lambda users: users.set_status(OBJECT_ID, UserStatus.DISABLED),
}

DOCUMENTED = {
    "register": [3009, 3010, 3011, 3012, 3013, 3014, 3021, 3033, 3038, 3039, 3040, 3041, 3043, 3049, 3050, 3078],
    "update": [3018, 3024, 3030, 3031, 3040, 3041, 3045, 3049, 3050],
    "remove": [1000],
    "find users": [1017],
    "count users": [1017],
    "log in": [3002, 3003, 3006, 3034, 3036, 3044, 3087, 3090],
    "log out": [3064, 3090, 3091],
    "verify": [3064, 3090, 3091],
    "resend": [3102, 3103, 3104],
    "link": [3102, 3103, 3104],
    "restore": [3020, 3075, 3101],
    "roles of": [3057],
    "users in role": [2005],
    "assign": [2005, 2007, 3057, 3058],
    "unassign": [2005, 2008, 3057, 3059],
    "set status": [2004, 3057, 3085, 3086],
}


@pytest.mark.parametrize(("call", "code"), [(call, code) for call, codes in DOCUMENTED.items() for code in codes])
def test_a_documented_code_comes_through_as_it_is(call: str, code: int) -> None:
    with scripted(refusing(code, "Said by the service.")) as (users, _):
        failure = failure_of(CALLS[call](users))

    assert failure.code == code
    assert failure.details is None
    assert failure.message == "Said by the service." or code in (3003, 3064, 3091)


@pytest.mark.parametrize(
    ("call", "theirs", "ours"),
    [
        ("log in", 3000, 3090),
        ("log in", 3082, 3087),
        ("log in", 3038, 3006),
        ("log in by id", 1000, 3003),
        ("log out", 3023, 3064),
        ("log out", 3048, 3091),
        ("verify", 3121, 3064),
        ("update", 1000, 3030),
        ("update", 3033, 3018),
        ("remove", 1035, 1000),
        ("count users", 19000, 1017),
        ("roles of", 1000, 3057),
        ("register", 8000, "bad value"),
        ("update", 8002, "bad value"),
        ("restore", 5050, "unavailable"),
        ("resend", 5050, "unavailable"),
        ("register", 14004, "unavailable"),
    ],
)
def test_codes_that_mean_the_same_are_one(call: str, theirs: int, ours: object) -> None:
    with scripted(refusing(theirs)) as (users, _):
        assert code_of(CALLS[call](users)) == ours


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("code", "status"), [(2002, 400), (2002, 401), (3104, 401), (3020, 403), (3057, 403), (None, 401)]
)
def test_a_refused_key_is_never_an_unknown_user(call: str, code: object, status: int) -> None:
    with scripted(refusing(code, status=status)) as (users, _):
        failure = failure_of(CALLS[call](users))

    assert failure.code == "unavailable"
    assert "refuses the key" in failure.message


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("update", 3028),
        ("update", 3029),
        ("remove", 3095),
        ("log in by id", 2014),
        ("assign", 2011),
        ("set status", 3054),
        ("link", 3054),
        ("verify", 3122),
        ("find users", 1013),
        ("find by id", 3064),
        ("resend", 3064),
        ("register", 3091),
    ],
)
def test_what_only_another_key_may_do_says_so(call: str, code: int) -> None:
    with scripted(refusing(code)) as (users, _):
        failure = failure_of(CALLS[call](users))

    assert (failure.code, failure.details) == ("unavailable", {"code": code})
    assert "CloudCode key" in failure.message


def test_what_is_about_the_user_is_so_with_any_status() -> None:
    with scripted(refusing(3003, status=401), refusing(3009, status=403), refusing(3090, status=401)) as (users, _):
        assert code_of(CALLS["log in"](users)) == 3003
        assert code_of(CALLS["register"](users)) == 3009
        assert code_of(CALLS["log out"](users)) == 3090


@pytest.mark.parametrize("call", CALLS)
def test_too_many_calls_are_rate_limited_with_the_time_to_wait(call: str) -> None:
    with scripted(refusing(999, status=400), answering(429, b"slow down", Retry_After="7")) as (users, _):
        first, second = failure_of(CALLS[call](users)), failure_of(CALLS[call](users))

    assert (first.code, first.details) == ("rate limited", None)
    assert (second.code, second.details) == ("rate limited", {"retry after": 7})


@pytest.mark.parametrize("header", ["soon", "-1", "1" * 100, "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_time_to_wait_that_is_none_is_left_out(header: str) -> None:
    with scripted(answering(429, Retry_After=header)) as (users, _):
        assert failure_of(users.resend_confirmation(ALICE)).details in (None, {"retry after": 0})


def test_an_account_as_the_live_service_writes_it() -> None:
    live = record(age=Decimal(1), password="***", **{"__meta": "{}", "user-token": TOKEN})
    live["age"] = 30
    with scripted(answering(200, live)) as (users, server):
        user = run(users.find_by_id(OBJECT_ID))

    assert user is not None
    assert user.to_dict() == record(age=30)
    assert server.last.target.endswith(f"/data/Users/{OBJECT_ID}")


def test_a_guest_as_the_live_service_writes_one() -> None:
    with scripted(answering(200, {"userStatus": "GUEST", "user-token": TOKEN, "objectId": OBJECT_ID})) as (
        users,
        server,
    ):
        session = run(users.log_in_as_guest())

    assert (session.token, session.user.user_status, session.user.email) == (TOKEN, UserStatus.GUEST, None)
    assert session.user.created > 1_700_000_000_000
    assert (server.last.method, server.last.body, "content-type" in server.last.headers) == ("POST", b"", False)


def test_numbers_stay_exact() -> None:
    with scripted(
        answering(200, b'{"objectId":"x","created":1,"userStatus":"ENABLED","n":0.1000000000000000055511}')
    ) as (
        users,
        server,
    ):
        user = run(users.register({"email": ALICE, "n": Decimal("0.30"), "many": 10**30}))

        assert user.properties["n"] == Decimal("0.1000000000000000055511")
        assert b'"n":0.30,' in server.last.body
        assert str(10**30).encode() in server.last.body


def test_columns_as_the_live_service_writes_them() -> None:
    with scripted(answering(200, COLUMNS)) as (users, _):
        columns = {column.name: column for column in run(users.describe())}

    assert columns["email"].identity
    assert columns["email"].built_in
    assert (columns["age"].type, columns["age"].default, columns["age"].built_in) == (ColumnType.INT, "18", False)
    assert columns["orders"].type is ColumnType.JSON


def test_somebody_is_found_by_the_identity_column_and_held_against_it() -> None:
    stranger = record(email="alice@elsewhere.example")
    with scripted() as (users, server):
        server.by_path["/users/userclassprops"] = answering(200, COLUMNS)
        server.by_path["/data/Users/find"] = answering(200, [stranger, record(email="Alice@yourmail.com")])

        user = run(users.find("ALICE@YourMail.com"))
        run(users.find(ALICE))

        assert user is not None
        assert user.email == "Alice@yourmail.com"
        assert str(server.requests[1].json["where"]).startswith("email in ('ALICE@yourmail.com', ")
        assert [request.target.rpartition("/")[2] for request in server.requests] == ["userclassprops", "find", "find"]


def test_a_quote_in_an_identity_stays_in_its_text() -> None:
    columns = [{"name": "nick", "type": "STRING", "identity": True, "required": True}]
    with scripted() as (users, server):
        server.by_path["/users/userclassprops"] = answering(200, columns)
        server.by_path["/data/Users/find"] = answering(200, [record()])

        assert run(users.find("x' or '1'='1")) is None
        assert server.last.json["where"] == "nick in ('x'' or ''1''=''1')"


def test_all_users_are_listed_page_by_page() -> None:
    ids = [f"8AEA25A2-DB4E-30A2-FF37-{number:012X}" for number in range(150)]
    pages = [[record(objectId=each) for each in ids[:100]], [record(objectId=each) for each in ids[99:]]]
    with scripted(*(answering(200, page) for page in pages)) as (users, server):
        found = run(users.list_users())

    assert [user.object_id for user in found] == ids
    assert [request.json["offset"] for request in server.requests] == [0, 100]


def test_a_search_among_some_gives_nobody_else() -> None:
    other = "8AEA25A2-DB4E-30A2-FF37-000000000001"
    with scripted(answering(200, [record(), record(objectId=other)])) as (users, server):
        found = run(users.find_users(UserQuery("1=1) or (1=1", among=(OBJECT_ID, "x' or '1'='1"))))

        assert [user.object_id for user in found] == [OBJECT_ID]
        assert server.last.json["where"] == f"objectId in ('{OBJECT_ID}') and (1=1) or (1=1)"
        assert run(users.find_users(UserQuery("", among=()))) == ()


def test_whose_a_session_is_is_known_where_it_began() -> None:
    login = {**record(), "user-token": TOKEN}
    with scripted(answering(200, login), answering(200, record())) as (users, server):
        run(users.log_in(ALICE, "x"))

        assert run(users.user_of(TOKEN)).email == ALICE
        assert server.last.headers["user-token"] == TOKEN
        server.answers = [refusing(3064, f"Not existing user token {TOKEN}. Please login again.")]
        failure = failure_of(users.user_of(TOKEN))

    assert (failure.code, failure.message) == (3064, "There is no such session; log in again.")


def test_whose_another_session_is_is_not_guessed() -> None:
    with scripted(answering(200, True), answering(200, False)) as (users, server):
        assert code_of(users.user_of(TOKEN)) == "unavailable"
        assert code_of(users.user_of(TOKEN)) == 3064
        assert server.last.target.endswith(f"/users/isvalidusertoken/{TOKEN}")


@pytest.mark.parametrize(
    ("answer", "valid"), [(True, True), (False, False), ({"valid": True}, True), ({"valid": False}, False)]
)
def test_a_password_is_verified_in_both_shapes(answer: object, valid: bool) -> None:
    with scripted(answering(200, answer)) as (users, server):
        assert run(users.verify_password(TOKEN, "x")) is valid
        assert server.last.headers["user-token"] == TOKEN
        assert server.last.json == {"password": "x"}


@pytest.mark.parametrize(("answer", "when"), [({"deletionTime": 5}, 5), (7, 7)])
def test_a_removal_tells_when(answer: object, when: int) -> None:
    with scripted(answering(200, answer)) as (users, _):
        assert run(users.remove(OBJECT_ID)) == when


def test_a_removal_that_tells_nothing_was_now() -> None:
    with scripted(answering(200)) as (users, _):
        assert run(users.remove(OBJECT_ID)) > 1_700_000_000_000


def test_roles_that_come_from_how_somebody_is_connected_are_left_out() -> None:
    with scripted(answering(200, ["staff", "AuthenticatedUser", "RestUser", "admin"])) as (users, _):
        assert run(users.roles_of(OBJECT_ID)) == ("admin", "staff")


def test_a_link_and_an_empty_success() -> None:
    link = "https://backendlessappcontent.com/a/b/confirm"
    with scripted(answering(200, {"confirmationURL": link}), answering(200)) as (users, server):
        assert run(users.create_confirmation_link(ALICE)) == link
        run(users.resend_confirmation(ALICE))
        run(users.restore_password(ALICE))

    assert [(each.method, each.body) for each in server.requests] == [("POST", b""), ("POST", b""), ("GET", b"")]


@block("mails waiting", category="test")
async def mails_waiting(*, users: MailQueue) -> int:
    """Count the mails that wait."""
    return len(await users.list_mails())


def test_a_flow_that_asks_for_more_is_told_when_it_is_loaded(tmp_path: Path) -> None:
    flow = tmp_path / "mails.yaml"
    flow.write_text("flow: x\nsteps:\n  - mails waiting:\n    save as: count\n  - return: = count\n")

    with pytest.raises(FlowError) as caught:
        Runtime(users="https://x.backendless.app", blocks=[mails_waiting]).load(flow)

    assert "`mails waiting` needs a user service with mail queue" in str(caught.value)
