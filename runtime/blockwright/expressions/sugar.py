"""What FEEL lacks and authors write: ``is``, ``is not``, ``is empty``, ``is not empty``, ``not in``; flows' types.

The operators stand where in FEEL nothing but a sign or a keyword can, so they change no expression that is FEEL. A
known name is still a name; where a text can be read both ways, it is not read at all, so that a new name never changes
what an old expression means.
"""

from __future__ import annotations

import re

from blockwright.expressions.names import WORD_CHARACTER, Words
from blockwright.expressions.problems import SyntaxProblem

IN_FEEL = {
    "is": "write `=`",
    "is not": "write `!=`",
    "is empty": 'write `= ""` for texts, `count(…) = 0` for lists',
    "is not empty": 'write `!= ""` for texts, `count(…) > 0` for lists',
    "not in": "write `not(… in …)`",
    "text": "write `string`",
    "yes or no": "write `boolean`",
    "duration": "write `days and time duration` or `years and months duration`",
    "object": "write `context<…>` with its entries",
    "anything": "write `Any`",
    "list": "write `list<Any>`",
    "range": "write `range<Any>`",
    "context": "write `context<…>` with its entries",
    "function": "write `function<…> -> Any` with its inputs",
}
"""What FEEL has instead."""


def is_ours(name: str, text: str, end: int) -> bool:
    """Whether a type, whose name ends there, is no FEEL: a name that flows have, or a type without those inside it."""
    return name in IN_FEEL and not (name in _HAVE_TYPES_INSIDE and _OPENS.match(text, end))


def read_sugar(text: str, start: int, names: Words) -> tuple[str, int] | None:
    """The operator that stands at a place after an operand, and where it ends. ``names`` are known there.

    Raises SyntaxProblem where a known name makes it ambiguous.
    """
    match = _NOT_IN.match(text, start)
    if match:
        return "not in", match.end()
    match = _IS.match(text, start)
    if match is None:
        return None
    operator, end = "is", match.end()
    negated = _NOT.match(text, end)
    if negated:
        name = names.longest(text, negated.end() - len("not"))
        if name is None or name[0] == "not":
            operator, end = "is not", negated.end()
        else:
            behind = _BLANK.match(text, negated.end())
            if behind and names.longest(text, behind.end()):
                raise _ambiguous("is not", name[0], start, name[1])
    empty = _EMPTY.match(text, end)
    if empty:
        name = names.longest(text, empty.end() - len("empty"))
        if name is None:
            return f"{operator} empty", empty.end()
        if name[0] == "empty":
            raise _ambiguous(f"{operator} empty", "empty", start, empty.end())
    return operator, end


_HAVE_TYPES_INSIDE = frozenset({"list", "range", "context", "function"})
_OPENS = re.compile(r"\s*<")
_NOT_IN = re.compile(rf"not\s+in(?!{WORD_CHARACTER})")
_IS = re.compile(rf"is(?!{WORD_CHARACTER})")
_NOT = re.compile(rf"\s+not(?!{WORD_CHARACTER})")
_EMPTY = re.compile(rf"\s+empty(?!{WORD_CHARACTER})")
_BLANK = re.compile(r"\s*")


def _ambiguous(operator: str, name: str, start: int, end: int) -> SyntaxProblem:
    sign = "!=" if operator == "is not empty" else "="
    return SyntaxProblem(
        f"this can mean `{operator}`, or the name `{name}`",
        start,
        end,
        f"write `{sign} {name}` for the name; otherwise {IN_FEEL[operator]}",
    )
