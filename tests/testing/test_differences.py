"""What differs is shown, with what it stands under, and no more than a person can read; all of it in little time."""

from __future__ import annotations

import random
import time
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions.values import Value, take
from blockwright.testing.differences import LONGEST_LINE, LONGEST_RUN, difference
from blockwright.testing.matching import MOST_COMPARED, matches
from blockwright.testing.values import same

LINES = st.lists(st.sampled_from("abc"), max_size=30)
MANY_LINES = st.lists(st.integers(0, 150).map(str), min_size=180, max_size=220)


def differ(expected: object, got: object) -> list[str]:
    return list(difference(take(expected), take(got)))


@given(LINES, LINES)
def test_lines_that_match_are_the_same_and_stand_in_order(first: list[str], second: list[str]) -> None:
    assert_matching(first, second)


@given(MANY_LINES, MANY_LINES)
@settings(max_examples=30)
def test_so_they_do_in_long_texts(first: list[str], second: list[str]) -> None:
    assert_matching(first, second)


def assert_matching(first: list[str], second: list[str]) -> None:
    found = list(matches(first, second))
    assert all(first[one] == second[other] for one, other in found)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))
    if first == second:
        assert len(found) == len(first)


def test_what_was_moved_into_a_long_text_is_all_that_is_said_to_differ() -> None:
    first = [str(number) for number in range(1000)]
    second = [*first[:300], "new", *first[300:600], *first[601:]]

    assert len(list(matches(first, second))) == 999


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["0"] * 30_000, ["0"] * 30_001),
        ([str(at % 7) for at in range(30_000)], [str(at % 5) for at in range(30_001)]),
        ([str(at) for at in range(30_000)], random.Random(1).sample([str(at) for at in range(30_000)], 30_000)),
        ([str(at) for at in range(30_000)], [str(-at) for at in range(30_000)]),
    ],
    ids=["the same", "never once", "in another order", "nothing alike"],
)
def test_long_lists_take_little_time(first: list[str], second: list[str]) -> None:
    assert len(first) * len(second) > MOST_COMPARED
    began = time.process_time()

    list(matches(first, second))

    assert time.process_time() - began < 5


def test_entries_in_another_order_are_no_difference_and_are_not_shown_as_one() -> None:
    assert differ({"b": 1, "a": {"d": 1, "c": 2}}, {"a": {"c": 2, "d": 3}, "b": 1}) == [
        "  b: 1",
        "  a:",
        "-   d: 1",
        "+   d: 3",
        "    c: 2",
    ]


def test_what_differs_deep_inside_is_shown_with_what_it_stands_under() -> None:
    users = [{"id": number, "address": {"town": "Ulm", "zip": 1, "a": 1, "b": 2, "c": 3}} for number in range(100)]
    others = [*users[:70], {"id": 70, "address": {**users[70]["address"], "c": 4}}, *users[71:]]  # type: ignore[dict-item]

    assert differ({"users": users}, {"users": others}) == [
        "  …",
        "  users:",
        "  - id: 70",
        "    address:",
        "      zip: 1",
        "      a: 1",
        "      b: 2",
        "-     c: 3",
        "+     c: 4",
        "  - id: 71",
        "    address:",
        "      town: Ulm",
        "  …",
    ]


def test_what_cannot_be_seen_is_written_so_that_it_can() -> None:
    assert differ("one\ntwo\nthree", "one\ntwo \nthr\u00a0ee") == [
        "  one",
        "- two",
        "- three",
        '+ "two "',
        '+ "thr\\u00a0ee"',
    ]
    assert differ('a\n"b "', "a\nb ") == ["  a", '- "\\"b \\""', '+ "b "']


def test_a_long_line_is_cut_to_where_it_differs() -> None:
    text = " ".join(map(str, range(2000)))

    expected, got = differ({"about": text}, {"about": text.replace(" 1500 ", " X ")})

    assert (expected[:17], got[:17]) == ('- about: "0 1 2 3', '+ about: "0 1 2 3')
    assert " 1499 1500 1501 " in expected
    assert " 1499 X 1501 " in got
    assert expected.endswith(" more characters")
    assert max(len(expected), len(got)) < LONGEST_LINE + 40


def test_of_many_lines_that_are_missing_and_new_some_of_both_are_shown() -> None:
    lines = differ([f"a{at}" for at in range(1000)], [f"b{at}" for at in range(500)])

    assert lines[0] == "- - a0"
    assert lines[LONGEST_RUN : LONGEST_RUN + 2] == ["- … 980 more lines", "+ - b0"]
    assert lines[-1] == "+ … 480 more lines"


@pytest.mark.parametrize(
    ("expected", "got"),
    [("1", 1), ("yes", True), ("null", None), ("", None), ([], {}), ("a", "a "), ([[]], []), ("2026-01-01\n", "")],
)
def test_what_is_not_the_same_never_looks_the_same(expected: object, got: object) -> None:
    assert any(line.startswith("- ") for line in differ(expected, got))
    assert {line[2:] for line in differ(expected, got) if line[0] == "-"} != {
        line[2:] for line in differ(expected, got) if line[0] == "+"
    }


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([Decimal("1.5"), "a", "a\nb", "- a", "a: 1", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_there_is_always_something_to_see(expected: Value, got: Value) -> None:
    if not same(expected, got):
        assert any(line[0] in "-+" for line in difference(expected, got))
