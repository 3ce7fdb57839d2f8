"""``blockwright users``: accounts and settings in the owner's hands."""

from __future__ import annotations

import json

import pytest

from tests.cli.world import ALICE, Command


def test_users_are_added_and_listed(command: Command) -> None:
    first = command("users", "add", ALICE)
    command("users", "add", "bob@youremail.com", "--status", "pending")
    listed = command("users", "list")

    assert (first.code, first.out) == (0, f"added {ALICE} (ENABLED)\n")
    rows = [line.split()[:2] for line in listed.out.splitlines()]
    assert rows == [[ALICE, "ENABLED"], ["bob@youremail.com", "EMAIL_CONFIRMATION_PENDING"]]


def test_nobody_to_list_is_said_beside_the_list(command: Command) -> None:
    result = command("users", "list")

    assert (result.code, result.out, result.err) == (0, "", "nobody is registered yet\n")
    assert command("users", "list", "--json").out == "[]\n"


def test_json_is_a_record_as_backendless_writes_it(command: Command) -> None:
    added = json.loads(command("users", "add", ALICE, "--json").out)
    (listed,) = json.loads(command("users", "list", "--json").out)

    assert added == listed
    assert (added["email"], added["userStatus"], added["___class"]) == (ALICE, "ENABLED", "Users")


def test_adding_somebody_twice_fails_with_the_documented_code(command: Command) -> None:
    command("users", "add", ALICE)

    result = command("users", "add", ALICE.upper())
    data = json.loads(command("users", "add", ALICE, "--json").out)

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("failed with 3033: ")
    assert data["code"] == 3033


def test_a_status_that_is_none_is_put_right(command: Command) -> None:
    near, far = command("users", "add", ALICE, "--status", "ENABELD"), command("users", "add", ALICE, "--status", "x")

    assert (near.code, far.code) == (2, 2)
    assert "did you mean ENABLED?" in near.err
    assert "there are ENABLED, DISABLED, EMAIL_CONFIRMATION_PENDING, GUEST" in far.err
    assert command("users", "list").out == ""


def test_a_pending_user_is_confirmed_once(pending: Command) -> None:
    first, second = pending("users", "confirm", ALICE), pending("users", "confirm", ALICE)

    assert (first.code, first.out) == (0, f"{ALICE} is confirmed\n")
    assert (second.code, second.err.startswith("failed with 3092: ")) == (1, True)


def test_all_settings_are_shown_with_what_they_mean(command: Command) -> None:
    result = command("users", "settings")

    assert "emailConfirmationRequired = false" in result.out
    assert "Who registers must confirm the email address by the link in a mail." in result.out
    assert json.loads(command("users", "settings", "--json").out)["emailConfirmationRequired"] is False


def test_settings_are_changed_together_and_stay_changed(command: Command) -> None:
    changed = command("users", "settings", "emailConfirmationRequired=yes", "appName=Garden = Shop")

    assert [line.split("  ")[0] for line in changed.out.splitlines()] == [
        "emailConfirmationRequired = true",
        "appName = Garden = Shop",
    ]
    assert json.loads(command("users", "settings", "--json").out)["appName"] == "Garden = Shop"


def test_wrong_settings_are_all_named_and_none_is_changed(command: Command) -> None:
    result = command("users", "settings", "appName=New", "emailConfirmatonRequired=yes", "mailFrom=nobody")

    assert result.code == 2
    assert "did you mean emailConfirmationRequired?" in result.err
    assert "mailFrom" in result.err
    assert json.loads(command("users", "settings", "--json").out)["appName"] == "My app"


def test_another_database_is_named_by_its_url(command: Command) -> None:
    command("users", "add", ALICE, "--users", "sqlite:///other.db")

    assert ALICE in command("users", "list", "--users", "sqlite:///other.db").out
    assert command("users", "list").out == ""


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("carrier:pigeon", 2, "No user service is known for carrier: URLs"),
        ("sqlite:///nowhere/users.db", 1, "does not exist; make it first"),
        ("sqlite:///.", 1, "is a folder; name a file"),
    ],
)
def test_a_database_that_cannot_be_used_is_explained(command: Command, url: str, code: int, said: str) -> None:
    result = command("users", "list", "--users", url)

    assert (result.code, result.out) == (code, "")
    assert said in result.err


def test_the_command_alone_shows_its_help(command: Command) -> None:
    result = command("users")

    assert result.code == 0
    assert "blockwright users add" in result.out
