"""Which lines of two texts are the same, found in a time that does not explode where a great many are or are not."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

MOST_COMPARED = 40_000
"""Pairs of lines up to which ``difflib``, which takes the cube of its time at worst, looks for the best way."""


def matches(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of lines that are the same in both, in order, each line at most once.

    As many as there can be in short texts. In long ones lines that are there only once hold the rest together, and
    between them, where nothing does, lines are compared place by place.
    """
    if len(first) * len(second) <= MOST_COMPARED:
        for one, other, count in difflib.SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
            yield from ((one + at, other + at) for at in range(count))
        return
    size = min(len(first), len(second))
    head = next((at for at in range(size) if first[at] != second[at]), size)
    tail = next((at for at in range(size - head) if first[-1 - at] != second[-1 - at]), size - head)
    look = matches if head or tail else _between_anchors
    inner = look(first[head : len(first) - tail], second[head : len(second) - tail])
    yield from ((at, at) for at in range(head))
    yield from ((head + one, head + other) for one, other in inner)
    yield from ((len(first) - at, len(second) - at) for at in range(tail, 0, -1))


def _between_anchors(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[int, int]]:
    anchors = _anchors(first, second)
    if not anchors:
        yield from ((at, at) for at, (one, other) in enumerate(zip(first, second, strict=False)) if one == other)
        return
    begin = (0, 0)
    for end in (*anchors, (len(first), len(second))):
        between = matches(first[begin[0] : end[0]], second[begin[1] : end[1]])
        yield from ((begin[0] + one, begin[1] + other) for one, other in between)
        if end[0] < len(first):
            yield end
        begin = end[0] + 1, end[1] + 1


def _anchors(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """The longest row of lines in the same order that are once in the one and once in the other."""
    in_first, in_second = Counter(first), Counter(second)
    places = {line: at for at, line in enumerate(second) if in_second[line] == 1}
    ends: list[int] = []
    row: list[tuple[tuple[int, int], int]] = []
    last: list[int] = []
    for at, line in enumerate(first):
        if in_first[line] > 1 or line not in places:
            continue
        length = bisect_left(ends, places[line])
        row.append(((at, places[line]), last[length - 1] if length else -1))
        if length == len(ends):
            ends.append(places[line])
            last.append(len(row) - 1)
        else:
            ends[length], last[length] = places[line], len(row) - 1
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        place, at = row[at]
        found.append(place)
    return found[::-1]
