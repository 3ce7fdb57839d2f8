"""Functions of text, and conversions to and from text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.expressions.values import CAPS, Value
from blockwright.failure import Failure
from tests.expressions.kit import at, builtin, complaint, numbers, standard


class TestSubstring:
    @pytest.mark.parametrize(
        ("arguments", "result"),
        [
            (["foobar", 3], "obar"),
            (["foobar", 3, 3], "oba"),
            (["foobar", -2, 1], "a"),
            (["foobar", -6, 6], "foobar"),
            (["foobar", 3, Decimal("3.8")], "oba"),
            (["foobar", 5, 100], "ar"),
            (["🐎ab", 2], "ab"),
        ],
    )
    def test_from_a_position_on(self, arguments: list[Value], result: str) -> None:
        assert builtin("substring", *arguments) == result

    def test_positions_that_are_not_there_are_mistakes(self) -> None:
        assert complaint("substring", "abc", 0) == 'bad value: "abc" has 3 characters, so it has no position 0'
        assert complaint("substring", "abc", -4) == 'bad value: "abc" has 3 characters, so it has no position -4'
        assert complaint("substring", "", 1) == "bad value: the text is empty, so it has no position 1"
        assert complaint("substring", "abc", 1, 0) == "bad value: 0 is not a length; a length is 1 or more"

    @given(st.text(min_size=1, max_size=20), st.integers(1, 20), st.integers(1, 20))
    def test_it_is_what_python_slices(self, text: str, start: int, length: int) -> None:
        if start <= len(text):
            assert builtin("substring", text, start, length) == text[start - 1 : start - 1 + length]


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("string length", ["🐎😀"], 2),
        ("upper case", ["aBc4ß"], "ABC4SS"),
        ("lower case", ["aBc4"], "abc4"),
        ("substring before", ["foobar", "bar"], "foo"),
        ("substring before", ["foobar", "xyz"], ""),
        ("substring before", ["foobar", ""], ""),
        ("substring after", ["foobar", "ob"], "ar"),
        ("substring after", ["foobar", "xyz"], ""),
        ("substring after", ["foobar", ""], "foobar"),
        ("contains", ["foobar", "of"], False),
        ("contains", ["abc", ""], True),
        ("starts with", ["foobar", "fo"], True),
        ("ends with", ["foobar", "r"], True),
        ("string join", [["a", None, "c"], "X"], "aXc"),
        ("string join", [["a", "b"], None], "ab"),
        ("string join", [[]], ""),
    ],
)
def test_looking_into_texts(name: str, arguments: list[Value], result: Value) -> None:
    assert builtin(name, *arguments) == result


def test_only_texts_are_joined() -> None:
    assert complaint("string join", [1, 2]) == 'bad value: 1 is a number; "string join" works only on texts'


def test_a_joined_text_past_the_cap_is_a_failure() -> None:
    with pytest.raises(Failure) as caught:
        standard("string join", ["x" * (CAPS.text // 2)] * 3, ",")
    assert caught.value.code == "too big"


class TestNumber:
    @pytest.mark.parametrize(
        ("arguments", "result"),
        [
            (["1.000.000,01", ".", ","], "1000000.01"),
            (["1 000 000.01", " ", "."], "1000000.01"),
            (["1,000,000.00", ",", None], "1000000"),
            (["1000000.01", None, "."], "1000000.01"),
            (["-.5", None, None], "-0.5"),
            (["12"], "12"),
            (["1.5E3"], "1500"),
            ([7], "7"),
        ],
    )
    def test_reads_numbers_with_separators(self, arguments: list[Value], result: str) -> None:
        assert builtin("number", *arguments) == Decimal(result)

    @pytest.mark.parametrize(
        "arguments",
        [
            ["1,000", ",", ":"],
            ["1,000", ",", ","],
            ["1,000", "x", "."],
            ["abc"],
            [""],
            ["1_000"],
            ["٣"],
            ["NaN"],
            ["Infinity"],
            ["1e99999"],
            [" 1"],
            ["--1"],
            ["9" * 20_000],
        ],
    )
    def test_refuses_what_is_no_number(self, arguments: list[Value]) -> None:
        assert complaint("number", *arguments).startswith("bad value: ")
        assert standard("number", *arguments) is None

    @given(numbers)
    def test_reads_what_string_writes(self, value: Value) -> None:
        assert builtin("number", builtin("string", value)) == value


def test_string_writes_every_kind_of_value() -> None:
    assert builtin("string", Decimal("1.1")) == "1.1"
    assert builtin("string", None) is None
    assert builtin("string", at("P1D")) == "P1D"
    assert builtin("string", at("2011-12-31T10:15:30.987@Europe/Paris")) == "2011-12-31T10:15:30.987@Europe/Paris"
    assert builtin("string", [1, {"a": "b"}]) == '[1, {a: "b"}]'


def test_not_turns_yes_into_no() -> None:
    assert builtin("not", True) is False
    assert builtin("not", None) is None
    assert standard("not", "true") is None
