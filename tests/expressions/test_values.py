"""Values come in from Python exactly, go out again as Python has them, and read as an author would write them."""

import datetime as python
import threading
from decimal import Decimal
from enum import IntEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DAYS_DURATION,
    NOTHING,
    NUMBER,
    TEXT,
    YES_OR_NO,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    either,
    optional,
)
from blockwright.expressions.values import (
    CAPS,
    CONTEXT,
    Date,
    DateTime,
    DaysDuration,
    Function,
    Range,
    Value,
    YearsDuration,
    admits,
    describe,
    fail,
    fit,
    give,
    is_a,
    shown,
    standard_mode,
    take,
    to_text,
    type_of,
)
from blockwright.failure import Failure
from tests.expressions.kit import at, values


class TestTaking:
    def test_a_float_is_the_number_it_prints_as(self) -> None:
        assert take(0.1) == Decimal("0.1")
        assert take(1e22) == 10**22

    @pytest.mark.parametrize("given_", [2.0, Decimal("2.00"), Decimal("2E0")])
    def test_a_whole_number_becomes_an_int_whatever_it_came_as(self, given_: object) -> None:
        taken = take(given_)
        assert taken == 2
        assert type(taken) is int

    def test_yes_and_no_stay_what_they_are(self) -> None:
        assert take(True) is True
        assert take([False]) == [False]

    def test_numbers_of_more_than_34_digits_are_rounded(self) -> None:
        assert take(10**34 + 5) == Decimal("1.000000000000000000000000000000000E+34")
        assert take(Decimal("0." + "1" * 40)) == Decimal("0." + "1" * 34)

    def test_subclasses_of_int_and_str_lose_what_is_special_about_them(self) -> None:
        class Colour(IntEnum):
            RED = 1

        class Name(str):
            __slots__ = ()

        taken = take([Colour.RED, Name("x")])
        assert taken == [1, "x"]
        assert isinstance(taken, list)
        assert [type(item) for item in taken] == [int, str]

    def test_lists_and_objects_are_copied_deeply(self) -> None:
        inner = {"a": 1}
        outer = [inner, (1, 2)]
        taken = take(outer)
        inner["a"] = 2
        outer.append(inner)
        assert taken == [{"a": 1}, [1, 2]]

    @pytest.mark.parametrize("given_", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
    def test_what_is_not_a_number_is_refused(self, given_: object) -> None:
        with pytest.raises(Failure, match=r"items\[1\]\.price is .*not a number") as caught:
            take([{"price": given_}], "items")
        assert caught.value.code == "bad value"

    @pytest.mark.parametrize("given_", [object(), {1, 2}, b"x", 1j, lambda: 1, print])
    def test_python_objects_never_become_values(self, given_: object) -> None:
        with pytest.raises(Failure, match=r"order\.who is of the Python type"):
            take({"who": given_}, "order")

    def test_keys_must_be_texts(self) -> None:
        with pytest.raises(Failure, match=r"the value has the key 1, and keys are texts"):
            take({1: 2})

    def test_a_value_that_holds_itself_is_refused(self) -> None:
        endless: list[object] = []
        endless.append(endless)
        with pytest.raises(Failure, match="levels deep") as caught:
            take(endless)
        assert caught.value.code == "too big"

    def test_values_past_the_caps_are_refused(self) -> None:
        for large in ("x" * (CAPS.text + 1), [0] * (CAPS.items + 1), Decimal("1E+7000"), [[0] * 600_000] * 2):
            with pytest.raises(Failure) as caught:
                take(large)
            assert caught.value.code == "too big"

    def test_dates_and_times_of_python_are_taken_with_their_zones(self) -> None:
        moment = python.datetime(2026, 1, 31, 10, 30, 15, 250_000, tzinfo=ZoneInfo("Europe/Paris"))
        assert take(moment) == DateTime(2026, 1, 31, 10, 30, Decimal("15.25"), "Europe/Paris")
        assert take(moment.astimezone(python.UTC)) == DateTime(2026, 1, 31, 9, 30, Decimal("15.25"), 0)
        assert take(python.date(2026, 1, 31)) == Date(2026, 1, 31)
        assert take(python.timedelta(days=1, microseconds=5)) == DaysDuration(Decimal("86400.000005"))


class TestGiving:
    def test_whole_decimals_come_out_as_ints_at_any_depth(self) -> None:
        given_out = give([Decimal("2.0"), {"a": Decimal("1E+2")}, Decimal("2.5")])
        assert given_out == [2, {"a": 100}, Decimal("2.5")]
        assert isinstance(given_out, list)
        assert type(given_out[0]) is int

    def test_dates_and_times_come_out_as_those_of_python(self) -> None:
        assert give(at("2026-01-31")) == python.date(2026, 1, 31)
        assert give(at("2026-01-31T10:30:00+01:00")) == python.datetime(
            2026, 1, 31, 10, 30, tzinfo=python.timezone(python.timedelta(hours=1))
        )
        assert give(at("PT1.5S")) == python.timedelta(seconds=1.5)

    @pytest.mark.parametrize("text", ["-0044-03-15", "12345-01-01", "10:00:00.1234567", "P1Y"])
    def test_what_python_has_no_type_for_stays_as_it_is(self, text: str) -> None:
        assert give(at(text)) == at(text)

    def test_a_value_too_deep_for_anyone_is_not_given_out(self) -> None:
        deep: Value = 1
        for _ in range(CAPS.depth + 1):
            deep = [deep]
        with pytest.raises(Failure) as caught:
            give(deep)
        assert caught.value.code == "too big"

    def test_shared_lists_cannot_grow_into_a_tree_without_end(self) -> None:
        tree: list[Value] = []
        for _ in range(60):
            tree = [tree, tree]
        for look in (give, to_text, type_of):
            with pytest.raises(Failure) as caught:
                look(tree)
            assert caught.value.code == "too big"

    @settings(max_examples=150)
    @given(values)
    def test_what_is_given_out_can_be_taken_in_again(self, value: Value) -> None:
        assert take(give(value)) == take(value)


class TestText:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("as it is", "as it is"),
            (12, "12"),
            (Decimal("12.50"), "12.5"),
            (Decimal("12.00"), "12"),
            (Decimal("1E+5"), "100000"),
            (Decimal("1E-7"), "0.0000001"),
            (Decimal("-0.0"), "0"),
            (True, "true"),
            (None, "null"),
            ([1, "a", None], '[1, "a", null]'),
            ({"a": "foo", "b": {"bar": "baz"}}, '{a: "foo", b: {bar: "baz"}}'),
            ({"{": 'say "hi"\n'}, r'{"{": "say \"hi\"\n"}'),
            ({"user identity": 1, "first-name": 2, "1st": 3}, '{user identity: 1, first-name: 2, "1st": 3}'),
            (Range(1, 10, True, False), "[1..10)"),
            (Range(None, 10, False, True, "<="), "(<= 10)"),
        ],
    )
    def test_values_read_as_an_author_would_write_them(self, value: Value, text: str) -> None:
        assert to_text(value) == text

    def test_no_number_has_an_exponent(self) -> None:
        assert to_text(Decimal("9E+6144")) == "9" + "0" * 6144

    def test_a_text_past_the_cap_is_a_failure(self) -> None:
        with pytest.raises(Failure) as caught:
            to_text(["x" * 600_000] * 2)
        assert caught.value.code == "too big"

    def test_messages_show_only_the_beginning_of_what_is_long(self) -> None:
        assert shown("x" * 1000).endswith("…")
        assert len(shown(list(range(1000)))) < 50
        assert describe("abc") == 'the text "abc"'
        assert is_a(["a"]) == '["a"] is a list'
        assert is_a({"a": 1}) == "{a: 1} is an object"

    @settings(max_examples=150)
    @given(values)
    def test_every_value_can_be_named_in_a_message(self, value: Value) -> None:
        assert len(describe(value)) < 100
        assert len(is_a(value)) < 150


