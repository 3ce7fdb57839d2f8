"""Where a character of a scalar's text stands in the file: carets inside expressions depend on it."""

import pytest

from blockwright.language.diagnostics import Span
from blockwright.language.source import Mapping, Scalar, Source, parse_nodes
from tests.language.reading import PARSERS, findings_of, scalars


def value(text: str, parser: str = "libyaml") -> Scalar:
    root = parse_nodes(Source("f", text), [], events=PARSERS[parser])
    assert isinstance(root, Mapping)
    found = root.entries[0][1]
    assert isinstance(found, Scalar)
    return found


# A text, a part of its value, and the line and column at which the part stands in the file.
PLACES = [
    ("a: = user identity", "identity", (1, 11)),
    ("a: 'it''s = x'", "x", (1, 13)),
    ("a: 'plain x'", "x", (1, 11)),
    ('a: "plain x"', "x", (1, 11)),
    ('a: "\\u00e9\\t\\x41 x"', "x", (1, 18)),
    ('a: "\\U0001F600\\"\\\\x"', "x", (1, 19)),
    ('a: "日本 x"', "x", (1, 8)),
    ("a: |\n  one\n    two x\n\n  three", "x", (3, 9)),
    ("a: |\n  one\n    two x\n\n  three", "  two", (3, 3)),
    ("a: |\n  one\n    two x\n\n  three", "three", (5, 3)),
    ("a: |2-\n    one\n  x", "x", (3, 3)),
    ("a: |  # x marks nothing\n  x\n", "x", (2, 3)),
    ("a: |\r\n  one\r\n  x\r\n", "x", (3, 3)),
    ("a: one\n  two\n\n  x y", "two", (2, 3)),
    ("a: one\n  two\n\n  x y", "x", (4, 3)),
    ("a: one\n  two\n\n  x y", "y", (4, 5)),
    ("a: = one +\n     x", "x", (2, 6)),
    ("a: >\n  one\n  two\n\n  x\n", "two", (3, 3)),
    ("a: >\n  one\n  two\n\n  x\n", "x", (5, 3)),
    ('a: "one\n  two \\\n  th\\\n  ree x"', "x", (4, 7)),
    ("a: 'one\n\n  it''s x'", "x", (3, 9)),
]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(("text", "part", "place"), PLACES, ids=[repr(text) for text, *_ in PLACES])
def test_a_part_of_a_value_is_found_in_the_file(text: str, part: str, place: tuple[int, int], parser: str) -> None:
    scalar = value(text, parser)
    assert scalar.position(scalar.text.rindex(part)) == place


@pytest.mark.parametrize(
    ("text", "end"),
    [("a: abc", (1, 7)), ('a: "abc"', (1, 8)), ("a: 'it''s'", (1, 10)), ("a: |\n  abc", (2, 6)), ("a: a\n  b", (2, 4))],
)
def test_the_end_of_a_value_is_right_behind_its_last_character(text: str, end: tuple[int, int]) -> None:
    scalar = value(text)
    assert scalar.position(len(scalar.text)) == end
    assert scalar.position(10_000) == end


def test_an_offset_before_the_value_gives_its_start() -> None:
    assert value("a: abc").position(-3) == (1, 4)


def test_a_scalar_made_by_hand_counts_from_its_span() -> None:
    assert Scalar("abc", Span(3, 5, 3, 8)).position(2) == (3, 7)


def test_a_long_block_is_asked_often_without_walking_it_each_time() -> None:
    scalar = value("a: |\n" + "  x = 1\n" * 20_000)
    places = [scalar.position(offset) for offset in range(0, len(scalar.text), 6)]
    assert places[0] == (2, 3)
    assert places[-1] == (20_001, 3)


def test_a_caret_stands_right_whatever_line_break_a_file_has() -> None:
    for line_break in ("\n", "\r\n", "\r"):
        (found,) = findings_of(f"a: 1{line_break}b: x: y{line_break}")
        assert (found.span, found.source_line) == (Span(2, 5, 2, 6), "b: x: y")


def test_keys_have_positions_too() -> None:
    root = parse_nodes(Source("f", "'a''b': 1"))
    assert scalars(root)[0].position(2) == (1, 5)
