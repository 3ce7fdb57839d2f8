"""What a watcher sees of a run: each step as it begins, what it gave, how it failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from blockwright.failure import Failure, Place


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``depth`` is how deep in bodies and calls it happened, from 0.

    ``step`` is a statement's key or a block's label; ``inputs`` are a block's, ``value`` is what a call, a ``return`` or a ``set``
    gave, ``failure`` how the step failed.
    """

    kind: Literal["begins", "gives", "fails"]
    step: str
    place: Place
    flow: str
    depth: int
    inputs: Mapping[str, object] = field(default_factory=dict)
    value: object = None
    failure: Failure | None = None


Watch: TypeAlias = Callable[[Event], None]
"""Called with each event, in the order in which things happen."""
