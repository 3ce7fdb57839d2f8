"""How failures look on the wire, beside those that Backendless documents."""

from __future__ import annotations

import logging

import pytest

from blockwright.failure import Failure
from blockwright.server import Options
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.stored import StoredUsers
from tests.server.world import Machine, Mailbox, Place, served
from tests.services.world import ALICE, PASSWORD, QuickHasher


def test_too_many_mails_say_when_to_try_again(place: Place) -> None:
    place.register_pending()
    path = f"/api/users/resendconfirmation/{ALICE}"
    assert place.post(path).status == 200

    again = place.post(path)

    assert (again.status, again.code) == (429, "rate limited")
    assert again.headers["retry-after"] == "60"
    assert again.record["errorData"] == {"retry after": 60}


class BrokenUsers(StoredUsers):
    """A service out of order in two ways."""

    async def resend_confirmation(self, identity: object, *, client: str | None = None) -> None:
        del client
        if identity == "unavailable":
            raise Failure("unavailable", "The database /secret/path is locked.")
        raise RuntimeError(f"a bug that repeats {identity}")


def test_what_is_out_of_order_is_not_told_to_strangers(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    users = BrokenUsers(MemoryStore(), Mailbox(), passwords=QuickHasher())
    with served(machine, users=users) as place, caplog.at_level(logging.INFO):
        down = place.post("/api/users/resendconfirmation/unavailable")
        broken = place.call("POST", "/api/users/resendconfirmation/alice@yourmail.com", origin="https://app.example")

    assert (down.status, down.code) == (503, "unavailable")
    assert b"secret" not in down.body
    assert "/secret/path" in ours(caplog)
    assert (broken.status, broken.code) == (500, "unexpected")
    assert broken.headers["access-control-allow-origin"] == "*"
    assert b"RuntimeError" not in broken.body
    name = str(broken.record["message"]).rpartition(" ")[2].rstrip(".")
    assert f"{name}: a call failed with RuntimeError" in ours(caplog)
    assert ALICE not in ours(caplog)


def ours(caplog: pytest.LogCaptureFixture) -> str:
    """What Blockwright itself logged; the client of these tests logs, too."""
    return "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("blockwright"))


def test_the_log_has_neither_addresses_nor_tokens_nor_passwords(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        link = place.register_pending()
        place.get(f"/users/confirm?token={link}")
        place.client.post("/users/confirm", data={"token": link})
        token = place.log_in()
        place.get(f"/api/users/isvalidusertoken/{token}")
        place.post(f"/api/users/resendconfirmation/{ALICE}")
        place.get(f"/api/users/restorepassword/{ALICE}")
        place.post("/api/users/login", {"login": ALICE, "password": "not the right one"})
        place.mails.wait_for(2)
    log = ours(caplog)

    assert "POST /api/users/resendconfirmation/{identity} 400" in log
    for secret in (ALICE, "alice", link, token, PASSWORD, "not the right one", place.app_id):
        assert secret not in log


@pytest.mark.parametrize("path", ["/api/info", "/nowhere", "/owner/settings", "/users/confirm?token=x", "/health"])
def test_every_answer_has_the_headers_that_keep_browsers_out_of_trouble(place: Place, path: str) -> None:
    headers = place.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_pages_of_other_origins_may_call_the_api_and_nothing_else(place: Place) -> None:
    asked = {
        "origin": "https://shop.example",
        "access_control_request_method": "PUT",
        "access_control_request_headers": "user-token,content-type",
    }

    allowed = place.call("OPTIONS", "/api/users/1", **asked)

    assert allowed.status == 200
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert "user-token" in allowed.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in allowed.headers
    assert place.call("GET", "/api/info", origin="https://shop.example").headers["access-control-allow-origin"] == "*"
    for path in ("/owner/settings", "/users/confirm"):
        assert "access-control-allow-origin" not in place.call("OPTIONS", path, **asked).headers
        assert "access-control-allow-origin" not in place.call("GET", path, origin="https://shop.example").headers


def test_only_the_origins_that_were_named_may_call(machine: Machine) -> None:
    with served(machine, Options(cors=("https://shop.example",), remember=0)) as place:
        ours = place.call("GET", "/api/info", origin="https://shop.example")
        theirs = place.call("GET", "/api/info", origin="https://evil.example")

    assert ours.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in theirs.headers


def test_links_never_come_from_the_request(place: Place) -> None:
    place.settings(emailConfirmationRequired=True, publicBaseUrl="https://shop.example/app")
    body = b'{"email": "alice@yourmail.com", "password": "x"}'

    place.raw("POST", "/api/users/register", body, host="evil.example", x_forwarded_host="evil.example")

    assert "https://shop.example/app/users/confirm?token=" in place.mails.wait_for(1)[0].text
    assert "evil" not in place.mails.messages[0].text


def test_the_server_says_whether_it_can_work(place: Place, machine: Machine) -> None:
    assert (place.get("/health").status, place.get("/health").json) == (200, {"status": "ok"})

    class Down(StoredUsers):
        async def read_settings(self) -> None:  # type: ignore[override]
            raise Failure("unavailable", "no database")

    with served(machine, users=Down(MemoryStore(), Mailbox())) as down:
        assert (down.get("/health").status, down.get("/health").json) == (503, {"status": "unavailable"})
