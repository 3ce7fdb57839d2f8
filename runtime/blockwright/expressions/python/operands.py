"""The two sides of an operator on numbers, either of which may turn out to be null, or something else."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from blockwright.expressions import tree
from blockwright.expressions.infer.operators import kinds
from blockwright.expressions.python.variable import Place
from blockwright.expressions.python.writing import At
from blockwright.expressions.types import NOTHING, NUMBER, Type

if TYPE_CHECKING:
    from blockwright.expressions.python.emitter import Emitter

Compute = Callable[[ast.expr, ast.expr], ast.expr]
"""What plain Python does with both sides."""


class Computed(NamedTuple):
    """A computation on numbers, and the test that an operand is null (None where neither can be)."""

    value: ast.expr
    is_null: ast.expr | None

    def guarding(self, result: ast.expr, at: At) -> ast.expr:
        """The result, or null where an operand is."""
        return result if self.is_null is None else at.choice(self.is_null, at.constant(None), result)


class Operands:
    """Both sides of an operator as Python."""

    def __init__(self, emitter: Emitter, left: tree.Node, right: tree.Node, scope: Place, at: At) -> None:
        self.left = emitter.emit(left, scope)
        self.right = emitter.emit(right, scope)
        self._nodes = left, right
        self._emitter = emitter
        self._at = at

    def are_numbers(self) -> bool:
        """Whether both are known to be numbers or null, at a place where variables can hold them."""
        types = [self._emitter.type(node) for node in self._nodes]
        return self._emitter.may_assign and all(of is not None and NUMBER in kinds(of) <= _NUMBERS for of in types)

    def may_be(self, of: Type) -> bool:
        """Whether it is worth a look, when it runs, if both are of this type."""
        return self._emitter.may_assign and all(self._emitter.may_be(of, node) for node in self._nodes)

    def computed(self, compute: Compute) -> Computed:
        """What plain Python computes of both, once neither is null. Both are always worked out, the left one first."""
        at = self._at
        optional = [not self._emitter.is_definitely(NUMBER, node) for node in self._nodes]
        if not any(optional):
            return Computed(compute(self.left, self.right), None)
        checks = []
        values = []
        for node, value, may_be_null in zip(self._nodes, (self.left, self.right), optional, strict=True):
            if isinstance(node, tree.Literal) or (isinstance(value, ast.Name) and not may_be_null):
                values.append(value)
            elif isinstance(value, ast.Name):
                values.append(at.load(value.id))
                checks.append(at.compare(value, ast.Is(), at.constant(None)))
            else:
                name = self._emitter.local()
                values.append(at.load(name))
                checks.append(at.compare(at.named(name, value), ast.Is(), at.constant(None)))
        is_null = checks[0] if len(checks) == 1 else at.binary(checks[0], ast.BitOr(), checks[1])
        return Computed(compute(*values), is_null)

    def compared(self, of: Type, compute: Compute, otherwise: str) -> ast.expr:
        """What plain Python says of both if they turn out to be of a basic type; else what a helper says."""
        return self._looked_at(of, "", compute, otherwise)

    def added_up(self, compute: Compute, otherwise: str) -> ast.expr:
        """What plain Python computes if the first that is no literal turns out to be a Decimal, and the other a number.

        That of an int must be looked at again, which the helper does as quickly.
        """

        def with_decimal(left: ast.expr, right: ast.expr) -> ast.expr:
            return compute(self._emitter.as_decimal(left, self._at), self._emitter.as_decimal(right, self._at))

        return self._looked_at(NUMBER, "_feel_Decimal", with_decimal, otherwise)

    def _looked_at(self, of: Type, first: str, compute: Compute, otherwise: str) -> ast.expr:
        at = self._at
        tests: list[ast.expr] = []
        values = []
        for node, value in zip(self._nodes, (self.left, self.right), strict=True):
            if isinstance(node, tree.Literal):
                values.append(value)
            else:
                kept, again = self._emitter.kept(value, at)
                values.append(again)
                tests.append(self._emitter.test(node, of, kept, "" if tests else first))
        # Both are worked out before the helper gets them, so no test is skipped.
        both = tests[0] if len(tests) == 1 else at.binary(tests[0], ast.BitAnd(), tests[1])
        return at.choice(both, compute(*values), at.rarely(otherwise, *values))


_NUMBERS = frozenset({NUMBER, NOTHING})
