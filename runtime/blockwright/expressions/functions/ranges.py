"""How points and ranges lie to one another (DMN 1.5, table 78), and ranges from text (table 72).

A range with one end, such as ``(< 10)``, has no limit on the other side.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from blockwright.expressions import compare
from blockwright.expressions.functions.builtin import Builtin, Example, Overload, Parameter
from blockwright.expressions.functions.range_text import read_range
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    NUMBER,
    TEXT,
    TIME,
    YEARS_DURATION,
    YES_OR_NO,
    RangeOf,
    either,
)
from blockwright.expressions.values import Range, Value, describe, fail


class Endless(Enum):
    """The limits that no value reaches."""

    BELOW = "below"
    ABOVE = "above"


End = Value | Endless


class Incomparable(Exception):
    """Two values have no order, or a range has an end that is not known."""


def start(of: Range) -> End:
    """Where a range starts."""
    if of.low is not None:
        return of.low
    if of.operator in ("<", "<="):
        return Endless.BELOW
    raise Incomparable(f"{describe(of)} has no start")


def end(of: Range) -> End:
    """Where a range ends."""
    if of.high is not None:
        return of.high
    if of.operator in (">", ">="):
        return Endless.ABOVE
    raise Incomparable(f"{describe(of)} has no end")


def less(first: End, second: End) -> bool:
    """Whether one end comes before another."""
    if isinstance(first, Endless) or isinstance(second, Endless):
        return first is not second and (first is Endless.BELOW or second is Endless.ABOVE)
    answer = compare.precedes(first, second)
    if answer is None:
        raise Incomparable(f"{describe(first)} and {describe(second)} cannot be compared")
    return answer


def equal(first: End, second: End) -> bool:
    """Whether two ends are the same."""
    if isinstance(first, Endless) or isinstance(second, Endless):
        return first is second
    return not less(first, second) and not less(second, first)


def before_points(first: Value, second: Value) -> bool:
    return less(first, second)


def before_point_range(point: Value, of: Range) -> bool:
    return less(point, start(of)) or (equal(point, start(of)) and not of.low_closed)


def before_range_point(of: Range, point: Value) -> bool:
    return less(end(of), point) or (equal(end(of), point) and not of.high_closed)


def before_ranges(first: Range, second: Range) -> bool:
    touching = equal(end(first), start(second)) and not (first.high_closed and second.low_closed)
    return less(end(first), start(second)) or touching


def meets(first: Range, second: Range) -> bool:
    return first.high_closed and second.low_closed and equal(end(first), start(second))


def overlaps(first: Range, second: Range) -> bool:
    return not before_ranges(first, second) and not before_ranges(second, first)


def overlaps_before(first: Range, second: Range) -> bool:
    starts_first = less(start(first), start(second)) or (
        equal(start(first), start(second)) and first.low_closed and not second.low_closed
    )
    ends_first = less(end(first), end(second)) or (
        equal(end(first), end(second)) and (not first.high_closed or second.high_closed)
    )
    return starts_first and not before_ranges(first, second) and ends_first


def finishes_point(point: Value, of: Range) -> bool:
    return of.high_closed and equal(end(of), point)


def finishes_ranges(first: Range, second: Range) -> bool:
    if first.high_closed != second.high_closed or not equal(end(first), end(second)):
        return False
    return not _starts_earlier(first, second)


def includes_point(of: Range, point: Value) -> bool:
    after_start = less(start(of), point) or (of.low_closed and equal(start(of), point))
    return after_start and (less(point, end(of)) or (of.high_closed and equal(end(of), point)))


def includes_range(first: Range, second: Range) -> bool:
    return not _starts_earlier(second, first) and not _ends_later(second, first)


def starts_point(point: Value, of: Range) -> bool:
    return of.low_closed and equal(start(of), point)


def starts_ranges(first: Range, second: Range) -> bool:
    if first.low_closed != second.low_closed or not equal(start(first), start(second)):
        return False
    return not _ends_later(first, second)


def coincides_points(first: Value, second: Value) -> bool:
    return equal(first, second)


def coincides_ranges(first: Range, second: Range) -> bool:
    same_start = first.low_closed == second.low_closed and equal(start(first), start(second))
    return same_start and first.high_closed == second.high_closed and equal(end(first), end(second))


def range_of_text(text: str) -> Value:
    return read_range(text)


def _starts_earlier(first: Range, second: Range) -> bool:
    if equal(start(first), start(second)):
        return first.low_closed and not second.low_closed
    return less(start(first), start(second))


def _ends_later(first: Range, second: Range) -> bool:
    if equal(end(first), end(second)):
        return first.high_closed and not second.high_closed
    return less(end(second), end(first))


_POINT = either([NUMBER, TEXT, DATE, TIME, DATE_AND_TIME, DAYS_DURATION, YEARS_DURATION])
_RANGE = RangeOf(ANYTHING)
_POINTS = (Parameter("point1", _POINT), Parameter("point2", _POINT))
_POINT_RANGE = (Parameter("point", _POINT), Parameter("range", _RANGE))
_RANGE_POINT = (Parameter("range", _RANGE), Parameter("point", _POINT))
_RANGES = (Parameter("range1", _RANGE), Parameter("range2", _RANGE))

_Relation = Callable[..., bool]


def _swapped(relation: _Relation) -> _Relation:
    return lambda first, second: relation(second, first)


def _relation(
    name: str, about: str, ways: tuple[tuple[tuple[Parameter, ...], _Relation], ...], *examples: Example
) -> Builtin:
    overloads = tuple(Overload(_answered(relation), YES_OR_NO, parameters) for parameters, relation in ways)
    return Builtin(name, "ranges", about, overloads, examples)


def _answered(relation: _Relation) -> Callable[..., Value]:
    def answer(first: Value, second: Value) -> Value:
        try:
            return relation(first, second)
        except Incomparable as problem:
            return fail(str(problem))

    return answer


BUILTINS = (
    _relation(
        "before",
        "Whether a point or range lies wholly before another.",
        (
            (_POINTS, before_points),
            (_POINT_RANGE, before_point_range),
            (_RANGE_POINT, before_range_point),
            (_RANGES, before_ranges),
        ),
        ("before(1, 10)", "true"),
        ("before([1..10], [10..20])", "false"),
    ),
    _relation(
        "after",
        "Whether a point or range lies wholly after another.",
        (
            (_POINTS, _swapped(before_points)),
            (_POINT_RANGE, _swapped(before_range_point)),
            (_RANGE_POINT, _swapped(before_point_range)),
            (_RANGES, _swapped(before_ranges)),
        ),
        ("after(10, 5)", "true"),
        ("after([11..20], [1..11))", "true"),
    ),
    _relation(
        "meets",
        "Whether the first range ends exactly where the second starts.",
        ((_RANGES, meets),),
        ("meets([1..5], [5..10])", "true"),
    ),
    _relation(
        "met by",
        "Whether the first range starts exactly where the second ends.",
        ((_RANGES, _swapped(meets)),),
        ("met by([5..10], [1..5])", "true"),
    ),
    _relation(
        "overlaps",
        "Whether two ranges have a value in common.",
        ((_RANGES, overlaps),),
        ("overlaps([1..5], [3..8])", "true"),
        ("overlaps([1..5], [6..8])", "false"),
    ),
    _relation(
        "overlaps before",
        "Whether the first range starts before the second and ends within it.",
        ((_RANGES, overlaps_before),),
        ("overlaps before([1..5], [3..8])", "true"),
    ),
    _relation(
        "overlaps after",
        "Whether the first range starts within the second and ends after it.",
        ((_RANGES, _swapped(overlaps_before)),),
        ("overlaps after([3..8], [1..5])", "true"),
    ),
    _relation(
        "finishes",
        "Whether a point or range lies at the end of a range.",
        ((_POINT_RANGE, finishes_point), (_RANGES, finishes_ranges)),
        ("finishes(10, [1..10])", "true"),
        ("finishes([5..10], [1..10])", "true"),
    ),
    _relation(
        "finished by",
        "Whether a range has a point or range at its end.",
        ((_RANGE_POINT, _swapped(finishes_point)), (_RANGES, _swapped(finishes_ranges))),
        ("finished by([1..10], 10)", "true"),
    ),
    _relation(
        "includes",
        "Whether a range has a point or another range within it.",
        ((_RANGE_POINT, includes_point), (_RANGES, includes_range)),
        ("includes([1..10], 5)", "true"),
        ("includes([1..10], [4..12])", "false"),
    ),
    _relation(
        "during",
        "Whether a point or range lies within a range.",
        ((_POINT_RANGE, _swapped(includes_point)), (_RANGES, _swapped(includes_range))),
        ("during(5, [1..10])", "true"),
    ),
    _relation(
        "starts",
        "Whether a point or range lies at the start of a range.",
        ((_POINT_RANGE, starts_point), (_RANGES, starts_ranges)),
        ("starts(1, [1..10])", "true"),
        ("starts([1..5], [1..10])", "true"),
    ),
    _relation(
        "started by",
        "Whether a range has a point or range at its start.",
        ((_RANGE_POINT, _swapped(starts_point)), (_RANGES, _swapped(starts_ranges))),
        ("started by([1..10], 1)", "true"),
    ),
    _relation(
        "coincides",
        "Whether two points, or two ranges, are the same.",
        ((_POINTS, coincides_points), (_RANGES, coincides_ranges)),
        ("coincides(5, 5)", "true"),
        ("coincides([1..5], [2..6])", "false"),
    ),
    Builtin(
        "range",
        "conversion",
        "The range that a text shows; its ends are literals.",
        (Overload(range_of_text, _RANGE, (Parameter("from", TEXT),)),),
        (('range("[18..21)")', "[18..21)"), ('5 in range("(..10]")', "true")),
    ),
)
