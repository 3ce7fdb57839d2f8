"""Which names an expression reads from outside, and which of its names nobody knows."""

from __future__ import annotations

from collections.abc import Callable

from blockwright.expressions import tree
from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.names import Names
from blockwright.expressions.scope import INPUT, PARTIAL, Scope
from blockwright.expressions.tree import Node, Part


def free_names(node: Node, names: Names, *, lenient: bool = False) -> frozenset[str]:
    """The names that an expression reads from outside. In front of brackets, the name of a built-in function is that
    function, unless the text itself binds it.

    Raises UnknownName at the first one that is neither known, nor bound in the text, nor possibly an entry of the items
    of a filter around it. Where ``lenient``, as the standard has it, unknown names are read like the others,
    and names of the scope come before built-in functions.
    """
    reader = _Reader(names, lenient)
    reader.read(node, Scope())
    return frozenset(reader.free)


def unbound(node: Node) -> frozenset[str]:
    """All names in a piece of the tree that it does not bind itself, whether or not anybody knows them."""
    reader = _Reader(None, lenient=True)
    reader.read(node, Scope())
    return frozenset(reader.free)


class _Reader:
    def __init__(self, names: Names | None, lenient: bool) -> None:
        self.names = names
        self.lenient = lenient
        self.free: set[str] = set()

    def read(self, part: Part, scope: Scope[bool]) -> None:
        reader = _BINDING.get(type(part))
        if reader is not None:
            reader(self, part, scope)
        else:
            for below in tree.parts(part):
                self.read(below, scope)

    def _name_read(self, part: tree.Name, scope: Scope[bool]) -> None:
        self._name(part, scope, called=False)

    def _call(self, part: tree.Call, scope: Scope[bool]) -> None:
        if isinstance(part.function, tree.Name):
            name = part.function.name
            # In `set: {count: = count(items)}` the function is meant, whatever `count` is, or is not yet, outside.
            if self.lenient or name not in FUNCTIONS or scope.variable(name):
                self._name(part.function, scope, called=True)
        else:
            self.read(part.function, scope)
        for argument in (*part.arguments, *part.named):
            self.read(argument, scope)

    def _filter(self, part: tree.Filter, scope: Scope[bool]) -> None:
        self.read(part.value, scope)
        self.read(part.condition, scope.inside(True))

    def _for(self, part: tree.For, scope: Scope[bool]) -> None:
        inner = self._iterators(part.iterators, scope)
        self.read(part.result, inner.bind(PARTIAL, True) if part.has_partial else inner)

    def _quantified(self, part: tree.Quantified, scope: Scope[bool]) -> None:
        self.read(part.condition, self._iterators(part.iterators, scope))

    def _context(self, part: tree.Context, scope: Scope[bool]) -> None:
        for entry in part.entries:
            self.read(entry.value, scope)
            scope = scope.bind(entry.key, True)

    def _function(self, part: tree.FunctionDefinition, scope: Scope[bool]) -> None:
        for parameter in part.parameters:
            scope = scope.bind(parameter.name, True)
        self.read(part.body, scope)

    def _unary_tests(self, part: tree.UnaryTests, scope: Scope[bool]) -> None:
        self.free.add(INPUT)
        for test in part.tests:
            self.read(test, scope.bind(INPUT, True))

    def _in(self, part: tree.In, scope: Scope[bool]) -> None:
        self.read(part.value, scope)
        for test in part.tests:
            self.read(test, scope.bind(INPUT, True))

    def _iterators(self, iterators: tuple[tree.Iterator, ...], scope: Scope[bool]) -> Scope[bool]:
        for iterator in iterators:
            self.read(iterator.domain, scope)
            if iterator.high is not None:
                self.read(iterator.high, scope)
            scope = scope.bind(iterator.name, True)
        return scope

    def _name(self, node: tree.Name, scope: Scope[bool], *, called: bool) -> None:
        name = node.name
        found = scope.find(name)
        if found.variable:
            return
        if self.names is None or name in self.names.known:
            self.free.add(name)
        elif name in FUNCTIONS or (found.items and not called):
            return
        elif self.lenient:
            self.free.add(name)
        else:
            from blockwright.expressions.slips import unknown_name

            raise unknown_name(self.names, name, node.start, node.end, called=called, others=scope.names())


_BINDING: dict[type, Callable[..., None]] = {
    tree.Name: _Reader._name_read,
    tree.Call: _Reader._call,
    tree.Filter: _Reader._filter,
    tree.For: _Reader._for,
    tree.Quantified: _Reader._quantified,
    tree.Context: _Reader._context,
    tree.FunctionDefinition: _Reader._function,
    tree.In: _Reader._in,
    tree.UnaryTests: _Reader._unary_tests,
}
"""What is more than its parts: a name, or something that binds names."""
