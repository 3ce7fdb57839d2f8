"""The line to a service: its connections are used again, and whatever a server does, a call ends in time."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
import trustme

from blockwright.failure import Failure
from blockwright.services.backends.backendless.address import parse_url
from blockwright.services.backends.backendless.service import BackendlessUsers
from tests.services.scripted import (
    COLUMNS,
    KEY,
    OBJECT_ID,
    TOKEN,
    answering,
    hanging_up,
    record,
    refusing,
    scripted,
    sending,
    trickling,
)
from tests.services.world import ALICE, code_of, failure_of, in_threads, run

HTML = b"<html>Please log in to the hotel's network</html>"


def test_runs_one_after_the_other_share_a_connection() -> None:
    with scripted(answering(200, record())) as (users, server):
        for _ in range(5):
            assert run(users.find_by_id(OBJECT_ID)) is not None

        assert (len(server.requests), server.connections) == (5, 1)


def test_many_threads_share_few_connections() -> None:
    with scripted(answering(200, record())) as (users, server):

        async def look(_number: int) -> str:
            found = [await users.find_by_id(OBJECT_ID) for _ in range(5)]
            return "found" if all(found) else "lost"

        assert in_threads(8, look) == ["found"] * 8
        assert len(server.requests) == 40
        assert server.connections <= 8


def test_a_closed_service_may_be_used_again() -> None:
    with scripted(answering(200, record())) as (users, server):
        run(users.find_by_id(OBJECT_ID))
        run(users.close())
        run(users.close())

        assert run(users.find_by_id(OBJECT_ID)) is not None
        assert server.connections == 2


def test_a_service_that_nobody_holds_any_more_leaves_no_thread() -> None:
    def threads() -> set[threading.Thread]:
        return {thread for thread in threading.enumerate() if thread.name == "blockwright users"}

    before = threads()
    with scripted(answering(200, record())) as (kept, server):
        run(kept.find_by_id(OBJECT_ID))
        users = BackendlessUsers(parse_url(server.url()))
        run(users.find_by_id(OBJECT_ID))
        assert len(threads() - before) == 2
        del users
        gc.collect()
        assert len(threads() - before) == 1

    assert threads() <= before


def test_closing_ends_calls_in_their_midst() -> None:
    with scripted(trickling(b"HTTP/1.1 200 OK\r\n")) as (users, server):

        async def close_in_between() -> Failure:
            call = asyncio.create_task(users.find_by_id(OBJECT_ID))
            while not server.requests:
                await asyncio.sleep(0.005)
            await users.close()
            with pytest.raises(Failure) as caught:
                await call
            return caught.value

        failure = run(close_in_between())

    assert (failure.code, failure.message) == ("unavailable", "The user service was closed in the midst of a call.")


def test_who_is_cancelled_takes_the_call_along() -> None:
    with scripted(trickling(b"HTTP/1.1 200 OK\r\n")) as (users, _):

        async def give_up() -> float:
            started = time.monotonic()
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(users.find_by_id(OBJECT_ID), 0.2)
            return time.monotonic() - started

        assert run(give_up()) < 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_has_a_line_of_its_own() -> None:
    with scripted(answering(200, record())) as (users, server):
        run(users.find_by_id(OBJECT_ID))
        child = os.fork()
        if child == 0:
            found = run(users.find_by_id(OBJECT_ID))
            os._exit(0 if found is not None else 1)

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert run(users.find_by_id(OBJECT_ID)) is not None
        assert [request.connection for request in server.requests] == [1, 2, 1]


@pytest.mark.parametrize(
    "answer",
    [
        trickling(b"HTTP/1.1 200 OK\r\n"),
        trickling(b"HTTP/1.1 200 OK\r\nx-a: " + b"b" * 20),
        sending(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,"),
        sending(b""),
        trickling(b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001),
    ],
    ids=["status line", "headers", "body", "nothing", "early hints"],
)
def test_a_server_that_is_slow_in_whatever_way_ends_in_time(answer: object) -> None:
    with scripted(answer, timeout=0.5) as (users, _):  # type: ignore[arg-type]
        started = time.monotonic()
        failure = failure_of(users.resend_confirmation(ALICE))

    assert time.monotonic() - started < 5
    assert failure.code == "unavailable"
    assert failure.message.endswith("Whether it did what was asked is not known.")


def test_a_body_that_trickles_ends_in_time() -> None:
    def answer(_request: object, connection: socket.socket) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        return trickling(b" ")(_request, connection)  # type: ignore[arg-type]

    with scripted(answer, timeout=0.5) as (users, _):
        started = time.monotonic()
        failure = failure_of(users.count_users())

    assert time.monotonic() - started < 5
    assert failure.message == "The user service at 127.0.0.1 did not answer within 0.5 seconds."


@pytest.mark.parametrize("declared", [True, False])
def test_an_answer_without_end_is_cut_off(declared: bool) -> None:
    sent = 0

    def flood(_request: object, connection: socket.socket) -> bool:
        nonlocal sent
        length = b"Content-Length: 999999999999" if declared else b"X-No: length"
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n\r\n[")
        while sent < 50_000_000:
            sent += connection.send(b" " * 65536)
        return False

    with scripted(flood) as (users, _):
        failure = failure_of(users.count_users())

    assert (failure.code, "1,000,000 bytes" in failure.message) == ("unavailable", True)
    assert sent < 50_000_000


def test_a_packed_answer_is_not_unpacked() -> None:
    with scripted(answering(200, b"\x1f\x8b", Content_Encoding="gzip")) as (users, server):
        assert code_of(users.count_users()) == "unavailable"
        assert server.last.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(status: int) -> None:
    with (
        scripted(answering(200, record())) as (_, elsewhere),
        scripted(answering(status, Location=f"http://127.0.0.1:{elsewhere.port}/")) as (users, server),
    ):
        failure = failure_of(users.find_by_id(OBJECT_ID))

        assert (failure.code, len(server.requests), elsewhere.requests) == ("unavailable", 1, [])
        assert str(elsewhere.port) not in failure.message


def test_cookies_of_one_user_are_not_sent_for_another() -> None:
    with scripted(answering(200, record(**{"user-token": TOKEN}), Set_Cookie="user-token=abc; Path=/")) as (
        users,
        server,
    ):
        run(users.log_in(ALICE, "x"))
        run(users.log_in(ALICE, "x"))

        assert "cookie" not in server.last.headers


@pytest.mark.parametrize("proxy", ["", "yes"])
def test_a_proxy_of_the_environment_is_used_only_when_the_url_says_so(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted(answering(200, record())) as (_, proxying), scripted(answering(200, record())) as (_, server):
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxying.port}")
        users = BackendlessUsers(parse_url(server.url(proxy=proxy) if proxy else server.url()))

        run(users.find_by_id(OBJECT_ID))
        run(users.close())

        assert (len(server.requests), len(proxying.requests)) == ((0, 1) if proxy else (1, 0))


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    users = BackendlessUsers(parse_url(f"http://127.0.0.1:{port}"))

    failure = failure_of(users.resend_confirmation(ALICE))
    run(users.close())

    assert (failure.code, failure.message) == ("unavailable", "The user service at 127.0.0.1 cannot be reached.")


def test_a_name_that_nobody_has() -> None:
    users = BackendlessUsers(parse_url("https://nobody.invalid?timeout=5"))

    failure = failure_of(users.find_by_id(OBJECT_ID))
    run(users.close())

    assert failure.code == "unavailable"
    assert "nobody.invalid" in failure.message


def test_certificates_are_checked_and_ones_of_one_s_own_can_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    with scripted(answering(200, record()), tls=context) as (users, server):
        failure = failure_of(users.find_by_id(OBJECT_ID))
        assert server.requests == []
        run(users.close())
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert run(users.find_by_id(OBJECT_ID)) is not None

    assert failure.message == "The certificate of the user service at localhost cannot be trusted."


def test_a_read_is_made_again_when_an_old_connection_was_closed_meanwhile() -> None:
    with scripted(answering(200, record()), hanging_up, answering(200, record())) as (users, server):
        run(users.find_by_id(OBJECT_ID))

        assert run(users.find_by_id(OBJECT_ID)) is not None
        assert [request.connection for request in server.requests] == [1, 1, 2]


def test_a_read_is_made_again_only_once_and_only_after_an_old_connection() -> None:
    with scripted(hanging_up) as (users, server):
        assert code_of(users.find_by_id(OBJECT_ID)) == "unavailable"
        assert len(server.requests) == 1


@pytest.mark.parametrize("call", ["resend", "restore", "register", "log in", "log out", "update"])
def test_what_changes_something_is_never_sent_twice(call: str) -> None:
    with scripted(answering(200, record()), hanging_up) as (users, server):
        run(users.find_by_id(OBJECT_ID))
        work = {
            "resend": lambda: users.resend_confirmation(ALICE),
            "restore": lambda: users.restore_password(ALICE),
            "register": lambda: users.register({"email": ALICE, "password": "x"}),
            "log in": lambda: users.log_in(ALICE, "x"),
            "log out": lambda: users.log_out(TOKEN),
            "update": lambda: users.update(OBJECT_ID, {"name": "A"}),
        }[call]

        failure = failure_of(work())

        assert (failure.code, len(server.requests)) == ("unavailable", 2)
        assert failure.message.endswith("Whether it did what was asked is not known.")


def test_no_log_and_no_failure_holds_a_key_a_token_a_password_or_an_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f"{KEY} {TOKEN} {ALICE} hunter22"
    failures: list[Failure] = []
    with scripted(answering(200, {**record(), "user-token": TOKEN}), refusing(3027, echo)) as (users, _):
        run(users.log_in(ALICE, "hunter22"))
        failures += [
            failure_of(users.log_in(ALICE, "hunter22")),
            failure_of(users.user_of(TOKEN)),
            failure_of(users.verify_password(TOKEN, "hunter22")),
            failure_of(users.register({"email": ALICE, "password": "hunter22"})),
            failure_of(users.resend_confirmation(ALICE)),
        ]

    written = caplog.text + "".join(str(failure) for failure in failures)
    assert [secret for secret in (KEY, TOKEN, "hunter22", ALICE, "alice%40") if secret in written] == []


@pytest.mark.parametrize(
    "answer",
    [
        answering(200, HTML, Content_Type="text/html"),
        answering(502, HTML),
        answering(503, {"message": "down", "code": 3104}),
        answering(504),
        answering(500, HTML),
        answering(404, HTML),
        answering(400),
        answering(400, {"message": "x"}),
        answering(400, {"code": None, "message": 5}),
        answering(400, {"code": True}),
        answering(400, {"code": ["3104"]}),
        answering(400, {"code": "no such thing"}),
        answering(400, [3104]),
        sending(b"SSH-2.0-OpenSSH\r\n", then_close=True),
        sending(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 50_000 + b"\r\n", then_close=True),
        sending(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", then_close=True),
    ],
)
def test_what_is_no_answer_of_the_api_is_unavailable(answer: object) -> None:
    with scripted(answer) as (users, _):  # type: ignore[arg-type]
        failure = failure_of(users.resend_confirmation(ALICE))

    assert failure.code == "unavailable"
    assert failure.message.isprintable()
    assert len(failure.message) < 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b"{}",
        b"[7]",
        b"[{}]",
        b'{"objectId": 7, "created": 1, "userStatus": "ENABLED"}',
        b'{"objectId": "x", "created": "yesterday", "userStatus": "ENABLED"}',
        b'{"objectId": "x", "created": 1, "userStatus": "ASLEEP"}',
        b'{"objectId": "x", "created": 1, "userStatus": "ENABLED", "email": ["a"]}',
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b"1" * 5000,
        b"1e99999999",
        b"NaN",
        b'"\\ud800"',
        b"\xff",
    ],
)
def test_an_answer_of_the_wrong_shape_is_unavailable(body: bytes) -> None:
    with scripted(answering(200, body)) as (users, _):
        calls = [
            users.find_by_id(OBJECT_ID),
            users.log_in(ALICE, "x"),
            users.create_confirmation_link(ALICE),
            users.users_in_role("staff"),
        ]
        codes = [code_of(call) for call in calls]

    assert codes == ["unavailable"] * 4


def test_columns_that_name_no_identity_are_told() -> None:
    columns = [column for column in COLUMNS if not column["identity"]]
    with scripted(answering(200, columns)) as (users, _):
        assert "which column names an account" in failure_of(users.find(ALICE)).message
