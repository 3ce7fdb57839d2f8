"""The page: what the code knows (types, functions, parts of values, messages, limits) put between the words.

A line ``expression → value`` is an example; tests evaluate each one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from textwrap import fill

from blockwright.expressions.budget import STEPS
from blockwright.expressions.expression import evaluate, parse
from blockwright.expressions.functions import FUNCTIONS, Builtin, Overload
from blockwright.expressions.functions.builtin import Example
from blockwright.expressions.infer.operators import KINDS, arithmetic
from blockwright.expressions.parser import DEEPEST, LONGEST
from blockwright.expressions.patterns.syntax import LONGEST as LONGEST_PATTERN
from blockwright.expressions.reference.operators import OPERATORS
from blockwright.expressions.reference.words import WORDS
from blockwright.expressions.temporal.properties import PROPERTY_TYPES, RANGE_PROPERTY_TYPES
from blockwright.expressions.types import NOTHING, ListOf, Type, required
from blockwright.expressions.values import CAPS, Value, take, to_text
from blockwright.failure import Failure

SCOPE: Mapping[str, str] = {
    "price": "12.50",
    "quantity": "4",
    "tax rate": "0.19",
    "user identity": '"alice@yourmail.com"',
    "first-name": '"Alice"',
    "nickname": "null",
    "due": '@"2026-01-31"',
    "numbers": "[3, 1, 2]",
    "orders": '[{product: "tea", price: 4}, {product: "pot", price: 30}]',
}
"""The names that examples use, and their values."""


MISTAKES = (
    '"a" + 1',
    "10 / 0",
    '@"2026-02-30"',
    '"x" = 1',
    "upper case(5)",
    'substring("abc", 9)',
    "if quantity then 1 else 2",
    "numbers.price",
)
"""Expressions that go wrong, to show how."""

LIMITS = (
    ("Characters of one expression", LONGEST),
    ("Levels of brackets, operators and conditions inside one another", DEEPEST),
    ("Steps of one evaluation: rounds of loops, items looked at, functions called", STEPS),
    ("Characters of one text", CAPS.text),
    ("Items of one list, entries of one object", CAPS.items),
    ("Lists and objects inside one another", CAPS.depth),
    ("Characters of one pattern", LONGEST_PATTERN),
    ("Digits of one number", 34),
)


def page() -> str:
    """The whole page, as Markdown."""
    text = WORDS
    for name, made in {
        "scope": _scope,
        "operators": _operators,
        "functions": _functions,
        "parts": _parts,
        "mistakes": _mistakes,
        "limits": _limits,
    }.items():
        text = text.replace(f"<<{name}>>\n", "\n".join(made()) + "\n")
    return text


def scope() -> dict[str, object]:
    """The values of the names that examples use."""
    return {name: evaluate(text) for name, text in SCOPE.items()}


def signature(name: str, overload: Overload) -> str:
    """How a function is called, with its inputs' names and types: ``count(list: list) gives number``."""
    inputs = [
        f"{parameter.name}{' (optional)' if parameter.optional else ''}: {_asked_for(parameter.type)}"
        for parameter in overload.parameters
    ]
    more = [", …"] if overload.variadic else []
    result = overload.result_type([parameter.type for parameter in overload.parameters])
    return f"{name}({', '.join(inputs)}{''.join(more)}) gives {_or_null(result)}"


def takes(sign: str) -> Iterator[tuple[Type, Type, Type]]:
    """The pairs of types that an operator takes, and the type that each gives."""
    values = [kind for kind in KINDS if kind != NOTHING]
    for left in values:
        for right in values:
            result = arithmetic(sign, left, right)
            if result is not None:
                yield left, right, result


def _asked_for(of: Type) -> str:
    """A type without the nulls that are let pass, also among the items of a list."""
    whole = required(of)
    return str(ListOf(required(whole.item)) if isinstance(whole, ListOf) else whole)


def _or_null(of: Type) -> str:
    return str(of) if required(of) == of else f"{required(of)}, or null"


def _scope() -> Iterator[str]:
    yield from ("| name | value |", "|---|---|")
    yield from (f"| {name} | `{text}` |" for name, text in SCOPE.items())


def _operators() -> Iterator[str]:
    for operator in OPERATORS:
        yield from ("", f"### `{operator.title}`", "", _wrapped(operator.about), "", "```feel")
        yield from map(_example, operator.examples)
        yield "```"
        if operator.table:
            yield from ("", "| left | right | gives |", "|---|---|---|")
            yield from (f"| {left} | {right} | {result} |" for left, right, result in takes(operator.table))


def _functions() -> Iterator[str]:
    for category, found in groupby(sorted(FUNCTIONS.values(), key=_place), key=lambda builtin: builtin.category):
        yield from ("", f"### {category[0].upper()}{category[1:]}")
        for builtin in found:
            yield from ("", _wrapped(f"**{builtin.name}**: {builtin.about}"), "", "```feel")
            yield from (signature(builtin.name, overload) for overload in builtin.overloads)
            yield from map(_example, builtin.examples)
            yield "```"


def _place(builtin: Builtin) -> int:
    categories = list(dict.fromkeys(known.category for known in FUNCTIONS.values()))
    return categories.index(builtin.category)


def _parts() -> Iterator[str]:
    yield from ("| of a | parts |", "|---|---|")
    tables = {str(of): parts for of, parts in PROPERTY_TYPES.items()} | {"range": RANGE_PROPERTY_TYPES}
    for name, parts in tables.items():
        yield f"| {name} | {', '.join(f'`{part}`' for part in parts)} |"


def _mistakes() -> Iterator[str]:
    yield from ("| expression | in a flow | in the standard's way |", "|---|---|---|")
    for text in MISTAKES:
        yield f"| `{text}` | {_message_of(text)} | `{to_text(_value_of(text))}` |"


def _message_of(text: str) -> str:
    """What is said about an expression that goes wrong."""
    try:
        evaluate(text, scope())
    except Failure as failure:
        return failure.message
    raise AssertionError(f"nothing is wrong with {text}")


def _value_of(text: str) -> Value:
    return parse(text, SCOPE).value({name: take(value) for name, value in scope().items()}, errors="null")


def _limits() -> Iterator[str]:
    yield from ("| limit | at most |", "|---|---|")
    yield from (f"| {name} | {most:,} |" for name, most in LIMITS)


def _example(example: Example) -> str:
    return f"{example[0]} → {example[1]}"


def _wrapped(text: str) -> str:
    return fill(text, 120, break_long_words=False, break_on_hyphens=False)
