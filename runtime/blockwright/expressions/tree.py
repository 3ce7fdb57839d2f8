"""The syntax tree of an expression: plain frozen data that every stage shares.

``start`` and ``end`` are character offsets in the expression's text; ``end`` is one past the last character.
"""

from __future__ import annotations

from collections.abc import Iterator as Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf
from typing import TypeAlias

from blockwright.expressions.types import Type

ArithmeticOperator: TypeAlias = OneOf["+", "-", "*", "/", "**"]
ComparisonOperator: TypeAlias = OneOf["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, ``true``, ``false`` or ``null``."""

    start: int
    end: int
    value: int | Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class AtLiteral:
    """A date, time or duration written as ``@"…"``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name: of the scope, of a variable bound in the text, of a built-in function, or of an entry inside a filter."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """``[a, b]``"""

    start: int
    end: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key: value`` of a context or of named arguments."""

    start: int
    end: int
    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class Context:
    """``{key: value}``: an object whose later entries see the earlier ones."""

    start: int
    end: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral:
    """``[low..high]`` with open or closed ends; an end that is None is unbounded, as in ``(< 5)``."""

    start: int
    end: int
    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class EqualTest:
    """``= x`` or ``!= x`` as a test after ``in``, or in parentheses."""

    start: int
    end: int
    operator: OneOf["=", "!="]
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left operator right``"""

    start: int
    end: int
    operator: ArithmeticOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation:
    """``- operand``"""

    start: int
    end: int
    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right``"""

    start: int
    end: int
    operator: ComparisonOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """``left and right``, ``left or right``, with FEEL's three values."""

    start: int
    end: int
    operator: OneOf["and", "or"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """``value between low and high``, both ends included."""

    start: int
    end: int
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    """``value in test`` or ``value in (test, test)``; ``?`` in a test is the value. Negated: ``value not in …``."""

    start: int
    end: int
    value: Node
    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Emptiness:
    """``value is empty``, ``value is not empty``: of texts, lists, objects and null."""

    start: int
    end: int
    value: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """A cell of a decision table: tests of ``?``, one of which must hold; none at all (``-``) holds for everything."""

    start: int
    end: int
    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """``value instance of type``"""

    start: int
    end: int
    value: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Path:
    """``value.name``; ``name_start`` is where the name begins."""

    start: int
    end: int
    value: Node
    name: str
    name_start: int


@dataclass(frozen=True, slots=True)
class Filter:
    """``value[condition]``: a position when the condition is a number, else the items for which it is true."""

    start: int
    end: int
    value: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    """``function(a, b)`` or ``function(name: a)``; one of ``arguments`` and ``named`` is empty."""

    start: int
    end: int
    function: Node
    arguments: tuple[Node, ...]
    named: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class If:
    """``if condition then then else otherwise``"""

    start: int
    end: int
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """``name in domain``, or ``name in domain..high``."""

    start: int
    end: int
    name: str
    domain: Node
    high: Node | None


@dataclass(frozen=True, slots=True)
class For:
    """``for x in xs, y in ys return result``; inside ``result``, ``partial`` is the list of the results so far."""

    start: int
    end: int
    iterators: tuple[Iterator, ...]
    result: Node

    @property
    def has_partial(self) -> bool:
        """Whether ``partial`` is the list of results so far, and no variable of the loop's own."""
        return all(iterator.name != "partial" for iterator in self.iterators)


@dataclass(frozen=True, slots=True)
class Quantified:
    """``some x in xs satisfies condition``, ``every x in xs satisfies condition``"""

    start: int
    end: int
    quantifier: OneOf["some", "every"]
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function definition; ``type`` is None when it is not given."""

    start: int
    end: int
    name: str
    type: Type | None


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """``function(a, b: number) body``"""

    start: int
    end: int
    parameters: tuple[Parameter, ...]
    body: Node
    external: bool


Node: TypeAlias = (
    Literal
    | AtLiteral
    | Name
    | ListLiteral
    | Context
    | RangeLiteral
    | EqualTest
    | Arithmetic
    | Negation
    | Comparison
    | Logic
    | Between
    | In
    | Emptiness
    | UnaryTests
    | InstanceOf
    | Path
    | Filter
    | Call
    | If
    | For
    | Quantified
    | FunctionDefinition
)
"""Any expression."""

Part: TypeAlias = Node | Entry | Iterator | Parameter
"""Any piece of the tree, expressions and their parts alike."""


def parts(node: Part) -> Iterable[Part]:
    """The pieces directly below one piece, in the order of the text."""
    for name in _BELOW[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            yield from value
        elif value is not None:
            yield value


def walk(node: Part) -> Iterable[Part]:
    """The piece and everything below it, without recursion: the tree may be deep."""
    waiting: list[Part] = [node]
    while waiting:
        piece = waiting.pop()
        yield piece
        waiting.extend(parts(piece))


_BELOW: dict[type, tuple[str, ...]] = {
    Literal: (),
    AtLiteral: (),
    Name: (),
    ListLiteral: ("items",),
    Entry: ("value",),
    Context: ("entries",),
    RangeLiteral: ("low", "high"),
    EqualTest: ("operand",),
    Arithmetic: ("left", "right"),
    Negation: ("operand",),
    Comparison: ("left", "right"),
    Logic: ("left", "right"),
    Between: ("value", "low", "high"),
    In: ("value", "tests"),
    Emptiness: ("value",),
    UnaryTests: ("tests",),
    InstanceOf: ("value",),
    Path: ("value",),
    Filter: ("value", "condition"),
    Call: ("function", "arguments", "named"),
    If: ("condition", "then", "otherwise"),
    Iterator: ("domain", "high"),
    For: ("iterators", "result"),
    Quantified: ("iterators", "condition"),
    Parameter: (),
    FunctionDefinition: ("parameters", "body"),
}
"""Which fields of a piece hold pieces."""
