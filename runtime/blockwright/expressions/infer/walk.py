"""Inference: one walk over the tree that gives every piece its type."""

from __future__ import annotations

from collections.abc import Mapping

from blockwright.expressions import tree
from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.infer import operators
from blockwright.expressions.infer.calls import CallTypes
from blockwright.expressions.infer.results import Facts, Inferred, Problem
from blockwright.expressions.infer.words import a
from blockwright.expressions.names import nearest
from blockwright.expressions.scope import INPUT, PARTIAL, Scope
from blockwright.expressions.temporal.properties import PROPERTY_TYPES, RANGE_PROPERTY_TYPES
from blockwright.expressions.temporal.reading import read_temporal
from blockwright.expressions.tree import Node
from blockwright.expressions.types import (
    ANYTHING,
    LIST,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    YES_OR_NO,
    Either,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
    either,
    join,
    optional,
    required,
)
from blockwright.expressions.values import type_of

Types = Scope[Type]

_MAYBE = optional(YES_OR_NO)
_VERBS = {"+": "added", "-": "subtracted", "*": "multiplied", "/": "divided", "**": "raised to a power"}


def infer(node: Node, free: frozenset[str], types: Mapping[str, Type]) -> Facts:
    """The types of an expression's pieces when its free names have these types; unlisted ones may be anything."""
    walk = _Walk({name: types.get(name, ANYTHING) for name in free})
    result = walk.type(node, Scope())
    problems = sorted(walk.problems, key=lambda problem: (problem.start, problem.end))
    return Facts(Inferred(result, tuple(problems)), walk.found)


