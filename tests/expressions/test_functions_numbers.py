"""Numeric functions and those that make one value of many."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions.values import CONTEXT, Value
from tests.expressions.kit import at, builtin, complaint, decimals, numbers, standard

ROUNDING = {
    "decimal": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}


@pytest.mark.parametrize("name", ROUNDING)
@settings(max_examples=50)
@given(decimals, st.integers(-8, 8))
def test_rounding_keeps_so_many_decimals(name: str, number: Decimal, scale: int) -> None:
    exact = number.quantize(Decimal(1).scaleb(-scale), ROUNDING[name], Context(prec=60))
    assert builtin(name, number, scale) == exact


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("decimal", [Decimal("2.5"), 0], "2"),
        ("floor", [Decimal("-1.5")], "-2"),
        ("ceiling", [Decimal("-0.3333")], "0"),
        ("round up", [Decimal("-1.126"), 2], "-1.13"),
        ("round half down", [Decimal("-5.5"), 0], "-5"),
        ("decimal", [123456, -3], "123000"),
        ("round up", [Decimal("5.5"), 6176], "5.5"),
        ("floor", [10**33 + 1, -1], str(10**33)),
    ],
)
def test_rounding_by_example(name: str, arguments: list[Value], result: str) -> None:
    assert builtin(name, *arguments) == Decimal(result)


def test_whole_results_are_ints() -> None:
    assert type(builtin("floor", Decimal("1.5"))) is int
    assert type(builtin("sqrt", 16)) is int


@pytest.mark.parametrize("scale", [6177, -6112, Decimal("1.5")])
def test_a_scale_is_a_whole_number_within_bounds(scale: Value) -> None:
    assert complaint("decimal", 5, scale).endswith("a scale is a whole number from -6111 to 6176")


@settings(max_examples=100)
@given(decimals, decimals.filter(bool))
def test_modulo_has_the_sign_of_the_divisor(dividend: Decimal, divisor: Decimal) -> None:
    if abs(dividend / divisor) < 10**27:
        result = builtin("modulo", dividend, divisor)
        wide = Context(prec=80)
        quotient = wide.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
        assert result == wide.subtract(dividend, wide.multiply(divisor, quotient))


@pytest.mark.parametrize(("dividend", "divisor", "result"), [(-12, 5, 3), (12, -5, -3), (-12, -5, -2), (0, 4, 0)])
def test_modulo_of_whole_numbers(dividend: int, divisor: int, result: int) -> None:
    assert builtin("modulo", dividend, divisor) == result


def test_what_has_no_result_is_a_mistake() -> None:
    assert complaint("modulo", 1, 0) == "bad value: 1 cannot be divided by zero"
    assert complaint("sqrt", -1) == "bad value: -1 is negative, and has no square root"
    assert complaint("log", 0) == "bad value: 0 has no logarithm; only numbers above 0 have one"
    assert complaint("exp", 10**6) == "bad value: e to the power of 1000000 is out of bounds"
    assert complaint("odd", Decimal("1.5")) == "bad value: 1.5 is not whole, so it is neither odd nor even"
    assert "has more than 34 digits" in complaint("modulo", Decimal("1E+50"), 7)


def test_abs_drops_the_sign_of_numbers_and_durations() -> None:
    assert builtin("abs", -10) == 10
    assert builtin("abs", at("-PT5H")) == at("PT5H")
    assert builtin("abs", at("-P1Y")) == at("P1Y")


@pytest.mark.parametrize(
    ("number", "odd"), [(5, True), (2, False), (-1, True), (Decimal("3.0"), True), (Decimal("1E+40"), False)]
)
def test_odd_and_even(number: Value, odd: bool) -> None:
    assert builtin("odd", number) is odd
    assert builtin("even", number) is not odd


def test_roots_and_logarithms_have_34_digits() -> None:
    assert builtin("sqrt", 2) == CONTEXT.sqrt(Decimal(2))
    assert builtin("log", 10) == CONTEXT.ln(Decimal(10))
    assert builtin("exp", 5) == CONTEXT.exp(Decimal(5))


class TestTotals:
    @settings(max_examples=100)
    @given(st.lists(numbers, min_size=1, max_size=8))
    def test_sum_min_and_max_of_numbers(self, items: list[Value]) -> None:
        total = Decimal(0)
        for item in items:
            total = CONTEXT.add(total, item)  # type: ignore[arg-type]
        assert builtin("max", items) == max(items)  # type: ignore[type-var]
        assert builtin("min", *items) == min(items)  # type: ignore[type-var]
        if all(isinstance(item, int) for item in items):
            assert builtin("sum", items) == CONTEXT.create_decimal(sum(items))  # type: ignore[arg-type]
        else:
            assert abs(builtin("sum", items) - total) <= abs(total).scaleb(-30) + Decimal("1E-5")  # type: ignore[operator]

    @pytest.mark.parametrize(
        ("name", "items", "result"),
        [
            ("product", [2, 3, 4], 24),
            ("product", [Decimal("2.5"), 1, Decimal("2.5"), 3], Decimal("18.75")),
            ("mean", [1, 2, 3], 2),
            ("mean", [1, 2], Decimal("1.5")),
            ("median", [8, 2, 5, 3, 4], 4),
            ("median", [6, 1, 2, 3], Decimal("2.5")),
            ("stddev", [2, 4, 7, 5], Decimal("2.081665999466132735282297706979931")),
            ("mode", [6, 1, 9, 6, 1], [1, 6]),
            ("mode", [Decimal("1.0"), 1, 2], [1]),
            ("min", ["b", "a"], "a"),
            ("max", [at("2026-01-01"), at("2025-01-01")], at("2026-01-01")),
            ("count", [1, [2, 3]], 2),
            ("all", [True, True], True),
            ("all", [False, None], False),
            ("all", [True, None], None),
            ("any", [False, True, None], True),
            ("any", [False, None], None),
        ],
    )
    def test_of_a_list_or_of_its_items(self, name: str, items: list[Value], result: Value) -> None:
        assert builtin(name, items) == result
        if name != "count":
            assert builtin(name, *items) == result

    @pytest.mark.parametrize(
        ("name", "result"),
        [
            ("sum", None),
            ("product", None),
            ("min", None),
            ("mean", None),
            ("median", None),
            ("stddev", None),
            ("mode", []),
            ("count", 0),
            ("all", True),
            ("any", False),
        ],
    )
    def test_of_nothing(self, name: str, result: Value) -> None:
        assert builtin(name, []) == result

    def test_a_sample_of_one_has_no_deviation(self) -> None:
        assert builtin("stddev", [47]) is None
        assert builtin("stddev", 47) is None

    @pytest.mark.parametrize("name", ["sum", "product", "mean", "median", "stddev", "mode", "min"])
    def test_a_null_among_the_items_gives_null(self, name: str) -> None:
        assert builtin(name, [1, None, 3]) is None

    def test_items_of_the_wrong_type_are_mistakes(self) -> None:
        assert complaint("sum", [1, "a"]) == 'bad value: "a" is a text; "sum" works only on numbers'
        assert complaint("sum", [1, True]) == 'bad value: true is a yes or no; "sum" works only on numbers'
        assert (
            complaint("min", [1, "a"])
            == 'bad value: 1 is a number and "a" is a text; "min" works only on values of one type'
        )
        assert complaint("all", [0]) == 'bad value: 0 is a number; "all" works only on yes or no'
        assert "works only on numbers, texts" in complaint("max", [[1]])

    def test_sums_too_large_to_be_are_mistakes(self) -> None:
        assert "larger than any number" in complaint("sum", [Decimal("9E+6144")] * 2)
        assert standard("product", [Decimal("9E+6144")] * 2) is None
