"""``blockwright expr`` without an expression: a prompt at a terminal, line by line out of a pipe."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.cli.world import Command

posix_only = pytest.mark.skipif(os.name != "posix", reason="terminals as POSIX has them")


class Terminal:
    """Somebody at a terminal: types lines and reads what is shown."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process = process
        self._screen = screen
        self._shown = ""

    def type(self, text: str) -> None:
        os.write(self._screen, text.encode())

    def until(self, text: str) -> str:
        """What is shown next, up to this text, without colours and movements of the cursor."""
        while text not in self._shown:
            assert select.select([self._screen], [], [], 30)[0], f"{text!r} is not shown, but {self._shown!r}"
            self._shown += self._read()
        before, _, self._shown = self._shown.partition(text)
        return before

    def _read(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", os.read(self._screen, 4096).decode())

    def press_ctrl_c(self) -> None:
        """Press it until something happens: Python sees no signal that comes between two looks at the keyboard."""
        for _ in range(3):
            self.type("\x03")
            if select.select([self._screen], [], [], 10)[0]:
                return

    def skip(self) -> None:
        """Look away from what has been shown by now."""
        while select.select([self._screen], [], [], 0)[0]:
            self._shown = self._read()

    def answer(self, line: str) -> str:
        """What is shown between a line and the next prompt."""
        self.type(line + "\n")
        self.until(line)
        return self.until("\n= ").strip("\n")

    def killed(self) -> int:
        """The exit code once SIGTERM, sent until it is seen, has ended the command."""
        for _ in range(3):
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(timeout=10)
        return self.code()

    def code(self) -> int:
        """The exit code, once the command has ended."""
        return self.process.wait(timeout=30)


@contextmanager
def prompt(command: Command, *words: str) -> Iterator[Terminal]:
    ours, theirs = os.openpty()

    def sit_down() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests that run in the background have it ignored
        os.login_tty(theirs)

    process = subprocess.Popen(
        command.words("expr", *words),
        cwd=command.folder,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "200"},
        start_new_session=True,
        pass_fds=[theirs],
        preexec_fn=sit_down,
    )
    os.close(theirs)
    terminal = Terminal(process, ours)
    try:
        terminal.until("\n= ")
        yield terminal
    finally:
        process.kill()
        process.wait(timeout=30)
        os.close(ours)


@posix_only
def test_values_are_shown_with_their_types(command: Command) -> None:
    with prompt(command, "-v", "price=10") as terminal:
        assert terminal.answer("price * 1.19") == "11.9  (number)"
        assert terminal.answer('"a" + "b"') == "ab  (text)"
        assert terminal.answer("[1, {a: null}]") == "[1, {a: null}]  (list of number or object)"
        assert (
            terminal.answer("for n in 1..40 return n")
            == "\n".join(f"- {n}" for n in range(1, 41)) + "\n(list of number)"
        )
        assert terminal.answer("null") == "null"
        assert terminal.answer("= price > 3") == "true  (yes or no)"
        assert terminal.answer("   ") == ""
        terminal.type("exit\n")
        assert terminal.code() == 0


@posix_only
def test_names_get_values_and_keep_them(command: Command) -> None:
    with prompt(command) as terminal:
        assert terminal.answer("tax rate = 0.2") == "tax rate = 0.2  (number)"
        assert terminal.answer("gross = function(net) net * (1 + tax rate)") == "gross = function(net)  (function)"
        assert terminal.answer("gross(10)") == "12  (number)"
        assert terminal.answer("tax rate = 0.5") == "tax rate = 0.5  (number)"
        assert terminal.answer("(tax rate = 0.2)") == "false  (yes or no)"
        assert terminal.answer("tax rate is 0.5") == "true  (yes or no)"
        assert terminal.answer("xs = [tax rate]") == "xs = [0.5]  (list of number)"


@posix_only
def test_what_is_wrong_has_a_caret_and_nothing_is_lost(command: Command) -> None:
    with prompt(command, "-v", "tax rate=3") as terminal:
        assert "  |     ^^^^^^^\n  = hint: did you mean `tax rate`?" in terminal.answer("1 + tax rat")
        assert "1 | x = tax rate / 0\n  |     ^" in terminal.answer("x = tax rate / 0")
        assert "there is no name `x` here" in terminal.answer("x")
        assert terminal.answer("tax rate") == "3  (number)"


@posix_only
def test_ctrl_c_clears_the_line_and_ctrl_d_leaves(command: Command) -> None:
    with prompt(command) as terminal:
        terminal.type("1 + 2 + ")
        terminal.until("1 + 2 + ")
        terminal.press_ctrl_c()
        terminal.until("\n= ")
        assert terminal.answer("7 * 6").endswith("42  (number)")
        terminal.type("for a in 1..1000 return for b in 1..2900 return string(b / 7)\n")
        terminal.until("string(b / 7)\n")
        terminal.press_ctrl_c()
        assert terminal.until("\n= ").strip("^C\n") == ""
        terminal.type("\x04")
        assert terminal.code() == 0


