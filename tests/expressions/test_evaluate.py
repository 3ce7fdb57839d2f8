"""What expressions mean, form by form."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from blockwright.expressions import evaluate, parse
from blockwright.failure import Failure

SCOPE: dict[str, object] = {
    "x": 3,
    "none": None,
    "yes": True,
    "xs": [1, 2, 3, 4],
    "rows": [{"price": 5, "name": "a"}, {"price": 15, "name": "b"}, {"price": 25, "item": 9}],
    "row": {"price": 7, "parts": {"first": [1, {"deep": "er"}]}},
    "user identity": "alice@yourmail.com",
    "count": 7,
    "price": 10,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("7 / 2", Decimal("3.5")),
        ("6 / 2", 3),
        ("2 ** 10", 1024),
        ("-3 ** 2", 9),
        ("0.1 + 0.2", Decimal("0.3")),
        ('"a" + "b"', "ab"),
        ("none + 1", None),
        ("x > 2 and none", None),
        ("x > 5 and none", False),
        ("x > 2 or none", True),
        ("none or none", None),
        ("x between 1 and 3", True),
        ("x in [1..3)", False),
        ("x in (1, 2, [3..5])", True),
        ("x in (> 2)", True),
        ("x in < 3", False),
        ("x in (? > 2 and ? < 4, 7)", True),
        ("x in xs", True),
        ("none = null", True),
        ("x != null", True),
        ('if x > 2 then "more" else "less"', "more"),
        ("[1, [2, x]]", [1, [2, 3]]),
        ("{a: 1, b: a + 1, c: {d: b}}.c.d", 2),
        ("{a: x, x: 9}.a", 3),
        ("xs[1]", 1),
        ("xs[-1]", 4),
        ("xs[9]", None),
        ("xs[x]", 3),
        ("xs[item > 2]", [3, 4]),
        ("xs[x > 2]", [1, 2, 3, 4]),
        ("xs[item > 9]", []),
        ("xs[none]", []),
        ("5[item > 2]", [5]),
        ("rows[price > 10].name", ["b", None]),
        ("rows[price > x]", [{"price": 5, "name": "a"}, {"price": 15, "name": "b"}, {"price": 25, "item": 9}]),
        ("[{item: 1}, {item: 9}][item > 5]", [{"item": 9}]),
        ("rows[count > 1]", [{"price": 5, "name": "a"}, {"price": 15, "name": "b"}, {"price": 25, "item": 9}]),
        ("rows[rows[1].price = price]", [{"price": 5, "name": "a"}]),
        ("[[1, 2], [3]][count(item) = 2]", [[1, 2]]),
        ("xs[item > 1][item < 4][2]", 3),
        ("row.parts.first[2].deep", "er"),
        ("row.nothing.there", None),
        ("rows.price", [5, 15, 25]),
        ("for a in xs return a * x", [3, 6, 9, 12]),
        ("for a in xs, b in [a, 10] return a * b", [1, 10, 4, 20, 9, 30, 16, 40]),
        ("for a in 3..1 return a", [3, 2, 1]),
        ("for a in [1..3] return a", [1, 2, 3]),
        ("for a in [] return a", []),
        ("for a in none return a", None),
        ("for a in xs, b in none return a", None),
        ("for a in 0..4 return if a = 0 then 1 else a * partial[-1]", [1, 1, 2, 6, 24]),
        ("for a in 1..3 return partial", [[], [[]], [[], [[]]]]),
        ("for a in 1..2 return for b in 1..2 return a * b", [[1, 2], [2, 4]]),
        ("some a in xs satisfies a > 3", True),
        ("some a in xs, b in xs satisfies a + b = 8", True),
        ("every a in xs satisfies a > 3", False),
        ("every a in [] satisfies false", True),
        ("some a in [none, 1] satisfies a > 1", None),
        ("some a in none satisfies true", None),
        ("x instance of number", True),
        ("xs instance of list<number>", True),
        ("xs instance of list<string>", False),
        ("none instance of Null", True),
        ("(function(a) a * x)(4)", 12),
        ("(function(a, b) a - b)(b: 1, a: 5)", 4),
        ("{double: function(n) n * 2, of x: double(x)}.of x", 6),
        ("(for n in xs return function(m) n * m)[2](10)", 20),
        ("(function() function(a) a + x)()(1)", 4),
        ("sort(xs, function(a, b) a > b)", [4, 3, 2, 1]),
        ("count(xs)", 4),
        ("count + 1", 8),
        ("contains(match: \"@\", string: user identity)", True),
        ("string length(user identity) > 3 and contains(user identity, \"@\")", True),
        ("rows[price = price]", [{"price": 5, "name": "a"}, {"price": 15, "name": "b"}, {"price": 25, "item": 9}]),
        ('@"2026-01-31" + @"P1D"', datetime.date(2026, 2, 1)),
        ('@"2026-01-31".year', 2026),
        ("[1..5].end", 5),
        ("(1..5] = ]1..5]", True),
    ],
)  # fmt: skip
def test_expressions_mean_what_the_standard_says(text: str, expected: object) -> None:
    value = evaluate(text, SCOPE)
    assert value == expected
    assert type(value) is type(expected)
    assert evaluate(text, SCOPE, errors="null") == expected


def test_conditions_are_not_asked_for_more_than_they_need() -> None:
    assert evaluate("none != null and 1 / none > 0", SCOPE) is False
    assert evaluate("x = 3 or 1 / 0 > 1", SCOPE) is True
    assert evaluate("if true then 1 else 1 / 0") == 1
    assert evaluate("some a in [1, 0] satisfies 1 / a = 1") is True


def test_a_function_keeps_the_values_it_was_made_with() -> None:
    assert evaluate("for f in (for n in [1, 2, 3] return function() n) return f()") == [1, 2, 3]
    assert evaluate("{a: 1, f: function() a, g: (function(a) f())(5)}.g") == 1


def test_floats_come_in_by_their_text_and_whole_numbers_go_out_as_int() -> None:
    assert evaluate("a + b", {"a": 0.1, "b": 0.2}) == Decimal("0.3")
    value = evaluate("a + a", {"a": 0.5})
    assert (value, type(value)) == (1, int)


def test_values_of_names_that_are_not_read_are_not_looked_at() -> None:
    assert evaluate("a", {"a": 1, "b": object()}) == 1


def test_an_expression_changes_no_value_it_was_given() -> None:
    rows = [{"a": [1, 2]}]
    value = evaluate("append(rows, rows[1])", {"rows": rows})
    assert isinstance(value, list)
    value[0]["a"].append(3)
    assert rows == [{"a": [1, 2]}]


def test_one_expression_serves_many_scopes() -> None:
    expression = parse("a + b", ["a", "b"])
    assert [expression.evaluate({"a": n, "b": 1}) for n in (1, Decimal("1.5"), None)] == [2, Decimal("2.5"), None]


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("1 + x / 0", "3 cannot be divided by zero", 5),
        ('"a" * 2', '"a" is a text; only numbers and durations can be multiplied', 1),
        ("if none then 1 else 2", "there is no value for the condition, which must be yes or no", 4),
        ("if x then 1 else 2", "3 is a number; the condition must be yes or no", 4),
        ("xs[item + 1 > user identity]", None, 4),
        ("for a in x return a", "3 is a number; only a list or a range can be gone through one by one", 10),
        ("for a in xs return a / (a - 2)", "2 cannot be divided by zero", 20),
        ("x.price", '3 is a number, and has no "price"', 1),
        ("x(1)", "3 is a number, and cannot be called", 1),
        ("(function(a) a / 0)(1)", "1 cannot be divided by zero", 14),
        ("sort(xs, function(a, b) a / 0 > b)", None, 25),
        ("some a in xs satisfies a", '1 is a number; "some" needs a condition that is yes or no', 1),
        ('@"soon"', '"soon" is not a date, a time or a duration', 1),
        ("{a: 1, a: 2}", 'an object cannot have two entries called "a"', 1),
        ("x = user identity", None, 1),
        ("contains(x)", None, 1),
        ("[1,\n 2,\n 1 / 0]", "1 cannot be divided by zero", 2),
    ],
)
def test_a_mistake_is_a_failure_with_its_place_and_null_in_standard_mode(
    text: str, message: str | None, column: int
) -> None:
    with pytest.raises(Failure) as failure:
        evaluate(text, SCOPE)
    assert failure.value.code == "bad value"
    assert message is None or failure.value.message == message
    assert failure.value.place is not None
    assert failure.value.place.column == column
    assert failure.value.place.line == text[: text.index("1 / 0") if "\n" in text else 0].count("\n") + 1
    _, warnings = parse(text, SCOPE).evaluate_with_warnings(SCOPE)
    assert failure.value.message in warnings or "if" in text


def test_standard_mode_gives_null_and_says_why() -> None:
    expression = parse("if a then 1 / 0 else 2", ["a"])
    assert expression.evaluate_with_warnings({"a": True}) == (None, ("1 cannot be divided by zero",))
    assert expression.evaluate_with_warnings({"a": False}) == (2, ())


def test_standard_mode_takes_unknown_names_for_null() -> None:
    assert evaluate("nobody knows + 1", {}, errors="null") is None
    assert evaluate("frobnicate(1)", {}, errors="null") is None
    expression = parse("a + b", unknown_names=True)
    assert expression.evaluate_with_warnings({"a": 1})[1] == ('there is no value for "b"',)


def test_a_name_without_a_value_is_a_mistake() -> None:
    with pytest.raises(Failure, match='there is no value for "b"'):
        parse("a + b", ["a", "b"]).evaluate({"a": 1})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("for a in 1..100000 return for b in 1..100000 return b", "too many steps"),
        ("for a in 1..1001, b in 1..1001 return b", "too big"),
        ("for a in 1..100000000 return a", "too big"),
        ("some a in 1..10000, b in 1..10000 satisfies a + b < 0", "too many steps"),
        ("{f: function(g) g(g)}.f(function(g) g(g))", "too deep"),
        ("{f: function(g, n) if n > 1 then g(g, n - 1) + g(g, n - 1) else n}.f(function(g, n) g(g, n), 3)", "too deep"),
        ("(for a in 1..60 return if a = 1 then [1, 1] else concatenate(partial[-1], partial[-1]))[-1]", "too big"),
        ("(for a in 1..60 return if a = 1 then \"aa\" else partial[-1] + partial[-1])[-1]", "too big"),
    ],
)  # fmt: skip
def test_past_its_limits_an_evaluation_fails_under_both_policies(text: str, code: str) -> None:
    for errors in ("raise", "null"):
        with pytest.raises(Failure) as failure:
            parse(text).evaluate({}, errors="raise" if errors == "raise" else "null")
        assert failure.value.code == code


def test_huge_numbers_are_a_mistake_and_not_a_long_wait() -> None:
    for text in ("10 ** 999999999", "9e6144 * 9e6144", "(9e6144 + 1) * x", "10 ** 10 ** 10 ** 100"):
        with pytest.raises(Failure) as failure:
            evaluate(text, {"x": 10})
        assert failure.value.code == "bad value"
        assert evaluate(text, {"x": 10}, errors="null") is None


def test_nothing_of_python_can_be_reached() -> None:
    for text in ("__import__", "x.__class__", "row.keys", "abs.__globals__", "scope", "_feel_add", "HELPERS"):
        assert evaluate(text, SCOPE, errors="null") is None


def test_evaluating_leaves_the_callers_decimal_context_alone() -> None:
    import decimal

    with decimal.localcontext() as context:
        context.prec = 5
        assert evaluate("1 / 3") == Decimal("0.3333333333333333333333333333333333")
        assert decimal.getcontext().prec == 5
