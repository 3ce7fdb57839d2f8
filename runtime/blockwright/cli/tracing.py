"""``--trace``: what a run does, as a tree, while it does it."""

from __future__ import annotations

from typing import cast

from blockwright.cli.terminal import tell
from blockwright.engine.trace import Event
from blockwright.expressions.values import Value, shown
from blockwright.failure import Failure, Place


class Tracer:
    """Prints each step with its line when it begins, what it gave, and how it failed.

    A step with handlers of its own is told as a ``try`` around it, in the same place; only the step is shown.
    """

    def __init__(self) -> None:
        self._file: str | None = None
        self._told: Failure | None = None
        self._around: Event | None = None
        self._lifted: dict[Place, int] = {}
        self._base: int | None = None

    def __call__(self, event: Event) -> None:
        if self._base is None:
            self._base = event.depth
        around, self._around = self._around, None
        if around is not None and around.place == event.place:
            self._lifted[event.place] = around.depth
        elif around is not None:
            self._show(around)
        if event.kind == "begins" and event.step == "try":
            self._around = event
        else:
            self._show(event)

    def _show(self, event: Event) -> None:
        if event.place.file != self._file:
            self._file = event.place.file
            tell(f"{event.place.file}: {event.flow}")
        indent = "  " * (min(event.depth, self._lifted.get(event.place, event.depth)) - (self._base or 0))
        match event.kind:
            case "begins":
                tell(f"{event.place.line:>5}  {indent}{event.step}")
            case "gives" if event.secret:
                tell(f"{'':>5}  {indent}  gives a secret")
            case "gives" if event.value is not None:
                tell(f"{'':>5}  {indent}  gives {shown(cast('Value', without_secrets(event.value)))}")
            case "fails" if event.failure is not None and event.failure is not self._told:
                self._told = event.failure
                tell(f"{'':>5}  {indent}  failed with {event.failure.code}: {event.failure.message}")


def without_secrets(value: object) -> object:
    """The value with what is called ``password`` or ``user-token`` in it blacked out."""
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if isinstance(value, dict):
        return {name: "…" if name in _SECRETS and item else without_secrets(item) for name, item in value.items()}
    return value


_SECRETS = frozenset({"password", "user-token"})
