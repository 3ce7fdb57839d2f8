"""Operators in Python: plain ones where both types are known, FEEL's own elsewhere."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from blockwright.expressions import tree
from blockwright.expressions.cost import SMALL_TEXT
from blockwright.expressions.infer.operators import kinds
from blockwright.expressions.python.operands import Operands
from blockwright.expressions.python.variable import Place
from blockwright.expressions.python.writing import At
from blockwright.expressions.reads import unbound
from blockwright.expressions.scope import INPUT
from blockwright.expressions.types import LIST, NOTHING, NUMBER, OBJECT, TEXT, YES_OR_NO, Type
from blockwright.expressions.values import INT_LIMIT

if TYPE_CHECKING:
    from blockwright.expressions.python.emitter import Emitter

_ARITHMETIC = {
    "+": ("_feel_add", ast.Add),
    "-": ("_feel_subtract", ast.Sub),
    "*": ("_feel_multiply", ast.Mult),
    "/": ("_feel_divide", None),
    "**": ("_feel_power", None),
}
_COMPARISONS = {
    "=": ("_feel_equal", ast.Eq),
    "!=": ("_feel_not_equal", ast.NotEq),
    "<": ("_feel_less", ast.Lt),
    "<=": ("_feel_less_equal", ast.LtE),
    ">": ("_feel_greater", ast.Gt),
    ">=": ("_feel_greater_equal", ast.GtE),
}


def arithmetic(emitter: Emitter, node: tree.Arithmetic, scope: Place, at: At) -> ast.expr:
    helper, operator = _ARITHMETIC[node.operator]
    operands = Operands(emitter, node.left, node.right, scope, at)
    if operator is not None and operands.are_numbers():
        result = emitter.local()
        computed = operands.computed(lambda left, right: at.binary(left, operator(), right))
        is_decimal = at.is_a(at.named(result, computed.value), "_feel_Decimal")
        is_small = at.is_between(at.constant(-INT_LIMIT), result, at.constant(INT_LIMIT))
        fitted = at.choice(at.any_of(is_decimal, is_small), at.load(result), at.call("_feel_fit", at.load(result)))
        return computed.guarding(fitted, at)
    # In standard mode a number past its limits is null, which only the helper can say.
    if operator is not None and emitter.is_strict and operands.may_be(NUMBER):
        return operands.added_up(lambda left, right: at.binary(left, operator(), right), helper)
    return at.call(helper, operands.left, operands.right)


def negation(emitter: Emitter, node: tree.Negation, scope: Place, at: At) -> ast.expr:
    operand = emitter.emit(node.operand, scope)
    return at.negative(operand) if emitter.is_definitely(NUMBER, node.operand) else at.call("_feel_negate", operand)


def comparison(emitter: Emitter, node: tree.Comparison, scope: Place, at: At) -> ast.expr:
    return _compared(emitter, node, Operands(emitter, node.left, node.right, scope, at), at)


def _compared(emitter: Emitter, node: tree.Comparison, operands: Operands, at: At) -> ast.expr:
    helper, operator = _COMPARISONS[node.operator]
    if _is_plain(emitter, node.operator, node.left, node.right):
        return at.compare(operands.left, operator(), operands.right)
    is_constant = isinstance(operands.left, ast.Constant | ast.UnaryOp)
    if node.operator in ("=", "!=") and _is_null(node.right) and not is_constant:
        return at.compare(operands.left, ast.Is() if node.operator == "=" else ast.IsNot(), operands.right)

    def in_python(left: ast.expr, right: ast.expr) -> ast.expr:
        return at.compare(left, operator(), right)

    if node.operator in ("=", "!="):
        of = _type_of_literal(node.left) or _type_of_literal(node.right)
        if of is not None and operands.may_be(of):
            return operands.compared(of, in_python, helper)
    elif operands.are_numbers():
        computed = operands.computed(in_python)
        return computed.guarding(computed.value, at)
    elif operands.may_be(NUMBER):
        return operands.compared(NUMBER, in_python, helper)
    return at.call(helper, operands.left, operands.right)


def _type_of_literal(node: tree.Node) -> Type | None:
    """The type of a literal that Python compares as FEEL does, and at no cost to be paid for."""
    if not isinstance(node, tree.Literal) or node.value is None:
        return None
    if isinstance(node.value, str):
        return TEXT if len(node.value) <= SMALL_TEXT else None
    return YES_OR_NO if isinstance(node.value, bool) else NUMBER


def holds(emitter: Emitter, node: tree.Node, scope: Place, at: At) -> ast.expr:
    """What Python takes for true exactly where the value of a condition is true, and not false or null."""
    if isinstance(node, tree.Comparison):
        operands = Operands(emitter, node.left, node.right, scope, at)
        if node.operator not in ("=", "!=") and operands.are_numbers():
            operator = _COMPARISONS[node.operator][1]
            value, is_null = operands.computed(lambda left, right: at.compare(left, operator(), right))
            return value if is_null is None else at.all_of(at.opposite(is_null), value)
        answer = _compared(emitter, node, operands, at)
    else:
        answer = emitter.emit(node, scope)
    return answer if emitter.is_definitely(YES_OR_NO, node) else at.compare(answer, ast.Is(), at.constant(True))


def _is_plain(emitter: Emitter, operator: str, *operands: tree.Node) -> bool:
    """Whether Python's own comparison says what FEEL's does, and costs nothing to be paid for: texts may be long."""
    if emitter.is_definitely(NUMBER, *operands):
        return True
    if emitter.is_definitely(TEXT, *operands):
        return any(isinstance(operand, tree.Literal) for operand in operands)
    return operator in ("=", "!=") and emitter.is_definitely(YES_OR_NO, *operands)


def _is_null(node: tree.Node) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


def logic(emitter: Emitter, node: tree.Logic, scope: Place, at: At) -> ast.expr:
    left, right = emitter.emit(node.left, scope), emitter.emit(node.right, scope)
    is_and = node.operator == "and"
    if emitter.is_definitely(YES_OR_NO, node.left, node.right):
        return at.all_of(left, right) if is_and else at.any_of(left, right)
    if not emitter.may_assign:
        return at.call("_feel_and" if is_and else "_feel_or", left, at.function([], right))
    first, first_again = emitter.kept(left, at)
    decides = at.compare(first, ast.Is(), at.constant(not is_and))
    second, second_again = emitter.kept(right, at)
    # The second operand is the answer where it decides, and where both are the other one.
    is_answer = at.any_of(
        at.compare(second, ast.Is(), at.constant(not is_and)),
        at.all_of(*(at.compare(each, ast.Is(), at.constant(is_and)) for each in (second_again, first_again))),
    )
    both = at.rarely("_feel_both" if is_and else "_feel_either", first_again, second_again)
    return at.choice(decides, at.constant(not is_and), at.choice(is_answer, second_again, both))


def between(emitter: Emitter, node: tree.Between, scope: Place, at: At) -> ast.expr:
    parts = node.value, node.low, node.high
    value, low, high = (emitter.emit(part, scope) for part in parts)
    if all(map(_is_simple, parts)) and emitter.is_definitely(NUMBER, *parts):
        again = emitter.emit(node.value, scope)
        return at.all_of(at.compare(low, ast.LtE(), value), at.compare(again, ast.LtE(), high))
    return at.call("_feel_between", value, low, high)


def _is_simple(node: tree.Node) -> bool:
    """Whether a piece can be written twice, or left out: it cannot fail, and costs nothing."""
    return isinstance(node, tree.Literal | tree.Name)


def member(emitter: Emitter, node: tree.In, scope: Place, at: At) -> ast.expr:
    answer = _member(emitter, node, scope, at)
    return at.call("_feel_not", answer) if node.negated else answer


def _member(emitter: Emitter, node: tree.In, scope: Place, at: At) -> ast.expr:
    if any(INPUT in unbound(test) for test in node.tests):
        return _member_of_inputs(emitter, node, scope, at)
    plain = _plain_range(emitter, node, scope, at)
    if plain is not None:
        return plain
    value = emitter.emit(node.value, scope)
    tests = [emitter.emit(test, scope) for test in node.tests]
    if len(tests) == 1:
        return at.call("_feel_member", value, tests[0])
    return at.call("_feel_member_of_any", value, at.tuple_of(tests))


def _plain_range(emitter: Emitter, node: tree.In, scope: Place, at: At) -> ast.expr | None:
    """``x in [1..5]`` as two comparisons, where everything is known and cannot fail."""
    test = node.tests[0]
    if len(node.tests) > 1 or not isinstance(test, tree.RangeLiteral) or not _is_simple(node.value):
        return None
    ends = [end for end in (test.low, test.high) if end is not None]
    if not emitter.is_definitely(NUMBER, node.value, *ends) or not all(isinstance(end, tree.Literal) for end in ends):
        return None
    numbers = [end.value for end in ends if isinstance(end, tree.Literal)]
    if len(ends) == 2 and numbers[0] > numbers[1]:  # type: ignore[operator]
        return None
    checks = []
    if test.low is not None:
        operator = ast.LtE() if test.low_closed else ast.Lt()
        checks.append(at.compare(emitter.emit(test.low, scope), operator, emitter.emit(node.value, scope)))
    if test.high is not None:
        operator = ast.LtE() if test.high_closed else ast.Lt()
        checks.append(at.compare(emitter.emit(node.value, scope), operator, emitter.emit(test.high, scope)))
    return at.all_of(*checks) if len(checks) == 2 else checks[0]


def _member_of_inputs(emitter: Emitter, node: tree.In, scope: Place, at: At) -> ast.expr:
    """``x in (? > 5)``: tests that name the value themselves."""
    value = emitter.variable()
    return at.call_of(
        at.function([value.local], _tests(emitter, node.tests, scope.bind(INPUT, value), at)),
        emitter.emit(node.value, scope),
    )


def _tests(emitter: Emitter, tests: tuple[tree.Node, ...], scope: Place, at: At) -> ast.expr:
    answers = []
    for test in tests:
        answer = emitter.emit(test, scope)
        if INPUT not in unbound(test):
            answer = at.call("_feel_member", emitter.outside(INPUT, scope, test), answer)
        answers.append(answer)
    whole = answers[0]
    for answer in answers[1:]:
        whole = at.call("_feel_either", whole, answer)
    return whole


def emptiness(emitter: Emitter, node: tree.Emptiness, scope: Place, at: At) -> ast.expr:
    value = emitter.emit(node.value, scope)
    of = emitter.type(node.value)
    if of is not None and kinds(of) <= _WITH_CONTENTS:
        is_empty = at.opposite(value)
        return at.opposite(is_empty) if node.negated else is_empty
    answer = at.call("_feel_empty", value)
    return at.call("_feel_not", answer) if node.negated else answer


_WITH_CONTENTS = frozenset({TEXT, LIST, OBJECT, NOTHING})


def unary_tests(emitter: Emitter, node: tree.UnaryTests, scope: Place, at: At) -> ast.expr:
    if not node.tests:
        return at.constant(True)
    answer = _tests(emitter, node.tests, scope, at)
    return at.call("_feel_not", answer) if node.negated else answer


def condition(emitter: Emitter, node: tree.If, scope: Place, at: At) -> ast.expr:
    test = emitter.emit(node.condition, scope)
    if not emitter.is_definitely(YES_OR_NO, node.condition):
        test = _truth(emitter, test, emitter.at(node.condition))
    return at.choice(test, emitter.emit(node.then, scope), emitter.emit(node.otherwise, scope))


def _truth(emitter: Emitter, test: ast.expr, at: At) -> ast.expr:
    if not emitter.may_assign:
        return at.call("_feel_truth", test)
    answer, again = emitter.kept(test, at)
    # Null and all that is neither yes nor no is the helper's.
    return at.any_of(
        at.compare(answer, ast.Is(), at.constant(True)),
        at.all_of(at.compare(again, ast.IsNot(), at.constant(False)), at.rarely("_feel_truth", again)),
    )


def is_condition(emitter: Emitter, node: tree.Node) -> bool:
    """Whether a piece can only be yes, no or null."""
    return kinds(emitter.facts.of(node)) <= {YES_OR_NO, NOTHING}
