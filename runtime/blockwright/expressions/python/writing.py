"""Small pieces of Python ``ast``, each at a place."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from blockwright.expressions.types import LIST, NUMBER, OBJECT, TEXT, YES_OR_NO, Type
from blockwright.expressions.values import CAPS


class Position(NamedTuple):
    """A stretch of source as Python's ``ast`` counts it: lines from 1, columns from 0."""

    lineno: int
    col_offset: int
    end_lineno: int
    end_col_offset: int


class At:
    """Makes nodes that all stand at one position."""

    __slots__ = ("_place",)

    def __init__(self, where: Position) -> None:
        self._place = where._asdict()

    def constant(self, value: str | int | bool | tuple[object, ...] | None) -> ast.expr:
        return ast.Constant(value, **self._place)  # type: ignore[arg-type]

    def load(self, name: str) -> ast.expr:
        return ast.Name(name, ast.Load(), **self._place)

    def call(self, function: str, *arguments: ast.expr) -> ast.expr:
        return self.call_of(self.load(function), *arguments)

    def call_of(self, function: ast.expr, *arguments: ast.expr) -> ast.expr:
        return ast.Call(function, list(arguments), [], **self._place)

    def rarely(self, function: str, *arguments: ast.expr) -> ast.expr:
        """The call of a helper for what a quick look at the values did not cover."""
        call = self.call(function, *arguments)
        vars(call)[_RARE] = True
        return call

    def attribute_call(self, value: ast.expr, name: str, *arguments: ast.expr) -> ast.expr:
        return self.call_of(ast.Attribute(value, name, ast.Load(), **self._place), *arguments)

    def named(self, name: str, value: ast.expr) -> ast.expr:
        return ast.NamedExpr(ast.Name(name, ast.Store(), **self._place), value, **self._place)

    def binary(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
        return ast.BinOp(left, operator, right, **self._place)

    def negative(self, operand: ast.expr) -> ast.expr:
        return ast.UnaryOp(ast.USub(), operand, **self._place)

    def opposite(self, operand: ast.expr) -> ast.expr:
        return ast.UnaryOp(ast.Not(), operand, **self._place)

    def compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
        return ast.Compare(left, [operator], [right], **self._place)

    def is_between(self, low: ast.expr, name: str, high: ast.expr) -> ast.expr:
        return ast.Compare(low, [ast.Lt(), ast.Lt()], [self.load(name), high], **self._place)

    def is_a(self, value: ast.expr, kind: str) -> ast.expr:
        """``type(value) is kind``, where ``kind`` is a global."""
        return self.compare(self.call("_feel_type", value), ast.Is(), self.load(kind))

    def is_of(self, of: Type, value: ast.expr) -> ast.expr:
        """The test that a value is of one of the types that ``has_test``."""
        if of == NUMBER:
            return self.compare(self.call("_feel_type", value), ast.In(), self.load("_feel_numbers"))
        return self.is_a(value, _PYTHON_TYPES[of])

    def is_sound(self, of: Type, name: str) -> ast.expr | None:
        """The test that a variable of such a type is a value as ``take`` would give it; None where every one is."""
        if of == NUMBER:
            return self.attribute_call(self.call("_feel_exact", self.load(name)), "is_finite")
        if of == TEXT:
            return self.compare(self.call("_feel_len", self.load(name)), ast.LtE(), self.constant(CAPS.text))
        return None

    def all_of(self, *values: ast.expr) -> ast.expr:
        return ast.BoolOp(ast.And(), list(values), **self._place)

    def any_of(self, *values: ast.expr) -> ast.expr:
        return ast.BoolOp(ast.Or(), list(values), **self._place)

    def choice(self, test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
        return ast.IfExp(test, then, otherwise, **self._place)

    def tuple_of(self, items: Sequence[ast.expr]) -> ast.expr:
        return ast.Tuple(list(items), ast.Load(), **self._place)

    def list_of(self, items: Sequence[ast.expr]) -> ast.expr:
        return ast.List(list(items), ast.Load(), **self._place)

    def dict_of(self, entries: Sequence[tuple[str, ast.expr]]) -> ast.expr:
        keys: list[ast.expr | None] = [self.constant(key) for key, _ in entries]
        return ast.Dict(keys, [value for _, value in entries], **self._place)

    def entry(self, value: ast.expr, key: str) -> ast.expr:
        return ast.Subscript(value, self.constant(key), ast.Load(), **self._place)

    def function(self, parameters: Sequence[str], body: ast.expr) -> ast.expr:
        arguments = ast.arguments(
            posonlyargs=[],
            args=[ast.arg(parameter, **self._place) for parameter in parameters],
            vararg=None,
            kwonlyargs=[],
            kw_defaults=[],
            kwarg=None,
            defaults=[],
        )
        return ast.Lambda(arguments, body, **self._place)

    def listed(self, item: ast.expr, name: str, items: ast.expr, condition: ast.expr | None = None) -> ast.expr:
        """``[item for name in items if condition]``"""
        return ast.ListComp(item, [self.going_through(name, items, condition)], **self._place)

    def generated(self, item: ast.expr, loops: Sequence[ast.comprehension]) -> ast.expr:
        """``(item for … in … for … in …)``"""
        return ast.GeneratorExp(item, list(loops), **self._place)

    def going_through(self, name: str, items: ast.expr, condition: ast.expr | None = None) -> ast.comprehension:
        target = ast.Name(name, ast.Store(), **self._place)
        return ast.comprehension(target, items, [condition] if condition else [], 0)


def is_rare(call: ast.Call) -> bool:
    """Whether a call is seldom reached."""
    return _RARE in vars(call)


_RARE = "is_rare"


def has_test(of: Type) -> bool:
    """Whether one quick look tells if a value is of this type."""
    return of == NUMBER or of in _PYTHON_TYPES


_PYTHON_TYPES: Mapping[Type, str] = {
    TEXT: "_feel_str",
    YES_OR_NO: "_feel_bool",
    LIST: "_feel_list",
    OBJECT: "_feel_dict",
}
