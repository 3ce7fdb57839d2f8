"""Running a flow both ways, and all that can be seen of a run from outside."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from blockwright import Failure, Flow, FlowError, Limits, Place, Runtime
from blockwright.testing import ManualClock
from blockwright.testing.properties.generated import write_into
from blockwright.testing.properties.writing.flows import WrittenFlow
from tests.meaning.blocks import BLOCKS, Book, Effect

LIMITS = Limits(steps=400, depth=6)


@dataclass(frozen=True)
class Outcome:
    """What a run gave or how it failed, what it wrote into its log and where, the calls of its blocks, and how many
    seconds it waited."""

    ending: tuple[str, ...]
    log: tuple[tuple[str, str], ...]
    effects: tuple[Effect, ...]
    passed: float

    def without_order(self) -> Outcome:
        """The same, for flows with steps side by side: whose tidying up goes on first is nobody's promise."""
        return replace(self, log=tuple(sorted(self.log)), effects=tuple(sorted(self.effects)))


class Loaded:
    """A flow with the book in which its blocks write. ``flow`` raises FlowError when the checker refuses it."""

    def __init__(self, text: str, others: Iterable[str] = (), limits: Limits = LIMITS) -> None:
        self.book = Book()
        written = WrittenFlow(text, tuple(others), {})
        self.has_sides = any(f"{key}:" in each for key in ("together", "at once") for each in (text, *written.others))
        self._clock = _Clock()
        with tempfile.TemporaryDirectory() as folder:
            runtime = Runtime(blocks=BLOCKS, services=[self.book], limits=limits, clock=self._clock)
            self.flow: Flow = runtime.load(write_into(Path(folder), written))

    def compiled(self, inputs: Mapping[str, object]) -> Outcome:
        """What a run of the compiled flow comes to."""
        return self._run(inputs, watched=False)

    def interpreted(self, inputs: Mapping[str, object]) -> Outcome:
        """What a run comes to that somebody watches."""
        return self._run(inputs, watched=True)

    def _run(self, inputs: Mapping[str, object], *, watched: bool) -> Outcome:
        log: list[tuple[str, str]] = []

        def write(text: str, place: Place) -> None:
            log.append((text, str(place)))

        self.book.effects.clear()
        self._clock.restart()
        given = copy.deepcopy(dict(inputs))
        try:
            ending: tuple[str, ...] = (
                "gives",
                repr(self.flow.run(given, watch=_look_away if watched else None, log=write)),
            )
        except Failure as failure:
            ending = failing(failure)
        assert repr(given) == repr(inputs), "a run changed its inputs"
        return Outcome(ending, tuple(log), tuple(self.book.effects), self._clock.passed)


def loaded(example: WrittenFlow) -> Loaded | None:
    """The flow of an example, or None when the checker refuses it."""
    try:
        return Loaded(example.text, example.others)
    except FlowError:
        return None


def failing(failure: Failure) -> tuple[str, ...]:
    """Everything about a failure, its cause's type included."""
    parts = (failure.code, failure.message, failure.details, failure.place, failure.flow, failure.block)
    return ("fails", *map(repr, parts), type(failure.__cause__).__name__)


class _Clock(ManualClock):
    """A clock that begins anew with every run."""

    def restart(self) -> None:
        super().__init__()


def _look_away(_event: object) -> None:
    pass
