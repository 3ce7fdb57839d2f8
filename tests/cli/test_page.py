"""The page about the command is true: every command on it is run, and says what stands there."""

from __future__ import annotations

import io
import re
import shlex
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from blockwright.cli import stopping
from blockwright.cli.main import main
from tests.cli.world import FLOWS, Command

PAGE = (Path(__file__).parents[2] / "docs" / "command.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"^\$ (.*)\n((?:(?!\$ |```).*\n)*)", "".join(re.findall(r"```console\n(.*?)```", PAGE, re.S)), re.M
)


def test_every_command_on_the_page_says_what_stands_there(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FLOWS, command.folder / "flows", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    code = 0
    for line, expected in COMMANDS:
        first, *words = shlex.split(line)
        shown = io.StringIO()
        if first == "export":
            monkeypatch.setenv(*words[0].split("=", 1))
        elif line == "echo $?":
            shown.write(f"{code}\n")
        else:
            assert first == "blockwright", line
            with redirect_stdout(shown), redirect_stderr(shown):
                code = main(words)
        pattern = re.escape(expected).replace(r"\ \ …" + "\\\n", "(?:.*\n)*").replace("…", ".*")
        assert re.fullmatch(pattern, shown.getvalue()), f"$ {line}\n{shown.getvalue()}"


def test_the_page_shows_every_command_and_option(command: Command) -> None:
    for name in ("run", "check", "blocks", "expr", "users add", "users list", "users confirm", "users settings"):
        assert any(line.startswith(f"blockwright {name}") for line, _ in COMMANDS), name
        for option in re.findall(r"(--[a-z]+)", command(*name.split(), "--help").out):
            assert re.search(rf"{option}(?![a-z])", PAGE), option


def test_the_exit_codes_on_the_page_are_those_there_are() -> None:
    written = {int(code) for code in re.findall(r"^\| (\d+) \| [A-Z]", PAGE, re.M)}

    assert written == {value for value in vars(stopping).values() if type(value) is int}
