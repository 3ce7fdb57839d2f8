"""What the prompt says when it is asked: how to use it, and what a function or an operator does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from blockwright.expressions import parse
from blockwright.expressions.functions import FUNCTIONS, Builtin
from blockwright.expressions.functions.builtin import Example
from blockwright.expressions.names import nearest
from blockwright.expressions.reference import signature
from blockwright.expressions.reference.operators import OPERATORS, Operator
from blockwright.expressions.reference.page import SCOPE

GUIDE = """\
Type an expression to see its value:  price * (1 + tax rate)
Give a name a value:                  tax rate = 0.19
Compare a name with a value:          (tax rate = 0.19), or: tax rate is 0.19
What a function or operator does:     help sum, or: help between
Leave:                                exit, or Ctrl-D"""


def guide(names: Iterable[str]) -> str:
    """How to use the prompt, the names that have values, and all functions."""
    known = ", ".join(names)
    return "\n\n".join([GUIDE, *([f"names\n  {known}"] if known else []), "\n".join(_functions())])


def about(what: str) -> str | None:
    """What a function, an operator or a form does, with examples; None where there is no such thing."""
    name = " ".join(what.removesuffix("()").split())
    if name in FUNCTIONS:
        return "\n".join(_function(FUNCTIONS[name]))
    for operator in (*OPERATORS, *_FORMS):
        if name in _signs(operator):
            return "\n".join([operator.about.replace("`", ""), *_examples(operator.examples)])
    return None


def meant(what: str) -> str | None:
    """The function, operator or form that was probably meant."""
    return nearest(what, [*FUNCTIONS, *(sign for each in (*OPERATORS, *_FORMS) for sign in _signs(each))])


_FORMS = (
    Operator("if", "Takes one of two values.", "", (('if quantity > 3 then "many" else "few"', '"many"'),)),
    Operator("for", "Makes a list of a value for each item.", "", (("for n in numbers return n * 2", "[6, 2, 4]"),)),
    Operator(
        "some` and `every",
        "Whether a condition holds for one of the items, or for all of them.",
        "",
        (("some n in numbers satisfies n > 2", "true"), ("every n in numbers satisfies n > 2", "false")),
    ),
    Operator("function", "Makes a function.", "", (("(function(n) n * 2)(quantity)", "8"),)),
    Operator(
        "is`, `is not`, `is empty`, `is not empty` and `not in",
        "Say in words what `=`, `!=` and `in` say. Nothing at all is empty too.",
        "",
        (("nickname is null", "true"), ("numbers is not empty", "true"), ("9 not in numbers", "true")),
    ),
)


def _signs(operator: Operator) -> list[str]:
    """The signs of an operator. Its title lists them in backticks, but for the first and the last."""
    return re.split(r"` and `|`, `", operator.title.partition("` … `")[0])


def _functions() -> Iterator[str]:
    yield "functions"
    for category in dict.fromkeys(function.category for function in FUNCTIONS.values()):
        names = [function.name for function in FUNCTIONS.values() if function.category == category]
        yield f"  {category}: {', '.join(names)}"


def _function(function: Builtin) -> Iterator[str]:
    yield function.about.replace("`", "")
    for overload in function.overloads:
        yield f"  {signature(function.name, overload)}"
    yield from _examples(function.examples)


def _examples(examples: Iterable[Example]) -> Iterator[str]:
    names: dict[str, None] = {}
    for text, value in examples:
        yield f"  {text} → {value}"
        names |= dict.fromkeys(sorted(parse(text, SCOPE).reads))
    if names:
        yield "  where " + ", ".join(f"{name} is {SCOPE[name]}" for name in names)
