"""The limits of a run, as options of the command line say them."""

from __future__ import annotations

from dataclasses import replace

from blockwright.cli.terminal import CallError
from blockwright.engine import meaning
from blockwright.engine.limits import Limits
from blockwright.failure import Failure


def read_limits(time: str | None, steps: int | None, log_lines: int | None) -> Limits:
    """The limits of a run; what is not said stays as it is. Raises CallError for a time that is none."""
    limits = Limits()
    if time is not None:
        try:
            limits = replace(limits, seconds=meaning.seconds(time))
        except Failure as failure:
            raise CallError(f"--most-time: {failure.message}", "such as --most-time '30 seconds'") from None
    if steps is not None:
        limits = replace(limits, steps=steps)
    return limits if log_lines is None else replace(limits, log_lines=log_lines)
