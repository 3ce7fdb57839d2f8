"""How much a run may use."""

from __future__ import annotations

from dataclasses import dataclass, replace

from blockwright.expressions.values import CAPS, Caps


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one run; passing one is a failure whose message says what the limit is. Most end the run: no handler is
    asked, only ``always:`` still runs.

    ``steps`` are counted per round of a loop and per call of a function or flow (``too many steps``); ``depth`` is how
    deeply functions and flows may call one another (``too deep``). ``expression_steps`` are what all expressions of a
    run may take together: rounds of ``for``, ``some``, ``every`` and filters, and work on large values. As each
    also pays for about 256 bytes of new values, they bound memory, too (``too many steps``).

    ``seconds`` is how long a run may take by its clock (``timed out``); None is as long as it likes. What waits is
    cancelled then, and has ``GRACE`` more seconds for its ``always:`` parts; Python code that does not wait cannot be
    stopped. ``text`` is the most characters of one text, ``items`` the most items of one list and entries of one object
    (``too big``; handlers are asked; never more than a million). ``log_lines`` are how many lines it may write into
    its log (``too many log lines``), ``branches`` how many branches and rounds may be side by side, those inside of one
    another counted together (``too many branches``), ``calls`` for how many calls of blocks it may wait at a time
    (``too many calls``); None is for as many as there are branches.
    """

    steps: int = 1_000_000
    depth: int = 64
    expression_steps: int = 10_000_000
    seconds: float | None = None
    text: int = 1_000_000
    items: int = 1_000_000
    log_lines: int = 100_000
    branches: int = 10_000
    calls: int | None = None

    def caps(self) -> Caps | None:
        """How large values may grow, where that is less than they may anyway."""
        if self.text >= CAPS.text and self.items >= CAPS.items:
            return None
        return replace(CAPS, text=min(self.text, CAPS.text), items=min(self.items, CAPS.items))


GRACE = 5.0
"""Seconds that the ``always:`` parts of a run may still wait once its time is over."""
