"""Choosing tests by words: ``mails and not (many or pending)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

Chooser: TypeAlias = Callable[[str], bool]
"""Whether a test with this name is chosen."""


class BadChoice(ValueError):
    """An expression that chooses nothing, because it cannot be read."""


def chooser(text: str) -> Chooser:
    """What ``text`` chooses. Words stand for tests with them in their name, in any case of letters; between
    them stand ``and``, ``or``, ``not`` and brackets, as in pytest's ``-k``. Raises BadChoice."""
    if text.count("(") > MOST_BRACKETS or text.count("not") > MOST_BRACKETS:
        raise BadChoice("there are too many brackets")
    parser = _Parser(text)
    choice = parser.either()
    parser.end()
    return choice


MOST_BRACKETS = 50
"""So many brackets, and so many ``not``, no more: nobody means them."""

_TOKEN = re.compile(r"\s*([()]|[^\s()]+)")


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = _TOKEN.findall(text)
        self._at = 0

    def either(self) -> Chooser:
        choices = [self._both()]
        while self._take("or"):
            choices.append(self._both())
        return lambda name: any(choice(name) for choice in choices)

    def _both(self) -> Chooser:
        choices = [self._one()]
        while self._take("and"):
            choices.append(self._one())
        return lambda name: all(choice(name) for choice in choices)

    def _one(self) -> Chooser:
        if self._take("not"):
            choice = self._one()
            return lambda name: not choice(name)
        if self._take("("):
            choice = self.either()
            if not self._take(")"):
                raise BadChoice(f"a bracket of `{self._text}` is never closed")
            return choice
        word = " ".join(self._words()).casefold()
        if not word:
            raise BadChoice(f"a word is missing in `{self._text}`")
        return lambda name: word in name.casefold()

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise BadChoice(f"`{self._tokens[self._at]}` has no place in `{self._text}`")

    def _words(self) -> Iterator[str]:
        """Words with nothing between them are one: they stand in the name like this."""
        while self._at < len(self._tokens) and self._tokens[self._at] not in _SIGNS:
            yield self._tokens[self._at]
            self._at += 1

    def _take(self, token: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += found
        return found


_SIGNS = frozenset(["and", "or", "not", "(", ")"])
