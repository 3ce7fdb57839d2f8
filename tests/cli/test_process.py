"""The command as a process: signals, pipes, terminals, encodings, and what it imports."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.pack import install
from tests.cli.world import RESEND, Command

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and terminals as POSIX has them")

WAITING = """\
flow: waiting
steps:
  - try:
      - log: waiting
      - {call}
    always:
      - log: tidied up
"""
TRICKS = 'flow: tricks\nsteps:\n  - return: "red \\e[31m is not é \\u202e"\n'


@posix_only
@pytest.mark.parametrize("call", ["wait until stopped", "wait for a reader: {path: pipe}"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_tidies_up_and_says_so_in_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, call: str, number: signal.Signals, code: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(command.folder / "packs")), prepend=os.pathsep)
    os.mkfifo(command.folder / "pipe")
    command.write("waiting.yaml", WAITING.replace("{call}", call))

    assert stopped(command, number) == (code, "", "tidied up\nblockwright: stopped\n")


@posix_only
@pytest.mark.parametrize("call", ["wait until stopped", "wait for a reader: {path: pipe}"])
def test_a_run_in_the_background_where_ctrl_c_is_ignored_can_be_stopped(
    command: Command, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(command.folder / "packs")), prepend=os.pathsep)
    os.mkfifo(command.folder / "pipe")
    command.write("waiting.yaml", WAITING.replace("{call}", call))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert stopped(command, signal.SIGTERM) == (143, "", "tidied up\nblockwright: stopped\n")
    finally:
        signal.signal(signal.SIGINT, before)


def stopped(command: Command, number: signal.Signals) -> tuple[int, str, str]:
    """How a run ends, and what it prints, when it is sent a signal while it waits."""
    with command.start("run", "waiting.yaml") as process:
        try:
            assert process.stderr is not None
            assert process.stderr.readline() == "waiting\n"
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    return process.returncode, out, err


@posix_only
def test_output_that_nobody_reads_ends_the_command_quietly(command: Command) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(command.words("blocks"), stdout=writing, stderr=subprocess.PIPE, timeout=30, check=False)
    os.close(writing)

    assert (done.returncode, done.stderr) == (141, b"")


def test_a_flow_comes_from_standard_input_and_utf_8_goes_out_whatever_the_system_thinks(command: Command) -> None:
    result = command.alone(
        *("run", "-", "-i", "name=日本 é"),
        text="flow: greet\ninputs: {name: text}\nsteps:\n  - log: für ${name}\n  - return: Grüße, ${name}\n",
        environment={"LC_ALL": "C", "PYTHONIOENCODING": "cp1252"},
    )

    assert (result.code, result.out, result.err) == (0, "Grüße, 日本 é\n", "für 日本 é\n")


def test_a_failure_in_a_flow_from_standard_input_shows_its_line(command: Command) -> None:
    result = command.alone("run", "-", text="flow: f\nsteps:\n  - fail: {code: 7, message: seven}\n")

    assert result.code == 1
    assert result.err.startswith("standard input:3:5: failed with 7: seven\n  |\n3 |   - fail: {code")


def test_what_comes_out_of_a_pipe_is_the_text_itself(command: Command) -> None:
    command.write("tricks.yaml", TRICKS)

    assert command.alone("run", "tricks.yaml").out == "red \x1b[31m is not é \u202e\n"


@posix_only
def test_a_terminal_gets_colours_and_no_tricks(command: Command) -> None:
    command.write("tricks.yaml", TRICKS)
    command.write("bad.yaml", "flow: bad\nsteps:\n  - retrun: {a: 1}\n")

    assert at_a_terminal(command, "run", "tricks.yaml") == "red \\x1b[31m is not é \\u202e\n"
    assert "\x1b[1;31m^^^^^^\x1b[0m" in at_a_terminal(command, "check", "bad.yaml")
    assert "\x1b" not in at_a_terminal(command, "check", "bad.yaml", NO_COLOR="1")


ROUNDS = """\
flow: many rounds
inputs: {often: number}
steps:
  - count: number
    from: 1
    to: 5000
    do:
      - if: = modulo(number, often) = 0
        then:
          - look: {n: = number}
            if it fails: {404: ignore}
  - for each: x
    in: = for x in 1..60 return x
    at once: 20
    do:
      - wait: 150 milliseconds
