"""The walk that turns a tree into Python: names, literals, and who writes what."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeAlias

from blockwright.expressions import tree
from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.infer import Facts
from blockwright.expressions.infer.operators import may_be
from blockwright.expressions.python import calculations, calls, loops, structures
from blockwright.expressions.python.variable import Place, Variable
from blockwright.expressions.python.writing import At, Position
from blockwright.expressions.scope import Scope
from blockwright.expressions.tree import Node
from blockwright.expressions.types import NOTHING, OBJECT, ObjectOf, Type, required

NameWriter: TypeAlias = Callable[[str, Position], ast.expr]
"""Writes the value of a name of the scope, at a place."""

Placer: TypeAlias = Callable[[int, int], Position]
"""Says where a stretch of the expression's text stands in the source that is compiled."""


def emit(
    node: Node,
    facts: Facts,
    free: frozenset[str],
    name: NameWriter,
    place: Placer,
    *,
    typed: bool,
    constants: MutableMapping[str, object] | None = None,
    lent: bool = False,
) -> ast.expr:
    """The expression as Python. ``free`` are the names to ask ``name`` for. Where not ``typed``, ``facts`` are not
    relied on: mistakes give null, so a number may turn out to be none. Numbers that Python's code cannot hold go
    into ``constants``, if given, under names of their own. Where ``lent``, the values of names are the caller's own,
    and are checked where they are looked at."""
    return Emitter(facts, free, name, place, typed, constants, lent).emit(node, Scope())


class Emitter:
    """Writes one expression."""

    def __init__(
        self,
        facts: Facts,
        free: frozenset[str],
        name: NameWriter,
        place: Placer,
        typed: bool,
        constants: MutableMapping[str, object] | None,
        lent: bool = False,
    ) -> None:
        self.facts = facts
        self.free = free
        self.may_assign = True
        self.is_strict = typed
        self._lent = lent
        self._name = name
        self._place = place
        self._constants = constants
        self._locals = 0

    def emit(self, node: Node, scope: Place) -> ast.expr:
        """One piece of the tree as Python."""
        return _WRITERS[type(node)](self, node, scope, self.at(node))

    def at(self, part: tree.Part) -> At:
        """Makes nodes that stand where a piece of the tree stands."""
        return At(self._place(part.start, part.end))

    def local(self) -> str:
        """A new name for a Python variable."""
        self._locals += 1
        return f"_feel_{self._locals}"

    def variable(self, type: Type = NOTHING) -> Variable:
        """A new variable. Only of the items of filters the type matters."""
        return Variable(self.local(), type=type)

    def kept(self, value: ast.expr, at: At) -> tuple[ast.expr, ast.expr]:
        """A value where it is worked out, and where it is read again."""
        if isinstance(value, ast.Name):
            return value, value
        name = self.local()
        return at.named(name, value), at.load(name)

    def test(self, node: Node, of: Type, value: ast.expr, kind: str = "") -> ast.expr:
        """The test that the value of a piece, as it is kept, is of a type, or of one kind of it in Python."""
        at = self.at(node)
        is_of = at.is_a(value, kind) if kind else at.is_of(of, value)
        if not self._lent or is_made(node):
            return is_of
        name = value.target if isinstance(value, ast.NamedExpr) else value
        assert isinstance(name, ast.Name)
        is_sound = at.is_sound(of, name.id)
        return is_of if is_sound is None else at.all_of(is_of, is_sound)

    @contextmanager
    def not_assigning(self) -> Iterator[None]:
        """Python allows no assignment expression in what a comprehension goes through."""
        before = self.may_assign
        self.may_assign = False
        try:
            yield
        finally:
            self.may_assign = before

    def is_definitely(self, of: Type, *nodes: Node) -> bool:
        """Whether the values of these pieces are of this type, and not null."""
        return all(self.facts.of(node) == of and (self.is_strict or isinstance(node, tree.Literal)) for node in nodes)

    def may_be(self, of: Type, node: Node) -> bool:
        """Whether the value of a piece may be of this type, as far as is known before it runs."""
        return may_be(self.facts.of(node), of)

    def never_null(self, node: Node) -> bool:
        """Whether the value of a piece is certainly there."""
        return self.is_strict and not may_be(self.facts.of(node), NOTHING)

    def type(self, node: Node) -> Type | None:
        """The type of a piece, where types are relied on."""
        return self.facts.of(node) if self.is_strict else None

    def number(self, number: int | Decimal, at: At) -> ast.expr:
        if isinstance(number, int):
            return at.constant(number)
        if self._constants is None:
            return at.call("_feel_decimal", at.constant(str(number)))
        name = f"_feel_number_{str(number).translate(_IN_NAMES)}"
        self._constants[name] = number
        return at.load(name)

    def as_decimal(self, number: ast.expr, at: At) -> ast.expr:
        """A literal beside a Decimal: Python has to make one of an int each time."""
        if self._constants is None or not isinstance(number, ast.Constant) or type(number.value) is not int:
            return number
        return self.number(Decimal(number.value), at)

    def name(self, name: str, scope: Place, node: tree.Part) -> ast.expr:
        """The value of a name: of the items of filters around it, innermost first, else what it is outside them."""
        at = self.at(node)
        found = scope.find(name)
        value = self.outside(name, scope, node) if self.is_known(name, scope) or not found.items else None
        for item in reversed(found.items):
            value = _of_item(item, name, self._of_values(value, item, at), at)
        return at.constant(None) if value is None else value

    def _of_values(self, otherwise: ast.expr | None, item: Variable, at: At) -> ast.expr | None:
        """What a name means where the item has no such entry. One that was lent may be no value at all."""
        if otherwise is None or not self._lent:
            return otherwise
        is_value = at.compare(at.call("_feel_type", at.load(item.local)), ast.In(), at.load("_feel_kinds"))
        return at.choice(is_value, otherwise, at.rarely("_feel_give_up"))

    def is_known(self, name: str, scope: Place) -> bool:
        """Whether a name is known past all filters."""
        return scope.variable(name) is not None or name in self.free or name in FUNCTIONS

    def outside(self, name: str, scope: Place, node: tree.Part) -> ast.expr:
        """The value of a name past all filters."""
        at = self.at(node)
        variable = scope.variable(name)
        if variable is not None:
            local = at.load(variable.local)
            if variable.growing:
                return at.call("_feel_list", local)
            return local if variable.key is None else at.entry(local, variable.key)
        if name in self.free:
            return self._name(name, self._place(node.start, node.end))
        if name in FUNCTIONS:
            return at.call("_feel_builtin", at.constant(name))
        return at.call("_feel_unknown", at.constant(name))


