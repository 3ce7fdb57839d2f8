"""Values as they are shown can be read again, by the command itself and by any JSON reader."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from blockwright.cli.reading import plain_value
from blockwright.language.showing import as_json, as_text, in_line
from blockwright.language.source import Source, parse_nodes

NUMBERS = st.integers(-(10**30), 10**30) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6
)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4)
)
STRUCTURES = VALUES.filter(lambda value: isinstance(value, list | dict))


@given(STRUCTURES)
def test_lists_and_objects_are_printed_as_yaml_that_means_the_same(value: object) -> None:
    assert plain_value(parse_nodes(Source("printed", as_text(value)))) == value


@given(STRUCTURES)
def test_lists_and_objects_on_one_line_are_yaml_that_means_the_same(value: object) -> None:
    line = in_line(value)

    assert len(line.splitlines()) == 1
    assert plain_value(parse_nodes(Source("printed", line))) == value


@given(VALUES)
def test_json_means_the_same_to_every_reader_and_keeps_all_digits(value: object) -> None:
    assert json.loads(as_json(value), parse_float=Decimal) == value


@given(st.text())
def test_a_text_alone_is_printed_as_it_is(text: str) -> None:
    assert as_text(text) == text


def test_what_a_flow_could_not_hold_is_still_printed() -> None:
    """A failure's details come from a block's own code, which may put anything into them."""
    assert in_line({"when": None, "what": [object, float("nan"), 0.1]}) == (
        "{when: null, what: [<class 'object'>, nan, 0.1]}"
    )
    assert as_json([float("inf"), 0.1, b"x"]) == '[\n  "inf",\n  0.1,\n  "b\'x\'"\n]'
