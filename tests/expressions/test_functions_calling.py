"""Calling functions: overloads, names, conversions, nulls, and what is said when the inputs do not fit."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions import evaluate
from blockwright.expressions.functions import FUNCTIONS, Builtin, Overload, as_function, call, invoke
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    NOTHING,
    NUMBER,
    TEXT,
    TIME,
    YEARS_DURATION,
    YES_OR_NO,
    Either,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
    either,
    optional,
)
from blockwright.expressions.values import DaysDuration, Function, Value, YearsDuration, admits, shown, type_of
from blockwright.failure import Failure
from tests.expressions.kit import (
    builtin,
    complaint,
    dates,
    leniently,
    mistake,
    moments,
    numbers,
    outcome,
    ranges,
    standard,
    strictly,
    texts,
    times,
    values,
)

EXAMPLES = [(function, *example) for function in FUNCTIONS.values() for example in function.examples]


@pytest.mark.parametrize(("function", "expression", "result"), EXAMPLES, ids=[example[1] for example in EXAMPLES])
def test_every_example_in_the_help_is_true(function: Builtin, expression: str, result: str) -> None:
    assert function.name in expression or function.name == "range"
    assert evaluate(expression, {}) == evaluate(result, {})


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_every_function_says_what_it_does(function: Builtin) -> None:
    assert function.about.endswith(".")
    assert function.examples
    assert function.category in {
        "conversion",
        "text",
        "numbers",
        "lists",
        "objects",
        "dates and times",
        "ranges",
        "logic",
    }


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
@pytest.mark.parametrize("arguments", [[], [None], [None, None], ["x"] * 9, [1, "x", True, []], [{}], [[]]])
def test_no_function_ends_in_an_exception_of_python(function: Builtin, arguments: list[Value]) -> None:
    result, warnings = leniently(lambda: call(function, arguments))
    strict, failure = outcome(lambda: call(function, arguments))
    if failure is None:
        assert strict == result or function.name in ("now", "today")
        assert not warnings
    else:
        assert (failure.code, [failure.message], None) == ("bad value", warnings[:1], result)


anything = st.one_of(
    values, st.lists(values, max_size=4), numbers, texts, ranges, st.just(as_function(FUNCTIONS["not"]))
)
OVERLOADS = [(function.name, overload) for function in FUNCTIONS.values() for overload in function.overloads]


def of_type(wanted: Type) -> st.SearchStrategy[Value]:
    """Values of a type."""
    match wanted:
        case ListOf():
            return st.lists(of_type(wanted.item), max_size=4)
        case Either():
            return st.one_of(*(of_type(option) for option in sorted(wanted.options, key=str)))
        case ObjectOf():
            return st.dictionaries(st.sampled_from(["key", "value", "a"]), values, max_size=3)
        case RangeOf():
            return ranges
        case FunctionOf():
            answers = st.sampled_from([True, False, None])
            return answers.map(lambda answer: Function(lambda *_: answer, ("x", "y"), (ANYTHING, ANYTHING)))
    return SIMPLE.get(wanted, values)


SIMPLE: dict[Type, st.SearchStrategy[Value]] = {
    NUMBER: st.one_of(st.integers(-3, 3), numbers),
    TEXT: st.one_of(st.sampled_from(["", "a", "b"]), texts),
    YES_OR_NO: st.booleans(),
    NOTHING: st.none(),
    DATE: dates,
    TIME: times,
    DATE_AND_TIME: moments,
    DAYS_DURATION: st.builds(DaysDuration, st.integers(-(10**9), 10**9)),
    YEARS_DURATION: st.builds(YearsDuration, st.integers(-(10**5), 10**5)),
}


def inputs_of(overload: Overload) -> st.SearchStrategy[list[Value]]:
    """Inputs that an overload takes as they are."""
    types = [parameter.type for parameter in overload.parameters]
    more = st.lists(of_type(types[-1]), max_size=2) if overload.variadic else st.just([])
    return st.tuples(st.tuples(*map(of_type, types)), more).map(lambda parts: [*parts[0], *parts[1]])


@pytest.mark.parametrize(("name", "overload"), OVERLOADS, ids=[f"{name} {n}" for n, (name, _) in enumerate(OVERLOADS)])
@settings(max_examples=15)
@given(st.data())
def test_inputs_of_the_right_types_give_a_result_of_the_type_that_is_promised(
    name: str, overload: Overload, data: st.DataObject
) -> None:
    inputs = data.draw(inputs_of(overload))
    promised = overload.result_type([type_of(value) for value in inputs])
    result, failure = outcome(overload.call, *inputs)
    assert failure is not None or admits(promised, result), (name, inputs, result, str(promised))


@settings(max_examples=300)
@given(st.sampled_from(list(FUNCTIONS.values())), st.lists(anything, max_size=4))
def test_any_values_give_a_value_or_a_mistake_and_are_left_as_they_were(
    function: Builtin, arguments: list[Value]
) -> None:
    before = [shown(argument) for argument in arguments]
    result, warnings = leniently(lambda: call(function, arguments))
    assert [shown(argument) for argument in arguments] == before
    # What goes wrong inside a function that is handed over is null for one item, not for all of them.
    asks = any(isinstance(argument, Function) for argument in arguments)
    assert not warnings or result is None or asks
    if result is not None and not warnings:
        assert admits(function_result(function, arguments), result)


def function_result(function: Builtin, arguments: list[Value]) -> Type:
    """The type that the function promises for these arguments, whichever of its overloads takes them."""
    types = [type_of(argument) for argument in arguments]
    promised = [overload.result_type(types) for overload in function.overloads]
    return optional(either(promised))


def test_all_of_dmn_1_5_is_there() -> None:
    chapter = """
        date, time, date and time, duration, years and months duration, number, string, range, not,
        substring, string length, upper case, lower case, substring before, substring after, replace,
        contains, starts with, ends with, matches, split, string join, list contains, count, min, max,
        sum, mean, all, any, sublist, append, concatenate, insert before, remove, list replace, reverse,
        index of, union, distinct values, flatten, product, median, stddev, mode, decimal, floor,
        ceiling, round up, round down, round half up, round half down, abs, modulo, sqrt, log, exp, odd,
        even, is, before, after, meets, met by, overlaps, overlaps before, overlaps after, finishes,
        finished by, includes, during, starts, started by, coincides, day of year, day of week, month of
        year, week of year, sort, get value, get entries, context, context put, context merge, now, today
    """
    assert set(FUNCTIONS) == {" ".join(name.split()) for name in chapter.split(",")}


def test_inputs_may_be_named_in_any_order() -> None:
    assert builtin("substring", start_position=3, string="foobar") == "obar"
    assert builtin("substring", string="foobar", length=2, start_position=1) == "fo"
    assert builtin("number", from_="1.000,5", decimal_separator=",", grouping_separator=".") == Decimal("1000.5")
    assert builtin("time", hour=11, minute=59, second=0) == builtin("time", "11:59:00")


def test_a_list_of_one_item_stands_for_its_item_and_an_item_for_a_list_of_itself() -> None:
    assert builtin("upper case", ["bob"]) == "BOB"
    assert builtin("string join", "a", "X") == "a"
    assert builtin("count", 5) == 1
    assert builtin("context put", {"x": 1}, ["y"], 2) == {"x": 1, "y": 2}


def test_null_makes_the_result_null_where_the_input_has_no_null() -> None:
    assert builtin("string length", None) is None
    assert builtin("date", None, 2, 1) is None
    assert builtin("contains", "bar", None) is None
    assert builtin("list contains", [1, None], None) is True
    assert builtin("matches", "abracadabra", "bra", None) is True
    assert builtin("is", value1=1) is False


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("string length", [5], '5 is a number; "string" of "string length" must be text'),
        ("substring", ["a", "b"], '"b" is a text; "start position" of "substring" must be number'),
        ("substring", ["abc"], '"substring" takes 2 or 3 inputs ("string", "start position", "length"), not 1'),
        ("sqrt", [4, 4], '"sqrt" takes 1 inputs ("number"), not 2'),
        ("now", [123], '"now" takes 0 inputs (none), not 1'),
        ("all", [True, 123], '123 is a number; "b" of "all" must be yes or no'),
        ("date", [True], 'true is a yes or no; "from" of "date" must be text or date or date and time'),
    ],
)
def test_inputs_that_do_not_fit_are_told_in_words(name: str, arguments: list[Value], message: str) -> None:
    assert complaint(name, *arguments) == f"bad value: {message}"
    assert standard(name, *arguments) is None


def test_names_of_inputs_that_do_not_fit_are_told_in_words() -> None:
    assert complaint("sqrt", n=4) == 'bad value: "sqrt" has no input "n"; it has "number"'
    assert complaint("substring", string="abc") == 'bad value: "substring" needs "start position" too'


class TestFunctionValues:
    def test_a_built_in_can_be_passed_on_and_called(self) -> None:
        root = as_function(FUNCTIONS["sqrt"])
        assert strictly(lambda: invoke(root, [16])) == 4
        assert strictly(lambda: invoke(root, [], {"number": 16})) == 4
        assert strictly(root.call, 16) == 4
        assert "takes 1 inputs" in mistake(lambda: invoke(root, [1, 2]))

    def test_a_functions_inputs_are_checked_and_converted(self) -> None:
        half = Function(lambda n: n / 2, ("n",), (NUMBER,), name="half")
        assert strictly(lambda: invoke(half, [Decimal(3)])) == Decimal("1.5")
        assert strictly(lambda: invoke(half, [[Decimal(3)]])) == Decimal("1.5")
        assert strictly(lambda: invoke(half, [], {"n": Decimal(3)})) == Decimal("1.5")
        assert mistake(lambda: invoke(half, ["x"])) == 'bad value: "x" is a text; "n" of "half" must be number'
        assert mistake(lambda: invoke(half, [1, 2])) == 'bad value: "half" takes 1 inputs ("n"), not 2'
        assert mistake(lambda: invoke(half, [], {"m": 1})) == 'bad value: "half" has no input "m"; it has "n"'

    def test_inputs_not_named_are_null(self) -> None:
        second = Function(lambda a, b: [a, b], ("a", "b"), (TEXT, ListOf(NUMBER)))
        assert strictly(lambda: invoke(second, [], {"b": [1]})) == [None, [1]]

    def test_only_functions_can_be_called(self) -> None:
        assert mistake(lambda: invoke(123, [])) == "bad value: 123 is a number, and cannot be called"
        assert strictly(lambda: invoke(None, [])) is None

    def test_functions_that_call_one_another_without_end_are_stopped(self) -> None:
        def again() -> Value:
            return invoke(endless, [])

        endless = Function(again, (), ())
        with pytest.raises(Failure) as caught:
            invoke(endless, [])
        assert caught.value.code == "too deep"
