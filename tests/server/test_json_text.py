"""JSON with exact numbers, both ways."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.failure import Failure
from blockwright.server.json_text import DEEPEST, read_json, write_json
from tests.services.world import outcome_of

exact = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc é\n", max_size=5), inner, max_size=4),
    max_leaves=10,
)


@given(exact)
def test_what_is_written_reads_the_same_digit_by_digit(value: object) -> None:
    assert read_json(write_json(value)) == value


@given(st.binary(max_size=200))
def test_any_bytes_mean_something_or_fail_with_8002(data: bytes) -> None:
    value = outcome_of(lambda: read_json(data))

    if isinstance(value, Failure):
        assert value.code == 8002
    else:
        assert read_json(write_json(value)) == value


@given(st.text('{}[]",:0123456789eE+-.\\untrfals \n', max_size=60))
def test_any_text_of_json_s_own_characters_does_so_too(text: str) -> None:
    test_any_bytes_mean_something_or_fail_with_8002.hypothesis.inner_test(text.encode())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "-Infinity",
        "1e7000",
        "1e-7000",
        "1e9999999999999999999999",
        "1" * 1001,
        "0." + "1" * 1001,
        '"\\ud800"',
        '{"\\udc00": 1}',
        "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2),
        "[" * 100_000,
        "\ufeff{}",
        "",
        "{} {}",
    ],
    ids=lambda text: text[:12],
)
def test_what_nothing_could_keep_is_refused(text: str) -> None:
    with pytest.raises(Failure) as caught:
        read_json(text.encode())
    assert caught.value.code == 8002


def test_emoji_may_be_written_in_halves_and_names_only_once() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "😀"
    with pytest.raises(Failure) as caught:
        read_json(b'{"a": {"b": 1, "b": 2}}', duplicate=3043)
    assert caught.value.code == 3043


def test_values_of_flows_are_written_as_a_reader_expects_them() -> None:
    value = {"day": date(2026, 3, 1), "price": Decimal("1.10"), "list": (1, Decimal("1E+3")), "empty": [[], {}]}

    assert write_json(value) == b'{"day":"2026-03-01","price":1.10,"list":[1,1E+3],"empty":[[],{}]}'
    assert write_json(MappingProxyType({"a": 1})) == b'{"a":1}'
    assert json.loads(write_json("half \ud800")) == "half \ud800"
