"""``blockwright users`` on PostgreSQL, and over the REST API of a server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from blockwright.services import UserService, open_users
from tests.cli.world import ALICE, RESEND, Command
from tests.services.postgres import postgres


def test_an_app_is_looked_after_in_postgresql(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKWRIGHT_USERS", postgres().fresh())

    assert "before it was none" in command("users", "upgrade").out
    assert command("users", "settings", "emailConfirmationRequired=yes").code == 0
    assert command("users", "add", ALICE, "age=34", "--status", "PENDING").code == 0
    assert command("run", str(RESEND), "-i", f"user identity={ALICE}", "--mail", "queue:").code == 0
    assert command("users", "mail", "--deliver").out == "1 sent, 0 waiting, 0 refused\n"
    assert command("users", "confirm", ALICE).code == 0
    assert command("users", "list", "--where", "age = 34").out.split()[:2] == [ALICE, "ENABLED"]
    assert command("users", "remove", ALICE, "--yes").code == 0
    assert command("users", "list").err == "nobody is registered yet\n"


@pytest.fixture
def served(command: Command) -> Iterator[str]:
    """The URL of an app that a server of its own serves, for the app's own code."""
    assert command("users", "add", ALICE, "age=34").code == 0
    assert command("users", "roles", "add", "staff").code == 0
    key = command("users", "keys", "add", "cloud-code").out.strip()
    server = command.start("serve", "--port", "0")
    try:
        assert server.stdout is not None
        yield f"{server.stdout.readline().strip()}/{app_id()}/{key}"
    finally:
        server.terminate()
        server.communicate(timeout=30)


def app_id() -> str:
    async def ask() -> str:
        users = open_users("sqlite:///users.db")
        assert isinstance(users, UserService)
        try:
            return await users.app_id()
        finally:
            await users.close()

    return asyncio.run(ask())


def test_the_users_of_a_served_app_are_looked_after_over_its_api(command: Command, served: str) -> None:
    def there(*words: str) -> str:
        result = command("users", *words, "--users", served)
        assert result.code == 0, result.err
        return result.out

    assert there("list").split()[:2] == [ALICE, "ENABLED"]
    assert there("update", ALICE, "age=35", "name=Alice") == f"updated {ALICE}\n"
    assert there("roles", "give", ALICE, "staff") == f"{ALICE} has the role staff\n"
    assert there("disable", ALICE) == f"{ALICE} is disabled\n"
    shown = json.loads(there("show", ALICE, "--json"))
    assert (shown["age"], shown["name"], shown["userStatus"], shown["roles"]) == (35, "Alice", "DISABLED", ["staff"])
    assert command("users", "add", "bob@youremail.com", "--users", served).err.startswith(
        "blockwright: this user service cannot add users"
    )
    assert there("remove", ALICE, "--yes") == f"removed {ALICE}\n"
    assert command("users", "list").out == ""
