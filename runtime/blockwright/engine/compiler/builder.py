"""Python ``ast`` nodes that stand at one place of the author's file."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from blockwright.expressions import Position

RUN = "_run"


class Where(TypedDict):
    """A place as the attributes of a node."""

    lineno: int
    col_offset: int
    end_lineno: int
    end_col_offset: int


class At:
    """Makes nodes at one position; the position is that of the YAML which they stand for."""

    def __init__(self, position: Position) -> None:
        line, offset, end_line, end_offset = position
        self.place: Where = {
            "lineno": line,
            "col_offset": offset,
            "end_lineno": end_line,
            "end_col_offset": end_offset,
        }

    def load(self, name: str) -> ast.expr:
        return ast.Name(name, ast.Load(), **self.place)

    def store(self, name: str) -> ast.expr:
        return ast.Name(name, ast.Store(), **self.place)

    def constant(self, value: str | int | bool | None) -> ast.expr:
        return ast.Constant(value, **self.place)

    def of_run(self, attribute: str) -> ast.expr:
        return ast.Attribute(self.load(RUN), attribute, ast.Load(), **self.place)

    def call(self, function: str | ast.expr, /, *arguments: ast.expr, **keywords: ast.expr) -> ast.Call:
        target = self.load(function) if isinstance(function, str) else function
        named = [ast.keyword(name, value, **self.place) for name, value in keywords.items()]
        return ast.Call(target, list(arguments), named, **self.place)

    def wait_for(self, value: ast.expr) -> ast.expr:
        return ast.Await(value, **self.place)

    def item(self, value: ast.expr, key: str) -> ast.expr:
        return ast.Subscript(value, self.constant(key), ast.Load(), **self.place)

    def compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
        return ast.Compare(left, [operator], [right], **self.place)

    def is_int(self, value: ast.expr) -> ast.expr:
        """``type(value) is int``"""
        return self.compare(self.call("_type", value), ast.Is(), self.load("_int"))

    def is_between(self, low: int, name: str, high: int) -> ast.expr:
        """``low < name < high``"""
        operators: list[ast.cmpop] = [ast.Lt(), ast.Lt()]
        return ast.Compare(self.constant(low), operators, [self.load(name), self.constant(high)], **self.place)

    def both(self, first: ast.expr, second: ast.expr) -> ast.expr:
        return ast.BoolOp(ast.And(), [first, second], **self.place)

    def negated(self, value: ast.expr) -> ast.expr:
        return ast.UnaryOp(ast.Not(), value, **self.place)

    def choice(self, test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
        return ast.IfExp(test, then, otherwise, **self.place)

    def named(self, name: str, value: ast.expr) -> ast.expr:
        return ast.NamedExpr(ast.Name(name, ast.Store(), **self.place), value, **self.place)

    def listed(self, items: list[ast.expr]) -> ast.expr:
        return ast.List(items, ast.Load(), **self.place)

    def grouped(self, entries: list[tuple[str, ast.expr]]) -> ast.expr:
        return ast.Dict([self.constant(name) for name, _ in entries], [value for _, value in entries], **self.place)

    def assign(self, name: str, value: ast.expr) -> ast.stmt:
        return ast.Assign([self.store(name)], value, **self.place)

    def do(self, value: ast.expr) -> ast.stmt:
        return ast.Expr(value, **self.place)

    def add_to_run(self, attribute: str, amount: int) -> ast.stmt:
        """``_run.attribute += amount``"""
        target = ast.Attribute(self.load(RUN), attribute, ast.Store(), **self.place)
        operator: ast.operator = ast.Add() if amount >= 0 else ast.Sub()
        return ast.AugAssign(target, operator, self.constant(abs(amount)), **self.place)

    def subtract(self, name: str, amount: int) -> ast.stmt:
        """``name -= amount``"""
        return ast.AugAssign(ast.Name(name, ast.Store(), **self.place), ast.Sub(), self.constant(amount), **self.place)

    def assign_to_run(self, attribute: str, value: ast.expr) -> ast.stmt:
        """``_run.attribute = value``"""
        return ast.Assign([ast.Attribute(self.load(RUN), attribute, ast.Store(), **self.place)], value, **self.place)

    def when(self, test: ast.expr, body: list[ast.stmt], otherwise: list[ast.stmt] | None = None) -> ast.stmt:
        return ast.If(test, body if body else [self.nothing()], otherwise or [], **self.place)

    def nothing(self) -> ast.stmt:
        return ast.Pass(**self.place)

    def loop(self, name: str, items: ast.expr, body: list[ast.stmt]) -> ast.stmt:
        return ast.For(self.store(name), items, body, [], None, **self.place)

    def loop_while(self, test: ast.expr, body: list[ast.stmt]) -> ast.stmt:
        return ast.While(test, body, [], **self.place)

    def leave_loop(self) -> ast.stmt:
        return ast.Break(**self.place)

    def next_round(self) -> ast.stmt:
        return ast.Continue(**self.place)

    def give(self, value: ast.expr) -> ast.stmt:
        return ast.Return(value, **self.place)

    def throw(self, value: ast.expr) -> ast.stmt:
        return ast.Raise(value, None, **self.place)

    def attempt(self, body: list[ast.stmt], error: str, handling: list[ast.stmt]) -> ast.stmt:
        """``try: body`` / ``except Exception as error: handling``"""
        handler = ast.ExceptHandler(self.load("_Exception"), error, handling, **self.place)
        return ast.Try(body if body else [self.nothing()], [handler], [], [], **self.place)

    def always(self, body: list[ast.stmt], last: list[ast.stmt]) -> ast.stmt:
        """``try: body`` / ``finally: last``"""
        return ast.Try(body if body else [self.nothing()], [], [], last, **self.place)

    def inside(self, manager: ast.expr, body: list[ast.stmt]) -> ast.stmt:
        """``async with manager: body``"""
        return ast.AsyncWith([ast.withitem(manager, None)], body if body else [self.nothing()], **self.place)

    def attempt_or_leave(self, body: list[ast.stmt], error: str, handling: list[ast.stmt]) -> ast.stmt:
        """``try: body`` / ``except Exception as error: handling`` / ``else: break``"""
        handler = ast.ExceptHandler(self.load("_Exception"), error, handling, **self.place)
        return ast.Try(body if body else [self.nothing()], [handler], [self.leave_loop()], [], **self.place)

    def append(self, name: str, value: ast.expr) -> ast.stmt:
        """``name.append(value)``"""
        return self.do(self.call(ast.Attribute(self.load(name), "append", ast.Load(), **self.place), value))

    def method(self, name: str, method: str, *arguments: ast.expr) -> ast.expr:
        """``name.method(*arguments)``"""
        return self.call(ast.Attribute(self.load(name), method, ast.Load(), **self.place), *arguments)

    def assign_both(self, first: str, second: str, value: ast.expr) -> ast.stmt:
        """``first, second = value``"""
        names = ast.Tuple([self.store(first), self.store(second)], ast.Store(), **self.place)
        return ast.Assign([names], value, **self.place)

    def inner_function(self, name: str, shared: list[str], parameters: list[str], body: list[ast.stmt]) -> ast.stmt:
        """An asynchronous function of the run and ``parameters`` inside of another, whose ``shared`` locals it sets."""
        parts = [ast.arg(each, **self.place) for each in (RUN, *parameters)]
        arguments = ast.arguments(
            posonlyargs=[], args=parts, vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
        )
        whole: list[ast.stmt] = [ast.Nonlocal(shared, **self.place), *body] if shared else body
        return ast.AsyncFunctionDef(name, arguments, whole or [self.nothing()], [], None, None, **self.place)

    def function(
        self, name: str, parameters: list[tuple[str, ast.expr | None]], body: list[ast.stmt], is_async: bool
    ) -> ast.stmt:
        """A function of the run and of keyword-only parameters, each with its default or None."""
        arguments = ast.arguments(
            posonlyargs=[],
            args=[ast.arg(RUN, **self.place)],
            vararg=None,
            kwonlyargs=[ast.arg(name, **self.place) for name, _ in parameters],
            kw_defaults=[default for _, default in parameters],
            kwarg=None,
            defaults=[],
        )
        make = ast.AsyncFunctionDef if is_async else ast.FunctionDef
        return make(name, arguments, body, [], None, None, **self.place)
