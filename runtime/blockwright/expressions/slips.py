"""What an author probably meant where the text is not FEEL: one sentence and a mend for the common slips."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from blockwright.expressions.names import WORD, WORD_CHARACTER, Names
from blockwright.expressions.problems import SyntaxProblem, UnknownName
from blockwright.expressions.slip_patterns import INFIX, SIGNS, Slip
from blockwright.expressions.tokenizer import END, KEYWORDS, SIDE_BY_SIDE, Mode, Tokenizer


class Stuck(NamedTuple):
    """Where the parser could not go on: the token, what its state waits for, and what lies before it."""

    tokens: Tokenizer
    mode: Mode
    row: Mapping[str, int]
    values: Sequence[object]
    starts: Sequence[int]


def explain(stuck: Stuck) -> SyntaxProblem:
    """The problem of a token that cannot stand where it does, or of an unknown name before it."""
    tokens = stuck.tokens
    unknown = tokens.unknown[0] if tokens.unknown else None
    if unknown is not None and not (stuck.mode == Mode.AFTER and tokens.kind == "WORD") and "[" not in stuck.values:
        return unknown_name(tokens.names, *unknown, others=tokens.bound)
    return (
        _slip(tokens, SIGNS)
        or (_at_end(stuck) if tokens.kind == END else None)
        or (_after_operand(stuck) if stuck.mode == Mode.AFTER else None)
        or _misplaced(stuck)
    )


def unknown_name(
    names: Names, name: str, start: int, end: int, *, called: bool = False, others: Iterable[str] = ()
) -> UnknownName:
    """What to say of a name that nobody knows. ``others`` are known here besides the names of the scope."""
    if name in _FOREIGN:
        return UnknownName(name, f"`{name}` is not a word of this language", start, end, f"write `{_FOREIGN[name]}`")
    first, _, rest = name.partition(" ")
    if first == "not" and rest:
        return UnknownName(name, "`not` stands before brackets", start, end, f"write `not({rest})`")
    near = names.nearest(name, others)
    if near is None and (sign := _IN_WORDS.get(" ".join(name.split()[:2]))):
        return UnknownName(name, "comparisons are written with a sign", start, end, f"write `{sign}`")
    mend = f"did you mean `{near}`?" if near else None
    if near is None and rest and first in names:
        mend = f"`{first}` is known; is an operator missing after it?"
    message = f"there is no function `{name}`" if called else f"there is no name `{name}` here"
    return UnknownName(name, message, start, end, mend)


_FOREIGN = {
    **dict.fromkeys(("None", "nil", "undefined", "NULL", "Null"), "null"),
    **dict.fromkeys(("True", "TRUE"), "true"),
    **dict.fromkeys(("False", "FALSE"), "false"),
}


_IN_WORDS = {
    "greater than": ">",
    "more than": ">",
    "less than": "<",
    "at least": ">=",
    "at most": "<=",
    "one of": "in",
}
"""What authors write after ``is``, and the sign for both."""


def _slip(tokens: Tokenizer, slips: Iterable[Slip]) -> SyntaxProblem | None:
    for slip in slips:
        # One sign earlier, too: in `a == b` the second sign is what the parser stumbles over.
        for start in (tokens.before - 1, tokens.start):
            if start < 0 or (start < tokens.start and tokens.text[start] not in "=<>!&|:+-*/{"):
                continue
            match = slip.pattern.match(tokens.text, start)
            if match and match.end() > tokens.start:
                return SyntaxProblem(slip.message, match.start(), match.end(), match.expand(slip.mend))
    return None


def _at_end(stuck: Stuck) -> SyntaxProblem:
    tokens, values = stuck.tokens, stuck.values
    if not values:
        return SyntaxProblem(
            "the expression is empty", 0, len(tokens.text), "write a value, a name or a calculation after `=`"
        )
    last = values[-1]
    if last == ".":
        return SyntaxProblem("a name is missing after the dot", tokens.before - 1, tokens.before)
    if isinstance(last, str) and last not in _CLOSERS and stuck.mode != Mode.AFTER:
        return SyntaxProblem(f"something is missing after `{last}`", tokens.before - len(last), tokens.before)
    part = _missing_part(stuck)
    if part is not None:
        return SyntaxProblem(
            f"`{part.missing}` is missing after `{part.opening}`"
            if part.missing.isalpha()
            else f"`{part.opening}` is not closed",
            part.start,
            part.start + len(part.opening),
            part.mend,
        )
    return SyntaxProblem("the expression breaks off here", tokens.before - 1, tokens.before)


_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_PHRASES = {
    "if": (("then", "else"), "if … then … else …"),
    "for": (("in", "return"), "for … in … return …"),
    "some": (("in", "satisfies"), "some … in … satisfies …"),
    "every": (("in", "satisfies"), "every … in … satisfies …"),
    "between": (("and",), "… between … and …"),
}


class _Missing(NamedTuple):
    """What the innermost open bracket or phrase still needs."""

    opening: str
    start: int
    missing: str
    mend: str


def _missing_part(stuck: Stuck) -> _Missing | None:
    seen: set[str] = set()
    for value, start in zip(reversed(stuck.values), reversed(stuck.starts), strict=True):
        if not isinstance(value, str):
            continue
        if value in _CLOSERS:
            return _Missing(value, start, _CLOSERS[value], f"add `{_CLOSERS[value]}`")
        if value in _PHRASES:
            words, phrase = _PHRASES[value]
            missing = next((word for word in words if word not in seen), None)
            if missing is not None:
                return _Missing(value, start, missing, f"write `{phrase}`")
        seen.add(value)
    return None


def _after_operand(stuck: Stuck) -> SyntaxProblem:
    """Something follows an operand that cannot: most often an operator is missing, or a name is misspelt."""
    tokens = stuck.tokens
    text, start, end = tokens.text, tokens.start, tokens.end
    if stuck.row.keys() == {":"}:
        return SyntaxProblem("a colon is missing after the name of the entry", start, end, "write `{name: value}`")
    if tokens.kind == "WORD" and (problem := _infix(tokens) or _side_by_side(tokens, only_near=True)):
        return problem
    if tokens.kind == "?":
        return SyntaxProblem("`?` is not an operator", start, end, "write `if … then … else …`")
    if tokens.kind == "..":
        return SyntaxProblem("a range stands in brackets", start, end, "write, for example, `[1..5]`")
    if tokens.kind == "," and re.match(r"[0-9],[0-9]", text[start - 1 : start + 2]):
        return SyntaxProblem("`,` cannot stand here", start, end, "numbers are written without it: 1000.5")
    if tokens.kind not in ("WORD", "NUMBER", "TEXT", "AT_TEXT") and tokens.kind not in KEYWORDS - {"then", "else"}:
        return _misplaced(stuck)
    sign = _shortened(text[start:end])
    part = _missing_part(stuck)
    if part is not None and part.missing.isalpha() and not re.search(rf"\b{part.missing}\b", text[start:]):
        return SyntaxProblem(f"`{part.missing}` is missing before `{sign}`", start, end, part.mend)
    if tokens.kind == "WORD" and (problem := _side_by_side(tokens, only_near=False)):
        return problem
    before = _words_before(text, tokens.before)
    function = " ".join(text[before : tokens.before].split()) if before is not None else ""
    if function == "not" and before is not None:
        return SyntaxProblem("`not` stands before brackets", before, end, f"write `not({sign})`")
    mend = "write, for example, `+`, `=` or `and` between the two"
    if function in tokens.names and function not in tokens.names.known:
        mend = f"write `{function}({sign})` to call the function"
    return SyntaxProblem(f"an operator is missing before `{sign}`", start, end, mend)


def _side_by_side(tokens: Tokenizer, *, only_near: bool) -> UnknownName | None:
    """Two names side by side are never valid: together they are one that is unknown, unless the second is known."""
    before = _words_before(tokens.text, tokens.before)
    match = SIDE_BY_SIDE.match(tokens.text, tokens.start)
    if before is None or match is None:
        return None
    both = " ".join(tokens.text[before : match.end()].split())
    known = tokens.words.longest(tokens.text, tokens.start)
    second = known[0] if known is not None and known[1] == match.end() else None
    if tokens.names.nearest(both, tokens.bound) in (None, second) and (only_near or second is not None):
        return None
    return unknown_name(tokens.names, both, before, match.end(), others=tokens.bound)


def _words_before(text: str, end: int) -> int | None:
    """Where the words that end at ``end`` begin, if there are any."""
    begin = max(0, end - 200)
    match = _WORDS_AT_END.search(text, begin, end)
    if match is None:
        return None
    start = match.start()
    for word in re.compile(rf"{WORD_CHARACTER}+\s*").finditer(text, start, end):
        if word[0].strip() in KEYWORDS:
            start = word.end()
    return start if start < end else None


_WORDS_AT_END = re.compile(rf"(?<!{WORD_CHARACTER}){WORD}(?:\s+{WORD})*\Z")


def _infix(tokens: Tokenizer) -> SyntaxProblem | None:
    problem = _slip(tokens, INFIX)
    if problem is not None:
        return problem
    known = tokens.words.longest(tokens.text, tokens.start)
    if known is None or known[0] in tokens.names.known or known[0] not in tokens.names:
        return None
    name = known[0]
    return SyntaxProblem(
        f"`{name}` is a function and stands before its brackets", tokens.start, known[1], f"write `{name}(…, …)`"
    )


def _misplaced(stuck: Stuck) -> SyntaxProblem:
    tokens, mode, values = stuck.tokens, stuck.mode, stuck.values
    sign = _shortened(tokens.text[tokens.start : tokens.end])
    at = tokens.start, tokens.end
    last = values[-1] if values and isinstance(values[-1], str) else None
    if tokens.kind in _CLOSERS.values() and (mode == Mode.AFTER or last is None):
        opener = next((value for value in reversed(values) if isinstance(value, str) and value in _CLOSERS), None)
        if opener is None:
            return SyntaxProblem(f"`{sign}` closes nothing", *at, "leave it out")
        mend = f"close it with `{_CLOSERS[opener]}`"
        return SyntaxProblem(f"`{sign}` stands where `{opener}` is still open", *at, mend)
    if mode == Mode.MEMBER:
        return SyntaxProblem("a name is missing after the dot", *at)
    if mode == Mode.BIND:
        return SyntaxProblem(f"a new name is missing after `{last}`", *at, "names are words, such as `item` or `user`")
    if mode == Mode.KEY:
        message = "an entry of an object is written as a name, a colon and a value"
        return SyntaxProblem(message, *at, "write `{name: value}`")
    if mode in (Mode.OPERAND, Mode.ARGUMENT):
        if tokens.kind in _CLOSERS.values() or (last is not None and last not in (*_CLOSERS, ",")):
            return SyntaxProblem(f"something is missing between `{last}` and `{sign}`", *at)
        return SyntaxProblem(f"something is missing before `{sign}`", *at)
    part = _missing_part(stuck)
    if part is not None and part.missing.isalpha():
        return SyntaxProblem(f"`{part.missing}` is missing before `{sign}`", *at, part.mend)
    return SyntaxProblem(f"`{sign}` cannot stand here", *at)


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
