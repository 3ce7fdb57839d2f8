"""What a watcher sees of a run: what begins, what it is given, what it gives or how it fails, and how long it takes.

Every event is about an ``Activity``: the run itself, a step, or a branch. All events of one activity hold the same
one. Texts that are secret are masked (see ``secrets``), and values are copies: a watcher may do with them as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from blockwright.catalogue import Block
from blockwright.failure import Failure, Place
from blockwright.language import program as p


class Activity(NamedTuple):
    """A run, a step or a branch, while it is done.

    ``id`` counts the activities of one ``run`` from 1, the run itself; ``parent`` is the activity around it. ``name``
    is a statement's key or a block's label, ``depth`` how deep in bodies and calls it is, from 0. ``began`` is in
    seconds since the beginning of the run, by the run's clock.
    """

    run: str
    id: int
    parent: int | None
    name: str
    place: Place
    flow: str
    depth: int
    began: float


class RunBegins(NamedTuple):
    """A run begins with ``inputs``."""

    of: Activity
    at: float
    inputs: Mapping[str, object]


class RunEnds(NamedTuple):
    """A run is over: it gave ``value``, or failed with ``failure``, or was stopped from outside."""

    of: Activity
    at: float
    value: object = None
    failure: Failure | None = None
    was_stopped: bool = False


class StepBegins(NamedTuple):
    """A step begins; ``inputs`` are those of a call."""

    of: Activity
    at: float
    inputs: Mapping[str, object]


class StepGives(NamedTuple):
    """A step gives a value: null where that is too big to be copied, and where the block says that it is secret."""

    of: Activity
    at: float
    value: object
    is_secret: bool = False


class StepEnds(NamedTuple):
    """A step has gone well."""

    of: Activity
    at: float


class StepFails(NamedTuple):
    """A step fails; ``is_new`` unless a step in it failed in that way, and it only passes that on."""

    of: Activity
    at: float
    failure: Failure
    is_new: bool


class StepStops(NamedTuple):
    """A step was stopped from outside: by a time limit, by the failure of a branch beside it, or with the whole run."""

    of: Activity
    at: float


class TryBegins(NamedTuple):
    """A ``retry`` begins try ``number`` of at most ``total``."""

    of: Activity
    at: float
    number: int
    total: int


class WaitBegins(NamedTuple):
    """A ``wait`` or ``retry`` waits for so many seconds."""

    of: Activity
    at: float
    seconds: float


class RoundBegins(NamedTuple):
    """A loop begins round ``number``, of ``total`` where that is known."""

    of: Activity
    at: float
    number: int
    total: int | None


class BranchBegins(NamedTuple):
    """A branch of ``together``, or a round of ``for each … at once``, begins: it is the ``number``th of ``total``."""

    of: Activity
    at: float
    number: int
    total: int


class BranchEnds(NamedTuple):
    """A branch or round is over; ``failure`` is how it failed."""

    of: Activity
    at: float
    failure: Failure | None = None
    was_stopped: bool = False


Event: TypeAlias = (
    RunBegins
    | RunEnds
    | StepBegins
    | StepGives
    | StepEnds
    | StepFails
    | StepStops
    | TryBegins
    | WaitBegins
    | RoundBegins
    | BranchBegins
    | BranchEnds
)

Watch: TypeAlias = Callable[[Event], object]
"""Called with each event, in the order in which things happen. What it raises ends the run."""

NO_INPUTS: Mapping[str, object] = MappingProxyType({})

KINDS: Mapping[type[Event], str] = {
    RunBegins: "run begins",
    RunEnds: "run ends",
    StepBegins: "step begins",
    StepGives: "step gives",
    StepEnds: "step ends",
    StepFails: "step fails",
    StepStops: "step stops",
    TryBegins: "try begins",
    WaitBegins: "wait begins",
    RoundBegins: "round begins",
    BranchBegins: "branch begins",
    BranchEnds: "branch ends",
}
"""What the kinds of events are called where they are written."""


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
    p.Retry: "retry",
    p.Limited: "time limit",
    p.Together: "together",
    p.Wait: "wait",
    p.Return: "return",
    p.Fail: "fail",
    p.FailAgain: "fail again",
    p.Log: "log",
}
