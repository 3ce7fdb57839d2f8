"""Evaluations beside and inside one another: each has its own budget, decimal context, clock and mode."""

from __future__ import annotations

import datetime
import decimal
import threading
from decimal import Decimal

import pytest

from blockwright.expressions import parse
from blockwright.expressions.temporal.clock import CLOCK
from blockwright.expressions.values import Function, Value
from blockwright.failure import Failure

LOOP = "for a in 1..1000 return a"


def calling(text: str, errors: bool = False) -> Function:
    """A function that evaluates another expression while it is called."""

    def call() -> Value:
        return parse(text).value({}, "null" if errors else "raise")

    return Function(call, (), ())


def test_an_evaluation_inside_another_has_its_own_budget() -> None:
    outer = parse("for a in 1..1000 return f()[1]", ["f"])
    looping = calling("for a in 1..4000 return 1")
    assert outer.value({"f": looping}) == [1] * 1000


def test_the_budget_of_one_evaluation_is_not_spent_by_the_next() -> None:
    expression = parse("for a in 1..1000 return for b in 1..2000 return 1")
    for _ in range(2):
        assert expression.value({}) == [[1] * 2000] * 1000
    with pytest.raises(Failure, match="too many steps"):
        parse("for a in 1..1000 return for b in 1..4000 return 1").value({})
    assert expression.value({}) == [[1] * 2000] * 1000


def test_a_strict_evaluation_inside_a_lenient_one_stays_strict_and_the_other_way_round() -> None:
    with pytest.raises(Failure, match="divided by zero"):
        parse("[1 / 0, f()]", ["f"]).value({"f": calling("1 / 0")}, errors="null")
    assert parse("[1, f()]", ["f"]).value({"f": calling("1 / 0", errors=True)}) == [1, None]
    with pytest.raises(Failure, match="divided by zero"):
        parse("[f(), 1 / 0]", ["f"]).value({"f": calling("1 / 0", errors=True)})


def test_threads_evaluate_at_the_same_time() -> None:
    expression = parse("for a in 1..500 return a / n", ["n"])
    expected = {n: expression.value({"n": n}) for n in range(1, 9)}
    found: dict[int, list[Value]] = {n: [] for n in expected}

    def work(n: int) -> None:
        found[n] += [expression.value({"n": n}) for _ in range(20)]

    threads = [threading.Thread(target=work, args=(n,)) for n in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [value] * 20 for n, value in expected.items()}


@pytest.mark.parametrize("errors", ["raise", "null"])
def test_the_clock_that_the_caller_sets_is_read(errors: str) -> None:
    now = parse("now()")
    then = datetime.datetime(2020, 2, 29, 12, tzinfo=datetime.UTC)
    token = CLOCK.set(lambda: then)
    try:
        assert now.evaluate(errors="raise" if errors == "raise" else "null") == then
    finally:
        CLOCK.reset(token)
    assert now.evaluate(errors="raise" if errors == "raise" else "null") != then


@pytest.mark.parametrize("text", ["1 / 3", "1 / 0", "price / 3"])
def test_the_callers_decimal_context_is_neither_used_nor_changed(text: str) -> None:
    with decimal.localcontext() as context:
        context.prec = 5
        context.traps[decimal.Inexact] = True
        context.clear_flags()
        try:
            value = parse(text, ["price"]).value({"price": Decimal(1)})
        except Failure:
            value = None
        assert value in (None, Decimal("0.3333333333333333333333333333333333"))
        assert decimal.getcontext() is context
        assert not any(context.flags.values())


def test_a_name_without_a_value_is_said_before_anything_else_goes_wrong_there() -> None:
    for errors in ("raise", "null"):
        expression = parse("if a then b else 1 / 0", ["a", "b"])
        assert expression.value({"a": True, "b": 2}, "raise" if errors == "raise" else "null") == 2
    with pytest.raises(Failure, match='there is no value for "b"') as failure:
        expression.value({"a": True})
    assert failure.value.place is not None
    assert failure.value.place.column == 11
    assert failure.value.__cause__ is None


def test_an_exception_that_is_no_mistake_of_the_expression_s_arrives_as_it_is() -> None:
    def broken() -> Value:
        raise KeyError("nobody's name")

    with pytest.raises(KeyError, match="nobody's name"):
        parse("f()", ["f"]).value({"f": Function(broken, (), ())})
