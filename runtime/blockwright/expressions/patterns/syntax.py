"""Patterns as text, read into a tree (XML Schema Part 2, appendix F; XPath 2.0 Functions and Operators, 7.6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from blockwright.expressions.patterns import classes
from blockwright.expressions.patterns.classes import Test

LONGEST = 10_000
"""Characters of the longest pattern."""

DEEPEST = 50
"""Groups and classes inside one another."""

MOST_TIMES = 1000
"""The greatest number in ``{…}``."""


class PatternProblem(Exception):
    """The text is not a pattern; the message says why, in words that follow "the pattern"."""


@dataclass(frozen=True, slots=True)
class Flags:
    """``any_sign``: a dot means line ends too (s). ``lines``: ``^`` and ``$`` mean lines (m). ``any_case``: i."""

    any_sign: bool = False
    lines: bool = False
    any_case: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """One character of a set; ``literal`` is it, where the set has only one."""

    test: Test
    literal: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after another."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts; the first that leads to a match wins."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times; ``most`` is None without a limit. ``greedy``: as often as possible first."""

    part: Node
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A part whose match is remembered under a number."""

    part: Node
    number: int


@dataclass(frozen=True, slots=True)
class Edge:
    """``^`` where ``start``, else ``$``."""

    start: bool


@dataclass(frozen=True, slots=True)
class Again:
    """What a group matched, once more."""

    number: int


Node: TypeAlias = Sign | Row | Choice | Repeat | Group | Edge | Again


@dataclass(frozen=True, slots=True)
class Tree:
    """A pattern: its root, how many groups it has, and whether it refers back to one."""

    root: Node
    flags: Flags
    groups: int
    refers_back: bool


def read_pattern(text: str, flags: str = "") -> Tree:
    """The tree of a pattern; raises ``PatternProblem``. The flags are any of ``smix``."""
    for flag in flags:
        if flag not in "smix":
            raise PatternProblem(f'cannot have the flag "{flag}"; the flags are s, m, i and x')
    if len(text) > LONGEST:
        raise PatternProblem(f"is longer than {LONGEST:,} characters")
    reader = _Reader(_without_spaces(text) if "x" in flags else text, Flags("s" in flags, "m" in flags, "i" in flags))
    root = reader.choice()
    if not reader.at_end():
        raise PatternProblem(f'has a "{reader.peek()}" too many at character {reader.place + 1}')
    return Tree(root, reader.flags, reader.groups, reader.refers_back)


_SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | {sign: sign for sign in "\\|.?*+(){}$-[]^"}


class _Reader:
    def __init__(self, text: str, flags: Flags) -> None:
        self.text = text
        self.flags = flags
        self.place = 0
        self.depth = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.refers_back = False

    def at_end(self) -> bool:
        return self.place >= len(self.text)

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def next(self) -> str:
        if self.at_end():
            raise PatternProblem("ends too early")
        self.place += 1
        return self.text[self.place - 1]

    def skip(self, sign: str) -> bool:
        if self.text.startswith(sign, self.place):
            self.place += len(sign)
            return True
        return False

    def choice(self) -> Node:
        options = [self._row()]
        while self.skip("|"):
            options.append(self._row())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _row(self) -> Node:
        parts: list[Node] = []
        while not self.at_end() and self.peek() not in "|)":
            parts.append(self._repeated())
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _repeated(self) -> Node:
        part = self._atom()
        times = self._times()
        if times is None:
            return part
        greedy = not self.skip("?")
        if self._times() is not None:
            raise PatternProblem("says twice in a row how often something comes")
        return Repeat(part, *times, greedy)

    def _times(self) -> tuple[int, int | None] | None:
        match self.peek():
            case "*":
                self.place += 1
                return 0, None
            case "+":
                self.place += 1
                return 1, None
            case "?":
                self.place += 1
                return 0, 1
            case "{":
                return self._counted()
        return None

    def _counted(self) -> tuple[int, int | None]:
        inner, closing, _ = self.text[self.place + 1 :].partition("}")
        least, comma, most = inner.partition(",")
        if not closing or not _is_count(least) or not (most == "" or _is_count(most)):
            raise PatternProblem('has a "{" without a count such as {3} or {1,5}; write \\{ for the sign itself')
        self.place += len(inner) + 2
        low = int(least)
        high = int(most) if most else None if comma else low
        if high is not None and high < low:
            raise PatternProblem(f"asks for at least {low} and at most {high} times")
        if max(low, high or 0) > MOST_TIMES:
            raise PatternProblem(f"counts further than {MOST_TIMES:,}")
        return low, high

    def _atom(self) -> Node:
        sign = self.next()
        match sign:
            case "(":
                return self._group()
            case "[":
                return Sign(self._class())
            case ".":
                return Sign(_anything if self.flags.any_sign else _not_a_line_end)
            case "^":
                return Edge(True)
            case "$":
                return Edge(False)
            case "\\":
                return self._escape()
        if sign in "?*+{}])":
            raise PatternProblem(
                f'has a "{sign}" with nothing before it to repeat or close; write \\{sign} for the sign'
            )
        return self._literal(sign)

    def _literal(self, sign: str) -> Sign:
        exact = not self.flags.any_case or len(classes.variants(sign)) == 1
        return Sign(classes.one(sign, self.flags.any_case), sign if exact else None)

    def _group(self) -> Node:
        self._deeper()
        number = 0
        if not self.skip("?:"):
            self.groups += 1
            number = self.groups
        part = self.choice()
        if not self.skip(")"):
            raise PatternProblem('has a "(" without a ")"')
        self.depth -= 1
        if not number:
            return part
        self.closed.add(number)
        return Group(part, number)

    def _escape(self) -> Node:
        sign = self.next()
        if sign in "123456789":
            return self._again(sign)
        if sign in _SINGLE:
            return self._literal(_SINGLE[sign])
        return Sign(self._many(sign))

    def _again(self, digits: str) -> Node:
        while self.peek() in _DIGITS and int(digits + self.peek()) <= self.groups:
            digits += self.next()
        if int(digits) not in self.closed:
            raise PatternProblem(f"refers back with \\{digits} to a group that is not there, or not closed yet")
        self.refers_back = True
        return Again(int(digits))

    def _many(self, sign: str) -> Test:
        if sign in classes.MULTIPLE:
            return classes.MULTIPLE[sign]
        if sign in "pP":
            name, closing, _ = self.text[self.place + 1 :].partition("}")
            test = classes.category(name) if self.peek() == "{" and closing else None
            if test is None:
                raise PatternProblem(f"has a \\{sign} without a category such as \\{sign}{{L}} or \\{sign}{{IsGreek}}")
            self.place += len(name) + 2
            return test if sign == "p" else classes.inverse(test)
        raise PatternProblem(f"has \\{sign}, which means nothing")

    def _class(self) -> Test:
        self._deeper()
        negative = self.skip("^")
        tests: list[Test] = []
        taken: Test | None = None
        while taken is None and not self.skip("]"):
            if self.text.startswith("-[", self.place) and tests:
                self.place += 2
                taken = self._class()
                if not self.skip("]"):
                    raise PatternProblem('needs a "]" right after the class that is taken away')
            else:
                tests.append(self._class_part(first=not tests))
        if not tests:
            raise PatternProblem("has an empty class []")
        self.depth -= 1
        test = classes.inverse(classes.any_of(tests)) if negative else classes.any_of(tests)
        return test if taken is None else classes.without(test, taken)

    def _class_part(self, first: bool) -> Test:
        start = self._class_sign(first)
        if not isinstance(start, str):
            return start
        follower = self.text[self.place + 1 : self.place + 2]
        if self.peek() != "-" or follower in ("]", "[", ""):
            return classes.one(start, self.flags.any_case)
        self.place += 1
        end = self._class_sign(first=False)
        if not isinstance(end, str) or end < start:
            raise PatternProblem("has a class with a range that does not go from a lower character to a higher one")
        return classes.span(start, end, self.flags.any_case)

    def _class_sign(self, first: bool) -> str | Test:
        sign = self.next()
        if sign == "\\":
            escaped = self.next()
            return _SINGLE[escaped] if escaped in _SINGLE else self._many(escaped)
        if sign == "[" or (sign == "-" and not first and self.peek() != "]"):
            raise PatternProblem(f'has a "{sign}" inside a class; write \\{sign} for the sign')
        return sign

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise PatternProblem(f"has more than {DEEPEST} groups inside one another")


_DIGITS = frozenset("0123456789")


def _is_count(text: str) -> bool:
    return 0 < len(text) <= 9 and all(sign in _DIGITS for sign in text)


def _anything(_: str) -> bool:
    return True


def _not_a_line_end(sign: str) -> bool:
    return sign not in "\n\r"


def _without_spaces(text: str) -> str:
    """The pattern without white space outside of classes, as the flag x asks: ``\\ s`` is ``\\s``."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for sign in text:
        if depth <= 0 and sign in " \t\n\r":
            continue
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign in "[]":
            depth += 1 if sign == "[" else -1
        kept.append(sign)
    return "".join(kept)
