"""The checked flow: what a file means, with every name, type and constant resolved. It is all that the engine sees.

One small class per thing the engine can do. Sugar is gone: ``choose`` is an ``If`` with several branches, a step with
``if it fails`` is a ``Try`` around that step, ``until`` is a ``While`` that waits for true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from blockwright.expressions.tree import Name
from blockwright.expressions.types import ANYTHING, Type, optional

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock, DeclaredFailure, Input
    from blockwright.expressions import Expression
    from blockwright.expressions.values import Value as Known
    from blockwright.failure import Code
    from blockwright.language.cases.checked import Case
    from blockwright.language.diagnostics import Finding, Span
    from blockwright.language.source import Source


@dataclass(slots=True)
class Scope:
    """The variables of one flow or function, and the type of everything they may hold.

    The checker fills ``types`` in once all assignments are known, and then says that they are ``settled``.
    """

    types: dict[str, Type] = field(default_factory=dict)
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known before the run."""

    value: Known
    span: Span


@dataclass(slots=True, eq=False)
class Computed:
    """An expression. ``unsure`` are the variables that may not have been given a value yet where it stands."""

    expression: Expression
    scope: Scope
    unsure: frozenset[str]
    span: Span
    position: Callable[[int], tuple[int, int]]
    _types: Mapping[str, Type] | None = None
    _type: Type | None = None

    def types(self) -> Mapping[str, Type]:
        """The types of the names it reads, as they are where it stands."""
        if self._types is not None:
            return self._types
        known = self.scope.types
        types = {
            name: optional(known.get(name, ANYTHING)) if name in self.unsure else known.get(name, ANYTHING)
            for name in self.expression.reads
        }
        if self.scope.settled:
            self._types = types
        return types

    @property
    def type(self) -> Type:
        if self._type is not None:
            return self._type
        types, tree = self.types(), self.expression.tree
        known = types.get(tree.name) if isinstance(tree, Name) else None
        found = known or self.expression.infer(types).type
        if self.scope.settled:
            self._type = found
        return found


