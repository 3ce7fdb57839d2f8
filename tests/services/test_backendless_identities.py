"""Whatever somebody is called, a call goes where it should."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blockwright.services.backends.backendless.service import BackendlessUsers
from tests.services.scripted import KEY, Scripted, answering, scripted
from tests.services.world import code_of, label, run

OPERATIONS = {
    "resend_confirmation": ("POST", "/users/resendconfirmation/", 3104),
    "create_confirmation_link": ("POST", "/users/createEmailConfirmationURL/", 3104),
    "restore_password": ("GET", "/users/restorepassword/", 3020),
    "users_in_role": ("GET", "/users/role/", 2005),
}
UNSENDABLE = [
    "",
    ".",
    "..",
    "../..",
    "a/../b",
    "x/..",
    "a\\..\\b",
    "%2e%2e",
    "%2E.",
    "%252e%252e",
    "a%2f..%2fb",
    "..;a=b",
    ".. ",
    "\r\nx: y",
    "a\0",
    "a\nb",
    "\x7f",
    "\ud800",
    "x" * 10_000,
    "%" + "25" * 12 + "2e",
]


@pytest.fixture(scope="module")
def line() -> Iterator[tuple[BackendlessUsers, Scripted]]:
    with scripted(answering(400, {"code": 3102, "message": "sent"})) as pair:
        yield pair


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("text", UNSENDABLE, ids=label)
def test_what_cannot_be_sent_safely_is_nobody_s(
    line: tuple[BackendlessUsers, Scripted], operation: str, text: str
) -> None:
    users, server = line
    before = len(server.requests)

    assert code_of(getattr(users, operation)(text)) == OPERATIONS[operation][2]
    assert len(server.requests) == before


@pytest.mark.parametrize("operation", OPERATIONS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(max_size=30), st.text("./%\\?#2eEfF5c;: a@&+=\r\n\0é😀", max_size=12)))
@example("0")
@example("a/b@yourmail.com")
@example("a?b#c")
@example("😀")
@example("a b+c&d=e")
@example("100%")
def test_an_identity_is_one_part_of_the_path_and_means_itself(
    line: tuple[BackendlessUsers, Scripted], operation: str, text: str
) -> None:
    users, server = line
    method, path, unknown = OPERATIONS[operation]
    before = len(server.requests)

    code = code_of(getattr(users, operation)(text))

    if len(server.requests) == before:
        assert code == unknown
        return
    assert code == 3102
    base, found, last = server.last.target.rpartition(path)
    last = last.partition("?pageSize=100&offset=0")[0]
    assert (server.last.method, base, found) == (method, f"/APP-ID/{KEY}", path)
    assert set(last) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%")
    assert unquote(last, errors="strict") == text
    assert set(server.last.headers) <= {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
        "content-length",
    }


@pytest.mark.parametrize("number", [0, -1, 42, 10**30])
def test_a_number_is_an_identity(line: tuple[BackendlessUsers, Scripted], number: int) -> None:
    users, server = line

    assert code_of(users.resend_confirmation(number)) == 3102
    assert server.last.target.endswith(f"/resendconfirmation/{number}")


@pytest.mark.parametrize("identity", [None, True, ["a"], {"a": 1}, b"a", 1.5, object()], ids=label)
def test_what_is_neither_text_nor_number_is_a_bad_value(
    line: tuple[BackendlessUsers, Scripted], identity: object
) -> None:
    users, server = line
    before = len(server.requests)

    for call in (users.resend_confirmation, users.restore_password, users.create_confirmation_link, users.find):
        assert code_of(call(identity)) == "bad value"  # type: ignore[arg-type]
    assert len(server.requests) == before


@pytest.mark.parametrize("object_id", ["logout", "..", "find", "count", "a/b", "", "x" * 10_000, "\ud800"], ids=label)
def test_what_is_no_object_id_is_looked_up_nowhere(line: tuple[BackendlessUsers, Scripted], object_id: str) -> None:
    users, server = line
    before = len(server.requests)

    assert run(users.find_by_id(object_id)) is None
    assert code_of(users.update(object_id, {})) == 3030
    assert code_of(users.remove(object_id)) == 1000
    assert code_of(users.roles_of(object_id)) == 3057
    assert code_of(users.set_status(object_id, "ENABLED")) == 3057  # type: ignore[arg-type]
    assert code_of(users.log_in_by_id(object_id)) == 3003
    assert len(server.requests) == before


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=20))
@example("a\r\nuser-token: b")
@example("..")
@example("/")
@example("é")
def test_a_token_is_sent_whole_or_not_at_all(line: tuple[BackendlessUsers, Scripted], token: str) -> None:
    users, server = line
    before = len(server.requests)

    code = code_of(users.log_out(token))

    assert code == (3102 if len(server.requests) > before else 3064)
    if len(server.requests) > before:
        assert server.last.headers["user-token"] == token
    else:
        assert run(users.is_valid(token)) is False
        assert code_of(users.user_of(token)) == code_of(users.verify_password(token, "x")) == 3064
        assert len(server.requests) == before
