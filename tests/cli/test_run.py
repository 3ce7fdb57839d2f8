"""``blockwright run``: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from blockwright.cli.defaults import data_folder
from tests.cli.world import ALICE, RESEND, Command

GREET = """\
flow: greet
inputs:
  name: text
steps:
  - log: greeting ${name}
  - return: Hello, ${name}.
"""
TYPES = """\
flow: show types
inputs:
  pin: text
  price: number
  loyal: yes or no
  day: date, optional
  tags: {type: list of text, default: []}
  notes: {type: anything, default: none}
steps:
  - return: {pin: = pin, price: = price, loyal: = loyal, day: = day, tags: = tags, notes: = notes}
"""


def test_a_text_is_printed_as_it_is_and_the_log_goes_elsewhere(command: Command) -> None:
    command.write("greet.yaml", GREET)

    result = command("run", "greet.yaml", "-i", "name=Ada")

    assert (result.code, result.out, result.err) == (0, "Hello, Ada.\n", "greeting Ada\n")


def test_a_flow_that_gives_nothing_prints_nothing(pending: Command) -> None:
    result = pending.resend()

    assert (result.code, result.out) == (0, "")


def test_each_mail_is_announced_and_lies_in_the_outbox(pending: Command) -> None:
    result = pending.resend()

    assert result.err == f"mailed {ALICE}; the mail is in outbox\n"
    (mail,) = pending.mails()
    assert f"To: {ALICE}" in mail


def test_json_prints_values_with_all_their_digits(command: Command) -> None:
    command.write(
        "give.yaml", "flow: give\nsteps:\n  - return: {third: = 1 / 3, day: '= date(\"2026-02-28\")', no: null}\n"
    )

    result = command("run", "give.yaml", "--json")

    assert '"third": 0.3333333333333333333333333333333333' in result.out
    assert json.loads(result.out)["day"] == "2026-02-28"


def test_json_of_nothing_is_null(pending: Command) -> None:
    assert pending.resend("--json").out == "null\n"


@pytest.mark.parametrize(
    ("prepare", "identity", "code", "sentence", "meaning"),
    [
        (["users", "confirm", ALICE], ALICE, 3102, "has already confirmed the address.", "so nothing is sent."),
        (["users", "settings", "emailConfirmationRequired=no"], ALICE, 3103, "turn it on with", "does not require"),
        (
            ["users", "list"],
            "nobody@youremail.com",
            3104,
            "registered as nobody@youremail.com.",
            "with this user identity",
        ),
    ],
)
def test_a_documented_failure_shows_place_code_sentence_line_block_and_meaning(
    pending: Command, prepare: list[str], identity: str, code: int, sentence: str, meaning: str
) -> None:
    pending(*prepare)

    result = pending.resend(identity=identity)

    assert (result.code, result.out) == (1, "")
    first, bar, line, caret, block, means = result.err.splitlines()
    assert first.startswith(f"{RESEND}:11:5: failed with {code}: ")
    assert sentence in first
    assert (bar, line) == ("   |", "11 |   - resend confirmation email:")
    assert caret == "   |     ^^^^^^^^^^^^^^^^^^^^^^^^^"
    assert block == "   = block: resend confirmation email"
    assert means.startswith(f"   = {code} means: ")
    assert meaning in means
    assert pending.mails() == []


def test_a_failure_as_json_begins_as_backendless_writes_it(pending: Command) -> None:
    result = pending.resend("--json", identity="nobody@youremail.com")

    data = json.loads(result.out)
    assert (result.code, result.err) == (1, "")
    assert list(data)[:2] == ["message", "code"]
    assert (data["code"], data["line"], data["block"]) == (3104, 11, "resend confirmation email")


def test_details_of_a_failure_are_shown(command: Command) -> None:
    command.write("f.yaml", "flow: f\nsteps:\n  - fail: {code: no stock, message: none left, details: {sku: 0123}}\n")

    assert "= details: {sku: " in command("run", "f.yaml").err


def test_inputs_are_read_by_their_declared_types(command: Command) -> None:
    command.write("types.yaml", TYPES)

    result = command(
        *("run", "types.yaml", "--json", "-i", "pin=0123", "-i", "price=1.10", "-i", "loyal=yes"),
        *("-i", "day=2026-02-28", "-i", "tags=[007, NO]", "-i", "notes={a: 1}"),
    )

    assert json.loads(result.out) == {
        "pin": "0123",
        "price": 1.1,
        "loyal": True,
        "day": "2026-02-28",
        "tags": ["007", "NO"],
        "notes": {"a": 1},
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("given.yaml", "pin: 0123\nprice: 1.10\nloyal: yes\nday: 2026-02-28\ntags: [1.0, no]\n"),
        ("given.json", '{"pin": "0123", "price": 1.10, "loyal": true, "day": "2026-02-28", "tags": ["1.0", "no"]}'),
    ],
)
def test_a_file_of_inputs_is_read_by_the_types_and_i_wins_over_it(command: Command, name: str, text: str) -> None:
    command.write("types.yaml", TYPES)
    command.write(name, text)

    result = command("run", "types.yaml", "--inputs", name, "--json", "-i", "pin=9")

    assert result.code == 0, result.err
    data = json.loads(result.out)
    assert (data["pin"], data["day"], data["tags"]) == ("9", "2026-02-28", ["1.0", "no"])
    assert '"price": 1.1' in result.out


def test_numbers_in_json_stay_exact(command: Command) -> None:
    command.write("same.yaml", "flow: same\ninputs: {value: anything}\nsteps:\n  - return: = value\n")
    command.write("given.json", '{"value": [0.1, 12345678901234567890.123456789, 1e2]}')

    result = command("run", "same.yaml", "--inputs", "given.json", "--json")

    assert result.out == "[\n  0.1,\n  12345678901234567890.123456789,\n  100\n]\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("given.json", '{"name": "a",}', "given.json:1:"),
        ("given.json", '{"name": 1, "name": 2}', "`name` stands twice"),
        ("given.json", '{"name": NaN}', "NaN is not a number"),
        ("given.json", "[" * 100_000, "nested too deeply"),
        ("given.json", '["a"]', "does not hold inputs"),
        ("given.yaml", "- a\n", "does not hold inputs"),
        ("given.yaml", "name: a\nname: b\n", "given.yaml:2:1:"),
        ("given.yaml", "", "given.yaml:1:1: this file is empty"),
    ],
)
def test_a_file_that_holds_no_inputs_is_explained(command: Command, name: str, text: str, said: str) -> None:
    command.write("greet.yaml", GREET)
    command.write(name, text)

    result = command("run", "greet.yaml", "--inputs", name)

    assert result.code == 2
    assert said in result.err


def test_missing_inputs_are_named_all_at_once_with_a_call_to_copy(command: Command) -> None:
    command.write("types.yaml", TYPES)

    result = command("run", "types.yaml")

    assert result.code == 2
    assert result.err == (
        "blockwright: `show types` needs `pin`, `price`, `loyal`\n"
        '  = hint: blockwright run types.yaml -i "pin=…" -i "price=…" -i "loyal=…"\n'
    )


def test_inputs_of_wrong_types_and_unknown_names_are_explained(command: Command) -> None:
    command.write("types.yaml", TYPES)

    wrong = command("run", "types.yaml", "-i", "pin=1", "-i", "price=much", "-i", "loyal=perhaps")
    unknown = command("run", "types.yaml", "-i", "pin=1", "-i", "prize=1", "-i", "loyal=no", "--json")

    assert (wrong.code, unknown.code) == (2, 2)
    assert '`price` must be a number, and this is the text "much"' in wrong.err
    assert '`loyal` must be true or false, and this is the text "perhaps"' in wrong.err
    data = json.loads(unknown.out)
    assert data["code"] == "wrong inputs"
    assert len(data["problems"]) == 2
    assert "did you mean `price`?" in data["message"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-i", "name"], "does not give a name its value"),
        (["-i", "=x"], "does not give a name its value"),
        (["-i", "name=x", "-i", "name=y"], "`name` is given twice"),
        (["--flows", "nowhere"], "there is no folder nowhere"),
        (["--mail", "pigeon:home"], "No mailer is known for pigeon: URLs"),
        (["--inpts", "x"], "--inpts"),
    ],
)
def test_a_call_that_cannot_work_is_said_in_one_sentence(command: Command, words: list[str], said: str) -> None:
    command.write("greet.yaml", GREET)

    result = command("run", "greet.yaml", *words)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("blockwright: ")
    assert said in result.err


def test_an_empty_text_can_be_given(command: Command) -> None:
    command.write("greet.yaml", GREET)

    assert command("run", "greet.yaml", "-i", "name=").out == "Hello, .\n"


def test_a_user_service_that_nobody_knows_is_found_before_the_run(command: Command) -> None:
    result = command.resend("--users", "carrier:pigeon")

    assert result.code == 2
    assert "No user service is known for carrier: URLs" in result.err


def test_a_wrong_flow_shows_every_finding(command: Command) -> None:
    command.write("wrong.yaml", "flow: wrong\nsteps:\n  - retrun: {a: 1}\n  - set: {a: = 1 +}\n")

    result = command("run", "wrong.yaml")
    data = json.loads(command("run", "wrong.yaml", "--json").out)

    assert (result.code, result.out) == (2, "")
    assert "wrong.yaml:3:5:" in result.err
    assert "wrong.yaml:4:" in result.err
    assert data["code"] == "wrong text"
    assert [each["line"] for each in data["findings"]] == [3, 4]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "this file is empty"),
        (b"flow: \xe9t\xe9\n", "not saved as UTF-8"),
        (b"- a\n- b\n", "list.yaml:1:1:"),
        (b"[" * 100_000, "list.yaml:1:"),
    ],
)
def test_a_file_that_is_no_flow_is_explained(command: Command, content: bytes, said: str) -> None:
    (command.folder / "list.yaml").write_bytes(content)

    result = command("run", "list.yaml")

    assert result.code == 2
    assert said in result.err


def test_a_missing_file_and_a_folder_are_explained(command: Command) -> None:
    assert "nowhere.yaml:1:1: there is no such file" in command("run", "nowhere.yaml").err
    assert ".:1:1: this is a folder, not a file" in command("run", ".").err


def test_a_database_that_is_locked_is_a_failure_with_a_place(pending: Command) -> None:
    with sqlite3.connect(pending.folder / "users.db") as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        result = pending.resend("--users", "sqlite:///users.db?timeout=0.1")
    connection.close()

    assert result.code == 1
    assert ":11:5: failed with unavailable: " in result.err
    assert "is locked by another program" in result.err


def test_a_file_that_is_no_database_is_a_failure_with_a_place(command: Command) -> None:
    command.write("users.db", "this is no database\n" * 100)

    result = command.resend()

    assert result.code == 1
    assert "is not an SQLite database; choose another file." in result.err


def test_an_outbox_that_cannot_be_written_loses_nothing(pending: Command) -> None:
    pending.write("file", "")

    result = pending.alone("run", str(RESEND), "-i", f"user identity={ALICE}", "--mail", "outbox:file/outbox")
    (mail,) = json.loads(pending("users", "mail", "--json").out)

    assert (result.code, result.out) == (0, "")
    assert "It is kept: blockwright users mail shows it and when it is due again." in result.err
    assert "blockwright users mail --retry ID tries one now" in result.err
    assert "again at" in pending("users", "mail").out
    assert (mail["state"], mail["tries"]) == ("waiting", 1)
    assert "could not be written into the outbox" in mail["problem"]
    assert pending("users", "mail", "--retry", mail["mailId"]).code == 0
    assert len(pending.mails()) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows names the folder in its registry, which a test must not change")
def test_the_default_database_and_outbox_are_in_the_data_folder(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BLOCKWRIGHT_USERS")
    monkeypatch.delenv("BLOCKWRIGHT_MAIL")
    folder = data_folder()
    assert folder is not None
    assert folder.is_relative_to(command.folder)

    unknown = command.resend()
    command("users", "settings", "emailConfirmationRequired=true")
    command("users", "add", ALICE, "--status", "pending")
    result = command.resend()

    assert "3103" in unknown.err
    assert (result.code, result.err) == (0, f"mailed {ALICE}; the mail is in {folder / 'outbox'}\n")
    assert (folder / "users.db").is_file()
    assert folder.stat().st_mode & 0o077 == 0


def test_a_flow_without_services_makes_no_data_folder(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BLOCKWRIGHT_USERS")
    monkeypatch.delenv("BLOCKWRIGHT_MAIL")
    command.write("greet.yaml", GREET)

    assert command("run", "greet.yaml", "-i", "name=Ada").code == 0
    folder = data_folder()
    assert folder is not None
    assert not folder.exists()


def test_a_flow_may_call_flows_of_another_folder(command: Command) -> None:
    (command.folder / "more").mkdir()
    command.write("more/greet.yaml", GREET)
    caller = "flow: caller\nsteps:\n  - greet: {name: Ada}\n    save as: words\n  - return: = words\n"
    command.write("caller.yaml", caller)

    assert command("run", "caller.yaml").code == 2
    assert command("run", "caller.yaml", "--flows", "more").out == "Hello, Ada.\n"


def test_a_trace_shows_each_step_as_it_happens_and_changes_nothing(command: Command) -> None:
    command.write(
        "count.yaml",
        "flow: two rounds\nsteps:\n  - repeat: 2\n    do:\n      - log: round\n"
        "  - try:\n      - fail: {code: 7, message: seven}\n    if it fails: {7: [log: seven again]}\n"
        "  - return: done\n",
    )

    result = command("run", "count.yaml", "--trace")

    assert result.out == "done\n"
    assert result.err.splitlines() == [
        "count.yaml: two rounds",
        "    3  repeat",
        "    3    · round 1",
        "    5      log",
        "round",
        "    3    · round 2",
        "    5      log",
        "round",
        "    6  try",
        "    7    fail",
        "           failed with 7: seven",
        "    8    log",
        "seven again",
        "    9  return",
        '         gives "done"',
    ]


def test_a_step_with_its_own_handlers_is_one_step_of_the_trace(pending: Command) -> None:
    flow = RESEND.with_name("resend-and-say-what-happened.yaml")

    result = pending("run", str(flow), "-i", "user identity=nobody", "--trace")

    steps = [line.split(maxsplit=1)[1] for line in result.err.splitlines()[1:] if line.strip()[:1].isdigit()]
    assert steps == ['resend confirmation email  (user identity: "nobody")', "return"]


def test_a_trace_tells_tries_branches_and_what_was_stopped(command: Command) -> None:
    command.write(
        "flow.yaml",
        "flow: many things\nsteps:\n  - for each: x\n    in: [1, 2]\n    at once: 2\n    do:\n"
        "      - wait: 0.0${x} seconds\n"
        "      - log: ${x}\n  - fail: {code: 7, message: no}\n    retry: {more tries: 1, only for: [7]}\n"
        "    if it fails: {7: ignore}\n  - wait: 10 days\n    time limit: 0.01 seconds\n"
        "    if it fails: {timed out: ignore}\n",
    )

    result = command("run", "flow.yaml", "--trace")

    assert result.err.splitlines() == [
        "flow.yaml: many things",
        "    3  for each",
        "    3    · round 1",
        "    7      wait",
        "             waits 10 milliseconds",
        "    3    · round 2",
        "    7      wait",
        "             waits 20 milliseconds",
        "         · round 1",
        "    8      log",
        "1",
        "         · round 2",
        "    8      log",
        "2",
        "    9  fail",
        "         failed with 7: no",
        "         try 2 of 2",
        "    9  fail",
        "         failed with 7: no",
        "   12  wait",
        "         waits 10 days",
        "         was stopped",
        "         failed with timed out: this took longer than its time limit of 10 milliseconds",
    ]


def test_a_trace_file_has_an_event_a_line(command: Command) -> None:
    command.write("flow.yaml", "flow: f\ninputs: {n: number}\nsteps:\n  - fail: {code: 7, message: = string(n)}\n")

    result = command("run", "flow.yaml", "-i", "n=0.10", "--trace-file", "trace.jsonl")

    assert result.code == 1
    events = [json.loads(line, parse_float=str) for line in (command.folder / "trace.jsonl").read_text().splitlines()]
    assert [(each["event"], each["id"], each["parent"]) for each in events] == [
        ("run begins", 1, None),
        ("step begins", 2, 1),
        ("step fails", 2, 1),
        ("run ends", 1, None),
    ]
    assert events[0]["inputs"] == {"n": "0.1"}
    assert events[0]["format"] == 1
    assert events[2]["failure"] == {
        "message": "0.1",
        "code": 7,
        "file": "flow.yaml",
        "line": 4,
        "column": 5,
        "flow": "f",
    }
    assert events[2]["new"] is True
    assert float(events[2]["seconds"]) >= 0


def test_a_trace_file_that_cannot_be_written_is_said(command: Command) -> None:
    command.write("flow.yaml", "flow: f\nsteps:\n  - log: a\n")
    result = command("run", "flow.yaml", "--trace-file", "nowhere/trace.jsonl")
    assert (result.code, result.err) == (
        2,
        "blockwright: the trace cannot be written into nowhere/trace.jsonl: No such file or directory\n",
    )


def test_a_trace_is_not_written_over_a_flow(command: Command) -> None:
    command.write("helper.yaml", "flow: helper\nsteps:\n  - log: a\n")
    command.write("flow.yaml", "flow: f\nsteps:\n  - helper\n")

    for name in ("flow.yaml", "./helper.yaml"):
        result = command("run", "flow.yaml", "--trace-file", name)
        assert (result.code, result.out) == (2, "")
        assert f"the trace would be written over the flow in {name}" in result.err
    assert command("run", "flow.yaml").code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(("last", "code"), [("return: done", 74), ("fail: {code: 7, message: seven}", 1)])
def test_a_run_comes_to_its_end_when_its_trace_cannot_be_written_any_further(
    command: Command, last: str, code: int
) -> None:
    command.write("flow.yaml", f"flow: f\nsteps:\n  - log: a\n  - log: b\n  - {last}\n")

    result = command("run", "flow.yaml", "--trace-file", "/dev/full")

    assert (result.code, result.out) == (code, "done\n" if code == 74 else "")
    assert result.err.startswith("a\nb\n")
    assert result.err.endswith("blockwright: the trace in /dev/full is not whole: No space left on device\n")


def test_a_trace_may_take_standard_output_in_place_of_the_result(command: Command) -> None:
    command.write("flow.yaml", "flow: f\nsteps:\n  - log: a\n  - return: ü\n")

    result = command("run", "flow.yaml", "--trace-file", "-")

    events = [json.loads(line) for line in result.out.splitlines()]
    assert (result.code, result.err) == (0, "a\n")
    assert (events[0]["event"], events[-1]["event"], events[-1]["value"]) == ("run begins", "run ends", "ü")
    both = command("run", "flow.yaml", "--trace-file", "-", "--json")
    assert (both.code, both.out) == (2, "")
    assert "both take standard output" in both.err


def test_limits_can_be_set(command: Command) -> None:
    command.write("loop.yaml", "flow: loop\nsteps:\n  - while: = true\n    do:\n      - log: a\n")

    assert "timed out" in command("run", "loop.yaml", "--most-time", "0.01 seconds").err
    assert "more than the 50 steps" in command("run", "loop.yaml", "--most-steps", "50").err
    assert command("run", "loop.yaml", "--most-log-lines", "3").err.startswith("a\na\na\n")
    wrong = command("run", "loop.yaml", "--most-time", "soon")
    assert wrong.code == 2
    assert "--most-time: this must be a duration such as 5 seconds" in wrong.err


def test_endless_flows_end_with_a_code(command: Command) -> None:
    command.write("loop.yaml", "flow: loop\nsteps:\n  - while: = true\n    do:\n      - set: {a: 1}\n")
    command.write("deep.yaml", "flow: deep\nsteps:\n  - deep\n")

    assert "failed with too many steps" in command("run", "loop.yaml").err
    assert "failed with too deep" in command("run", "deep.yaml").err
