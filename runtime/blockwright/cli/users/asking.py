"""Asking whoever sits at the terminal: whether something shall really happen, and for passwords."""

from __future__ import annotations

import getpass
import sys
import warnings

from blockwright.cli.terminal import CallError, has_terminal, tell

LONGEST = 10_000
"""How much is read of a password from standard input, in bytes; a user service takes far less."""


def is_sure(question: str, *, yes: bool) -> bool:
    """Whether something that cannot be taken back shall happen. Raises CallError where nobody can be asked."""
    if yes:
        return True
    if not has_terminal(sys.stdin):
        raise CallError("this cannot be taken back, and there is nobody to ask", "if you are sure: --yes")
    tell(f"{question} (yes or no)")
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    tell("nothing was done")
    return False


def ask_password() -> str:
    """A password, typed twice without being shown. Raises CallError."""
    if not has_terminal(sys.stdin):
        raise CallError(
            "a password is asked for at a terminal, and there is none here",
            "give it on standard input: --password-stdin < password.txt",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            first = getpass.getpass("New password: ")
            second = getpass.getpass("The same again: ")
    except (EOFError, getpass.GetPassWarning):
        raise CallError("no password was given, so nothing was changed") from None
    if first != second:
        raise CallError("the two passwords differ, so nothing was changed", "try again")
    return _some(first)


def read_password() -> str:
    """A password from standard input, without the end of its line. Raises CallError."""
    if has_terminal(sys.stdin):
        raise CallError(
            "--password-stdin reads a pipe or a file, and not what is typed, which would be seen",
            "leave it out; `blockwright users password` asks without showing it",
        )
    data = sys.stdin.buffer.read(LONGEST + 1) if sys.stdin else b""
    if len(data) > LONGEST:
        raise CallError(f"what comes from standard input is longer than {LONGEST} bytes, and no password")
    try:
        return _some(data.decode().removesuffix("\n").removesuffix("\r"))
    except UnicodeDecodeError:
        raise CallError("the password on standard input is not UTF-8") from None


def _some(password: str) -> str:
    if not password:
        raise CallError("the password is empty, so nothing was changed")
    return password
