"""A pattern that is ready to use: whether a text matches, where, and with which groups."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from blockwright.expressions.budget import spend
from blockwright.expressions.cost import pay_for_text
from blockwright.expressions.patterns.automaton import Automaton
from blockwright.expressions.patterns.program import PRICE, Writer
from blockwright.expressions.patterns.syntax import Row, Sign, Tree, read_pattern
from blockwright.expressions.patterns.tracing import trace
from blockwright.expressions.patterns.work import Work


class Pattern:
    """A pattern and its flags. ``literal`` is the text it stands for, where it is nothing but that text."""

    def __init__(self, tree: Tree) -> None:
        self.groups = tree.groups
        self.literal = _literal(tree)
        self._flags = tree.flags
        self._refers_back = tree.refers_back
        writer = Writer(tree.groups)
        self._program = writer.write(tree.root)
        self._slots = writer.slots
        backwards = () if tree.refers_back else Writer(tree.groups, backwards=True).write(tree.root)
        lines = tree.flags.lines
        self.size = len(self._program) + len(backwards)
        self._onward = Automaton(self._program, lines, anywhere=True, backwards=False)
        self._back = Automaton(backwards, lines, anywhere=False, backwards=True)

    def found_in(self, text: str) -> bool:
        """Whether the pattern matches some part of the text."""
        if self.literal is not None:
            pay_for_text(len(text))
            return self.literal in text
        work = Work()
        if self._refers_back:
            return next(self._trials(text, work), None) is not None
        return self._onward.found(text, work)

    def matches(self, text: str, with_groups: bool = False) -> Iterator[list[int]]:
        """All matches from left to right, none overlapping: the beginning and end of each, and then of its groups.

        Without ``with_groups`` the groups may be left out. The pattern must not match the empty text.
        """
        work = Work()
        if self._refers_back:
            yield from self._trials(text, work)
            return
        place = 0
        while place <= len(text):
            end = self._onward.end(text, place, work)
            if end < 0:
                return
            start = self._back.start(text, end, place, work)
            work.spend(WORK_OF_A_MATCH)
            yield self._groups_of(text, start, end, work) if with_groups else [start, end]
            place = max(end, start + 1)

    def _groups_of(self, text: str, start: int, end: int, work: Work) -> list[int]:
        if not self.groups:
            return [start, end]
        places = trace(self._program, self._slots, self._flags, text, start, work, forgetful=False)
        return [start, end] if places is None else places[: 2 * self.groups + 2]

    def _trials(self, text: str, work: Work) -> Iterator[list[int]]:
        start = 0
        while start <= len(text):
            places = trace(self._program, self._slots, self._flags, text, start, work, forgetful=True)
            if places is None:
                start += 1
            else:
                yield places[: 2 * self.groups + 2]
                start = max(places[1], start + 1)


WORK_OF_A_MATCH = 4

PRICE_OF_READING = 4
"""Steps for each character of a pattern that was not met before."""


@lru_cache(maxsize=64)
def compile_pattern(text: str, flags: str = "") -> Pattern:
    """The pattern of a text, with any of the flags ``smix``; raises ``PatternProblem`` where it is none."""
    spend(PRICE_OF_READING * (len(text) + 1))
    pattern = Pattern(read_pattern(text, flags))
    spend(PRICE * pattern.size)
    return pattern


def _literal(tree: Tree) -> str | None:
    parts = tree.root.parts if isinstance(tree.root, Row) else (tree.root,)
    signs = [part.literal if isinstance(part, Sign) else None for part in parts]
    return "".join(sign for sign in signs if sign is not None) if None not in signs else None