@posix_only
def test_ctrl_c_as_often_as_one_likes_does_not_leave(command: Command) -> None:
    with prompt(command) as terminal:
        for _ in range(100):
            for _ in range(20):
                terminal.type("\x03")
            terminal.skip()
        # The last of them may come late, and clear the first line.
        terminal.type("6 * 7\n6 * 7\n")
        terminal.until("42  (number)")


@posix_only
def test_sigterm_ends_the_prompt(command: Command) -> None:
    with prompt(command) as terminal:
        assert terminal.killed() == 143


@posix_only
def test_help_tells_of_functions_operators_and_names(command: Command) -> None:
    with prompt(command, "-v", "price=3") as terminal:
        everything = terminal.answer("?")
        assert "names\n  price\n" in everything
        assert "lists: list contains, count" in everything
        assert terminal.answer("help string length") == (
            'How many characters the text has.\n  string length(string: text) gives number\n  string length("foo") → 3'
        )
        assert terminal.answer("? string length") == terminal.answer("string length?")
        assert "price between 10 and 20 → true" in terminal.answer("help between")
        assert "nickname is null → true" in terminal.answer("help is empty")
        assert "did you mean `string length`?" in terminal.answer("help string lenght")
        assert "? shows all of them" in terminal.answer("help zzzzzz")
        assert terminal.answer("help = 3") == "help = 3  (number)"
        assert terminal.answer("help") == "3  (number)"


@posix_only
def test_lines_are_remembered_from_one_prompt_to_the_next(command: Command) -> None:
    pytest.importorskip("readline")
    with prompt(command) as terminal:
        assert terminal.answer("6 * 7") == "42  (number)"
        terminal.type("exit\n")
        assert terminal.code() == 0
    history = command.folder / "data" / "blockwright" / "expressions.history"
    assert history.stat().st_mode & 0o777 == 0o600
    with prompt(command) as terminal:
        terminal.type("\x1b[A\x1b[A\n")
        assert "42  (number)" in terminal.until("\n= ")


@posix_only
def test_tab_completes_names_and_functions(command: Command) -> None:
    pytest.importorskip("readline")
    with prompt(command, "-v", "user identity=alice") as terminal:
        terminal.type("string len\t(user id\t)\n")
        assert "5  (number)" in terminal.until("\n= ")


@posix_only
def test_where_the_data_folder_cannot_be_made_the_prompt_works_all_the_same(command: Command) -> None:
    command.write("data", "a file where the folder should be")
    with prompt(command) as terminal:
        assert terminal.answer("1 + 1") == "2  (number)"


LINES = """\
// prices
price = 12.50
order = {items: [price, 3], to: "Ada"}

sum(order.items)
order
= "a\\nb"
null
"""


def test_a_pipe_is_answered_line_by_line(command: Command) -> None:
    result = command.alone("expr", text=LINES)

    assert (result.code, result.err) == (0, "")
    assert result.out == '15.5\n{items: [12.5, 3], to: Ada}\n"a\\nb"\nnull\n'


def test_wrong_lines_in_a_pipe_are_named_and_the_others_answered(command: Command) -> None:
    result = command.alone("expr", "-v", "n=0", text="1 / n\n1 +\nn\n")

    assert (result.code, result.out) == (2, "0\n")
    assert result.err.startswith("standard input:1:1: failed with bad value: 1 cannot be divided by zero\n")
    assert "\nstandard input:2:3: something is missing after `+`\n  |\n2 | 1 +\n  |   ^" in result.err
    assert command.alone("expr", text="1 / 0\n2\n").code == 1


def test_json_out_of_a_pipe_is_one_value_a_line(command: Command) -> None:
    result = command.alone(
        "expr", "--json", text='{a: [1, "x\\ny"]}\n1 / 0\ntax rat\nx = 1\n', environment={"TZ": "UTC"}
    )
    values = [json.loads(line) for line in result.out.splitlines()]

    assert (result.code, result.err) == (2, "")
    assert values == [
        {"a": [1, "x\ny"]},
        {
            "message": "1 cannot be divided by zero",
            "code": "bad value",
            "file": "standard input",
            "line": 2,
            "column": 1,
        },
        {
            "message": "there is no name `tax rat` here",
            "code": "wrong text",
            "file": "standard input",
            "line": 3,
            "column": 1,
        },
    ]


def test_each_line_of_a_pipe_is_answered_at_once(command: Command) -> None:
    with subprocess.Popen(
        command.words("expr"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=command.folder, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for n in (1, 2):
            process.stdin.write(f"{n} + 1\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{n + 1}\n"
        process.stdin.close()
        assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(
    ("data", "said"), [(b"1\n\xff\n", "is not UTF-8"), (b"1\n" + b"1" * 1_000_002, "is longer than 1 MB")]
)
def test_what_is_no_text_ends_the_pipe_in_one_sentence(command: Command, data: bytes, said: str) -> None:
    done = subprocess.run(
        command.words("expr"), input=data, capture_output=True, cwd=command.folder, timeout=60, check=False
    )

    assert (done.returncode, done.stdout) == (2, b"1\n")
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_variable_that_cannot_be_read_ends_it_before_it_begins(command: Command) -> None:
    result = command.alone("expr", "-v", "a=[1, {]", text="1\n")

    assert (result.code, result.out) == (2, "")
