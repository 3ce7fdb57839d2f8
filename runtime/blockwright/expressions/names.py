"""The names known in a scope, ready for finding the longest one that a text goes on with."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.marks import MARKS

WORD_CHARACTER = rf"[\w{MARKS}\u00b7\u200c\u200d\u2070-\u218f\u2c00-\u2fef\U00010000-\U000effff]"
"""A character of a word: Unicode's letters, digits and marks, and what DMN 1.5, 10.3.1.2 adds to them."""

WORD = rf"(?![0-9]){WORD_CHARACTER}++"
"""A word of a name: it does not begin with a digit."""

PIECE = re.compile(rf"{WORD_CHARACTER}++|\s++|[^\s]")
"""What names are compared by: words, runs of white space (each worth one space) and single signs."""


class Names:
    """The names of a scope and, always, those of the built-in functions. Build it once and parse with it often.

    Runs of white space in a name count as one space; the other signs in it must be written exactly: where
    ``first-name`` is known, ``first-name`` is that name and ``first - name`` a subtraction.
    """

    __slots__ = ("known", "own", "words")

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.known = frozenset(map(one_spaced, names))
        self.own = Words()
        self.words = _function_words()
        for name in self.known:
            self.own = self.own.adding(name)
            self.words = self.words.adding(name)

    def __contains__(self, name: str) -> bool:
        return name in self.known or name in FUNCTIONS

    def nearest(self, name: str, others: Iterable[str] = ()) -> str | None:
        """The known name that an author most likely meant; one that differs only by case comes first."""
        return nearest(name, [*self.known, *others, *FUNCTIONS])


class Words:
    """A tree of names by their pieces. ``name`` is the name that ends here; ``next`` leads on by the next piece.

    It is never changed: ``adding`` makes a new tree that shares all that stays the same.
    """

    __slots__ = ("name", "next")

    def __init__(self, name: str | None = None, following: Mapping[str, Words] | None = None) -> None:
        self.name = name
        self.next: dict[str, Words] = dict(following or {})

    def adding(self, name: str) -> Words:
        """This tree and one more name."""
        root = here = Words(self.name, self.next)
        for piece in PIECE.findall(name):
            old = here.next.get(piece)
            following = Words(old.name, old.next) if old else Words()
            here.next[piece] = following
            here = following
        here.name = name
        return root

    def longest(self, text: str, start: int) -> tuple[str, int] | None:
        """The longest name that the text goes on with at ``start``, and where it ends there."""
        here: Words | None = self
        end = start
        best: tuple[str, int] | None = None
        size = len(text)
        while end < size and (match := PIECE.match(text, end)):
            piece = match[0]
            here = here.next.get(" " if piece.isspace() else piece) if here else None
            if here is None:
                break
            end = match.end()
            if here.name is not None:
                best = here.name, end
            if not here.next:
                break
        return best


def one_spaced(name: str) -> str:
    """The name with each run of white space in it as one space."""
    return " ".join(name.split())


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that an author most likely meant by ``name``, or None when none is near."""
    if len(name) > 100:
        return None
    by_plain = {_plain(candidate): candidate for candidate in reversed(list(candidates)) if len(candidate) <= 100}
    plain = _plain(name)
    if plain in by_plain:
        return by_plain[plain]
    alike = [candidate for candidate in by_plain if abs(len(candidate) - len(plain)) <= max(1, len(plain) // 4)]
    close = difflib.get_close_matches(plain, alike, n=1, cutoff=0.7)
    return by_plain[close[0]] if close else None


def _plain(name: str) -> str:
    return one_spaced(name.replace("_", " ").replace("-", " ")).casefold()


def _function_words() -> Words:
    global _FUNCTION_WORDS
    if _FUNCTION_WORDS is None:
        words = Words()
        for name in FUNCTIONS:
            words = words.adding(name)
        _FUNCTION_WORDS = words
    return _FUNCTION_WORDS


_FUNCTION_WORDS: Words | None = None
