"""How points and ranges lie to one another."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions.operators import range_between, unary_range
from blockwright.expressions.values import Range, Value, to_text
from tests.expressions.kit import at, builtin, complaint, standard, strictly


def read(text: str) -> Value:
    """A point such as ``5``, or a range such as ``(1..10]``."""
    return int(text) if text.isdigit() else builtin("range", text)


TRUE = """
before: 1 10; 1 (1..10]; 1 [5..10]; [1..10) 10; [1..10] 15; [1..10] [15..20]; [1..10) [10..20]; [1..10] (10..20]
after: 10 5; 12 [1..10]; 10 [1..10); [11..20] 10; (11..20] 11; [11..20] [1..10]; [11..20] [1..11); (11..20] [1..11]
meets: [1..5] [5..10]
met by: [5..10] [1..5]
overlaps: [1..5] [3..8]; [3..8] [1..5]; [1..8] [3..5]; [3..5] [1..8]; [1..5] [5..8]; [5..8] [1..5]
overlaps before: [1..5] [3..8]; [1..5] [5..8]; [1..5) (1..5]; [1..5] (1..5]
overlaps after: [3..8] [1..5]; [5..8] [1..5]; (1..5] [1..5); (1..5] [1..5]
finishes: 10 [1..10]; [5..10] [1..10]; [5..10) [1..10); [1..10] [1..10]; (1..10] [1..10]
finished by: [1..10] 10; [1..10] [5..10]; [1..10) [5..10); [1..10] [1..10]; [1..10] (1..10]
includes: [1..10] 5; [1..10] 1; [1..10] 10; [1..10] [4..6]; (1..10] (1..5]; [1..10] (1..10); [1..10) [5..10)
during: 5 [1..10]; 1 [1..10]; [4..6] [1..10]; (1..5] (1..10]; (1..10) [1..10]; [1..10] [1..10]
starts: 1 [1..10]; [1..5] [1..10]; (1..5] (1..10]; [1..10] [1..10]; [1..10) [1..10]; (1..10) (1..10)
started by: [1..10] 1; [1..10] [1..5]; (1..10] (1..5]; [1..10] [1..10]; [1..10] [1..10); (1..10) (1..10)
coincides: 5 5; [1..5] [1..5]
"""
FALSE = """
before: 10 1; 1 [1..10]; [1..10] 10; [1..10] [10..20]; [10..20] [1..10]
after: 5 10; 10 [1..10]; [11..20] 12; [11..20] 11; [1..10] [11..20]
meets: [1..5) [5..10]; [1..5] (5..10]; [1..5] [6..10]
met by: [5..10] [1..5); (5..10] [1..5]; [6..10] [1..5]
overlaps: [1..5] [6..8]; [6..8] [1..5]; [1..5] (5..8]; [1..5) [5..8]; [1..5) (5..8]; (5..8] [1..5]; [5..8] [1..5)
overlaps before: [1..5] [6..8]; [1..5] (5..8]; [1..5) [5..8]; [1..5) [1..5]; [1..5] [1..5]
overlaps after: [6..8] [1..5]; (5..8] [1..5]; [5..8] [1..5); [1..5] [1..5); [1..5] [1..5]
finishes: 10 [1..10); [5..10) [1..10]; 5 [1..10]
finished by: [1..10) 10; [1..10] [5..10)
includes: [1..10] 12; (1..10] 1; [1..10) 10; [1..10] [4..12]; (1..10] [1..5]
during: 12 [1..10]; 1 (1..10]; 10 [1..10); [0..5] [1..10]
starts: 1 (1..10]; 2 [1..10]; (1..5] [1..10]; [1..5] (1..10]; [1..10] [1..5]
started by: (1..10] 1; [1..10] 2; [1..10] (1..5]; (1..10] [1..5]
coincides: 3 4; (1..5) [1..5]; [1..5] [2..6]
"""
CASES = [
    (line.partition(": ")[0], *pair.split(), truth)
    for table, truth in ((TRUE, True), (FALSE, False))
    for line in table.strip().splitlines()
    for pair in line.partition(": ")[2].split("; ")
]


@pytest.mark.parametrize(("name", "first", "second", "truth"), CASES)
def test_the_relations_of_table_78(name: str, first: str, second: str, truth: bool) -> None:
    assert builtin(name, read(first), read(second)) is truth


ends = st.integers(0, 4)
ranges = st.builds(
    lambda low, more, low_closed, high_closed: Range(low, low + more + 1, low_closed, high_closed),
    ends,
    ends,
    st.booleans(),
    st.booleans(),
)


def points(of: Range) -> set[int]:
    """The tenths of whole numbers that a range holds; enough to tell small ranges apart."""
    assert isinstance(of.low, int)
    assert isinstance(of.high, int)
    return set(range(of.low * 10 + (not of.low_closed), of.high * 10 + 1 - (not of.high_closed)))


@settings(max_examples=200)
@given(ranges, ranges)
def test_the_relations_mean_what_sets_of_points_mean(first: Range, second: Range) -> None:
    one, other = points(first), points(second)
    assert builtin("overlaps", first, second) is bool(one & other)
    assert builtin("before", first, second) is (max(one) < min(other))
    assert builtin("after", first, second) is (min(one) > max(other))
    assert builtin("includes", first, second) is (one >= other)
    assert builtin("during", first, second) is (one <= other)
    assert builtin("coincides", first, second) is (one == other)
    assert builtin("starts", first, second) is (min(one) == min(other) and max(one) <= max(other))
    assert builtin("finishes", first, second) is (max(one) == max(other) and min(one) >= min(other))


@settings(max_examples=100)
@given(ranges, ranges)
def test_each_relation_and_its_counterpart_say_the_same(first: Range, second: Range) -> None:
    for name, counterpart in (
        ("before", "after"),
        ("meets", "met by"),
        ("overlaps before", "overlaps after"),
        ("finishes", "finished by"),
        ("includes", "during"),
        ("starts", "started by"),
        ("overlaps", "overlaps"),
    ):
        assert builtin(name, first, second) is builtin(counterpart, second, first)


def test_a_range_with_one_end_has_no_limit_on_the_other_side() -> None:
    below = strictly(unary_range, "<", 10)
    assert builtin("includes", below, -(10**30)) is True
    assert builtin("before", below, 10) is True
    assert builtin("overlaps", below, strictly(unary_range, ">=", 10)) is False
    assert builtin("includes", below, Range(1, 5, True, True)) is True
    assert builtin("includes", Range(1, 5, True, True), below) is False


def test_values_of_different_types_have_no_relation() -> None:
    assert "cannot be compared" in complaint("before", 1, "a")
    assert "has no start" in complaint("before", 1, Range(None, 10, False, True))
    assert standard("includes", Range("a", "z", True, True), 1) is None


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("[1..3]", "[1..3]"),
        ("]18..21[", "(18..21)"),
        (" [ -1.5 .. .5 ) ", "[-1.5..0.5)"),
        ('["a".."c"]', '["a".."c"]'),
        (r'["\"".."\u0041x"]', r'["\"".."Ax"]'),
        ('[@"1970-01-01"..@"1970-01-02"]', "[1970-01-01..1970-01-02]"),
        ('[date("1970-01-01")..date ( "1970-01-02" )]', "[1970-01-01..1970-01-02]"),
        (
            '[date and time("1970-01-01T00:00:00")..@"1970-01-02T00:00:00"]',
            "[1970-01-01T00:00:00..1970-01-02T00:00:00]",
        ),
        ('[duration("P1D")..@"P2D"]', "[P1D..P2D]"),
        ("(..2]", "(<= 2)"),
        ("(..2)", "(< 2)"),
        ("[2..)", "(>= 2)"),
        ("]2..[", "(> 2)"),
    ],
)
def test_ranges_are_read_from_text(text: str, result: str) -> None:
    assert to_text(builtin("range", text)) == result


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "[..]",
        "[..2]",
        "[2..]",
        "[3..1]",
        '[1.."b"]',
        "[null..null]",
        "[a..b]",
        "[1..2",
        '[date(string("1970-01-01"))..@"1970-01-02"]',
        '[date("1970-99-01")..@"1970-01-02"]',
        "[1+1..3]",
        "1..2",
        '["a' + '\\"' * 6000,
    ],
)
def test_texts_that_show_no_range_are_mistakes(text: str) -> None:
    assert complaint("range", text).startswith("bad value: ")
    assert standard("range", text) is None


def test_a_range_from_text_equals_the_one_that_is_written() -> None:
    build: Callable[..., Value] = range_between
    assert builtin("range", "[18..21)") == strictly(lambda: build(18, 21, True, False))
    assert builtin("range", '(..@"P1D"]') == strictly(unary_range, "<=", at("P1D"))
