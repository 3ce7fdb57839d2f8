"""FEEL's built-in functions, and how functions are called (DMN 1.5, 10.3.4)."""

from collections.abc import Mapping
from types import MappingProxyType

from blockwright.expressions.functions import (
    contexts,
    conversion,
    lists,
    numbers,
    patterns,
    ranges,
    sorting,
    temporal,
    text,
    totals,
)
from blockwright.expressions.functions.builtin import Builtin, Example, Overload, Parameter, Result
from blockwright.expressions.functions.calling import as_function, call, caller, invoke
from blockwright.expressions.functions.kinds import kinds_of

__all__ = [
    "FUNCTIONS",
    "Builtin",
    "Example",
    "Overload",
    "Parameter",
    "Result",
    "as_function",
    "call",
    "caller",
    "invoke",
    "kinds_of",
]

_CHAPTERS = (conversion, text, patterns, numbers, lists, totals, sorting, contexts, temporal, ranges)

FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {builtin.name: builtin for chapter in _CHAPTERS for builtin in chapter.BUILTINS}
)
"""Every built-in function by its FEEL name."""
