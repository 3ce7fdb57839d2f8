"""Identities at the end of addresses: whatever stands there names an account or fails with a code."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from blockwright.services.records import ColumnType, KeyKind
from tests.server.world import Place
from tests.services.world import ALICE

OPERATIONS = [
    ("POST", "users/resendconfirmation", 3104),
    ("GET", "users/restorepassword", 3020),
    ("POST", "users/createEmailConfirmationURL", 3104),
]
HOSTILE = [
    "..",
    "%2e%2e",
    ".",
    "../..",
    "..%2F..%2Fowner%2Fsettings",
    "a/b",
    "a%2Fb",
    "%2F",
    "/",
    "//",
    "a//b",
    "%23",
    "%3F",
    "a%3Fb=c",
    "%0d%0aSet-Cookie:%20a=b",
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    "%25",
    "%F0%9F%98%80",
    "0",
    "-1",
    "1e400",
    "null",
    "undefined",
    "%7B%7D",
    "%20",
    "a" * 10_000,
    "%C3%A9" * 3_000,
    "alice@yourmail.com/",
    "alice@yourmail.com%00",
    "alice%40yourmail.com%0A",
    ";jsessionid=1",
    "'%20or%20'1'='1",
]


@pytest.mark.parametrize("identity", HOSTILE, ids=lambda text: text[:24])
@pytest.mark.parametrize(("method", "operation", "unknown"), OPERATIONS)
def test_no_identity_leads_anywhere_else(
    place: Place, method: str, operation: str, unknown: int, identity: str
) -> None:
    place.register_pending()
    base = place.form(KeyKind.CLOUD_CODE)

    answer = place.raw(method, f"{base}/{operation}/{identity}")

    assert (answer.status, answer.code) == (400, unknown)
    assert len(place.mails.messages) == 1


@pytest.mark.parametrize("spelling", [ALICE, quote(ALICE, safe=""), "Alice@YOURMAIL.com", "%61lice@yourmail.com"])
def test_an_identity_may_be_encoded_or_not(place: Place, spelling: str) -> None:
    place.register_pending()

    answer = place.raw("POST", f"/api/users/resendconfirmation/{spelling}")

    assert (answer.status, answer.body) == (200, b"")
    assert [mail.to for mail in place.mails.wait_for(2)] == [ALICE, ALICE]


@pytest.mark.parametrize(
    "address", ["a/b@yourmail.com", "a?b=c@yourmail.com", "a#b@yourmail.com", "a%2Fb@yourmail.com", "a+b@yourmail.com"]
)
def test_every_character_that_an_address_may_have_arrives(place: Place, address: str) -> None:
    place.register_pending(address)

    answer = place.raw("POST", f"/api/users/resendconfirmation/{quote(address, safe='')}")

    assert answer.status == 200
    assert place.mails.wait_for(2)[-1].to == address


@pytest.mark.parametrize(("method", "operation", "unknown"), OPERATIONS)
def test_no_identity_at_all_has_a_code(place: Place, method: str, operation: str, unknown: int) -> None:
    del unknown
    base = place.form(KeyKind.CLOUD_CODE)

    assert place.raw(method, f"{base}/{operation}/").code == 3038
    assert place.raw(method, f"{base}/{operation}").status in (404, 405, 400)


@pytest.mark.parametrize("number", ["0", "42", "-7", "2.5"])
def test_a_number_may_be_the_identity(place: Place, number: str) -> None:
    place.machine.do(place.users.make_column("customer", ColumnType.DOUBLE))
    place.settings(identityColumn="customer", emailConfirmationRequired=True)
    body = b'{"customer": %s, "email": "alice@yourmail.com", "password": "x"}' % number.encode()
    assert place.post("/api/users/register", body).status == 200
    place.mails.wait_for(1)

    answer = place.post(f"/api/users/resendconfirmation/{number}")

    assert (answer.status, answer.body) == (200, b"")
    assert place.mails.wait_for(2)[-1].to == ALICE
    place.machine.do(place.users.confirm_token(place.world.last_token()))
    assert place.post("/api/users/login", b'{"login": %s, "password": "x"}' % number.encode()).status == 200


def test_an_operation_without_a_body_needs_no_content_type(place: Place) -> None:
    place.register_pending()

    for headers in ({}, {"content_type": "application/json"}, {"content_type": "text/plain"}):
        place.settings(resendSeconds=0, mailsPerAddressAndDay=0)
        assert place.raw("POST", f"/api/users/resendconfirmation/{ALICE}", **headers).status == 200


@pytest.mark.parametrize(
    "target", ["/%00", "/..", "/../etc/passwd", "/api/../owner/settings", "/api/%2e%2e/owner/keys"]
)
def test_addresses_are_never_walked_upwards(place: Place, target: str) -> None:
    answer = place.raw("GET", target)

    assert (answer.status, answer.code) == (404, "not found")
