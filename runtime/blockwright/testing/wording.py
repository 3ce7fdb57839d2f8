"""How it is said what came of a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from blockwright.testing.covering import Coverage
from blockwright.testing.judging import Problem
from blockwright.testing.running import Outcome

LONGEST = 60
"""Lines that are shown of one thing that is not as expected."""


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem with its place, and what shows it below."""
    for problem in problems:
        place = f"{problem.place.file}:{problem.place.line}"
        yield f"{place}: {problem.message}"
        yield from (f"    {line}".rstrip() for line in problem.lines[:LONGEST])
        if len(problem.lines) > LONGEST:
            yield f"    … {len(problem.lines) - LONGEST:,} more lines"


def headline(outcome: Outcome) -> str:
    """Which test it is, and where."""
    place = outcome.case.place
    return f"{place.file}:{place.line}: {outcome.case.sentence}"


def coverage_line(coverage: Coverage) -> str | None:
    """Which steps of a flow never ran; None when all did."""
    missed, count = len(coverage.missed), len(coverage.steps)
    if not missed:
        return None
    steps = "step" if count == 1 else "steps"
    where = f"{'line' if len(coverage.lines) == 1 else 'lines'} {', '.join(map(str, coverage.lines))}"
    return f"{coverage.file}: {missed} of {count} {steps} never ran: {where}"


def seconds(duration: float) -> str:
    """A duration for people."""
    return f"{duration * 1000:.0f} ms" if duration < 1 else f"{duration:.2f} s"