@dataclass(frozen=True, slots=True)
class Joined:
    """Text put together from pieces."""

    parts: tuple[str | Computed, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Listed:
    """A list written item by item."""

    items: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Grouped:
    """An object written entry by entry."""

    entries: tuple[tuple[str, Value], ...]
    span: Span


Value: TypeAlias = Constant | Computed | Joined | Listed | Grouped


@dataclass(frozen=True, slots=True)
class Set:
    values: tuple[tuple[str, Value], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """The first branch whose condition holds, else ``otherwise``."""

    branches: tuple[tuple[Value, Body], ...]
    otherwise: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Collected:
    """What a loop keeps of its rounds: the value that ``gives`` has at the end of each, in a list called ``name``."""

    name: str
    gives: Value


@dataclass(frozen=True, slots=True)
class ForEach:
    """Rounds for the items of a list: one after the other, or so many ``at_once``.

    Rounds side by side have variables of their own. With ``failures_as`` a round that fails is put into that list, and
    the others go on.
    """

    name: str
    items: Value
    body: Body
    cost: int
    span: Span
    at_once: Value | None = None
    collected: Collected | None = None
    failures_as: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    start: Value
    stop: Value
    by: Value
    body: Body
    cost: int
    span: Span


@dataclass(frozen=True, slots=True)
class Repeat:
    times: Value
    body: Body
    cost: int
    span: Span


@dataclass(frozen=True, slots=True)
class While:
    """Rounds as long as the condition is ``wanted``: true for ``while``, false for ``until``."""

    condition: Value
    wanted: bool
    body: Body
    cost: int
    span: Span


@dataclass(frozen=True, slots=True)
class StopLoop:
    span: Span


@dataclass(frozen=True, slots=True)
class NextRound:
    span: Span


@dataclass(frozen=True, slots=True)
class Handler:
    """``codes`` is empty for ``anything else``; ``spans`` are their places."""

    codes: tuple[Code, ...]
    spans: tuple[Span, ...]
    body: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Try:
    body: Body
    handlers: tuple[Handler, ...]
    always: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Retry:
    """Steps that are tried again: ``more`` times at most, when they fail with one of ``codes``.

    ``wait`` is how long to wait before the second try; it is multiplied by ``growing`` for each one after that, up to
    ``at_most``. Without ``wait``, the next try comes at once. ``spans`` are the places of codes that the author wrote.
    """

    body: Body
    more: Value
    wait: Value | None
    growing: Value | None
    at_most: Value | None
    codes: tuple[Code, ...]
    spans: tuple[Span, ...]
    cost: int
    span: Span


@dataclass(frozen=True, slots=True)
class Limited:
    """Steps that fail with ``timed out`` when they take longer than ``limit``."""

    body: Body
    limit: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Together:
    """Branches side by side; the first failure stops the others."""

    branches: tuple[Body, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Wait:
    duration: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Return:
    """``wanted`` is what the flow promises to give, where it promises something."""

    value: Value
    span: Span
    wanted: Type | None = None


@dataclass(frozen=True, slots=True)
class Fail:
    code: Value
    message: Value
    details: Value
    span: Span


@dataclass(frozen=True, slots=True)
class FailAgain:
    span: Span


@dataclass(frozen=True, slots=True)
class Log:
    text: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Asked:
    """An input that a flow or function asks for. ``default`` counts only when it is not required,
    and what is ``secret`` is shown by no message and no trace."""

    name: str
    type: Type
    is_required: bool
    default: Known
    choices: tuple[Known, ...]
    about: str
    example: Known
    span: Span
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """What a flow or function says that it gives: a value of this type, or none where it is NOTHING."""

    type: Type
    about: str
    span: Span


@dataclass(frozen=True, slots=True)
class Contract:
    """What a flow or function asks for; and, where it says so, what it gives and which codes it can fail with.

    ``spans`` are the places of these codes.
    """

    inputs: tuple[Asked, ...]
    returns: Promise | None = None
    failures: Mapping[Code, DeclaredFailure] | None = None
    spans: Mapping[Code, Span] = field(default_factory=dict)

    @property
    def is_declared(self) -> bool:
        """Whether it says more than what it asks for."""
        return self.returns is not None or self.failures is not None


@dataclass(frozen=True, slots=True)
class Argument:
    """An input given in a call, and what the callee asks of it."""

    input: Input | Asked
    value: Value


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A function of the same file. Its contract is what the call was checked against."""

    name: str
    contract: Contract = field(default=Contract(()), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FlowName:
    """Another flow, by its name; the runtime knows where it is. Its contract is what the call was checked against."""

    name: str
    contract: Contract = field(compare=False, repr=False)


Callee: TypeAlias = "AnyBlock | FunctionName | FlowName"


@dataclass(frozen=True, slots=True)
class Call:
    """A block, a function of the same file, or another flow; inputs that are left out take their defaults."""

    callee: Callee
    arguments: tuple[Argument, ...]
    save_as: str | None
    span: Span


Step: TypeAlias = (
    Set
    | If
    | ForEach
    | Count
    | Repeat
    | While
    | StopLoop
    | NextRound
    | Try
    | Retry
    | Limited
    | Together
    | Wait
    | Return
    | Fail
    | FailAgain
    | Log
    | Call
)
Body: TypeAlias = tuple[Step, ...]


def bodies(step: Step) -> Iterator[Body]:
    """The steps inside a step."""
    if isinstance(step, If):
        yield from (body for _, body in step.branches)
        yield step.otherwise
    elif isinstance(step, ForEach | Count | Repeat | While | Retry | Limited):
        yield step.body
    elif isinstance(step, Together):
        yield from step.branches
    elif isinstance(step, Try):
        yield step.body
        yield from (handler.body for handler in step.handlers)
        yield step.always


def calls_in(body: Body) -> Iterator[Call]:
    """Every call in these steps, at any depth."""
    for step in body:
        if isinstance(step, Call):
            yield step
        for inner in bodies(step):
            yield from calls_in(inner)


def every_step(body: Body) -> Iterator[Step]:
    """These steps and all in them, at any depth."""
    for step in body:
        yield step
        for inner in bodies(step):
            yield from every_step(inner)


def given_in(body: Body) -> Iterator[str]:
    """The names that these steps give a value to for others to see: no loop's own, none of rounds side by side."""
    for step in body:
        if isinstance(step, Set):
            yield from (name for name, _ in step.values)
        elif isinstance(step, Call) and step.save_as is not None:
            yield step.save_as
        elif isinstance(step, ForEach):
            yield from (name for name in (step.collected and step.collected.name, step.failures_as) if name)
            if step.at_once is not None:
                continue
        for inner in bodies(step):
            yield from given_in(inner)


@dataclass(frozen=True, slots=True)
class Routine:
    """A flow's own steps, or those of one of its functions. ``contract`` is what it promises; ``variables`` are null
    until they are set."""

    name: str
    about: str
    contract: Contract
    variables: tuple[str, ...]
    body: Body
    cost: int
    scope: Scope
    span: Span

    @property
    def inputs(self) -> tuple[Asked, ...]:
        """What it asks for."""
        return self.contract.inputs


@dataclass(frozen=True, slots=True)
class Program:
    """A flow file that passed every check. ``flows`` are the names of the other flows that it calls, ``cases`` its
    tests."""

    source: Source
    main: Routine
    functions: Mapping[str, Routine]
    flows: frozenset[str]
    warnings: tuple[Finding, ...] = ()
    cases: tuple[Case, ...] = ()

    @property
    def name(self) -> str:
        return self.main.name

    @property
    def contract(self) -> Contract:
        """What the flow promises."""
        return self.main.contract

    def routines(self) -> tuple[Routine, ...]:
        return (self.main, *self.functions.values())