def is_made(node: Node) -> bool:
    """Whether the value of a piece, with all in it, is made by the expression, and not one that was lent to it."""
    match node:
        case tree.For():
            return is_made(node.result)
        case tree.If():
            return is_made(node.then) and is_made(node.otherwise)
        case tree.ListLiteral():
            return all(map(is_made, node.items))
    return isinstance(node, _MAKING)


_MAKING = (
    *(tree.Literal, tree.AtLiteral, tree.Arithmetic, tree.Negation, tree.Comparison, tree.Logic, tree.Between),
    *(tree.In, tree.Emptiness, tree.InstanceOf, tree.Quantified, tree.UnaryTests, tree.RangeLiteral, tree.EqualTest),
)


def _of_item(item: Variable, name: str, otherwise: ast.expr | None, at: At) -> ast.expr | None:
    """A name in a filter: the item's entry where it has one."""
    local = at.load(item.local)
    if not may_be(item.type, OBJECT):
        return at.call("_feel_entry", local, at.constant(name)) if otherwise is None else otherwise
    of = required(item.type)
    if isinstance(of, ObjectOf) and of.field(name) is not None:
        if of == item.type:
            return at.entry(local, name)
        is_there = at.compare(at.load(item.local), ast.IsNot(), at.constant(None))
        return at.choice(is_there, at.entry(local, name), at.constant(None) if otherwise is None else otherwise)
    if otherwise is None:
        return at.call("_feel_entry", local, at.constant(name))
    is_object = at.is_a(local, "_feel_dict")
    has_entry = at.compare(at.constant(name), ast.In(), at.load(item.local))
    return at.choice(at.all_of(is_object, has_entry), at.entry(at.load(item.local), name), otherwise)


_IN_NAMES = str.maketrans({".": "_", "-": "m", "+": "p"})


def _literal(emitter: Emitter, node: tree.Literal, _: Place, at: At) -> ast.expr:
    value = node.value
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return emitter.number(value, at)
    return at.constant(value)


def _at_literal(_emitter: Emitter, node: tree.AtLiteral, _scope: Place, at: At) -> ast.expr:
    return at.call("_feel_at", at.constant(node.text))


def _name(emitter: Emitter, node: tree.Name, scope: Place, _: At) -> ast.expr:
    return emitter.name(node.name, scope, node)


_WRITERS: dict[type, Callable[..., ast.expr]] = {
    tree.Literal: _literal,
    tree.AtLiteral: _at_literal,
    tree.Name: _name,
    tree.Arithmetic: calculations.arithmetic,
    tree.Negation: calculations.negation,
    tree.Comparison: calculations.comparison,
    tree.Logic: calculations.logic,
    tree.Between: calculations.between,
    tree.In: calculations.member,
    tree.Emptiness: calculations.emptiness,
    tree.UnaryTests: calculations.unary_tests,
    tree.If: calculations.condition,
    tree.ListLiteral: structures.list_literal,
    tree.Context: structures.context,
    tree.RangeLiteral: structures.range_literal,
    tree.EqualTest: structures.equal_test,
    tree.Path: structures.path,
    tree.Filter: structures.filtered,
    tree.InstanceOf: structures.instance_of,
    tree.For: loops.loop,
    tree.Quantified: loops.quantified,
    tree.Call: calls.call,
    tree.FunctionDefinition: calls.function,
}
