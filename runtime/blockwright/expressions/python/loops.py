"""``for``, ``some`` and ``every`` as comprehensions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from blockwright.expressions import tree
from blockwright.expressions.python.variable import Place, Variable
from blockwright.expressions.python.writing import At
from blockwright.expressions.reads import unbound
from blockwright.expressions.scope import PARTIAL
from blockwright.expressions.types import YES_OR_NO

if TYPE_CHECKING:
    from blockwright.expressions.python.emitter import Emitter


def loop(emitter: Emitter, node: tree.For, scope: Place, at: At) -> ast.expr:
    if node.has_partial and PARTIAL in unbound(node.result):
        partial = emitter.local()
        results = _generated(emitter, node.iterators, node.result, scope, at, partial)
        return at.call("_feel_partial", at.function([partial], results))
    if len(node.iterators) > 1:
        return at.call("_feel_gathered", _generated(emitter, node.iterators, node.result, scope, at))
    iterator = node.iterators[0]
    item = emitter.variable()
    inner = scope.bind(iterator.name, item)
    if _is_there(emitter, iterator):
        with emitter.not_assigning():
            domain = _domain(emitter, iterator, scope)
        return at.listed(emitter.emit(node.result, inner), item.local, domain)
    domain = _domain(emitter, iterator, scope)
    result = emitter.emit(node.result, inner)
    if not emitter.may_assign:
        return at.call("_feel_each", domain, at.function([item.local], result))
    found = emitter.local()
    is_there = at.compare(at.named(found, domain), ast.IsNot(), at.constant(None))
    return at.choice(is_there, at.listed(result, item.local, at.load(found)), at.constant(None))


def quantified(emitter: Emitter, node: tree.Quantified, scope: Place, at: At) -> ast.expr:
    is_some = node.quantifier == "some"
    iterator = node.iterators[0]
    if len(node.iterators) == 1 and _is_there(emitter, iterator) and emitter.is_definitely(YES_OR_NO, node.condition):
        item = emitter.variable()
        with emitter.not_assigning():
            domain = _domain(emitter, iterator, scope)
        answer = emitter.emit(node.condition, scope.bind(iterator.name, item))
        answers = at.generated(answer, [at.going_through(item.local, domain)])
        return at.call("_feel_any" if is_some else "_feel_all", answers)
    answers = _generated(emitter, node.iterators, node.condition, scope, at)
    return at.call("_feel_some" if is_some else "_feel_every", answers)


def _generated(
    emitter: Emitter,
    iterators: tuple[tree.Iterator, ...],
    result: tree.Node,
    scope: Place,
    at: At,
    partial: str | None = None,
) -> ast.expr:
    """All results, one by one. The first loop is a formality: it lets the helper see what the others raise."""
    loops = [at.going_through(emitter.local(), at.tuple_of([at.constant(0)]))]
    for iterator in iterators:
        with emitter.not_assigning():
            domain = at.call("_feel_spread", _domain(emitter, iterator, scope))
        item = emitter.variable()
        loops.append(at.going_through(item.local, domain))
        scope = scope.bind(iterator.name, item)
    if partial is not None:
        scope = scope.bind(PARTIAL, Variable(partial, growing=True))
    return at.generated(emitter.emit(result, scope), loops)


def _domain(emitter: Emitter, iterator: tree.Iterator, scope: Place) -> ast.expr:
    at = emitter.at(iterator.domain)
    domain = emitter.emit(iterator.domain, scope)
    if iterator.high is None:
        return at.call("_feel_iterate", domain)
    return at.call("_feel_count", domain, emitter.emit(iterator.high, scope))


def _is_there(emitter: Emitter, iterator: tree.Iterator) -> bool:
    ends = [iterator.domain] if iterator.high is None else [iterator.domain, iterator.high]
    return all(map(emitter.never_null, ends))
