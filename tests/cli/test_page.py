"""The page about the command is true: every command on it is run, and says what stands there."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from typer.main import get_command

from blockwright.cli import stopping
from blockwright.cli.commands import app
from blockwright.cli.main import main
from tests.cli.world import FLOWS, Command

PAGE = (Path(__file__).parents[2] / "docs" / "command.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"^\$ (.*)\n((?:(?!\$ |```).*\n)*)", "".join(re.findall(r"```console\n(.*?)```", PAGE, re.S)), re.M
)


def test_every_command_on_the_page_says_what_stands_there(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FLOWS, command.folder / "flows", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    command.write("password.txt", "correct horse\n")
    code = 0
    for line, expected in COMMANDS:
        first, *words = shlex.split(line)
        words, taken, kept = redirected(words)
        shown = io.StringIO()
        if first == "export":
            monkeypatch.setenv(*words[0].split("=", 1))
        elif line == "echo $?":
            shown.write(f"{code}\n")
        else:
            assert first == "blockwright", line
            with Path(taken or os.devnull).open(encoding="utf-8") as stdin:
                monkeypatch.setattr(sys, "stdin", stdin)
                with redirect_stdout(io.StringIO() if kept else shown) as out, redirect_stderr(shown):
                    code = main(words)
            if kept:
                Path(kept).write_text(out.getvalue(), encoding="utf-8")
        pattern = re.escape(expected).replace(r"\ \ …" + "\\\n", "(?:.*\n)*").replace("…", ".*")
        assert re.fullmatch(pattern, shown.getvalue()), f"$ {line}\n{shown.getvalue()}"


def redirected(words: list[str]) -> tuple[list[str], str | None, str | None]:
    """The words of a command, the file it reads and the file it writes."""
    files = dict(zip(words[-2::2], words[-1::2], strict=False)) if words[-2:-1] in (["<"], [">"]) else {}
    return (words[:-2] if files else words), files.get("<"), files.get(">")


def names_of(group: object, path: str = "") -> Iterator[str]:
    """Every command, as it is typed."""
    for name, each in getattr(group, "commands", {}).items():
        yield f"{path}{name}"
        yield from names_of(each, f"{path}{name} ")


EVERY_COMMAND = list(names_of(get_command(app)))


def test_the_page_shows_every_command_and_option(command: Command) -> None:
    assert "users roles give" in EVERY_COMMAND
    for name in EVERY_COMMAND:
        assert f"blockwright {name}" in PAGE or f"`{name}" in PAGE, name
        for option in re.findall(r"(--[a-z]+(?:-[a-z]+)*)", command(*name.split(), "--help").out):
            assert re.search(rf"{option}(?![a-z])", PAGE), option


def test_the_exit_codes_on_the_page_are_those_there_are() -> None:
    written = {int(code) for code in re.findall(r"^\| (\d+) \| [A-Z]", PAGE, re.M)}

    assert written == {value for value in vars(stopping).values() if type(value) is int}


@pytest.mark.parametrize("name", [name for name in EVERY_COMMAND if not name.endswith("list")])
def test_the_help_of_a_command_has_an_example_of_it(command: Command, name: str) -> None:
    assert re.search(rf"Examples:\n(.*\n)*  +blockwright {name}\b", command(*name.split(), "--help").out)
