"""How types read in a sentence."""

from __future__ import annotations

from blockwright.expressions.types import (
    ANYTHING,
    NOTHING,
    YES_OR_NO,
    Either,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
    required,
)


def a(of: Type) -> str:
    """The type with its article: ``a text``, ``a list of number``, ``yes or no``."""
    of = required(of)
    match of:
        case Either():
            return " or ".join(sorted(a(option) for option in of.options))
        case ListOf():
            return "a list" if of.item == ANYTHING else f"a {of}"
        case ObjectOf():
            return "an object"
        case RangeOf():
            return "a range"
        case FunctionOf():
            return "a function"
    if of in (YES_OR_NO, NOTHING, ANYTHING):
        return str(of)
    return f"a {of}"
