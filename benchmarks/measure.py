"""Medians and ratios: how every benchmark here is measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(act: Callable[[], object]) -> float:
    """How long one call takes, in seconds."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def ratio(ours: Callable[[], object], rival: Callable[[], object], rounds: int = 9) -> tuple[float, float, float]:
    """The medians of both in seconds, and the median of the pairwise ratios; the two take turns, after a warm-up."""
    ours(), rival()
    pairs = [(seconds(ours), seconds(rival)) for _ in range(rounds)]
    mine, theirs = zip(*pairs, strict=True)
    return statistics.median(mine), statistics.median(theirs), statistics.median(a / b for a, b in pairs)


def report(name: str, rival: str, measured: tuple[float, float, float], aim: str) -> None:
    """Print one line: our time, the rival's, the ratio, and what was aimed at."""
    ours, theirs, times = measured
    print(f"{name:<46} {ours * 1e3:9.2f} ms   {rival}: {theirs * 1e3:8.2f} ms   ratio {times:5.2f}   ({aim})")