class _Walk:
    def __init__(self, types: Mapping[str, Type]) -> None:
        self.types = types
        self.found: dict[int, Type] = {}
        self.problems: list[Problem] = []

    def type(self, node: Node, scope: Types) -> Type:
        """The type of a piece, noted for later."""
        found = self._type(node, scope)
        self.found[id(node)] = found
        return found

    def report(self, node: Node, message: str, mend: str | None = None) -> None:
        self.problems.append(Problem(node.start, node.end, message, mend))

    def _type(self, node: Node, scope: Types) -> Type:
        match node:
            case tree.Literal():
                return type_of(node.value)
            case tree.Name():
                return self._name(node, scope)
            case tree.Arithmetic():
                return self._arithmetic(node, scope)
            case tree.Comparison():
                return self._comparison(node, scope)
            case tree.Logic():
                return self._logic(node, scope)
            case tree.Path():
                return self._path(node, scope)
            case tree.Filter():
                return self._filter(node, scope)
            case tree.Call():
                return self._call(node, scope)
            case tree.If():
                self.condition(node.condition, scope)
                return join(self.type(node.then, scope), self.type(node.otherwise, scope))
            case tree.ListLiteral():
                return self._list(node, scope)
            case tree.Context():
                return self._context(node, scope)
            case tree.For():
                inner = self._iterators(node.iterators, scope)
                inner = inner.bind(PARTIAL, LIST) if node.has_partial else inner
                return self._looped(node.iterators, ListOf(self.type(node.result, inner)))
            case tree.Quantified():
                inner = self._iterators(node.iterators, scope)
                definite = self.condition(node.condition, inner, nullable=True) == YES_OR_NO
                return self._looped(node.iterators, YES_OR_NO if definite else _MAYBE)
            case _:
                return self._rarer(node, scope)

    def _rarer(self, node: Node, scope: Types) -> Type:
        match node:
            case tree.AtLiteral():
                return self._at(node)
            case tree.Negation():
                operand = self.type(node.operand, scope)
                found = operators.negation(operand)
                if found is None:
                    self.report(node, f"{a(operand)} cannot be negated", "only numbers and durations can")
                return ANYTHING if found is None else found
            case tree.Between():
                types = [self.type(each, scope) for each in (node.value, node.low, node.high)]
                for end, of in zip((node.low, node.high), types[1:], strict=True):
                    self._must_order(end, types[0], of)
                return YES_OR_NO if operators.is_definite(*types) else _MAYBE
            case tree.In():
                return self._in(node, scope)
            case tree.Emptiness():
                of = self.type(node.value, scope)
                if not operators.kinds(of) & {TEXT, LIST, OBJECT, NOTHING}:
                    self.report(node, f"{a(of)} is never empty", "only texts, lists and objects can be")
                return YES_OR_NO
            case tree.InstanceOf():
                self.type(node.value, scope)
                return YES_OR_NO
            case tree.RangeLiteral():
                return self._range(node, scope)
            case tree.EqualTest():
                return RangeOf(self.type(node.operand, scope))
            case tree.UnaryTests():
                for test in node.tests:
                    self.type(test, scope)
                return _MAYBE
            case tree.FunctionDefinition():
                inner = scope
                for parameter in node.parameters:
                    # An argument may always be null.
                    inner = inner.bind(parameter.name, optional(parameter.type or ANYTHING))
                parameters = tuple(parameter.type or ANYTHING for parameter in node.parameters)
                return FunctionOf(parameters, self.type(node.body, inner))
        raise AssertionError(f"a piece without a type: {node}")

    def _name(self, node: tree.Name, scope: Types) -> Type:
        """The type of a name here. Items of filters around it may have an entry of the name."""
        name = node.name
        found = scope.find(name)
        outer = found.variable or self.types.get(name)
        if outer is None and name in FUNCTIONS:
            outer = operators.FUNCTION
        if outer is None:
            outer = NOTHING
            if not any(operators.may_be(item, OBJECT) for item in found.items):
                self.report(node, f"there is no name `{name}` here")
        for item in reversed(found.items):
            outer = _entry(item, name, outer)
        return outer

    def condition(self, node: Node, scope: Types, *, nullable: bool = False) -> Type:
        """The type of something that must be yes or no."""
        found = self.type(node, scope)
        if not operators.may_be(found, YES_OR_NO) and not (nullable and operators.may_be(found, NOTHING)):
            self.report(node, f"this must be yes or no, and it is {a(found)}", "compare it with something")
        return found

    def _arithmetic(self, node: tree.Arithmetic, scope: Types) -> Type:
        left, right = self.type(node.left, scope), self.type(node.right, scope)
        found = operators.arithmetic(node.operator, left, right)
        if found is None:
            texts = [operand for operand in (left, right) if required(operand) == TEXT]
            mend = "write `string(…)` around what is not a text" if node.operator == "+" and len(texts) == 1 else None
            self.report(node, f"{a(left)} and {a(right)} cannot be {_VERBS[node.operator]}", mend)
            return ANYTHING
        return found

    def _comparison(self, node: tree.Comparison, scope: Types) -> Type:
        left, right = self.type(node.left, scope), self.type(node.right, scope)
        if node.operator in ("=", "!="):
            if not operators.can_be_equal(left, right):
                self.report(node, f"{a(left)} and {a(right)} can never be equal")
            # Inside flows a comparison across types is a failure, so what it gives is yes or no.
            return YES_OR_NO
        self._must_order(node, left, right)
        return YES_OR_NO if operators.is_definite(left, right) else _MAYBE

    def _must_order(self, node: Node, left: Type, right: Type) -> None:
        if not operators.can_be_ordered(left, right):
            self.report(node, f"{a(left)} and {a(right)} have no order")

    def _logic(self, node: tree.Logic, scope: Types) -> Type:
        left = self.condition(node.left, scope, nullable=True)
        right = self.condition(node.right, scope, nullable=True)
        return YES_OR_NO if left == right == YES_OR_NO else _MAYBE

    def _in(self, node: tree.In, scope: Types) -> Type:
        value = self.type(node.value, scope)
        definite = True
        for test in node.tests:
            of = required(self.type(test, scope.bind(INPUT, value)))
            if isinstance(test, tree.RangeLiteral):
                ends = [self.found[id(end)] for end in (test.low, test.high) if end is not None]
                self._must_order(test, value, of.item if isinstance(of, RangeOf) else ANYTHING)
                definite = definite and operators.is_definite(value, *ends)
                continue
            definite = definite and operators.is_definite(value, of)
            if not isinstance(of, ListOf | RangeOf) and not operators.can_be_equal(value, of) and of != YES_OR_NO:
                self.report(test, f"{a(value)} and {a(of)} can never be equal")
        return YES_OR_NO if definite else _MAYBE

    def _path(self, node: tree.Path, scope: Types) -> Type:
        value = self.type(node.value, scope)
        found = member(value, node.name)
        if found is None:
            known = sorted(_member_names(value))
            near = nearest(node.name, known)
            mend = f"did you mean `{near}`?" if near else f"it has {', '.join(f'`{name}`' for name in known)}"
            message = f"there is no `{node.name}` in {_this(value)}" if known else f"{a(value)} has no `{node.name}`"
            self.problems.append(Problem(node.name_start, node.end, message, mend if known else None))
            return ANYTHING
        return found

    def _filter(self, node: tree.Filter, scope: Types) -> Type:
        value = self.type(node.value, scope)
        item = item_of(value)
        condition = self.type(node.condition, scope.inside(item))
        of = operators.kinds(condition)
        if isinstance(node.condition, tree.Literal) and node.condition.value == 0 and condition == NUMBER:
            self.report(node.condition, "positions count from 1", "write 1 for the first item, -1 for the last")
        if not of & {NUMBER, YES_OR_NO, NOTHING}:
            self.report(node.condition, f"a filter is a condition or a position, and this is {a(condition)}")
            return ANYTHING
        kept = ListOf(required(item) if isinstance(required(value), ListOf) else item)
        if of == {NUMBER}:
            return optional(item)
        return either([item, kept, NOTHING]) if NUMBER in of else kept

    def _call(self, node: tree.Call, scope: Types) -> Type:
        arguments = [self.type(argument, scope) for argument in node.arguments]
        named = {entry.key: self.type(entry.value, scope) for entry in node.named}
        calls = CallTypes(self.problems, node, arguments, named)
        if isinstance(node.function, tree.Name):
            name = node.function.name
            variable = scope.variable(name) or self.types.get(name)
            builtin = FUNCTIONS.get(name)
            if builtin is not None and (variable is None or operators.FUNCTION not in operators.kinds(variable)):
                return calls.builtin(builtin)
            of = ANYTHING if variable is None else variable
            self.found[id(node.function)] = of
        else:
            of = self.type(node.function, scope)
        return calls.value(of)

    def _list(self, node: tree.ListLiteral, scope: Types) -> Type:
        whole: Type | None = None
        for item in node.items:
            of = self.type(item, scope)
            whole = of if whole is None else join(whole, of)
        return LIST if whole is None else ListOf(whole)

    def _context(self, node: tree.Context, scope: Types) -> Type:
        fields: dict[str, Type] = {}
        for entry in node.entries:
            if entry.key in fields:
                self.problems.append(
                    Problem(entry.start, entry.end, f"`{entry.key}` is there twice", "give one of them another name")
                )
            fields[entry.key] = self.type(entry.value, scope)
            scope = scope.bind(entry.key, fields[entry.key])
        return ObjectOf(tuple(fields.items()))

    def _iterators(self, iterators: tuple[tree.Iterator, ...], scope: Types) -> Types:
        for iterator in iterators:
            domain = self.type(iterator.domain, scope)
            if iterator.high is not None:
                ends = domain, self.type(iterator.high, scope)
                item = self._counted(iterator, *ends)
            elif not operators.kinds(domain) & {LIST, NOTHING, operators.RANGE}:
                self.report(iterator.domain, f"only a list or a range can be gone through, and this is {a(domain)}")
                item = ANYTHING
            else:
                item = _items_of(domain)
            scope = scope.bind(iterator.name, item)
        return scope

    def _counted(self, iterator: tree.Iterator, low: Type, high: Type) -> Type:
        if {required(low), required(high)} == {NUMBER}:
            return NUMBER
        self._must_order(iterator.domain, low, high)
        return required(low) if required(low) == required(high) else ANYTHING

    def _looped(self, iterators: tuple[tree.Iterator, ...], result: Type) -> Type:
        """Going through nothing gives nothing."""
        types = [self.found[id(end)] for it in iterators for end in (it.domain, it.high) if end is not None]
        return optional(result) if any(operators.may_be(of, NOTHING) for of in types) else result

    def _range(self, node: tree.RangeLiteral, scope: Types) -> Type:
        ends = [self.type(end, scope) for end in (node.low, node.high) if end is not None]
        if len(ends) == 2 and not operators.can_be_ordered(*ends):
            self.report(node, f"a range cannot go from {a(ends[0])} to {a(ends[1])}")
            return RangeOf(ANYTHING)
        of = RangeOf(required(ends[0]) if len({required(end) for end in ends}) == 1 else ANYTHING)
        # `< x` of an x that is not there is not there either.
        return optional(of) if len(ends) == 1 and operators.may_be(ends[0], NOTHING) else of

    def _at(self, node: tree.AtLiteral) -> Type:
        value = read_temporal(node.text)
        if value is None:
            self.report(
                node, f"`{node.text}` is not a date, a time or a duration", 'write, for example, `@"2026-01-31"`'
            )
            return ANYTHING
        return type_of(value)


