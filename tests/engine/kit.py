"""Short ways to load a flow and to run it, compiled and watched."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import pytest

from blockwright import Event, Failure, Flow, Limits, Runtime
from blockwright.catalogue import AnyBlock
from blockwright.engine.clock import Clock

Way: TypeAlias = Literal["compiled", "watched"]
WAYS: tuple[Way, ...] = ("compiled", "watched")


def load(
    text: str,
    *blocks: AnyBlock,
    services: Iterable[object] = (),
    limits: Limits | None = None,
    clock: Clock | None = None,
) -> Flow:
    """The flow that ``text`` writes, with these blocks; its log goes nowhere."""
    runtime = Runtime(blocks=blocks, services=services, limits=limits, log=lambda _text, _place: None, clock=clock)
    return runtime.load_text(text)


def steps(text: str) -> str:
    """A flow around some steps."""
    return "flow: test flow\nsteps:\n" + textwrap.indent(textwrap.dedent(text).strip("\n"), "  ") + "\n"


def logged(flow: Flow, way: Way, inputs: Mapping[str, object] | None = None) -> tuple[object, list[str]]:
    """What the flow gives, or the code it fails with; and what it logs."""
    lines: list[str] = []
    watch = look_away if way == "watched" else None
    try:
        given = flow.run(inputs, watch=watch, log=lambda text, _place: lines.append(text))
    except Failure as failure:
        given = failure.code
    return given, lines


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
