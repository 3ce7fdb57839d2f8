"""Which flows and functions wait for something, and so must run in an event loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from blockwright.catalogue import Block
from blockwright.language import program as p

if TYPE_CHECKING:
    from blockwright.engine.unit import Unit

_Key: TypeAlias = tuple[str, str | None]
"""A flow's name, and one of its functions or None for its own steps."""


class Colours:
    """Whether each flow and function among ``units`` waits: it calls an asynchronous block, or something that waits."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._calls: dict[_Key, set[_Key]] = {}
        self._waiting: set[_Key] = set()
        for name, unit in units.items():
            self._read((name, None), unit.program.main.body)
            for function, routine in unit.program.functions.items():
                self._read((name, function), routine.body)
        self._spread()

    def waits(self, flow: str, callee: p.Callee | None) -> bool:
        """Whether what a flow calls, or the flow itself (None), waits."""
        if isinstance(callee, Block):
            return callee.is_async
        return _key(flow, callee) in self._waiting

    def _read(self, key: _Key, body: p.Body) -> None:
        called = self._calls.setdefault(key, set())
        for call in p.calls_in(body):
            if not isinstance(call.callee, Block):
                called.add(_key(key[0], call.callee))
            elif call.callee.is_async:
                self._waiting.add(key)
        if any(map(_waits, p.every_step(body))):
            self._waiting.add(key)

    def _spread(self) -> None:
        while True:
            more = {key for key, called in self._calls.items() if called & self._waiting} - self._waiting
            if not more:
                return
            self._waiting |= more


def _waits(step: p.Step) -> bool:
    """Whether a step waits by itself, whatever it calls."""
    match step:
        case p.ForEach(at_once=at_once):
            return at_once is not None
        case p.Retry(wait=wait):
            return wait is not None
    return isinstance(step, p.Limited | p.Together | p.Wait)


def _key(flow: str, callee: p.FunctionName | p.FlowName | None) -> _Key:
    if isinstance(callee, p.FlowName):
        return callee.name, None
    return flow, callee.name if callee else None