functions:
  look:
    inputs: {n: number}
    steps:
      - fail: {code: 404, message: 'nothing for ${n}'}
"""


@posix_only
def test_a_trace_at_a_terminal_shows_ten_rounds_what_fails_in_others_and_how_far_the_loops_are(
    command: Command,
) -> None:
    command.write("rounds.yaml", ROUNDS)

    shown = at_a_terminal(command, "run", "rounds.yaml", "-i", "often=2000", "--trace", NO_COLOR="1")

    lines = [line.strip() for line in plain(shown).splitlines()]
    rounds = [line.partition("· ")[2] for line in lines if "· round" in line and line.startswith("4 ")]
    assert rounds == [f"round {number}" for number in range(1, 11)] + ["round 2,000", "round 4,000"]
    start = lines.index("4    · round 4,000")
    assert lines[start : start + 5] == [
        "4    · round 4,000",
        "8      if",
        "10        look  (n: 4000)",
        "21          fail",
        "failed with 404: nothing for 4000",
    ]
    assert "· from round 11 on, only what fails or is stopped is shown" in lines
    assert {"5,000 rounds", "60 rounds"} <= set(lines)
    assert lines.count("waits 150 milliseconds") == 10
    assert re.search(r"for each \(line 12\): [1-9]\d* of 60 rounds done", shown)
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h")


@posix_only
def test_a_trace_at_a_terminal_is_no_flood_where_every_round_fails(command: Command) -> None:
    command.write("rounds.yaml", ROUNDS)

    shown = at_a_terminal(command, "run", "rounds.yaml", "-i", "often=1", "--trace")

    assert shown.count("failed with 404") == 20
    assert shown.count("what fails from here on is not shown either") == 1


SLOW = """\
flow: slow
steps:
  - try:
      - repeat: 1000
        do:
          - wait: 2 milliseconds
      - log: now
      - repeat: 1000
        do:
          - wait: 100 milliseconds
    always:
      - log: tidied up
"""


@posix_only
def test_ctrl_c_in_a_trace_shows_where_it_was_and_leaves_the_terminal_as_it_found_it(command: Command) -> None:
    command.write("slow.yaml", SLOW)

    shown = at_a_terminal(command, "run", "slow.yaml", "--trace", stop_at=r"line 8\): round (1[5-9]|[2-9]\d|\d{3})")

    where = re.search(r"8 +· round (\d+)\n +10 +wait\n +was stopped\n", plain(shown))
    assert where is not None
    assert int(where[1]) >= 15
    assert plain(shown).split("\n")[-4:] == ["tidied up", "", "blockwright: stopped", ""]
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") == 1


def test_a_trace_in_a_pipe_shows_every_round(command: Command) -> None:
    command.write("rounds.yaml", ROUNDS.replace("5000", "50"))

    lines = command("run", "rounds.yaml", "-i", "often=7", "--trace").err.splitlines()

    assert lines.count("   10        look  (n: 49)") == 1
    assert sum("· round" in line for line in lines) >= 90
    assert not any("only what fails" in line for line in lines)


def plain(shown: str) -> str:
    """What a terminal was told without colours, movements and lines that it was told to clear."""
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]|[^\n]*\r", "", shown)


def at_a_terminal(command: Command, *words: str, stop_at: str = "", **environment: str) -> str:
    """What a call shows at a terminal; somebody presses Ctrl-C when it shows the pattern ``stop_at``."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command.words(*words),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=command.folder,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "", **environment},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:
            break
        if not read:
            break
        shown += read
        if stop_at and re.search(stop_at.encode(), shown):
            os.write(ours, b"\x03")
            stop_at = ""
    os.close(ours)
    process.wait(timeout=30)
    return shown.decode().replace("\r\n", "\n")


