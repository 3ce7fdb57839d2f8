"""Functions of text and patterns: ``matches``, ``replace``, ``split`` (DMN 1.5, table 74)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.expressions.cost import pay_for_text, pay_for_visits
from blockwright.expressions.functions.builtin import Builtin, Overload, Parameter
from blockwright.expressions.types import TEXT, YES_OR_NO, ListOf, optional
from blockwright.expressions.values import Value, caps, fail, shown, too_big

if TYPE_CHECKING:
    from blockwright.expressions.patterns import Pattern


def matches(text: str, pattern: str, flags: str | None = None) -> Value:
    """Whether some part of the text matches."""
    ready = _ready(pattern, flags)
    return None if ready is None else ready.found_in(text)


def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """The text with every match replaced; in the replacement ``$1`` is what the first group took, ``$0`` the match."""
    ready = _ready(pattern, flags)
    if ready is None:
        return None
    if ready.found_in(""):
        return fail(f"the pattern {shown(pattern)} matches the empty text, so there is nothing to replace")
    pay_for_visits(len(replacement))
    pieces = _replacement(replacement, ready.groups)
    if isinstance(pieces, str):
        return fail(pieces)
    made: list[str] = []
    size = last = 0
    for places in ready.matches(text, with_groups=any(isinstance(piece, int) and piece for piece in pieces)):
        new = "".join([piece if isinstance(piece, str) else _group(text, places, piece) for piece in pieces])
        made += (text[last : places[0]], new)
        size += places[0] - last + len(new)
        last = places[1]
        if size > caps().text:
            raise too_big(f"a text can have {caps().text:,} characters at most")
    if size + len(text) - last > caps().text:
        raise too_big(f"a text can have {caps().text:,} characters at most")
    return "".join([*made, text[last:]])


def split(text: str, delimiter: str) -> Value:
    """The parts of the text between the matches of a pattern."""
    ready = _ready(delimiter, None)
    if ready is None:
        return None
    if ready.found_in(""):
        return fail(f"the pattern {shown(delimiter)} matches the empty text, so it cannot split a text")
    if ready.literal is not None:
        pay_for_text(len(text))
        parts: list[Value] = list(text.split(ready.literal))
        pay_for_visits(len(parts))
        return parts
    parts = []
    last = 0
    for start, end, *_ in ready.matches(text):
        parts.append(text[last:start])
        last = end
    return [*parts, text[last:]]


def _ready(pattern: str, flags: str | None) -> Pattern | None:
    from blockwright.expressions.patterns import PatternProblem, compile_pattern

    try:
        return compile_pattern(pattern, flags or "")
    except PatternProblem as problem:
        fail(f"the pattern {shown(pattern)} {problem}")
        return None


def _group(text: str, places: list[int], number: int) -> str:
    return text[places[2 * number] : places[2 * number + 1]] if places[2 * number + 1] >= 0 else ""


def _replacement(text: str, groups: int) -> list[str | int] | str:
    """The replacement as texts and numbers of groups; a sentence where it is wrong."""
    pieces: list[str | int] = []
    place = 0
    while place < len(text):
        sign = text[place]
        place += 1
        if sign == "\\":
            if text[place : place + 1] not in ("\\", "$"):
                return f'the replacement {shown(text)} has a "\\" that is not followed by "\\" or "$"'
            pieces.append(text[place])
            place += 1
        elif sign == "$":
            digits = _digits(text, place, groups)
            if not digits:
                return f'the replacement {shown(text)} has a "$" without the number of a group; write \\$ for the sign'
            pieces.append(int(digits) if int(digits) <= groups else "")
            place += len(digits)
        else:
            pieces.append(sign)
    return pieces


def _digits(text: str, place: int, groups: int) -> str:
    """The longest number there that is a group's; one digit at least, if there is one."""
    size = 0
    while place + size < len(text) and text[place + size] in "0123456789":
        if size and int(text[place : place + size + 1]) > groups:
            break
        size += 1
    return text[place : place + size]


_INPUT = Parameter("input", TEXT)
_PATTERN = Parameter("pattern", TEXT)
_FLAGS = Parameter("flags", optional(TEXT), optional=True)

BUILTINS = (
    Builtin(
        "matches",
        "text",
        "Whether a part of the text matches the pattern; with the flag i, case does not count.",
        (Overload(matches, YES_OR_NO, (_INPUT, _PATTERN, _FLAGS)),),
        (('matches("foobar", "^fo*b")', "true"), ('matches("FOO", "foo", "i")', "true")),
    ),
    Builtin(
        "replace",
        "text",
        "The text with every match of the pattern replaced; $1 is what the first group took.",
        (Overload(replace, TEXT, (_INPUT, _PATTERN, Parameter("replacement", TEXT), _FLAGS)),),
        (
            ('replace("banana", "a", "o")', '"bonono"'),
            ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
        ),
    ),
    Builtin(
        "split",
        "text",
        "The parts of the text between the matches of a pattern.",
        (Overload(split, ListOf(TEXT), (Parameter("string", TEXT), Parameter("delimiter", TEXT))),),
        (('split("John Doe", "\\s")', '["John", "Doe"]'), ('split("a;b;;", ";")', '["a", "b", "", ""]')),
    ),
)
