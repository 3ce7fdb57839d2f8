"""What a round or a call costs of a run's budget of steps."""

from __future__ import annotations

from blockwright.language import program as p


def cost(body: p.Body) -> int:
    """What one round or call costs: 1, and 1 for each step in the body, but for those in the rounds of inner loops."""
    return 1 + _steps_in(body)


_LOOPS = (p.ForEach, p.Count, p.Repeat, p.While, p.Retry)


def _steps_in(body: p.Body) -> int:
    return sum(1 + sum(map(_steps_in, p.bodies(step))) if not isinstance(step, _LOOPS) else 1 for step in body)
