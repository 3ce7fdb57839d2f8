"""URLs of mail servers: what they say, and that their secrets are never repeated."""

from __future__ import annotations

import pytest

from blockwright.failure import Failure
from blockwright.services import open_mailer
from blockwright.services.backends.smtp import Server, parse_url
from tests.services.world import label


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", Server("mail.example.com", 587, "starttls")),
        ("SMTPS://Mail.Example.com", Server("mail.example.com", 465, "at once")),
        ("smtp://localhost?tls=no", Server("localhost", 25, "no")),
        ("smtp://[::1]:2525?tls=no", Server("::1", 2525, "no")),
        ("smtp://münchen.de/", Server("xn--mnchen-3ya.de", 587, "starttls")),
        (
            "smtps://me%40here:a%2Fb@mail.example.com:4650?timeout=5&hello=app.example.com&ca=/etc/ca.pem",
            Server("mail.example.com", 4650, "at once", "me@here", "a/b", 5.0, "/etc/ca.pem", "app.example.com"),
        ),
    ],
)
def test_a_url_says_where_mail_goes(url: str, server: Server) -> None:
    assert parse_url(url) == server


def test_a_password_is_not_shown_in_a_traceback() -> None:
    assert "hunter2" not in repr(parse_url("smtp://me:hunter2@mail.example.com"))


BAD_URLS = [
    "smtp:",
    "smtp://",
    "smtp:///path",
    "smtp:mail.example.com",
    "smtp://me:hunter2@",
    "smtp://me:hunter2@host:port",
    "smtp://me:hunter2@host:0",
    "smtp://me:hunter2@host:99999",
    "smtp://me:hunter2@host/path",
    "smtp://me:hunter2@host#x",
    "smtp://me:hun#ter2@host",
    "smtp://me@host",
    "smtp://:hunter2@host",
    "smtp://me:@host",
    "smtp://me:hunter2%00@host",
    "smtp://me:hunter2%0d%0a@host",
    "smtp://me:hunter2%ff@host",
    "smtp://me:hunter2@host?tls=no",
    "smtp://host?tls=yes",
    "smtps://host?tls=no",
    "smtp://host?timeout=0",
    "smtp://host?timeout=61",
    "smtp://host?timeout=nan",
    "smtp://host?timeout=soon",
    "smtp://host?timeout=1&timeout=2",
    "smtp://host?tmeout=1",
    "smtp://host?password=hunter2",
    "smtp://host?hello=a%20b",
    "smtp://host?hello=",
    "smtp://host?ca",
    "smtp://ho st",
    "smtp://host\r\nDATA",
    "smtp://..",
    "smtp://[::1",
    "smtp://" + "x" * 5000,
]


@pytest.mark.parametrize("url", BAD_URLS, ids=label)
def test_a_url_that_names_no_server_is_refused_without_repeating_its_secrets(url: str) -> None:
    with pytest.raises(Failure) as caught:
        open_mailer(url)

    assert caught.value.code == "bad value"
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.message.startswith("A mail server ")
