"""A pattern's tree as a small program: characters to take, ways to try in order, places to remember."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

from blockwright.expressions.budget import spend
from blockwright.expressions.patterns.classes import Test
from blockwright.expressions.patterns.syntax import Again, Choice, Edge, Group, Node, PatternProblem, Repeat, Row, Sign

LARGEST = 10_000
"""Steps of the largest program; ``(a{100}){100}`` just fits."""


PRICE = 4
"""Steps of an evaluation's budget for each step of a program that is written."""


class Op(IntEnum):
    """What a step does."""

    TAKE = 0
    """Takes a character of a set."""
    TRY = 1
    """Goes on at one place, and if that fails at another."""
    GO = 2
    """Goes on elsewhere."""
    SAVE = 3
    """Remembers the place in the text."""
    EDGE = 4
    """Goes on only at the start, or the end, of the text or of a line."""
    AGAIN = 5
    """Takes what a group took."""
    MOVED = 6
    """Goes on only where the text has moved on since a place was remembered: no endless loops over nothing."""
    DONE = 7
    """The pattern has matched."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``to`` and ``other`` are the steps that follow, ``slot`` what is remembered or which group is meant."""

    op: Op
    test: Test | None = None
    to: int = 0
    other: int = 0
    slot: int = 0
    start: bool = False


Program: TypeAlias = tuple[Step, ...]


@dataclass(slots=True)
class Writer:
    """Writes a program; ``backwards`` for one that reads the text from its end, and remembers nothing."""

    groups: int
    backwards: bool = False
    steps: list[Step] = field(default_factory=list)
    loops: int = 0

    def write(self, root: Node) -> Program:
        self._node(root)
        self._add(Step(Op.DONE))
        return tuple(self.steps)

    @property
    def slots(self) -> int:
        """How many places the program remembers."""
        return 2 * (self.groups + 1) + self.loops

    def _add(self, step: Step) -> int:
        if len(self.steps) >= LARGEST:
            spend(PRICE * LARGEST)
            raise PatternProblem("is too large once its counts are written out")
        self.steps.append(step)
        return len(self.steps) - 1

    def _node(self, node: Node) -> None:
        match node:
            case Sign():
                self._add(Step(Op.TAKE, test=node.test, to=len(self.steps) + 1))
            case Row():
                for part in reversed(node.parts) if self.backwards else node.parts:
                    self._node(part)
            case Choice():
                self._choice(node.options)
            case Repeat():
                self._repeat(node)
            case Group():
                self._save(2 * node.number)
                self._node(node.part)
                self._save(2 * node.number + 1)
            case Edge():
                self._add(Step(Op.EDGE, to=len(self.steps) + 1, start=node.start))
            case Again():
                self._add(Step(Op.AGAIN, to=len(self.steps) + 1, slot=2 * node.number))

    def _save(self, slot: int) -> None:
        if not self.backwards:
            self._add(Step(Op.SAVE, to=len(self.steps) + 1, slot=slot))

    def _choice(self, options: tuple[Node, ...]) -> None:
        ends: list[int] = []
        for option in options[:-1]:
            fork = self._add(Step(Op.TRY))
            self._node(option)
            ends.append(self._add(Step(Op.GO)))
            self.steps[fork] = Step(Op.TRY, to=fork + 1, other=len(self.steps))
        self._node(options[-1])
        for end in ends:
            self.steps[end] = Step(Op.GO, to=len(self.steps))

    def _repeat(self, node: Repeat) -> None:
        before = len(self.steps)
        for _ in range(node.least):
            self._node(node.part)
            if len(self.steps) == before:
                # Nothing to do: to do it again and again would take for ever.
                break
        if node.most is None:
            self._loop(node)
            return
        forks: list[int] = []
        for _ in range(node.most - node.least):
            forks.append(self._add(Step(Op.TRY)))
            self._node(node.part)
        for fork in forks:
            self.steps[fork] = self._fork(fork, node.greedy)

    def _loop(self, node: Repeat) -> None:
        slot = 2 * (self.groups + 1) + self.loops
        self.loops += 1
        fork = self._add(Step(Op.TRY))
        self._save(slot)
        self._node(node.part)
        self._add(Step(Op.MOVED, to=len(self.steps) + 1, slot=slot))
        self._add(Step(Op.GO, to=fork))
        self.steps[fork] = self._fork(fork, node.greedy)

    def _fork(self, fork: int, greedy: bool) -> Step:
        onward, out = fork + 1, len(self.steps)
        return Step(Op.TRY, to=onward, other=out) if greedy else Step(Op.TRY, to=out, other=onward)
