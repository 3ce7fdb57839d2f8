"""What a watcher sees of a run: each step as it begins, what it gave, how it failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from blockwright.catalogue import Block
from blockwright.failure import Failure, Place
from blockwright.language import program as p

EventKind: TypeAlias = Literal["begins", "gives", "fails"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``depth`` is how deep in bodies and calls it happened, from 0.

    ``step`` is a statement's key or a block's label, ``value`` is what it gave where it gives something (None
    where that is too big to be copied, and where the block says that it is ``secret``), ``failure`` how it failed.
    """

    kind: EventKind
    step: str
    place: Place
    flow: str
    depth: int
    value: object = None
    failure: Failure | None = None
    secret: bool = False


Watch: TypeAlias = Callable[[Event], None]
"""Called with each event, in the order in which things happen."""


def step_name(step: p.Step) -> str:
    """What an author calls a step: its statement's key, or the label it calls."""
    if isinstance(step, p.Call):
        return step.callee.label if isinstance(step.callee, Block) else step.callee.name
    if isinstance(step, p.While):
        return "while" if step.wanted else "until"
    return _KEYS[type(step)]


_KEYS: dict[type[p.Step], str] = {
    p.Set: "set",
    p.If: "if",
    p.ForEach: "for each",
    p.Count: "count",
    p.Repeat: "repeat",
    p.StopLoop: "stop loop",
    p.NextRound: "next round",
    p.Try: "try",
    p.Return: "return",
    p.Fail: "fail",
    p.FailAgain: "fail again",
    p.Log: "log",
}
