"""Which names an expression reads from outside, and which of its names nobody knows."""

from __future__ import annotations

from blockwright.expressions import tree
from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.names import Names
from blockwright.expressions.scope import INPUT, PARTIAL, Scope
from blockwright.expressions.slips import unknown_name
from blockwright.expressions.tree import Node, Part


def free_names(node: Node, names: Names, *, lenient: bool = False) -> frozenset[str]:
    """The names that an expression reads from outside.

    Raises UnknownName at the first one that is neither known, nor bound in the text, nor possibly an entry of the items
    of a filter around it. Where ``lenient``, unknown names are read like the others.
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
        match part:
            case tree.Name():
                self._name(part, scope, called=False)
            case tree.Call(function=tree.Name() as function):
                self._name(function, scope, called=True)
                for argument in (*part.arguments, *part.named):
                    self.read(argument, scope)
            case tree.Filter():
                self.read(part.value, scope)
                self.read(part.condition, scope.inside(True))
            case tree.For():
                scope = self._iterators(part.iterators, scope)
                self.read(part.result, scope.bind(PARTIAL, True))
            case tree.Quantified():
                self.read(part.condition, self._iterators(part.iterators, scope))
            case tree.Context():
                for entry in part.entries:
                    self.read(entry.value, scope)
                    scope = scope.bind(entry.key, True)
            case tree.FunctionDefinition():
                for parameter in part.parameters:
                    scope = scope.bind(parameter.name, True)
                self.read(part.body, scope)
            case tree.In():
                self.read(part.value, scope)
                for test in part.tests:
                    self.read(test, scope.bind(INPUT, True))
            case _:
                for below in tree.parts(part):
                    self.read(below, scope)

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
            raise unknown_name(self.names, name, node.start, node.end, called=called)
