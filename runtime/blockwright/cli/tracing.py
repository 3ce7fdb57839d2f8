"""``--trace``: what a run does, as a tree, while it does it."""

from __future__ import annotations

from blockwright.cli.terminal import tell
from blockwright.engine.trace import Event
from blockwright.expressions.values import shown, take
from blockwright.failure import Failure


class Tracer:
    """Prints each step with its line when it begins, what it gave, and how it failed."""

    def __init__(self) -> None:
        self._file: str | None = None
        self._told: Failure | None = None

    def __call__(self, event: Event) -> None:
        if event.place.file != self._file:
            self._file = event.place.file
            tell(f"{event.place.file}: {event.flow}")
        indent = "  " * event.depth
        match event.kind:
            case "begins":
                tell(f"{event.place.line:>5}  {indent}{event.step}")
            case "gives" if event.value is not None:
                tell(f"{'':>5}  {indent}  gives {shown(take(event.value))}")
            case "fails" if event.failure is not None and event.failure is not self._told:
                self._told = event.failure
                tell(f"{'':>5}  {indent}  failed with {event.failure.code}: {event.failure.message}")
