"""Properties as they are kept: every JSON value comes back exactly, and nothing else is taken."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.services import properties
from tests.services.world import label, outcome_of

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**256) + 1, 2**256 - 1)
    | st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: abs(number.adjusted()) < 6144)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5))
def test_what_is_kept_comes_back_exactly_and_is_json(given: dict[str, object]) -> None:
    text = properties.encode(given)

    assert text.isascii()
    assert json.loads(text) is not None
    assert written(properties.decode(text)) == written(given)


def written(value: object) -> object:
    """A value in which numbers of one value but different digits differ, as 1.0 and 1.00 do."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {name: written(item) for name, item in value.items()}
    if isinstance(value, list):
        return list(map(written, value))
    if isinstance(value, str):
        return value
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    return (exact, str(exact))


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        Decimal("NaN"),
        Decimal("-Infinity"),
        Decimal("1E+6145"),
        Decimal("1E-7000"),
        2**257,
        object(),
        b"x",
        {1, 2},
        {1: 2},
        {None: 2},
        "x" * 64_001,
        ["x"] * 20_000,
    ],
    ids=label,
)
def test_what_is_no_json_value_or_too_large_is_refused(value: object) -> None:
    failure = outcome_of(lambda: properties.encode({"x": [value]}))

    assert not isinstance(failure, str)
    assert failure.code == "bad value"
    assert failure.message.isprintable()


def test_values_may_be_nested_so_deep_and_no_deeper() -> None:
    def nested(depth: int) -> object:
        return [nested(depth - 1)] if depth else []

    assert isinstance(outcome_of(lambda: properties.encode({"x": nested(properties.DEEPEST - 1)})), str)
    assert not isinstance(outcome_of(lambda: properties.encode({"x": nested(properties.DEEPEST)})), str)
    assert not isinstance(outcome_of(lambda: properties.encode({"x": nested(500)})), str)


def test_what_was_given_may_change_afterwards_and_what_is_kept_does_not() -> None:
    given = {"tags": [{"name": "a"}]}
    kept = properties.frozen(given)
    given["tags"][0]["name"] = "b"

    assert kept == {"tags": [{"name": "a"}]}
    with pytest.raises(TypeError):
        kept["tags"] = []  # type: ignore[index]
