"""Text to tokens, one at a time, as the parser asks for them.

In FEEL a name may hold spaces, keywords and operators (DMN 1.5, 10.3.1.2 "Ambiguity"), so what a word is depends on the
names in scope and on what may stand here. The parser therefore says with every request which ``Mode`` its state is in:

- where an operand may stand, the longest known name wins, even over a keyword (``in stock``, ``date of birth``);
- after an operand only keywords and signs can follow, so there a word is never a name;
- where a new name is introduced (``for``, a context's key, a parameter) everything up to what ends it is read, and the
  name is known from there on;
- after a dot the words up to the next keyword or sign are read, or a longer known name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, Overflow
from enum import IntEnum

from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.names import WORD, WORD_CHARACTER, Names, Words, one_spaced
from blockwright.expressions.problems import SyntaxProblem
from blockwright.expressions.sugar import IN_FEEL, is_ours, read_sugar
from blockwright.expressions.type_names import TYPE_WORDS, find_type, unknown_type
from blockwright.expressions.types import Type
from blockwright.expressions.values import CONTEXT

END = "$END"

# fmt: off
KEYWORDS = frozenset({
    "true", "false", "null", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between",
    "and", "or", "function", "external",
})
# fmt: on
BEGINNINGS = frozenset({"true", "false", "null", "if", "for", "some", "every", "function"})
"""The keywords that an expression may begin with: no name can be one of them."""


class Mode(IntEnum):
    """What the parser's state expects."""

    AFTER = 0
    """An operand is complete: an operator, a bracket or a keyword."""
    OPERAND = 1
    ARGUMENT = 2
    """An operand, or the name of a parameter and a colon."""
    BIND = 3
    KEY = 4
    MEMBER = 5
    TYPE = 6
    FIELD = 7
    """A type, or the name of a field and a colon."""


