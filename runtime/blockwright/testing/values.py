"""The values that a test writes, worked out and compared."""

from __future__ import annotations

from blockwright.expressions.values import Value, give, to_text
from blockwright.failure import Failure
from blockwright.language import program as p


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


def plain(value: Value) -> object:
    """A value in Python's own; one that is too big for that as text."""
    try:
        return give(value)
    except Failure:
        return to_text(value)
