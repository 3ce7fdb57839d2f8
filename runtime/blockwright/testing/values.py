"""The values that a test writes, worked out, compared, and shown."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from blockwright.expressions.values import Value, give, to_text
from blockwright.failure import Failure
from blockwright.language import program as p
from blockwright.language.showing import as_text, in_line


def worked_out(value: p.Value) -> Value:
    """What a value in a test means. Raises Failure when it cannot be worked out."""
    match value:
        case p.Constant():
            return value.value
        case p.Computed():
            return value.expression.value({})
        case p.Joined():
            return "".join(each if isinstance(each, str) else to_text(worked_out(each)) for each in value.parts)
        case p.Listed():
            return [worked_out(each) for each in value.items]
        case p.Grouped():
            return {name: worked_out(each) for name, each in value.entries}


def same(first: Value, second: Value) -> bool:
    """Whether two values are the same; a yes is no 1."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(each, second[name]) for name, each in first.items())
    return first == second


def difference(expected: Value, got: Value) -> tuple[str, ...]:
    """Lines that show what differs: ``-`` what was expected, ``+`` what came instead."""
    wanted, came = _lines(expected), _lines(got)
    if wanted == came:
        wanted, came = [repr(give(expected))], [repr(give(got))]
    return tuple(_compared(wanted, came))


AROUND = 3
"""Lines that are shown before and after what differs."""


def _compared(wanted: list[str], came: list[str]) -> Iterator[str]:
    matcher = difflib.SequenceMatcher(None, wanted, came, autojunk=False)
    end = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > end:
            yield "  …"
        for kind, start, stop, came_from, came_to in group:
            if kind == "equal":
                yield from (f"  {line}" for line in wanted[start:stop])
            else:
                yield from (f"- {line}" for line in wanted[start:stop])
                yield from (f"+ {line}" for line in came[came_from:came_to])
            end = stop
    if end < len(wanted):
        yield "  …"


def _lines(value: Value) -> list[str]:
    shown = plain(value)
    if isinstance(shown, list | dict) and shown:
        return as_text(shown).split("\n")
    if isinstance(shown, str) and "\n" in shown:
        return shown.split("\n")
    return [in_line(shown)]


def plain(value: Value) -> object:
    """A value in Python's own; one that is too big for that as text."""
    try:
        return give(value)
    except Failure:
        return to_text(value)
