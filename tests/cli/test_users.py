"""``blockwright users``: accounts in the owner's hands."""

from __future__ import annotations

import json

import pytest

from tests.cli.world import ALICE, Command

BOB = "bob@youremail.com"


def test_users_are_added_and_listed(command: Command) -> None:
    first = command("users", "add", ALICE)
    command("users", "add", BOB, "--status", "pending")
    listed = command("users", "list")

    assert (first.code, first.out) == (0, f"added {ALICE} (ENABLED)\n")
    rows = [line.split()[:2] for line in listed.out.splitlines()]
    assert rows == [[ALICE, "ENABLED"], [BOB, "EMAIL_CONFIRMATION_PENDING"]]


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


def test_properties_are_read_by_the_types_of_their_columns(command: Command) -> None:
    for name, kind in (("phone", "STRING"), ("member", "BOOLEAN"), ("born", "DATETIME"), ("tags", "JSON")):
        assert command("users", "columns", "add", name, kind).code == 0
    given = ("phone=0123", "member=yes", "born=1990-05-01T12:30", "tags=[a, {b: 1}]", "price=1.10", "nick=Al")

    added = json.loads(command("users", "add", ALICE, *given, "--json").out)

    assert {name: added[name] for name in ("phone", "member", "born", "tags", "nick")} == {
        "phone": "0123",
        "member": True,
        "born": 641_565_000_000,
        "tags": ["a", {"b": 1}],
        "nick": "Al",
    }
    assert '"price": 1.1' in command("users", "show", ALICE, "--json").out


def test_only_what_is_named_changes_and_nothing_empties_a_property(command: Command) -> None:
    command("users", "add", ALICE, "name=Alice", "age=34")

    changed = command("users", "update", ALICE, "name=", "email=alice@elsewhere.com")
    (user,) = json.loads(command("users", "list", "--json").out)

    assert (changed.code, changed.out) == (0, "updated alice@elsewhere.com\n")
    assert (user["name"], user["age"], user["email"]) == (None, 34, "alice@elsewhere.com")


def test_a_new_column_is_told_of_because_it_may_be_a_slip(command: Command) -> None:
    assert command("users", "add", ALICE, "age=34").err == "new column: age\n"
    assert command("users", "update", ALICE, "agee=35", "age=35").err == "new column: agee\n"


def test_where_no_new_columns_may_come_a_slip_is_put_right(command: Command) -> None:
    command("users", "add", ALICE, "age=34")
    command("users", "settings", "dynamicSchema=no")

    near, far = command("users", "update", ALICE, "agee=35"), command("users", "update", ALICE, "shoe=43")

    assert (near.code, far.code) == (2, 2)
    assert "did you mean age?" in near.err
    assert "blockwright users columns add NAME TYPE" in far.err


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("password=secret", "see blockwright users password --help"),
        ("userStatus=DISABLED", "enable, disable or confirm"),
        ("created=1", "created is set by the service itself"),
        ("age", "does not give a name its value"),
        ("tags=[1", "tags"),
    ],
)
def test_what_is_no_property_to_type_is_refused_and_nothing_is_kept(command: Command, pair: str, said: str) -> None:
    command("users", "add", ALICE)

    for words in (("update", ALICE), ("add", BOB)):
        result = command("users", *words, "name=New", pair)
        assert (result.code, result.out) == (2, "")
        assert said in result.err
    (user,) = json.loads(command("users", "list", "--json").out)
    assert (user["email"], user["userStatus"], user.get("name")) == (ALICE, "ENABLED", None)


def test_a_wrong_type_fails_with_the_documented_code(command: Command) -> None:
    command("users", "add", ALICE, "age=34")

    result = command("users", "update", ALICE, "age=old")

    assert (result.code, result.err) == (
        1,
        "failed with 3049: The property age must be a whole number; this one is text.\n",
    )


def test_all_that_is_known_of_a_user_is_shown_with_the_roles(command: Command) -> None:
    command("users", "add", ALICE, "age=34")
    command("users", "roles", "add", "staff")
    command("users", "roles", "give", ALICE, "staff")

    shown = dict(line.split(maxsplit=1) for line in command("users", "show", ALICE).out.splitlines())
    data = json.loads(command("users", "show", shown["objectId"], "--json").out)

    assert (shown["email"], shown["age"], shown["lastLogin"], shown["roles"]) == (ALICE, "34", "never", "staff")
    assert (data["email"], data["roles"]) == (ALICE, ["staff"])


@pytest.mark.parametrize("name", ["show", "enable", "disable", "unlock", "remove", "password", "confirm"])
def test_somebody_who_is_not_there_is_3057(command: Command, name: str) -> None:
    result = command("users", name, "nobody@youremail.com")

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("failed with 3057: ")
    assert "nobody@youremail.com" in result.err


@pytest.fixture
def crowd(command: Command) -> Command:
    """The command where five people of ages 30 to 34 are registered."""
    for number in range(5):
        assert command("users", "add", f"user{number}@youremail.com", f"age={30 + number}").code == 0
    return command


def test_a_condition_chooses_who_is_listed_and_columns_the_order(crowd: Command) -> None:
    found = crowd("users", "list", "--where", "age > 31", "--sort", "age desc")

    assert [line.split("@")[0] for line in found.out.splitlines()] == ["user4", "user3", "user2"]
    assert found.err == ""
    assert crowd("users", "list", "--where", "age > 99").err == "nobody fulfils this\n"


def test_a_list_that_is_cut_says_so(crowd: Command) -> None:
    found = crowd("users", "list", "--limit", "2", "--offset", "1")

    assert [line.split("@")[0] for line in found.out.splitlines()] == ["user1", "user2"]
    assert found.err == "these are 2 of 5; --limit and --offset show others\n"
    assert crowd("users", "list", "--limit", "5").err == ""


def test_a_condition_that_cannot_be_read_is_1017(crowd: Command) -> None:
    result = crowd("users", "list", "--where", "age >")

    assert (result.code, result.err.startswith("failed with 1017: ")) == (1, True)


def test_another_column_may_name_the_accounts(command: Command) -> None:
    command("users", "columns", "add", "number", "INT")
    command("users", "settings", "identityColumn=number")

    added = command("users", "add", "4711", "name=Alice")
    twice = command("users", "add", "4712", "number=4712")

    assert (added.code, added.out) == (0, "added 4711 (ENABLED)\n")
    assert (twice.code, "number is given twice" in twice.err) == (2, True)
    assert command("users", "list").out.split()[0] == "4711"
    assert json.loads(command("users", "show", "4711", "--json").out)["number"] == 4711


def test_a_pending_user_is_confirmed_once(pending: Command) -> None:
    first, second = pending("users", "confirm", ALICE), pending("users", "confirm", ALICE)

    assert (first.code, first.out) == (0, f"{ALICE} is confirmed\n")
    assert (second.code, second.err.startswith("failed with 3092: ")) == (1, True)


def test_an_account_is_disabled_and_enabled_each_once(command: Command) -> None:
    command("users", "add", ALICE)

    done = [command("users", name, ALICE) for name in ("disable", "disable", "enable", "enable")]

    assert [each.code for each in done] == [0, 1, 0, 1]
    assert done[0].out == f"{ALICE} is disabled\n"
    assert done[1].err.startswith("failed with 3085: ")
    assert done[2].out == f"{ALICE} is enabled\n"
    assert done[3].err.startswith("failed with 3086: ")
    assert json.loads(command("users", "disable", ALICE, "--json").out)["userStatus"] == "DISABLED"


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
