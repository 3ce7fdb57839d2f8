"""Editing lines at the prompt with Python's own readline, where it has one: history, and names on Tab."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from blockwright.cli.defaults import data_folder, make_data_folder

REMEMBERED = 1000
"""Lines of history that are kept."""


@contextmanager
def editing(words: Callable[[], Iterable[str]]) -> Iterator[bool]:
    """While entered, ``input`` has history and completes ``words`` on Tab; tells whether it can be done here.

    The history is kept in the user's data folder, for nobody else's eyes. Where it cannot be, it lasts while entered.
    """
    try:
        import readline
    except ImportError:
        yield False
        return
    readline.set_completer(_completer(words))
    # Names have blanks in them, so only signs end what is to be completed.
    readline.set_completer_delims('\t\n()[]{},+*/=<>.:;"')
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
    file = _history_file()
    readline.clear_history()
    if file is not None:
        with suppress(OSError):
            readline.read_history_file(file)
    try:
        yield True
    finally:
        readline.set_history_length(REMEMBERED)
        if file is not None:
            with suppress(OSError):
                os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
                readline.write_history_file(file)
        readline.set_completer(None)


def _history_file() -> Path | None:
    make_data_folder()
    folder = data_folder()
    return folder / "expressions.history" if folder is not None and folder.is_dir() else None


def _completer(words: Callable[[], Iterable[str]]) -> Callable[[str, int], str | None]:
    def complete(text: str, state: int) -> str | None:
        begun = text.lstrip()
        blanks = text[: len(text) - len(begun)]
        found = [blanks + word for word in sorted(set(words())) if word.startswith(begun)] if begun else []
        return found[state] if state < len(found) else None

    return complete
