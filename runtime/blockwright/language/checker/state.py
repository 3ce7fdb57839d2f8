"""What is known at a point of a flow: which variables have a value, and whether the point can be reached."""

from __future__ import annotations

from dataclasses import dataclass, replace

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """``sure`` have been given a value on every way here, ``maybe`` on one at least."""

    sure: frozenset[str] = NONE
    maybe: frozenset[str] = NONE
    reachable: bool = True

    def with_set(self, name: str) -> State:
        if name in self.sure:
            return self
        return replace(self, sure=self.sure | {name}, maybe=self.maybe | {name})

    def with_maybe(self, names: frozenset[str]) -> State:
        return replace(self, maybe=self.maybe | names)

    def left(self) -> State:
        """The state behind a step that never goes on to the next."""
        return replace(self, reachable=False)


def merge(*ways: State) -> State:
    """The state where several ways meet; ways that never get there do not count for what is sure."""
    maybe = NONE.union(*(way.maybe for way in ways))
    open_ways = [way for way in ways if way.reachable]
    if not open_ways:
        return State(ways[0].sure, maybe, reachable=False)
    sure = open_ways[0].sure.intersection(*(way.sure for way in open_ways[1:]))
    return State(sure, maybe)
