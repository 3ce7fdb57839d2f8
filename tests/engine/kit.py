"""Short ways to load a flow and to run it, compiled and watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import pytest

from blockwright import Event, Failure, Flow, Limits, Runtime
from blockwright.catalogue import AnyBlock

Way: TypeAlias = Literal["compiled", "watched"]
WAYS: tuple[Way, ...] = ("compiled", "watched")


def load(text: str, *blocks: AnyBlock, services: Iterable[object] = (), limits: Limits | None = None) -> Flow:
    """The flow that ``text`` writes, with these blocks; its log goes nowhere."""
    runtime = Runtime(blocks=blocks, services=services, limits=limits, log=lambda _text, _place: None)
    return runtime.load_text(text)


def run(flow: Flow, way: Way, inputs: Mapping[str, object] | None = None) -> object:
    """What the flow gives."""
    return flow.run(inputs, watch=look_away if way == "watched" else None)


def failing(flow: Flow, way: Way, inputs: Mapping[str, object] | None = None) -> Failure:
    """How the flow fails."""
    with pytest.raises(Failure) as failed:
        run(flow, way, inputs)
    return failed.value


def look_away(_event: Event) -> None:
    """A watcher who only makes the run a watched one."""