class Tokenizer:
    """Reads one text. After ``advance`` the token is in ``kind``, ``value``, ``start`` and ``end``.

    With ``sugar``, ``is``, ``is empty`` and ``not in`` are operators, which FEEL does not have; ``sugared`` is the
    first that was read. ``unknown`` collects the names that nobody knew, ``used`` the ones that somebody did, ``bound``
    those that the text introduces; ``scoped`` tells that it does so, filters, or names a function, so that what a name
    stands for must be looked at again in the finished tree.
    """

    __slots__ = (
        "before", "bound", "end", "has_colon", "has_range", "kind", "names", "own", "position",
        "scoped", "start", "sugar", "sugared", "text", "types", "unknown", "used", "value", "words",
    )  # fmt: skip

    def __init__(self, text: str, names: Names, types: Mapping[str, Type], sugar: bool = False) -> None:
        self.text = text
        self.names = names
        self.types = types
        self.sugar = sugar
        self.sugared = ""
        self.words = names.words
        self.own = names.own
        self.position = 0
        self.kind = ""
        self.value: object = None
        self.start = 0
        self.end = 0
        self.before = 0
        self.used: set[str] = set()
        self.unknown: list[tuple[str, int, int]] = []
        self.bound: list[str] = []
        self.scoped = False
        self.has_colon = ":" in text
        self.has_range = ".." in text

    def advance(self, mode: Mode, row: Mapping[str, int]) -> None:
        """Read the next token. A kind that is not in ``row`` cannot stand here: the parser reports it."""
        self.before = self.end
        match = TOKEN.match(self.text, self.position)
        while match and match.lastgroup == "comment":
            match = TOKEN.match(self.text, match.end())
        if match is None:
            self._strange_or_end()
            return
        group = match.lastgroup
        assert group is not None
        self.start, self.end = match.span(group)
        self.position = self.end
        if mode >= Mode.ARGUMENT and self._special(mode, group):
            return
        if group == "sign":
            self.kind = self.value = match[group]
            if self.kind in "[]?":
                self._bracket(mode, "]" in row)
        elif group == "word":
            self._word(mode, row, match[group])
        elif group == "number":
            self.kind, self.value = "NUMBER", self._number(match[group])
        elif group == "text":
            self.kind, self.value = "TEXT", self._unescaped(match[group][1:-1], self.start + 1)
        else:
            self.kind, self.value = "AT_TEXT", self._unescaped(match[group].partition('"')[2][:-1], self.start + 2)

    def _word(self, mode: Mode, row: Mapping[str, int], word: str) -> None:
        if mode != Mode.AFTER:
            if "not" in row and word == "not":
                self.kind = self.value = word
                return
            found = self.words.longest(self.text, self.start)
            # A name such as `then` is one wherever the keyword cannot stand.
            if found is not None and (found[0] not in KEYWORDS or found[0] not in row):
                self.kind, self.value = "NAME", found[0]
                self.end = self.position = found[1]
                self.used.add(found[0])
                self.scoped = self.scoped or (found[0] in FUNCTIONS and found[0] in self.names.known)
                return
        if word in KEYWORDS and (word != "function" or "function" in row):
            self.kind = self.value = word
        elif mode == Mode.AFTER:
            self._operator_in_words(row)
        else:
            self._unknown_name()

    def _operator_in_words(self, row: Mapping[str, int]) -> None:
        self.kind = self.value = "WORD"
        instance_of = INSTANCE_OF.match(self.text, self.start)
        if instance_of:
            self.kind = self.value = "instance of"
            self.end = self.position = instance_of.end()
        elif self.sugar and "is" in row and (found := read_sugar(self.text, self.start, self.own)):
            self.kind = self.value = found[0]
            self.end = self.position = found[1]
            self.sugared = self.sugared or found[0]

    def _unknown_name(self) -> None:
        """A name that nobody knows: all words up to a keyword, for two names never stand side by side."""
        self.kind, self.value = "NAME", self._take(SIDE_BY_SIDE_SUGARED if self.sugar else SIDE_BY_SIDE)
        self.unknown.append((self.value, self.start, self.end))

    def _special(self, mode: Mode, group: str) -> bool:
        """Read what only this mode has; False when the token is to be read as anywhere else."""
        if mode == Mode.MEMBER:
            return group == "word" and self._member()
        if mode == Mode.BIND:
            return group == "word" and self._new_name("BIND", NEW_NAME)
        if mode == Mode.ARGUMENT:
            return group == "word" and self.has_colon and self._new_name("ARGUMENT", ARGUMENT)
        if mode in (Mode.KEY, Mode.FIELD):
            if group == "text" and mode == Mode.KEY:
                key = self._unescaped(self.text[self.start + 1 : self.end - 1], self.start + 1)
                self.kind, self.value = "KEY", key
                self._bind(one_spaced(key))
                return True
            if (group != "sign" or self.text[self.start] in "?-+*'") and self._new_name("KEY", KEY):
                return True
            if mode == Mode.KEY and group == "word":
                self.kind = self.value = "WORD"
                return True
        return mode in (Mode.TYPE, Mode.FIELD) and group == "word" and self._type()

    def _member(self) -> bool:
        known = self.own.longest(self.text, self.start)
        name = self._take(SIDE_BY_SIDE_SUGARED if self.sugar else SIDE_BY_SIDE)
        if known is not None and known[1] > self.end:
            name = known[0]
            self.end = self.position = known[1]
        self.kind, self.value = "MEMBER", (name, self.start)
        return True

    def _new_name(self, kind: str, pattern: re.Pattern[str]) -> bool:
        if not pattern.match(self.text, self.start):
            return False
        self.kind, self.value = kind, self._take(pattern)
        if kind != "ARGUMENT":
            self._bind(self.value)
        return True

    def _bind(self, name: str) -> None:
        self.scoped = True
        if name:
            self.bound.append(name)
            self.words = self.words.adding(name)
            self.own = self.own.adding(name)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.start)
        assert match is not None
        self.end = self.position = match.end()
        return one_spaced(match[0])

    def _type(self) -> bool:
        if self.text.startswith("function", self.start) and TYPE_RUN.match(self.text, self.start)[0] == "function":  # type: ignore[index]
            self.kind = self.value = "function"
            self._check_type("function", self.end)
            return True
        words = TYPE_WORDS if not self.types else _with_types(self.types)
        found = words.longest(self.text, self.start)
        if found is None:
            name = self._take(TYPE_RUN)
            raise unknown_type(name, self.types, self.start, self.end)
        self.kind, self.value = "TYPE", find_type(found[0], self.types)
        self.end = self.position = found[1]
        if found[0] not in self.types:
            self._check_type(found[0], found[1])
        return True

    def _check_type(self, name: str, end: int) -> None:
        """DMN 1.5, table 61: a list, range, context or function type is none without the types inside it."""
        if is_ours(name, self.text, end):
            if not self.sugar:
                raise SyntaxProblem(f"`{name}` is no type in FEEL", self.start, end, IN_FEEL[name])
            self.sugared = self.sugared or name

    def _bracket(self, mode: Mode, may_close: bool) -> None:
        """``]`` may open a range and ``[`` may close one: ``]1..5[`` is all between 1 and 5, without both ends."""
        if self.kind == "[":
            if mode == Mode.AFTER:
                self.scoped = True
                if self.has_range and NOT_AN_OPERAND.match(self.text, self.end):
                    self.kind = "RANGE_CLOSE"
        elif self.kind == "?":
            self.scoped = True
        elif mode != Mode.AFTER and self.has_range:
            # Just after `[` it mostly makes the empty list.
            opens = LOW_END.match(self.text, self.end) if may_close else not NOT_AN_OPERAND.match(self.text, self.end)
            if opens:
                self.kind = "RANGE_OPEN"

    def _number(self, digits: str) -> int | Decimal:
        if digits.isdigit() and len(digits) <= 34:
            return int(digits)
        try:
            return CONTEXT.create_decimal(digits)
        except Overflow:
            raise SyntaxProblem("this number is too large", self.start, self.end) from None

    def _unescaped(self, raw: str, start: int) -> str:
        if "\\" not in raw:
            return raw
        text = ESCAPE.sub(lambda match: _escaped(match, start), raw)
        return SURROGATES.sub(lambda match: _joined(match, self.start, self.end), text)

    def _strange_or_end(self) -> None:
        blank = BLANK.match(self.text, self.position)
        assert blank is not None
        self.start = blank.end()
        self.position = self.end = min(self.start + 1, len(self.text))
        self.kind = self.value = END if self.start == len(self.text) else self.text[self.start]


