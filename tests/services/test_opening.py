"""Opening services by URL, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blockwright.failure import Failure
from blockwright.services import Mailer, UserService, open_mailer, open_users
from tests.services.world import ALICE, label, run


@pytest.mark.parametrize("url", ["memory:", "MEMORY:", "sqlite:///users.db", "SQLite:///users.db?timeout=0.5"])
def test_a_url_names_a_user_service(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    users = open_users(url, open_mailer("memory:"))

    assert isinstance(users, UserService)
    run(users.add({"email": ALICE}))
    assert run(users.find(ALICE)) is not None


@pytest.mark.parametrize(
    "url", ["memory:", "queue:", "outbox:./outbox", "OUTBOX:/tmp/x", "smtp://host", "SMTPS://host"]
)
def test_a_url_names_a_mailer(url: str) -> None:
    assert isinstance(open_mailer(url), Mailer)


def test_every_memory_service_is_a_new_one() -> None:
    first, second = open_users("memory:"), open_users("memory:")
    assert isinstance(first, UserService)
    assert isinstance(second, UserService)

    run(first.add({"email": ALICE}))

    assert run(second.find(ALICE)) is None


BAD_USERS = [
    "",
    "users.db",
    "/var/users.db",
    "C:\\users.db",
    "mysql://root:secret@host/db",
    "root:secret@host/db",
    "//root:secret@host",
    "sqlite:",
    "sqlite://",
    "sqlite:///",
    "sqlite://users.db",
    "sqlite://root:secret@host/users.db",
    "sqlite:///:memory:",
    "sqlite:///a\x00b",
    "sqlite:///a\nb",
    "sqlite:///u.db?timeout=soon",
    "sqlite:///u.db?timeout=-1",
    "sqlite:///u.db?timeout=nan",
    "sqlite:///u.db?timeout=1e9",
    "sqlite:///u.db?timout=1",
    "sqlite:///u.db?password=secret",
    "memory:something",
    "x" * 100_000,
]


@pytest.mark.parametrize("url", BAD_USERS, ids=label)
def test_a_url_that_names_no_user_service_is_refused_without_repeating_its_secrets(url: str) -> None:
    with pytest.raises(Failure) as caught:
        open_users(url)

    assert caught.value.code == "bad value"
    assert "secret" not in str(caught.value)
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    "url",
    ["", "outbox", "outbox:", "outbox:\x00", "imap://me:secret@host", "smtp://me:secret@", "memory:x", "queue:x"],
    ids=label,
)
def test_a_url_that_names_no_mailer_is_refused_without_repeating_its_secrets(url: str) -> None:
    with pytest.raises(Failure) as caught:
        open_mailer(url)

    assert caught.value.code == "bad value"
    assert "secret" not in str(caught.value)


def test_an_unknown_kind_of_service_is_told_what_is_known() -> None:
    with pytest.raises(Failure, match=r"No user service is known for mysql: URLs; known are .*memory:, .*sqlite:"):
        open_users("mysql://host/db")
    with pytest.raises(
        Failure, match=r"No mailer is known for imap: URLs; known are memory:, outbox:, queue:, smtp:, smtps:"
    ):
        open_mailer("imap://host")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///users.db", "users.db"),
        ("sqlite:///data/users.db", "data/users.db"),
        ("sqlite:///a b#c%41.db", "a b#c%41.db"),
    ],
)
def test_three_slashes_begin_a_path_in_the_folder_where_the_url_was_opened(
    url: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    users = open_users(url)
    assert isinstance(users, UserService)

    monkeypatch.chdir("/")
    run(users.add({"email": ALICE}))

    assert (tmp_path / path).is_file()


def test_four_slashes_begin_an_absolute_path(tmp_path: Path) -> None:
    users = open_users(f"sqlite:///{tmp_path}/users.db")
    assert isinstance(users, UserService)

    run(users.add({"email": ALICE}))

    assert (tmp_path / "users.db").is_file()


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_importing_the_protocols_brings_neither_pydantic_nor_sql_nor_mail_along() -> None:
    heavy = "[name for name in ('pydantic', 'sqlalchemy', 'email', 'sqlite3', 'asyncio') if name in sys.modules]"

    assert python(f"import sys, blockwright.services; print({heavy})") == "[]\n"


def test_a_user_service_in_memory_needs_no_sql() -> None:
    code = (
        "import sys; from blockwright.services import open_users\n"
        "open_users('memory:'); print('sqlalchemy' in sys.modules)"
    )

    assert python(code) == "False\n"


def test_a_missing_extra_is_one_sentence_that_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from blockwright.failure import Failure\n"
        "from blockwright.services import open_users\n"
        "try: open_users('sqlite:///users.db')\n"
        "except Failure as failure: print(failure)\n"
    )

    assert python(code) == (
        'unavailable: A user database needs SQLAlchemy; install it with: pip install "blockwright[sql]"\n'
    )


def test_mail_by_smtp_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['aiosmtplib'] = None\n"
        "from blockwright.failure import Failure\n"
        "from blockwright.services import open_mailer\n"
        "try: open_mailer('smtp://mail.example.com')\n"
        "except Failure as failure: print(failure)\n"
    )

    assert python(code) == (
        'unavailable: Mail by SMTP needs aiosmtplib; install it with: pip install "blockwright[mail]"\n'
    )
