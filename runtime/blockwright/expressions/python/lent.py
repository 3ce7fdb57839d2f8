"""Code for values that are lent: it reads the caller's own lists and objects where they lie.

To look through a list of objects takes many times as long as most expressions do, so this code checks a value when it
looks at it: the numbers that it computes with, the texts that it compares. What it only passes by is not looked at, and
what it gives is copied, and checked by that. Where a value is not what ``take`` would make of it, the code gives up.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from decimal import Decimal
from types import MappingProxyType

from blockwright.expressions import operators
from blockwright.expressions.budget import spend
from blockwright.expressions.infer import Facts
from blockwright.expressions.infer.operators import kinds
from blockwright.expressions.lending import KINDS, can_be_lent, exact
from blockwright.expressions.python import helpers
from blockwright.expressions.python.emitter import is_made
from blockwright.expressions.python.function_helpers import FUNCTION_HELPERS, overload_helper
from blockwright.expressions.python.light import LIGHT, LIGHT_FUNCTIONS, give_up
from blockwright.expressions.python.writing import At
from blockwright.expressions.tree import Node
from blockwright.expressions.types import NOTHING, TEXT, YES_OR_NO
from blockwright.expressions.values import (
    Date,
    DateTime,
    DaysDuration,
    Function,
    Range,
    Time,
    Value,
    YearsDuration,
    give,
    take,
)


def leaving(code: ast.expr, node: Node, facts: Facts, at: At) -> ast.expr:
    """The code with its value as Python has it: a copy, checked where it may have been lent."""
    if kinds(facts.of(node)) <= _PLAIN:
        # Of what is lent, no type is known.
        return code
    return at.call("_feel_give" if is_made(node) else "_feel_give_lent", code)


_PLAIN = frozenset({TEXT, YES_OR_NO, NOTHING})


def can_run_lent(code: ast.expr) -> bool:
    """Whether all that the code calls can be called with values that are lent."""
    return all(
        node.func.id in LENT_HELPERS
        for node in ast.walk(code)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


def _taken(value: object) -> Value:
    """The value, if it can be lent as it is, else what ``take`` makes of it."""
    if type(value) in _OWN or (type(value) is str and len(value) < SHORT) or can_be_lent(value):
        return value  # type: ignore[return-value]
    return take(value)


SHORT = 1000
"""Characters of a text that nothing needs to be paid for."""
_OWN = frozenset({type(None), bool, Date, Time, DateTime, DaysDuration, YearsDuration, Range, Function})
"""Values that ``take`` leaves as they are, whatever is in them."""


def _give_lent(value: object) -> object:
    return give(_taken(value))


def _taking(helper: Callable[..., Value]) -> Callable[..., Value]:
    """The helper, for values that are lent."""

    def called(*values: object) -> Value:
        return helper(*map(_taken, values))

    return called


def _plainly(helper: Callable[..., Value]) -> Callable[..., Value]:
    """The helper, for numbers, short texts, yes, no and null alone, for which it does next to nothing."""

    def called(*values: object) -> Value:
        for value in values:
            kind = type(value)
            if kind not in _PLAINEST and not (kind is str and len(value) < SHORT):  # type: ignore[arg-type]
                give_up()
        return helper(*map(_taken, values))

    return called


_PLAINEST = frozenset({int, float, Decimal, bool, type(None)})


def _items(value: Value) -> Sequence[Value]:
    if type(value) is list:
        spend(len(value))
        return value
    return helpers.items(_taken(value))


def _iterate(domain: Value) -> Sequence[Value] | None:
    if type(domain) is list:
        spend(len(domain))
        return domain
    return helpers.iterate(_taken(domain))


def _index(value: Value, number: Value) -> Value:
    return operators.index(value if type(value) is list else _taken(value), _taken(number))


def _select(value: Value, test: helpers.Test, asks_items: bool) -> Value:
    return helpers.select(value if type(value) is list else _taken(value), test, asks_items)


_ON_VALUES = (
    *("add", "subtract", "multiply", "divide", "power", "negate", "equal", "not_equal", "less", "less_equal"),
    *("greater", "greater_equal", "between", "both", "either", "not", "truth", "range", "unary", "count"),
    *("member", "member_of_any"),
)
"""Helpers that look at all of the values that they are called with."""
_COMPARING = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "both", "either", "truth")
"""Those among them that neither compute nor loop, where they are called with plain values."""
_PASSING = (
    *("type", "str", "bool", "list", "dict", "numbers", "Decimal", "fit", "at", "decimal", "fail", "unknown"),
    *("path", "entry", "empty", "each", "spread", "gathered", "partial", "some", "every", "any", "all", "context"),
    *("and", "or", "builtin"),
)
"""Helpers that look at no value that they do not know: they pass it on, or fail."""
_QUICK = [overload_helper(name, 0) for name in LIGHT_FUNCTIONS]
"""Functions that are called with what was checked, or look at nothing inside."""

LENT_HELPERS: MappingProxyType[str, object] = MappingProxyType(
    {name: _taking(helper) for name, helper in FUNCTION_HELPERS.items() if callable(helper)}
    | {name: FUNCTION_HELPERS[name] for name in _QUICK}
    | {name: _taking(helpers.HELPERS[name]) for name in (f"_feel_{name}" for name in _ON_VALUES)}  # type: ignore[arg-type]
    | {name: helpers.HELPERS[name] for name in (f"_feel_{name}" for name in _PASSING)}
    | {
        "_feel_items": _items,
        "_feel_iterate": _iterate,
        "_feel_index": _index,
        "_feel_select": _select,
        "_feel_kinds": KINDS,
        "_feel_exact": exact,
        "_feel_len": len,
        "_feel_give": give,
        "_feel_give_lent": _give_lent,
        "_feel_give_up": give_up,
    }
)
"""The globals of code for values that are lent."""

LIGHT_LENT = LIGHT | {"_feel_kinds", "_feel_exact", "_feel_len", "_feel_give", "_feel_give_lent"}
"""The helpers of such code where it is light."""
LIGHT_LENT_HELPERS: MappingProxyType[str, object] = MappingProxyType(
    {name: helper if name in LIGHT_LENT else give_up for name, helper in LENT_HELPERS.items()}
    | {name: _plainly(helpers.HELPERS[name]) for name in (f"_feel_{name}" for name in _COMPARING)}  # type: ignore[arg-type]
)
"""The globals of such code where it is light."""

_CALM: dict[str, object] = {
    name: _plainly(helpers.HELPERS[name])  # type: ignore[arg-type]
    for name in ("_feel_add", "_feel_subtract", "_feel_multiply", "_feel_divide", "_feel_negate")
} | {"_feel_fit": helpers.HELPERS["_feel_fit"]}
CALM_LENT = LIGHT_LENT.union(_CALM)
"""The helpers of such code where it only computes besides: what it does is bounded by its length."""
CALM_LENT_HELPERS: MappingProxyType[str, object] = MappingProxyType({**LIGHT_LENT_HELPERS, **_CALM})
"""The globals of such code where it only computes besides."""