def item_of(value: Type) -> Type:
    """The type of what a filter or a position picks from: an item of a list, or the value itself.

    Lists may hold nulls, whatever their items' type.
    """
    if value == ANYTHING:
        return ANYTHING
    options = value.options if isinstance(value, Either) else {value}
    return either(optional(of.item) if isinstance(of, ListOf) else of for of in options)


def _items_of(domain: Type) -> Type:
    """The type of what a loop goes through."""
    of = required(domain)
    if isinstance(of, ListOf):
        return optional(of.item)
    return of.item if isinstance(of, RangeOf) else ANYTHING


def member(value: Type, name: str) -> Type | None:
    """The type of ``value.name``; None when there can be no such member. Entries of objects may be null."""
    if value == ANYTHING:
        return ANYTHING
    if isinstance(value, Either):
        # The empty list among lists of something without such members gives the empty list.
        found = [member(option, name) or (LIST if isinstance(option, ListOf) else None) for option in value.options]
        types = [of for of in found if of is not None]
        if not types or (len(types) == 1 and types[0] == NOTHING and len(found) > 1):
            return None
        return either(types)
    match value:
        case ObjectOf():
            if value.fields is None:
                return ANYTHING
            of = value.field(name)
            return optional(of) if of is not None else ANYTHING if value.open else None
        case ListOf():
            of = member(value.item, name)
            return None if of is None else ListOf(of)
        case RangeOf():
            return optional(value.item) if name in ("start", "end") else RANGE_PROPERTY_TYPES.get(name)
        case FunctionOf():
            return None
    return NOTHING if value == NOTHING else PROPERTY_TYPES.get(value, {}).get(name)


def _member_names(value: Type) -> set[str]:
    match value:
        case Either():
            return set().union(*map(_member_names, value.options))
        case ObjectOf():
            return set(dict(value.fields or ()))
        case ListOf():
            return _member_names(value.item)
        case RangeOf():
            return set(RANGE_PROPERTY_TYPES)
    return set(PROPERTY_TYPES.get(value, {}))


def _this(value: Type) -> str:
    of = required(value)
    if isinstance(of, ListOf):
        return "the items of this list"
    return "this object" if isinstance(of, ObjectOf) else a(of)


def _entry(item: Type, name: str, outer: Type) -> Type:
    """The type of a name in a filter: an item's entry of that name where it has one, else what it is outside."""
    if not operators.may_be(item, OBJECT):
        return outer
    of = required(item)
    if isinstance(of, ObjectOf) and of.fields is not None:
        field = of.field(name)
        if field is not None and not operators.may_be(item, NOTHING):
            return optional(field)
        if field is not None:
            return either([optional(field), outer])
    return ANYTHING
