"""``blockwright users``: settings, roles, keys, columns, mail, words and upkeep in the owner's hands."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing

import pytest

from blockwright import Failure
from blockwright.cli.users.settings import GROUPS
from blockwright.services import Settings, UserService, open_users
from blockwright.services.records import KeyKind
from tests.cli.world import ALICE, RESEND, Command


def test_all_settings_are_shown_with_what_they_mean_and_which_are_changed(command: Command) -> None:
    command("users", "settings", "resendSeconds=30")

    shown = command("users", "settings").out

    about = "Seconds between two mails that one user asked for; 0 is no limit."
    assert re.search(rf"^  resendSeconds = 30 +yours +{re.escape(about)}$", shown, re.M)
    assert re.search(r"^  reveal = true +default  ", shown, re.M)
    assert json.loads(command("users", "settings", "--json").out) == {**Settings().to_dict(), "resendSeconds": 30}


def test_every_setting_stands_below_one_heading() -> None:
    grouped = [name for names in GROUPS.values() for name in names]

    assert sorted(grouped) == sorted(Settings().to_dict())


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


def test_roles_are_made_given_taken_and_removed(command: Command) -> None:
    command("users", "add", ALICE)

    nobody = command("users", "roles")
    done = [
        command("users", "roles", *words).code
        for words in (["add", "staff"], ["give", ALICE, "staff"], ["add", "staff"], ["give", ALICE, "staf"])
    ]
    having = command("users", "roles", "show", "staff")
    taken = command("users", "roles", "take", ALICE, "staff")

    assert (nobody.out, "roles add ROLE" in nobody.err) == ("", True)
    assert done == [0, 0, 1, 1]
    assert having.out.split()[0] == ALICE
    assert taken.out == f"{ALICE} has the role staff no more\n"
    assert command("users", "roles", "show", "staff").err == "nobody has the role staff yet\n"
    assert json.loads(command("users", "roles", "list", "--json").out) == ["staff"]


@pytest.mark.parametrize("kind", KeyKind)
def test_a_key_works_once_it_is_made_and_a_secret_one_is_told_once(command: Command, kind: KeyKind) -> None:
    made = command("users", "keys", "add", kind, "--label", "website")
    value = made.out.strip()
    (listed,) = json.loads(command("users", "keys", "--json").out)

    assert ask(lambda users: users.kind_of_key(value)) == kind
    assert ("never shown again" in made.err) is kind.secret
    assert (value in command("users", "keys").out) is not kind.secret
    assert (listed["kind"], listed["label"], listed["value"]) == (kind, "website", None if kind.secret else value)
    command("users", "keys", "remove", listed["keyId"], "--yes")
    assert ask(lambda users: users.kind_of_key(value)) is None


def ask(question):  # type: ignore[no-untyped-def]
    async def asked():  # type: ignore[no-untyped-def]
        users = open_users("sqlite:///users.db")
        assert isinstance(users, UserService)
        try:
            return await question(users)
        finally:
            await users.close()

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["keys", "add", "onwer"], "did you mean owner?"),
        (["keys", "add", "x"], "there are rest, js, cloud-code, owner"),
        (["columns", "add", "age", "INTEGER"], "there are STRING, TEXT, INT, DOUBLE, BOOLEAN, DATETIME, JSON"),
        (["columns", "add", "age", "BOOLEEN"], "did you mean BOOLEAN?"),
        (["columns", "add", "9age", "INT"], "cannot be the name of a column"),
        (["mail", "list", "--state", "refuse"], "did you mean refused?"),
        (["mail", "--deliver", "--retry", "x"], "give one of the two"),
        (["templates", "show", "confirmaton"], "did you mean confirmation?"),
        (["templates", "show", "confirmation", "--part", "body"], "there are subject, text, html"),
        (["templates", "edit", "confirmation"], "give --subject TEXT, --text FILE or --html FILE"),
        (["templates", "edit", "confirmation", "--text", "nowhere.txt"], "nowhere.txt cannot be read"),
        (["roles", "--json", "list"], "write it at the end: blockwright users roles list … --json"),
    ],
)
def test_a_slip_is_named_with_its_mend(command: Command, words: list[str], said: str) -> None:
    result = command("users", *words)

    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_columns_are_made_listed_and_removed_with_their_values(command: Command) -> None:
    made = command("users", "columns", "add", "phone", "string", "--required")
    without, with_one = command("users", "add", ALICE), command("users", "add", ALICE, "phone=0123")
    listed = {column["name"]: column for column in json.loads(command("users", "columns", "--json").out)}

    assert made.out == "made the column phone (STRING)\n"
    assert (without.err.startswith("failed with 3012: "), with_one.code) == (True, 0)
    assert (listed["phone"]["type"], listed["phone"]["required"], listed["email"]["identity"]) == ("STRING", True, True)
    command("users", "columns", "remove", "phone", "--yes")
    assert "phone" not in json.loads(command("users", "show", ALICE, "--json").out)
    assert command("users", "columns", "remove", "email", "--yes").err.startswith("failed with 3056: ")


@pytest.fixture
def waiting(pending: Command) -> Command:
    """The command where a mail to alice waits, because it was left to others."""
    assert pending.resend("--mail", "queue:").code == 0
    return pending


def test_mail_that_waits_is_listed_and_delivered_once(waiting: Command) -> None:
    before = waiting("users", "mail", "list", "--state", "waiting")
    delivered, again = waiting("users", "mail", "--deliver"), waiting("users", "mail", "--deliver")

    assert before.out.split()[1:3] == ["waiting", ALICE]
    assert (delivered.code, delivered.out) == (0, "1 sent, 0 waiting, 0 refused\n")
    assert delivered.err == f"mailed {ALICE}; the mail is in outbox\n"
    assert json.loads(waiting("users", "mail", "--deliver", "--json").out) == {"sent": 0, "waiting": 0, "refused": 0}
    assert again.out == "0 sent, 0 waiting, 0 refused\n"
    assert waiting("users", "mail").out.split()[1] == "sent"
    assert len(waiting.mails()) == 1


def test_mail_that_cannot_go_out_says_why_and_is_tried_again(waiting: Command) -> None:
    waiting.write("file", "")

    failed = waiting("users", "mail", "--deliver", "--mail", "outbox:file/outbox")
    (mail,) = json.loads(waiting("users", "mail", "--json").out)
    listed = waiting("users", "mail").out
    retried = [
        waiting("users", "mail", "--retry", mail["mailId"], "--mail", url) for url in ("outbox:file/x", "outbox:o")
    ]

    assert (failed.out, failed.err) == (
        "0 sent, 1 waiting, 0 refused\n",
        "`blockwright users mail` says why not all was taken\n",
    )
    assert "(tried once, again at " in listed
    assert "could not be written into the outbox" in listed
    assert [each.code for each in retried] == [1, 0]
    assert retried[1].out == "sent\n"
    assert waiting("users", "mail", "--retry", mail["mailId"]).err.startswith("failed with 2004: ")


def test_mail_cannot_be_delivered_by_leaving_it_to_others(waiting: Command) -> None:
    result = waiting("users", "mail", "--deliver", "--mail", "queue:")

    assert (result.code, "deliver with another mailer" in result.err) == (1, True)


def test_words_are_replaced_from_files_and_put_back(pending: Command) -> None:
    pending.write("words.txt", "Dear {{ email }},\r\nopen {{ url }}\r\n")

    edited = pending(
        "users", "templates", "edit", "confirmation", "--subject", "Hi from {{ app }}", "--text", "words.txt"
    )
    listed = pending("users", "templates")
    shown = pending("users", "templates", "show", "confirmation", "--part", "text")
    pending.resend()

    assert edited.out == "changed the template confirmation\n"
    assert [line.split("  ")[1].strip() for line in listed.out.splitlines()] == ["your own", ""]
    assert shown.out == "Dear {{ email }},\nopen {{ url }}\n"
    assert "Subject: Hi from My app" in pending.mails()[0]
    assert f"Dear {ALICE}," in pending.mails()[0]
    assert pending("users", "templates", "reset", "confirmation", "--yes").code == 0
    assert "Hi from" not in pending("users", "templates").out


def test_words_that_make_no_mail_are_refused_with_their_line(command: Command) -> None:
    command.write("words.html", "<p>Hello</p>\n<a href='{{ link }}'>")

    result = command("users", "templates", "edit", "confirmation", "--html", "words.html")

    assert (result.code, "in line 2 there is no value called link" in result.err) == (2, True)
    assert "as it comes" in command("users", "templates").out.splitlines()[0]


@pytest.mark.parametrize(("data", "said"), [(b"\xff", "is not UTF-8"), (b"x" * 1_000_001, "is larger than 1 MB")])
def test_a_file_that_holds_no_words_is_refused(command: Command, data: bytes, said: str) -> None:
    (command.folder / "words.txt").write_bytes(data)

    assert said in command("users", "templates", "edit", "password", "--text", "words.txt").err


def test_all_parts_of_a_template_are_shown(command: Command) -> None:
    data = json.loads(command("users", "templates", "show", "password", "--json").out)
    text = command("users", "templates", "show", "password").out

    assert set(data) == {"name", "subject", "text", "html"}
    assert text.startswith(f"subject:\n{data['subject']}\n\ntext:\n")


def test_tables_are_made_once_and_kept(command: Command) -> None:
    first, second = command("users", "upgrade"), command("users", "upgrade")
    data = json.loads(command("users", "upgrade", "--json").out)

    assert first.out == f"the tables have version {data['after']} now; before it was none\n"
    assert second.out == f"the tables have version {data['after']} already\n"
    assert data["before"] == data["after"]


def test_a_locked_user_may_try_again_at_once(command: Command) -> None:
    command("users", "settings", "failedLoginsLock=1")
    command.alone("users", "add", ALICE, "--password-stdin", text="correct horse")

    async def fail(users: UserService, password: str) -> object:
        try:
            await users.log_in(ALICE, password)
        except Failure as failure:
            return failure.code
        return None

    assert [ask(lambda users, word=word: fail(users, word)) for word in ("wrong", "correct horse")] == [3003, 3036]
    assert command("users", "unlock", ALICE).out == f"{ALICE} may try again at once\n"
    assert ask(lambda users: fail(users, "correct horse")) is None


def test_what_is_over_is_cleared_away(command: Command) -> None:
    command("users", "add", ALICE)
    ask(lambda users: users.change_settings({"sessionTimeout": 1}))
    ask(lambda users: users.log_in_as_guest())
    with closing(sqlite3.connect(command.folder / "users.db")) as database, database:
        database.execute("UPDATE sessions SET expires = 1")
        database.execute("UPDATE users SET created = 1, last_login = 1 WHERE user_status = 'GUEST'")

    first = json.loads(command("users", "housekeep", "--json").out)

    assert first["removed"] >= 2
    assert command("users", "list").out.split()[0] == ALICE
    assert len(command("users", "list").out.splitlines()) == 1


def test_a_service_that_cannot_do_it_says_so(command: Command) -> None:
    for words, said in ((["settings"], "show or change its settings"), (["keys"], "show or change its keys")):
        result = command("users", *words, "--users", "https://example.backendless.app")
        assert (result.code, result.out) == (2, "")
        assert f"this user service cannot {said}" in result.err


def test_the_main_path_in_processes_of_its_own(command: Command) -> None:
    calls = [
        ["users", "settings", "emailConfirmationRequired=true"],
        ["users", "add", ALICE, "name=Alice", "--status", "PENDING"],
        ["run", str(RESEND), "-i", f"user identity={ALICE}"],
        ["users", "mail", "list"],
        ["users", "confirm", ALICE],
        ["users", "list", "--where", "userStatus = 'ENABLED'"],
    ]
    done = [command.alone(*words) for words in calls]

    assert [each.code for each in done] == [0] * len(calls), [each.err for each in done]
    assert "sent" in done[3].out
    assert done[5].out.startswith(ALICE)