_SPACE = r"[\s\u180e\u200b\ufeff]"
_COMMENT = r"//[^\n]*|/\*(?s:.*?)\*/"
_QUOTED = r'"(?:[^"\\]|\\(?s:.))*+"'
_SIGN = r"\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},:.?]"
_SUGAR = rf"(?:is|not\s+in)(?!{WORD_CHARACTER})"
_STOP = rf"(?:(?:and|or|in|between|then|else|return|satisfies)(?!{WORD_CHARACTER})|instance\s+of(?!{WORD_CHARACTER}))"

TOKEN = re.compile(
    rf"{_SPACE}*+(?:(?P<comment>{_COMMENT})|(?P<word>{WORD})|(?P<sign>(?!\.[0-9])(?:{_SIGN}))"
    rf"|(?P<number>(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)|(?P<text>{_QUOTED})|(?P<at>@{_SPACE}*{_QUOTED}))"
)
BLANK = re.compile(rf"(?:{_SPACE}++|{_COMMENT})*+")
INSTANCE_OF = re.compile(rf"instance\s+of(?!{WORD_CHARACTER})")
SIDE_BY_SIDE = re.compile(rf"{WORD}(?:\s++(?!{_STOP}){WORD})*+")
"""Words side by side, up to a keyword that can follow an operand."""
SIDE_BY_SIDE_SUGARED = re.compile(rf"{WORD}(?:\s++(?!{_STOP}|{_SUGAR}){WORD})*+")
NEW_NAME = re.compile(rf"{WORD}(?:\s++(?!in(?!{WORD_CHARACTER})){WORD_CHARACTER}++|['-]{WORD_CHARACTER}++)*+")
ARGUMENT = re.compile(rf"{WORD}(?:[\s'-]*{WORD_CHARACTER}++)*+(?=\s*:)")
KEY = re.compile(r"[^\s:,{}()\[\]\"<>](?:[^:,{}()\[\]\"<>]*[^\s:,{}()\[\]\"<>])?(?=\s*:)")
TYPE_RUN = re.compile(rf"{WORD}(?:[\s.]+{WORD_CHARACTER}++)*+")
NOT_AN_OPERAND = re.compile(
    rf"{_SPACE}*(?:$|[])}},=<>!*/+:]|\.(?![0-9])|(?:and|or|in|between|then|else|return|satisfies|instance)(?!{WORD_CHARACTER}))"
)
LOW_END = re.compile(
    rf"{_SPACE}*(?:[0-9\"@(]|\.[0-9]"
    rf"|(?!(?:and|or|in|between|then|else|return|satisfies|instance)(?!{WORD_CHARACTER})){WORD})"
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(?s:(.)))")
SURROGATES = re.compile(r"[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def _escaped(match: re.Match[str], start: int) -> str:
    short, long, other = match.groups()
    if other is not None:
        # A sign that is no escape stays as it is, so that regular expressions like "\d+" can be written plainly.
        return _ESCAPES.get(other, match[0])
    code = int(short or long, 16)
    if code > 0x10FFFF:
        raise SyntaxProblem(f"`{match[0]}` is not a character", start + match.start(), start + match.end())
    return chr(code)


def _joined(match: re.Match[str], start: int, end: int) -> str:
    pair = match[0]
    if len(pair) == 1:
        raise SyntaxProblem(f"`\\u{ord(pair):04x}` is half a character: the other half is missing", start, end)
    return chr(0x10000 + ((ord(pair[0]) - 0xD800) << 10) + (ord(pair[1]) - 0xDC00))


def _with_types(types: Mapping[str, Type]) -> Words:
    words = TYPE_WORDS
    for name in types:
        words = words.adding(one_spaced(name))
    return words
