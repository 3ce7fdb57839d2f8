"""A condition's text, cut into words, names, texts, numbers and signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from blockwright.failure import Failure
from blockwright.services.addresses import shown

LONGEST = 8000
"""The longest condition, in characters."""


class Kind(Enum):
    WORD = auto()
    NAME = auto()
    TEXT = auto()
    NUMBER = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is what is meant: a keyword in capitals, a name or text without quotes. ``position`` counts from 1."""

    kind: Kind
    text: str
    position: int
    written: str


def wrong(position: int, what: str) -> Failure:
    """The failure of a condition that cannot be read."""
    return Failure(1017, f"The condition cannot be read at character {position}: {what}.", {"position": position})


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a condition, END last. Fails with 1017."""
    if len(text) > LONGEST:
        raise wrong(LONGEST + 1, f"it is longer than {LONGEST} characters")
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise wrong(at + 1, _why_not(text[at]))
        if found.lastgroup != "space":
            yield _token(found)
        at = found.end()
    yield Token(Kind.END, "", len(text) + 1, "the end")


_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?(?![A-Za-z0-9_.]))
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | '(?P<text>(?:[^']|'')*)'
      | "(?P<double>[^"]*)"
      | `(?P<back>[^`]*)`
      | (?P<sign><=|>=|!=|<>|[=<>(),+-])""",
    re.VERBOSE,
)
_KEYWORDS = frozenset(["AND", "OR", "NOT", "LIKE", "IN", "IS", "NULL", "BETWEEN", "TRUE", "FALSE"])
_KINDS = {"number": Kind.NUMBER, "text": Kind.TEXT, "double": Kind.NAME, "back": Kind.NAME, "sign": Kind.SIGN}


def _token(found: re.Match[str]) -> Token:
    group = found.lastgroup or ""
    written, position = found[0], found.start() + 1
    if group != "word":
        text = found[group].replace("''", "'") if group == "text" else found[group]
        return Token(_KINDS[group], text, position, written)
    if written.upper() in _KEYWORDS:
        return Token(Kind.WORD, written.upper(), position, written)
    return Token(Kind.NAME, written, position, written)


def _why_not(char: str) -> str:
    if char in "'\"`":
        return f"the text or name that begins with {char} does not end"
    return f"{shown(char)} is not understood here"
