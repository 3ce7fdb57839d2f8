"""Types only make code quicker: what an expression means does not depend on them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from hypothesis import given, settings

from blockwright.expressions import HELPERS, Expression, Position, evaluating, parse
from blockwright.expressions.infer import infer
from blockwright.expressions.infer.operators import may_be
from blockwright.expressions.python.emitter import Emitter
from blockwright.expressions.scope import Scope as NameScope
from blockwright.expressions.types import NOTHING
from blockwright.expressions.values import Value, admits
from blockwright.failure import Failure
from tests.expressions.generated import Scope, expressions, scopes

Function = Callable[[Mapping[str, Value]], Value]


def place(start: int, end: int) -> Position:
    return Position(1, start, 1, end)


def plainest(expression: Expression) -> Function:
    """The expression with FEEL's own operators everywhere: no types, and no variable to look at a value in."""

    def name(read: str, position: Position) -> ast.expr:
        where = position._asdict()
        return ast.Subscript(ast.Name("scope", ast.Load(), **where), ast.Constant(read, **where), ast.Load(), **where)

    facts = infer(expression.tree, expression.reads, {})
    emitter = Emitter(facts, expression.reads, name, place, False, None)
    emitter.may_assign = False
    body = emitter.emit(expression.tree, NameScope())
    arguments = ast.arguments([], [ast.arg("scope")], None, [], [], None, [])
    module = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, body)))
    function: Function = eval(compile(module, "<plainest>", "eval"), dict(HELPERS))
    return function


def outcome(function: Function, filename: str, scope: Scope) -> object:
    """The value, with the digits of its numbers, or the failure with its place."""
    with evaluating():
        try:
            return repr(function(scope.values))
        except Failure as failure:
            traceback, where = failure.__traceback__, None
            while traceback is not None:
                code = traceback.tb_frame.f_code
                if code.co_filename == filename:
                    where = list(code.co_positions())[traceback.tb_lasti // 2]
                traceback = traceback.tb_next
            return failure.code, failure.message, where


@given(expressions(), scopes())
@settings(max_examples=100, deadline=None)
def test_known_types_change_neither_a_value_nor_a_failure_nor_its_place(text: str, scope: Scope) -> None:
    expression = parse(text, scope.values)
    expected = outcome(plainest(expression), "<plainest>", scope)
    assert outcome(expression.function("<typed>", place, scope.types), "<typed>", scope) == expected
    assert outcome(expression.function("<untyped>", place), "<untyped>", scope) == expected


@given(expressions(), scopes())
@settings(max_examples=100, deadline=None)
def test_a_value_is_of_the_type_that_was_inferred(text: str, scope: Scope) -> None:
    expression = parse(text, scope.values)
    inferred = expression.infer(scope.types).type
    with evaluating():
        try:
            value = expression.function("<typed>", place, scope.types)(scope.values)
        except Failure:
            return
    assert may_be(inferred, NOTHING) if value is None else admits(inferred, value), (inferred, value)


@given(expressions(), scopes())
@settings(max_examples=100, deadline=None)
def test_standard_mode_gives_the_same_where_strict_gives_a_value(text: str, scope: Scope) -> None:
    expression = parse(text, scope.values)
    try:
        strict = expression.value(scope.values)
    except Failure:
        return
    assert repr(expression.value(scope.values, errors="null")) == repr(strict)
