"""How much a run may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one run; passing one is a failure with a code of its own.

    ``steps`` are counted per round of a loop and per call of a function or flow (``too many steps``); ``depth`` is how
    deeply functions and flows may call one another (``too deep``). ``expression_steps`` are what all expressions of a
    run may take together: rounds of ``for``, ``some``, ``every`` and filters, and work on large values.
    """

    steps: int = 1_000_000
    depth: int = 64
    expression_steps: int = 10_000_000