class TestTypes:
    @pytest.mark.parametrize(
        ("value", "of"),
        [
            (None, NOTHING),
            (True, YES_OR_NO),
            (Decimal("1.5"), NUMBER),
            ("a", TEXT),
            ([1, 2], ListOf(NUMBER)),
            ([], ListOf(ANYTHING)),
            ([1, "a"], ListOf(either([NUMBER, TEXT]))),
            ({"a": [1]}, ObjectOf((("a", ListOf(NUMBER)),))),
            (Range(1, 2, True, True), RangeOf(NUMBER)),
            (Range(None, "b", False, True, "<="), RangeOf(TEXT)),
            (Date(2026, 1, 1), DATE),
            (DaysDuration(1), DAYS_DURATION),
        ],
    )
    def test_each_value_has_its_type(self, value: Value, of: object) -> None:
        assert type_of(value) == of

    @settings(max_examples=150)
    @given(values)
    def test_every_value_is_of_its_own_type(self, value: Value) -> None:
        assert admits(type_of(value), value)

    def test_a_type_admits_only_its_own_values(self) -> None:
        assert not admits(NUMBER, True)
        assert not admits(YES_OR_NO, 1)
        assert not admits(NUMBER, None)
        assert admits(optional(NUMBER), None)
        assert not admits(ListOf(NUMBER), [1, "a"])
        assert admits(ListOf(NUMBER), [1, None])
        assert admits(ObjectOf((("a", NUMBER),)), {"a": 1, "b": 2})
        assert not admits(ObjectOf((("a", NUMBER),)), {"b": 2})

    def test_a_function_is_of_a_type_by_its_inputs_and_result(self) -> None:
        doubled = Function(lambda n: n, ("n",), (NUMBER,), NUMBER)
        assert admits(FunctionOf((NUMBER,), NUMBER), doubled)
        assert not admits(FunctionOf((NUMBER, NUMBER), NUMBER), doubled)
        assert not admits(FunctionOf((TEXT,), NUMBER), doubled)
        assert not admits(FunctionOf((NUMBER,), TEXT), doubled)


class TestMistakes:
    def test_a_mistake_is_a_failure_in_a_flow_and_null_with_a_warning_in_standard_mode(self) -> None:
        with pytest.raises(Failure, match="bad value: that went wrong"):
            fail("that went wrong")
        with standard_mode() as warnings:
            assert fail("that went wrong") is None
            assert warnings == ["that went wrong"]
        with pytest.raises(Failure):
            fail("again")

    def test_one_evaluation_in_standard_mode_does_not_change_another_beside_it(self) -> None:
        outcome: list[object] = []

        def elsewhere() -> None:
            try:
                fail("strict")
            except Failure as failure:
                outcome.append(failure.code)

        with standard_mode():
            other = threading.Thread(target=elsewhere)
            other.start()
            other.join()
        assert outcome == ["bad value"]

    def test_warnings_do_not_pile_up_without_end(self) -> None:
        with standard_mode() as warnings:
            for _ in range(5000):
                fail("again")
        assert len(warnings) == 1000


@given(st.integers(-(10**80), 10**80))
def test_fit_keeps_34_digits_as_every_other_number_does(number: int) -> None:
    assert fit(number) == CONTEXT.create_decimal(number)
    assert (type(fit(number)) is int) == (abs(number) < 10**34)


def test_durations_of_both_kinds_are_never_the_same_value() -> None:
    durations: list[Value] = [DaysDuration(0), YearsDuration(0)]
    assert durations[0] != durations[1]
