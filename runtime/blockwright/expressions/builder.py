"""What the productions of ``grammar.lark`` make: one function for each name after an arrow there.

Every function gets the span of its production and then its parts in order: tokens as their values, signs as themselves.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal as OneOf
from typing import NamedTuple

from blockwright.expressions import tree
from blockwright.expressions.problems import SyntaxProblem
from blockwright.expressions.tree import Entry, Iterator, Node, Parameter
from blockwright.expressions.types import ANYTHING, LIST, FunctionOf, ListOf, ObjectOf, RangeOf, Type
from blockwright.expressions.values import CONTEXT


def number(start: int, end: int, value: int | Decimal) -> Node:
    return tree.Literal(start, end, value)


def text(start: int, end: int, value: str) -> Node:
    return tree.Literal(start, end, value)


def at_text(start: int, end: int, value: str) -> Node:
    return tree.AtLiteral(start, end, value)


def true(start: int, end: int, _: str) -> Node:
    return tree.Literal(start, end, True)


def false(start: int, end: int, _: str) -> Node:
    return tree.Literal(start, end, False)


def null(start: int, end: int, _: str) -> Node:
    return tree.Literal(start, end, None)


def name(start: int, end: int, value: str) -> Node:
    return tree.Name(start, end, value)


def parentheses(_start: int, _end: int, _open: str, inner: Node, _close: str) -> Node:
    return inner


def logic(start: int, end: int, left: Node, operator: OneOf["and", "or"], right: Node) -> Node:
    return tree.Logic(start, end, operator, left, right)


def comparison(start: int, end: int, left: Node, operator: tree.ComparisonOperator, right: Node) -> Node:
    return tree.Comparison(start, end, operator, left, right)


def likeness(start: int, end: int, left: Node, operator: OneOf["is", "is not"], right: Node) -> Node:
    return tree.Comparison(start, end, "=" if operator == "is" else "!=", left, right)


def emptiness(start: int, end: int, value: Node, operator: OneOf["is empty", "is not empty"]) -> Node:
    return tree.Emptiness(start, end, value, operator == "is not empty")


def between(start: int, end: int, value: Node, _b: str, low: Node, _a: str, high: Node) -> Node:
    return tree.Between(start, end, value, low, high)


def member(start: int, end: int, value: Node, _in: str, test: Node) -> Node:
    return tree.In(start, end, value, (test,))


def member_of_tests(
    start: int, end: int, value: Node, _in: str, _open: str, first: Node, _c: str, tests: list[Node], _close: str
) -> Node:
    return tree.In(start, end, value, (first, *tests))


def not_member(start: int, end: int, value: Node, _in: str, test: Node) -> Node:
    return tree.In(start, end, value, (test,), negated=True)


def not_member_of_tests(
    start: int, end: int, value: Node, _in: str, _open: str, first: Node, _c: str, tests: list[Node], _close: str
) -> Node:
    return tree.In(start, end, value, (first, *tests), negated=True)


def arithmetic(start: int, end: int, left: Node, operator: tree.ArithmeticOperator, right: Node) -> Node:
    return tree.Arithmetic(start, end, operator, left, right)


def negation(start: int, end: int, _: str, operand: Node) -> Node:
    if isinstance(operand, tree.Literal):
        if type(operand.value) is int:
            return tree.Literal(start, end, -operand.value)
        if isinstance(operand.value, Decimal):
            return tree.Literal(start, end, CONTEXT.minus(operand.value))
    return tree.Negation(start, end, operand)


def instance_of(start: int, end: int, value: Node, _: str, of: Type) -> Node:
    return tree.InstanceOf(start, end, value, of)


def path(start: int, end: int, value: Node, _: str, name: tuple[str, int]) -> Node:
    return tree.Path(start, end, value, *name)


def filtered(start: int, end: int, value: Node, _open: str, condition: Node, _close: str) -> Node:
    return tree.Filter(start, end, value, condition)


def call_empty(start: int, end: int, function: Node, _open: str, _close: str) -> Node:
    return tree.Call(start, end, function, (), ())


def call(start: int, end: int, function: Node, _open: str, arguments: list[Node], _close: str) -> Node:
    return tree.Call(start, end, function, tuple(arguments), ())


def call_named(start: int, end: int, function: Node, _open: str, arguments: list[Entry], _close: str) -> Node:
    return tree.Call(start, end, function, (), tuple(arguments))


def argument(start: int, end: int, name: str, _: str, value: Node) -> Entry:
    return Entry(start, end, name, value)


def entry(start: int, end: int, name: str, _: str, value: Node) -> Entry:
    return Entry(start, end, name, value)


def range_between(start: int, end: int, opening: str, low: Node, _: str, high: Node, closing: str) -> Node:
    return tree.RangeLiteral(start, end, low, high, opening == "[", closing == "]")


def unary_range(start: int, end: int, operator: str, operand: Node) -> Node:
    if operator in ("<", "<="):
        return tree.RangeLiteral(start, end, None, operand, False, operator == "<=")
    if operator in (">", ">="):
        return tree.RangeLiteral(start, end, operand, None, operator == ">=", False)
    return tree.EqualTest(start, end, "=" if operator == "=" else "!=", operand)


def any_value(start: int, end: int, _: str) -> Node:
    return tree.UnaryTests(start, end, (), False)


def unary_tests(start: int, end: int, tests: list[Node]) -> Node:
    return tree.UnaryTests(start, end, tuple(tests), False)


def unary_not(start: int, end: int, _not: str, _open: str, tests: list[Node], _close: str) -> Node:
    return tree.UnaryTests(start, end, tuple(tests), True)


def list_empty(start: int, end: int, _open: str, _close: str) -> Node:
    return tree.ListLiteral(start, end, ())


def list_of(start: int, end: int, _open: str, items: list[Node], _close: str) -> Node:
    return tree.ListLiteral(start, end, tuple(items))


def context_empty(start: int, end: int, _open: str, _close: str) -> Node:
    return tree.Context(start, end, ())


def context(start: int, end: int, _open: str, entries: list[Entry], _close: str) -> Node:
    return tree.Context(start, end, tuple(entries))


def condition(start: int, end: int, _if: str, test: Node, _then: str, then: Node, _else: str, otherwise: Node) -> Node:
    return tree.If(start, end, test, then, otherwise)


def iterator(start: int, end: int, name: str, _: str, domain: Node) -> Iterator:
    return Iterator(start, end, name, domain, None)


def iterator_range(start: int, end: int, name: str, _in: str, domain: Node, _to: str, high: Node) -> Iterator:
    return Iterator(start, end, name, domain, high)


def loop(start: int, end: int, _for: str, iterators: list[Iterator], _return: str, result: Node) -> Node:
    return tree.For(start, end, tuple(iterators), result)


def quantified(
    start: int, end: int, which: OneOf["some", "every"], iterators: list[Iterator], _: str, condition: Node
) -> Node:
    return tree.Quantified(start, end, which, tuple(iterators), condition)


def parameter(start: int, end: int, name: str) -> Parameter:
    return Parameter(start, end, name, None)


def parameter_typed(start: int, end: int, name: str, _: str, of: Type) -> Parameter:
    return Parameter(start, end, name, of)


def external_body(_start: int, _end: int, _: str, body: Node) -> External:
    return External(body)


class External(NamedTuple):
    """The body of ``function(a) external {…}``."""

    body: Node


def function_empty(start: int, end: int, _f: str, _open: str, _close: str, body: Node | External) -> Node:
    return function(start, end, _f, _open, [], _close, body)


def function(
    start: int, end: int, _f: str, _open: str, parameters: list[Parameter], _close: str, body: Node | External
) -> Node:
    names = [parameter.name for parameter in parameters]
    for place, parameter in enumerate(parameters):
        if parameter.name in names[:place]:
            raise SyntaxProblem(f"two parameters are called `{parameter.name}`", parameter.start, parameter.end)
    if isinstance(body, External):
        return tree.FunctionDefinition(start, end, tuple(parameters), body.body, True)
    return tree.FunctionDefinition(start, end, tuple(parameters), body, False)


def type_name(_start: int, _end: int, of: Type) -> Type:
    return of


def type_of(start: int, end: int, of: Type, _open: str, item: Type, _close: str) -> Type:
    if of == LIST:
        return ListOf(item)
    if of == RangeOf(ANYTHING):
        return RangeOf(item)
    raise SyntaxProblem(f"`{of}` has no type inside", start, end, "only list, range, context and function have")


def type_fields(start: int, end: int, of: Type, _open: str, fields: list[tuple[str, Type]], _close: str) -> Type:
    if isinstance(of, ObjectOf):
        return ObjectOf(tuple(fields))
    raise SyntaxProblem(f"`{of}` has no fields", start, end, "only context has")


def field(_start: int, _end: int, name: str, _: str, of: Type) -> tuple[str, Type]:
    return name, of


def type_any_function(_start: int, _end: int, _: str) -> Type:
    return FunctionOf(None, ANYTHING)


def type_function_empty(
    _start: int, _end: int, _f: str, _open: str, _close: str, _arrow: str, result: Type
) -> FunctionOf:
    return FunctionOf((), result)


def type_function(
    _start: int, _end: int, _f: str, _open: str, types: list[Type], _close: str, _arrow: str, result: Type
) -> FunctionOf:
    return FunctionOf(tuple(types), result)


def one(_start: int, _end: int, first: object) -> list[object]:
    return [first]


def another(_start: int, _end: int, before: list[object], _: str, last: object) -> list[object]:
    before.append(last)
    return before
