"""What differs between the value that was expected and the one that came, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from blockwright.expressions.values import Value, give
from blockwright.language.showing import as_text, in_line
from blockwright.testing.matching import matches
from blockwright.testing.values import plain

AROUND = 3
"""Lines that are shown before and after what differs."""

LONGEST_RUN = 20
"""Lines that are shown of many that are all missing or all new; the others are counted, and what comes next is seen."""

LONGEST_LINE = 200
"""Characters that are shown of a line."""

_GAP = "  …"


def difference(expected: Value, got: Value) -> tuple[str, ...]:
    """Lines that show what differs: ``-`` what was expected, ``+`` what came instead, and what is the same around it.

    Entries of objects are shown in the order in which they were expected, since their order does not matter.
    """
    wanted, came = _lines(expected), _lines(_arranged(got, expected))
    if wanted == came:
        return f"- {_cut(repr(give(expected)))}", f"+ {_cut(repr(give(got)))}"
    return tuple(_compared(wanted, came))


def _arranged(value: Value, like: Value) -> Value:
    """The value with the entries of its objects in the order that they have in another one."""
    if isinstance(value, list) and isinstance(like, list) and like:
        return [_arranged(each, like[min(at, len(like) - 1)]) for at, each in enumerate(value)]
    if isinstance(value, dict) and isinstance(like, dict):
        names = dict.fromkeys([*(name for name in like if name in value), *value])
        return {name: _arranged(value[name], like.get(name)) for name in names}
    return value


def _lines(value: Value) -> list[str]:
    shown = plain(value)
    if isinstance(shown, list | dict) and shown:
        return as_text(shown).split("\n")
    if isinstance(shown, str) and "\n" in shown:
        return [_visible(line) for line in shown.split("\n")]
    return [in_line(shown)]


def _visible(line: str) -> str:
    """A line of a text, in quotes and with escapes where not all that is in it can be seen."""
    is_plain = line.isprintable() and not line.endswith(" ") and not line.startswith('"')
    return line if is_plain else in_line(line)


def _compared(wanted: Sequence[str], came: Sequence[str]) -> Iterator[str]:
    around = _enclosing(wanted)
    end = room = 0
    for first, last, came_first, came_last in _changes(wanted, came):
        behind = min(room, first)
        before = max(behind, first - AROUND)
        yield from _same(wanted[end:behind])
        if before > behind:
            yield _GAP
            yield from _same([wanted[at] for at in _lines_around(before, around) if at >= behind])
        yield from _same(wanted[before:first])
        yield from _replaced(wanted[first:last], came[came_first:came_last])
        end, room = last, last + AROUND
    yield from _same(wanted[end:room])
    if room < len(wanted):
        yield _GAP


def _changes(wanted: Sequence[str], came: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where lines differ: from where to where in the one, and in the other."""
    one = other = 0
    for at, came_at in (*matches(wanted, came), (len(wanted), len(came))):
        if at > one or came_at > other:
            yield one, at, other, came_at
        one, other = at + 1, came_at + 1


def _enclosing(lines: Sequence[str]) -> list[int]:
    """For each line the one that it stands under, by how far they are to the right; -1 for those under none."""
    found: list[int] = []
    open_: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        text = line.lstrip(" ")
        depth = 2 * (len(line) - len(text)) + text.startswith("- ")
        while open_ and open_[-1][0] >= depth:
            open_.pop()
        found.append(open_[-1][1] if open_ else -1)
        open_.append((depth, at))
    return found


def _lines_around(at: int, around: Sequence[int]) -> list[int]:
    """The lines that a line stands under, the outermost first."""
    found = []
    while at < len(around) and around[at] >= 0:
        at = around[at]
        found.append(at)
    return found[::-1]


def _same(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {_cut(line)}" for line in lines)


def _replaced(wanted: Sequence[str], came: Sequence[str]) -> Iterator[str]:
    pairs = [_cut_alike(one, other) for one, other in zip_longest(wanted, came, fillvalue="")][:LONGEST_RUN]
    for sign, lines, cut in (("-", wanted, [one for one, _ in pairs]), ("+", came, [other for _, other in pairs])):
        yield from (f"{sign} {line}" for line in cut[: len(lines)])
        if len(lines) > LONGEST_RUN:
            yield f"{sign} … {len(lines) - LONGEST_RUN:,} more lines"


def _cut_alike(one: str, other: str) -> tuple[str, str]:
    """Two lines cut to what differs in them, if they are long."""
    if max(len(one), len(other)) <= LONGEST_LINE:
        return one, other
    alike = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return _cut(one, alike), _cut(other, alike)


def _cut(line: str, alike: int = 0) -> str:
    """A line with what may be shown of it, with the place where it is no more ``alike``."""
    start = max(0, alike - LONGEST_LINE // 4)
    if start > LONGEST_LINE // 4:
        line = f"{line[: LONGEST_LINE // 4]}…{line[start:]}"
    more = len(line) - LONGEST_LINE
    return line if more <= 0 else f"{line[:LONGEST_LINE]}… {more:,} more characters"
