"""Lists, objects, ranges, and reaching into them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from blockwright.expressions import tree
from blockwright.expressions.infer.operators import kinds
from blockwright.expressions.infer.walk import item_of
from blockwright.expressions.python.calculations import holds, is_condition
from blockwright.expressions.python.type_codes import encode
from blockwright.expressions.python.variable import Place, Variable
from blockwright.expressions.python.writing import At
from blockwright.expressions.reads import unbound
from blockwright.expressions.scope import ITEM, PARTIAL
from blockwright.expressions.types import ANYTHING, NUMBER, OBJECT, ObjectOf, required

if TYPE_CHECKING:
    from blockwright.expressions.python.emitter import Emitter


def list_literal(emitter: Emitter, node: tree.ListLiteral, scope: Place, at: At) -> ast.expr:
    return at.list_of([emitter.emit(item, scope) for item in node.items])


def context(emitter: Emitter, node: tree.Context, scope: Place, at: At) -> ast.expr:
    keys = [entry.key for entry in node.entries]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            return at.call("_feel_fail", at.constant(f'an object cannot have two entries called "{key}"'))
    later: set[str] = set()
    for entry in reversed(node.entries):
        if entry.key in later:
            return _context_of_steps(emitter, node, scope, at)
        later |= unbound(entry.value)
    return at.dict_of([(entry.key, emitter.emit(entry.value, scope)) for entry in node.entries])


def _context_of_steps(emitter: Emitter, node: tree.Context, scope: Place, at: At) -> ast.expr:
    """An object some of whose entries read earlier ones."""
    entries = []
    for entry in node.entries:
        made = emitter.local()
        inner = scope
        for earlier in node.entries:
            if earlier is entry:
                break
            inner = inner.bind(earlier.key, Variable(made, earlier.key))
        value = at.function([made], emitter.emit(entry.value, inner))
        entries.append(at.tuple_of([at.constant(entry.key), value]))
    return at.call("_feel_context", *entries)


def range_literal(emitter: Emitter, node: tree.RangeLiteral, scope: Place, at: At) -> ast.expr:
    if node.low is None and node.high is not None:
        sign = "<=" if node.high_closed else "<"
        return at.call("_feel_unary", at.constant(sign), emitter.emit(node.high, scope))
    assert node.low is not None
    low = emitter.emit(node.low, scope)
    if node.high is None:
        return at.call("_feel_unary", at.constant(">=" if node.low_closed else ">"), low)
    high = emitter.emit(node.high, scope)
    return at.call("_feel_range", low, high, at.constant(node.low_closed), at.constant(node.high_closed))


def equal_test(emitter: Emitter, node: tree.EqualTest, scope: Place, at: At) -> ast.expr:
    return at.call("_feel_unary", at.constant(node.operator), emitter.emit(node.operand, scope))


def path(emitter: Emitter, node: tree.Path, scope: Place, at: At) -> ast.expr:
    value = emitter.emit(node.value, scope)
    of = emitter.type(node.value)
    if isinstance(of, ObjectOf):
        return at.attribute_call(value, "get", at.constant(node.name))
    if of is not None and isinstance(required(of), ObjectOf) and isinstance(value, ast.Name):
        is_there = at.compare(value, ast.IsNot(), at.constant(None))
        found = at.attribute_call(at.load(value.id), "get", at.constant(node.name))
        return at.choice(is_there, found, at.constant(None))
    if not emitter.may_assign or not emitter.may_be(OBJECT, node.value):
        return at.call("_feel_path", value, at.constant(node.name))
    kept, value = emitter.kept(value, at)
    found = at.attribute_call(value, "get", at.constant(node.name))
    otherwise = at.rarely("_feel_path", value, at.constant(node.name))
    return at.choice(emitter.test(node.value, OBJECT, kept), found, otherwise)


def filtered(emitter: Emitter, node: tree.Filter, scope: Place, at: At) -> ast.expr:
    item = emitter.variable(item_of(emitter.type(node.value) or ANYTHING))
    condition = node.condition
    if _is_position(emitter, node, scope):
        growing = scope.variable(PARTIAL) if _is_partial(node.value) else None
        value = at.load(growing.local) if growing and growing.growing else emitter.emit(node.value, scope)
        return at.call("_feel_index", value, emitter.emit(condition, scope))
    if not is_condition(emitter, condition):
        test = at.function([item.local], emitter.emit(condition, scope.inside(item)))
        names = unbound(condition)
        asks_items = ITEM in names or not all(emitter.is_known(name, scope) for name in names)
        return at.call("_feel_select", emitter.emit(node.value, scope), test, at.constant(asks_items))
    with emitter.not_assigning():
        items = at.call("_feel_items", emitter.emit(node.value, scope))
    test = holds(emitter, condition, scope.inside(item), emitter.at(condition))
    return at.listed(at.load(item.local), item.local, items, test)


def _is_partial(node: tree.Node) -> bool:
    return isinstance(node, tree.Name) and node.name == PARTIAL


def _is_position(emitter: Emitter, node: tree.Filter, scope: Place) -> bool:
    """Whether the condition is a number that does not depend on the items."""
    if kinds(emitter.facts.of(node.condition)) != {NUMBER}:
        return False
    names = unbound(node.condition)
    if ITEM in names or not all(emitter.is_known(name, scope) for name in names):
        return False
    return not names or OBJECT not in kinds(item_of(emitter.facts.of(node.value)))


def instance_of(emitter: Emitter, node: tree.InstanceOf, scope: Place, at: At) -> ast.expr:
    return at.call("_feel_instance_of", emitter.emit(node.value, scope), at.constant(encode(node.type)))
