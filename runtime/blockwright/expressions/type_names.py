"""The names of types that an expression may write: FEEL's own, the ones flows use, and those a caller adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from blockwright.expressions.names import Words, nearest, one_spaced
from blockwright.expressions.problems import SyntaxProblem
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    LIST,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    TYPE_NAMES,
    YEARS_DURATION,
    YES_OR_NO,
    Either,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
)

FEEL_TYPES: Mapping[str, Type] = MappingProxyType(
    dict(TYPE_NAMES)
    | {
        "Any": ANYTHING,
        "Null": NOTHING,
        "number": NUMBER,
        "string": TEXT,
        "boolean": YES_OR_NO,
        "date": DATE,
        "time": TIME,
        "date and time": DATE_AND_TIME,
        "dateTime": DATE_AND_TIME,
        "days and time duration": DAYS_DURATION,
        "dayTimeDuration": DAYS_DURATION,
        "years and months duration": YEARS_DURATION,
        "yearMonthDuration": YEARS_DURATION,
        "list": LIST,
        "context": OBJECT,
        "range": RangeOf(ANYTHING),
    }
)
"""DMN 1.5, table 52 and 10.3.1.2, and the names that flows use for the same types."""


def find_type(name: str, types: Mapping[str, Type]) -> Type:
    """The type of a known name. A caller's own types come first."""
    return types[name] if name in types else FEEL_TYPES[name]


def unknown_type(name: str, types: Mapping[str, Type], start: int, end: int) -> SyntaxProblem:
    """What to say of a type that nobody knows."""
    near = nearest(name, [*types, *FEEL_TYPES])
    mend = f"did you mean `{near}`?" if near else f"the types are {', '.join(FEEL_TYPES)}"
    return SyntaxProblem(f"there is no type `{name}`", start, end, mend)


def parts_of_type(of: Type) -> Iterable[Type]:
    """The types directly inside a type."""
    match of:
        case ListOf() | RangeOf():
            return (of.item,)
        case ObjectOf():
            return [field for _, field in of.fields or ()]
        case FunctionOf():
            return (*(of.parameters or ()), of.result)
        case Either():
            return of.options
    return ()


def _type_words() -> Words:
    words = Words()
    for name in FEEL_TYPES:
        words = words.adding(one_spaced(name))
    return words


TYPE_WORDS = _type_words()
