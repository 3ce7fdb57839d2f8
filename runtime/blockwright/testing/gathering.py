"""Which steps never ran in a session of pytest, put together from the reports of its tests.

Reports are all that a session surely has: its tests may run in other processes, as with pytest-xdist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from blockwright.failure import Place
from blockwright.testing.covering import Coverage, coverage_of, steps_of

if TYPE_CHECKING:
    from blockwright.testing.collecting import Tests
    from blockwright.testing.running import Outcome

Spot = tuple[str, int, int]
"""A place as plain data."""


class Ran(TypedDict):
    """What the report of a test tells: the test is at ``line`` of a file that has ``tests`` tests of a flow, which has
    these ``steps``; those ``seen`` ran, which may be other flows' steps, too."""

    file: str
    line: int
    tests: int
    flow: str
    path: str
    steps: Sequence[Spot]
    seen: Sequence[Spot]


def ran(outcome: Outcome, tests: int) -> Ran:
    """What the report of a test tells, as plain data."""
    flow, place = outcome.flow, outcome.case.place
    return {
        "file": place.file,
        "line": place.line,
        "tests": tests,
        "flow": flow.name,
        "path": flow.path,
        "steps": _spots(steps_of(flow)),
        "seen": _spots(outcome.steps),
    }


def coverages(reports: Sequence[Ran], collected: Mapping[str, Tests]) -> list[Coverage]:
    """How much of each flow ran, as far as all tests ran of the files that are about it. ``collected`` are the files
    that this process knows; flows without tests are told of if all tests ran, because those of others may call them."""
    known = {(each["file"], each["line"]): each for each in reports}
    counts = Counter(file for file, _ in known)
    partly = {each["path"] for each in known.values() if counts[each["file"]] < each["tests"]}
    partly |= {tests.flow.path for file, tests in collected.items() if counts[file] < len(tests.cases)}
    seen = {Place(*spot) for each in known.values() for spot in each["seen"]}
    flows = {each["path"]: each for each in known.values()}
    found = [_coverage(each, seen) for path, each in flows.items() if path not in partly]
    if not partly:
        untested = {each.flow.path: each.flow for each in collected.values() if each.flow.path not in flows}
        found += [coverage_of(flow, seen) for flow in untested.values()]
    return sorted(found, key=lambda each: each.file)


def _coverage(of: Ran, seen: set[Place]) -> Coverage:
    steps = tuple(Place(*spot) for spot in of["steps"])
    return Coverage(of["path"], of["flow"], steps, tuple(each for each in steps if each not in seen))


def _spots(places: Iterable[Place]) -> list[Spot]:
    return [(each.file, each.line, each.column) for each in places]
