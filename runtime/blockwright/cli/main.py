"""The command's front door: it starts what was typed, and turns each way of ending into words and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import typer

from blockwright.cli.commands import app
from blockwright.cli.stopping import BROKEN, NO_READER, NO_ROOM, OK, STOPPED, TERMINATED, WRONG, Stoppable
from blockwright.cli.terminal import CallError, OutputError, complain, finish, prepare_streams, tell


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code: 0 done, 1 failed, 2 the flow or the call is wrong; the others are in
    ``stopping``."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    stoppable = Stoppable()
    prepare_streams()
    try:
        with stoppable:
            code = _start(typed)
            finish()
            return code
    except KeyboardInterrupt:
        complain("stopped")
        return _ending(stoppable.code, typed)
    except BrokenPipeError:
        _drop_output()
        return NO_READER
    except OutputError as error:
        _drop_output()
        complain(f"the output cannot be written: {error}")
        return NO_ROOM
    except CallError as error:
        complain(error.message, error.mend)
        return _ending(WRONG, typed)
    except Exception as error:
        return _ending(_misspelt(error) if isinstance(error, _CallProblem) else _broken(error), typed)


def _ending(code: int, typed: list[str]) -> int:
    """The exit code of a call that came to no end of its own; ``blockwright test`` has those of pytest."""
    return _AS_PYTEST.get(code, code) if typed[:1] == ["test"] else code


_AS_PYTEST = {STOPPED: 2, TERMINATED: 2, BROKEN: 3, WRONG: 4}


def _start(arguments: list[str]) -> int:
    """Do what was typed. Not by calling the app, which would end Ctrl-C and broken pipes in its own way."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("blockwright", arguments) as context:
            return command.invoke(context) or OK
    except typer.Exit as done:
        return done.exit_code


class _Context(Protocol):
    command_path: str


@runtime_checkable
class _CallProblem(Protocol):
    """What typer raises when the command line itself is wrong; where it keeps the class depends on its release."""

    exit_code: int
    ctx: _Context | None

    def format_message(self) -> str: ...


def _misspelt(problem: _CallProblem) -> int:
    command = problem.ctx.command_path if problem.ctx else "blockwright"
    complain(problem.format_message(), f"see {command} --help")
    return WRONG


def _broken(error: Exception) -> int:
    if os.environ.get("BLOCKWRIGHT_DEBUG"):
        import traceback

        tell("".join(traceback.format_exception(error)))
    complain(
        f"something went wrong that nobody expected: {type(error).__name__}: {error}",
        "please report it, together with what the command prints when BLOCKWRIGHT_DEBUG=1 is set in the environment",
    )
    return BROKEN


def _drop_output() -> None:
    """Point what cannot be written at nothing, so that Python does not try to write it once more at exit."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
