"""What is known at a point of a flow: which variables have a value, and whether the point can be reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import TypeAlias

Bits: TypeAlias = int
"""A set of variables, a bit each: flows may have thousands of them, and most steps make a new state."""


@dataclass(frozen=True, slots=True)
class State:
    """``sure`` have been given a value on every way here, ``maybe`` on one at least."""

    sure: Bits = 0
    maybe: Bits = 0
    reachable: bool = True

    def with_set(self, variable: Bits) -> State:
        return State(self.sure | variable, self.maybe | variable, self.reachable)

    def with_maybe(self, variables: Bits) -> State:
        return State(self.sure, self.maybe | variables, self.reachable)

    def left(self) -> State:
        """The state behind a step that never goes on to the next."""
        return replace(self, reachable=False)

    def entered(self) -> State:
        """The state taken for one that can be reached, to look at steps that never run."""
        return self if self.reachable else replace(self, reachable=True)


def merge(*ways: State) -> State:
    """The state where several ways meet; only ways that get there count."""
    coming = [way for way in ways if way.reachable]
    if not coming:
        return ways[0].left()
    if len(coming) == 1:
        return coming[0]
    return State(reduce(and_, (way.sure for way in coming)), reduce(or_, (way.maybe for way in coming)))
