"""Medians and ratios: how every benchmark here is measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

Clock = Callable[[], float]


def seconds(act: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """How long one call takes, in seconds."""
    start = clock()
    act()
    return clock() - start


def ratio(
    ours: Callable[[], object], rival: Callable[[], object], rounds: int = 9, clock: Clock = time.perf_counter
) -> tuple[float, float, float]:
    """The medians of both in seconds, and the median of the pairwise ratios; the two take turns, after a warm-up.

    What only computes is best timed by ``time.process_time``, which leaves out what other programs take meanwhile.
    """
    ours(), rival()
    pairs = [(seconds(ours, clock), seconds(rival, clock)) for _ in range(rounds)]
    mine, theirs = zip(*pairs, strict=True)
    return statistics.median(mine), statistics.median(theirs), statistics.median(a / b for a, b in pairs)


def report(name: str, rival: str, measured: tuple[float, float, float], aim: str) -> None:
    """Print one line: our time, the rival's, the ratio, and what was aimed at."""
    ours, theirs, times = measured
    print(f"{name:<46} {ours * 1e3:9.2f} ms   {rival}: {theirs * 1e3:8.2f} ms   ratio {times:5.2f}   ({aim})")
