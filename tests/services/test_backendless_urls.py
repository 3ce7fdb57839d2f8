"""The URL of an app of Backendless, and what a service there can and cannot do."""

from __future__ import annotations

import subprocess
import sys

import pytest

from blockwright.failure import Failure
from blockwright.services import open_users, users
from blockwright.services.backends.backendless.address import parse_url
from blockwright_blocks.users import BLOCKS
from tests.services.over_http import PROVIDED
from tests.services.world import label

SECRET = "AB12CD34-SECRET"


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("https://xxxx.backendless.app", "https://xxxx.backendless.app", "/api"),
        ("HTTPS://XXXX.backendless.app/", "https://xxxx.backendless.app", "/api"),
        ("https://users.example.com:8443/rest/v1/", "https://users.example.com:8443", "/rest/v1"),
        ("https://api.backendless.com/APP/KEY", "https://api.backendless.com", "/APP/KEY"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "/api"),
        ("http://localhost", "http://localhost", "/api"),
        ("http://[::1]:80", "http://[::1]:80", "/api"),
        ("http://users.internal/?plain=yes", "http://users.internal", "/api"),
    ],
)
def test_a_url_names_an_app(url: str, origin: str, path: str) -> None:
    address = parse_url(url)

    assert (address.origin, address.path, address.timeout) == (origin, path, 10)


def test_a_url_says_how_long_a_call_may_take_and_whether_a_proxy_is_used() -> None:
    address = parse_url("https://x.backendless.app?timeout=0.5&proxy=yes")

    assert (address.timeout, address.by_proxy) == (0.5, True)


@pytest.mark.parametrize(
    "url",
    [
        "https:",
        "https://",
        "https:///api",
        "https:x.backendless.app",
        "ftp://x.backendless.app",
        f"https://alice:{SECRET}@x.backendless.app",
        f"https://{SECRET}@x.backendless.app",
        f"https://api.backendless.com/APP/{SECRET}#x",
        f"https://api.backendless.com/APP/{SECRET}/../..",
        f"https://api.backendless.com/./{SECRET}",
        f"https://api.backendless.com//{SECRET}",
        f"https://api.backendless.com/%2e%2e/{SECRET}",
        f"https://api.backendless.com/a\\b/{SECRET}",
        f"https://api.backendless.com/APP/{SECRET}\r\nx: y",
        f"https://api.backendless.com/APP/{SECRET}?key={SECRET}",
        f"https://api.backendless.com/APP/{SECRET}?timeout={SECRET}",
        f"https://api.backendless.com/APP/{SECRET}?timout=5",
        "https://x.backendless.app?timeout=0",
        "https://x.backendless.app?timeout=-1",
        "https://x.backendless.app?timeout=nan",
        "https://x.backendless.app?timeout=inf",
        "https://x.backendless.app?timeout=301",
        "https://x.backendless.app?timeout=5&timeout=6",
        "https://x.backendless.app?plain=no",
        "https://x.backendless.app:0",
        "https://x.backendless.app:99999",
        "https://x.backendless.app:https",
        "https://exämple.com",
        "https://[::1",
        "https://[fe80::1%25eth0]",
        "https://a..b",
        f"http://users.example.com/APP/{SECRET}",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://" + "x" * 10_000,
    ],
    ids=label,
)
def test_a_url_that_names_no_app_is_refused_without_repeating_its_key(url: str) -> None:
    with pytest.raises(Failure) as caught:
        open_users(url)

    assert caught.value.code == "bad value"
    assert SECRET not in str(caught.value)
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


def test_a_misspelt_option_is_put_right() -> None:
    with pytest.raises(Failure, match="did you mean timeout"):
        parse_url("https://x.backendless.app?timout=5")


def test_a_service_never_shows_its_key() -> None:
    service = open_users(f"https://api.backendless.com/APP/{SECRET}")

    assert SECRET not in repr(service)
    assert SECRET not in repr(parse_url(f"https://api.backendless.com/APP/{SECRET}"))
    assert "api.backendless.com" in repr(service)


def test_it_provides_what_rest_can_do_and_nothing_else() -> None:
    service = open_users("https://x.backendless.app")
    lacking = [
        users.ConfirmationLinks,
        users.PasswordLinks,
        users.Administration,
        users.ApiKeys,
        users.MailQueue,
        users.Templates,
        users.UserSettings,
        users.UserService,
    ]

    assert [each for each in PROVIDED if not isinstance(service, each)] == []
    assert [each for each in lacking if isinstance(service, each)] == []


def test_it_can_do_whatever_a_standard_block_asks_of_a_user_service() -> None:
    service = open_users("https://x.backendless.app")
    asked = {wanted for each in BLOCKS for wanted in each.services.values() if wanted in users.UserService.__mro__}

    assert len(asked) >= 8
    assert [wanted for wanted in asked if not isinstance(service, wanted)] == []


def test_httpx_is_imported_only_when_a_url_asks_for_it() -> None:
    program = """
import sys
from blockwright.services import open_users
open_users("memory:")
assert "httpx" not in sys.modules
open_users("https://x.backendless.app")
assert "httpx" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_without_httpx_one_sentence_says_what_to_install() -> None:
    program = """
import sys
sys.modules["httpx"] = None
from blockwright.failure import Failure
from blockwright.services import open_users
try:
    open_users("https://x.backendless.app")
except Failure as failure:
    print(failure.code, failure.message)
"""
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert result.stdout == (
        'unavailable A user service at a web address needs httpx; install it with: pip install "blockwright[http]"\n'
    )