LEAN = """
import sys
from pathlib import Path
from blockwright.cli.main import main

def heavy():
    names = {name.partition(".")[0] for name in sys.modules}
    return sorted(names & {"sqlalchemy", "aiosqlite", "pydantic", "yaml"})

main(["--help"])
print("help:", heavy(), file=sys.stderr)
main(["blocks"])
print("blocks:", "sqlalchemy" in heavy(), "blockwright.engine.runtime" in sys.modules, file=sys.stderr)
main(["expr", "1"])
print("expr:", "sqlalchemy" in heavy(), "blockwright.engine.runtime" in sys.modules, file=sys.stderr)
main(["check", FLOW])
print("check:", "sqlalchemy" in heavy(), file=sys.stderr)
main(["run", "greet.yaml"])
print("run:", "sqlalchemy" in heavy(), file=sys.stderr)
"""


def test_commands_import_only_what_they_use(command: Command) -> None:
    command.write("greet.yaml", "flow: greet\nsteps:\n  - return: hello\n")
    code = LEAN.replace("FLOW", repr(str(RESEND)))

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    assert done.stderr.splitlines() == [
        "help: []",
        "blocks: False False",
        "expr: False False",
        "check: False",
        "run: False",
    ]


def test_every_command_has_help_with_examples_or_options(command: Command) -> None:
    for words in (["run"], ["check"], ["blocks"], ["expr"], ["users"], ["users", "settings"]):
        result = command(*words, "--help")
        assert (result.code, result.err) == (0, "")
        assert "Examples:" in result.out


def test_the_version_is_the_installed_one(command: Command) -> None:
    assert command("--version").out.startswith("blockwright 0.")


def test_the_command_alone_shows_what_there_is(command: Command) -> None:
    result = command()

    assert result.code == 0
    assert all(name in result.out for name in ("run", "check", "blocks", "expr", "users"))


def test_a_command_that_is_nearly_right_is_put_right(command: Command) -> None:
    result = command("chekc")

    assert (result.code, result.out) == (2, "")
    assert "check" in result.err


def test_what_nobody_expected_is_one_sentence_unless_somebody_looks_for_it(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "def open_it(url, mailer):\n    raise RuntimeError('no luck')\n"
    entry = "[blockwright.user_services]\nunlucky = unlucky_pack:open_it\n"
    packs = install(command.folder / "packs", code, "unlucky", entry)
    monkeypatch.syspath_prepend(str(packs))

    quiet = command("users", "list", "--users", "unlucky:")
    monkeypatch.setenv("BLOCKWRIGHT_DEBUG", "1")
    loud = command("users", "list", "--users", "unlucky:")

    assert (quiet.code, loud.code) == (70, 70)
    assert "RuntimeError: no luck" in quiet.err
    assert "Traceback" not in quiet.err
    assert "Traceback" in loud.err


@posix_only
@pytest.mark.parametrize(("target", "code"), [("/dev/full", 74), ("&-", 0)])
def test_output_that_cannot_be_written_is_said_and_a_closed_one_is_not_missed(
    command: Command, target: str, code: int
) -> None:
    if target.startswith("/") and not Path(target).exists():
        pytest.skip(f"this system has no {target}")
    line = shlex.join(command.words("expr", "1 + 2"))

    done = subprocess.run(["sh", "-c", f"{line} >{target}"], stderr=subprocess.PIPE, text=True, timeout=30, check=False)

    assert done.returncode == code
    assert done.stderr == ("blockwright: the output cannot be written: No space left on device\n" if code else "")


@posix_only
def test_a_run_goes_on_when_nobody_reads_its_log(command: Command) -> None:
    command.write("greet.yaml", "flow: greet\nsteps:\n  - log: hello\n  - return: done\n")
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        command.words("run", "greet.yaml"), stdout=subprocess.PIPE, stderr=writing, text=True, timeout=30, check=False
    )
    os.close(writing)

    assert (done.returncode, done.stdout) == (0, "done\n")
