"""Calls and function definitions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from blockwright.expressions import tree
from blockwright.expressions.functions import FUNCTIONS, Builtin, Overload, kinds_of
from blockwright.expressions.infer.operators import FUNCTION, kinds
from blockwright.expressions.python.function_helpers import helper, overload_helper
from blockwright.expressions.python.type_codes import encode
from blockwright.expressions.python.variable import Place, Variable
from blockwright.expressions.python.writing import At, has_test
from blockwright.expressions.reads import unbound
from blockwright.expressions.scope import Scope
from blockwright.expressions.types import ANYTHING, FunctionOf, Type, fits

if TYPE_CHECKING:
    from blockwright.expressions.python.emitter import Emitter

_NONE = type(None)


def call(emitter: Emitter, node: tree.Call, scope: Place, at: At) -> ast.expr:
    if isinstance(node.function, tree.Name):
        name = node.function.name
        known = scope.variable(name) is not None or name in emitter.free
        if name in FUNCTIONS and (not known or not _may_be_function(emitter, node.function)):
            return _call_builtin(emitter, FUNCTIONS[name], node, scope, at)
        function = emitter.outside(name, scope, node.function)
        if name in FUNCTIONS:
            function = at.call("_feel_function_or_builtin", function, at.constant(name))
    else:
        function = emitter.emit(node.function, scope)
    arguments = at.tuple_of([emitter.emit(argument, scope) for argument in _values(node)])
    if node.named:
        return at.call("_feel_invoke", function, arguments, _names(node, at))
    return at.call("_feel_invoke", function, arguments)


def _may_be_function(emitter: Emitter, node: tree.Name) -> bool:
    of = emitter.type(node)
    return of is None or FUNCTION in kinds(of)


def _call_builtin(emitter: Emitter, builtin: Builtin, node: tree.Call, scope: Place, at: At) -> ast.expr:
    arguments = [emitter.emit(argument, scope) for argument in _values(node)]
    if node.named:
        return at.call("_feel_named", at.constant(builtin.name), _names(node, at), at.tuple_of(arguments))
    types = [emitter.type(argument) for argument in node.arguments]
    number = overload_for(builtin, [of for of in types if of is not None]) if None not in types else None
    if number is None:
        return _call_looking(emitter, builtin, node, arguments, at)
    return at.call(overload_helper(builtin.name, number), *arguments)


def _call_looking(emitter: Emitter, builtin: Builtin, node: tree.Call, arguments: list[ast.expr], at: At) -> ast.expr:
    """A call that goes straight to the first overload if its first argument turns out to be of that one's type."""
    careful = helper(builtin.name, len(arguments))
    if not emitter.may_assign or not _is_likely(emitter, builtin.overloads[0], node.arguments):
        return at.call(careful, *arguments)
    kept, again = emitter.kept(arguments[0], at)
    direct = at.call(overload_helper(builtin.name, 0), again, *arguments[1:])
    test = emitter.test(node.arguments[0], builtin.overloads[0].parameters[0].type, kept)
    return at.choice(test, direct, at.rarely(careful, again, *arguments[1:]))


def _is_likely(emitter: Emitter, overload: Overload, arguments: tuple[tree.Node, ...]) -> bool:
    """Whether a look at the first argument would tell that the overload takes them all: the others are literals."""
    if not arguments or overload.variadic or not overload.fewest <= len(arguments) <= len(overload.parameters):
        return False
    first = overload.parameters[0].type
    return (
        has_test(first)
        and emitter.may_be(first, arguments[0])
        and all(
            isinstance(argument, tree.Literal) and fits(emitter.facts.of(argument), parameter.type) is True
            for argument, parameter in zip(arguments[1:], overload.parameters[1:], strict=False)
        )
    )


def overload_for(builtin: Builtin, types: list[Type]) -> int | None:
    """The number of the overload that arguments of these types certainly lead to, without a conversion or a null."""
    for number, overload in enumerate(builtin.overloads):
        answer = _leads_to(overload, types)
        if answer is True:
            return number
        if answer is None:
            return None
    return None


def _leads_to(overload: Overload, types: list[Type]) -> bool | None:
    """Whether arguments of these types are the overload's: yes, no, or None for "it depends"."""
    if len(types) < overload.fewest or (overload.most is not None and len(types) > overload.most):
        return False
    answer: bool | None = True
    for place, of in enumerate(types):
        parameter = overload.parameters[min(place, len(overload.parameters) - 1)]
        wanted, given = kinds_of(parameter.type), kinds_of(of)
        if given is None or (_NONE in given and not parameter.takes_null):
            answer = None if given is not None or wanted is not None or not parameter.takes_null else answer
        elif wanted is not None and not given <= wanted:
            if not given & wanted:
                return False
            answer = None
    return answer


def _values(node: tree.Call) -> tuple[tree.Node, ...]:
    return node.arguments or tuple(entry.value for entry in node.named)


def _names(node: tree.Call, at: At) -> ast.expr:
    return at.constant(tuple(entry.key for entry in node.named))


def function(emitter: Emitter, node: tree.FunctionDefinition, scope: Place, at: At) -> ast.expr:
    """A function value. What it reads from around it is handed to it once, when it is made: it is a closure over
    values, not over Python variables, which go on changing."""
    if node.external:
        return at.call("_feel_fail", at.constant("functions of Java and PMML cannot be called here"))
    captured = [name for name in sorted(unbound(node)) if _is_known(emitter, name, scope)]
    inner: Scope[Variable] = Scope()
    locals_: list[str] = []
    for name in captured:
        variable = emitter.variable()
        inner = inner.bind(name, variable)
        locals_.append(variable.local)
    parameters = [emitter.variable() for _ in node.parameters]
    for parameter, variable in zip(node.parameters, parameters, strict=True):
        inner = inner.bind(parameter.name, variable)
    body = at.function([variable.local for variable in parameters], emitter.emit(node.body, inner))
    of = emitter.facts.of(node)
    made = at.call(
        "_feel_function",
        at.constant(tuple(parameter.name for parameter in node.parameters)),
        at.constant(tuple(encode(parameter.type or ANYTHING) for parameter in node.parameters)),
        at.constant(encode(of.result if isinstance(of, FunctionOf) else ANYTHING)),
        body,
    )
    if not captured:
        return made
    return at.call_of(at.function(locals_, made), *(emitter.name(name, scope, node) for name in captured))


def _is_known(emitter: Emitter, name: str, scope: Place) -> bool:
    found = scope.find(name)
    return found.variable is not None or bool(found.items) or name in emitter.free
