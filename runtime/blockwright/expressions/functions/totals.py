"""Functions that make one value of many: sums, averages, the least and the greatest, all, any (DMN 1.5, table 75)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from decimal import Context, Decimal, DecimalException

from blockwright.expressions import compare
from blockwright.expressions.cost import pay_for_items, pay_for_visits
from blockwright.expressions.functions.builtin import Builtin, Example, Overload, Parameter, Result
from blockwright.expressions.functions.numbers import tidy
from blockwright.expressions.types import ANYTHING, LIST, NUMBER, YES_OR_NO, ListOf, Type, join, optional
from blockwright.expressions.values import CONTEXT, Number, Value, fail, fit, is_a

Items = list[Value]


def total(items: Items) -> Value:
    """The sum; null for an empty list, and where an item is null."""
    numbers = _numbers(items, "sum")
    if not numbers:
        return None
    try:
        answer = sum(numbers)
        return fit(answer) if isinstance(answer, int) else answer
    except DecimalException:
        return _out_of_bounds("sum")


def product(items: Items) -> Value:
    numbers = _numbers(items, "product")
    if not numbers:
        return None
    answer: Number = 1
    try:
        for number in numbers:
            answer = answer * number
            if isinstance(answer, int):
                answer = fit(answer)
    except DecimalException:
        return _out_of_bounds("product")
    return answer


def mean(items: Items) -> Value:
    sum_of_all = total(items)
    if sum_of_all is None:
        return None
    return tidy(CONTEXT.divide(sum_of_all, len(items)))  # type: ignore[arg-type]


def median(items: Items) -> Value:
    numbers = _numbers(items, "median")
    if not numbers:
        return None
    pay_for_visits(2 * len(numbers))
    numbers = sorted(numbers)
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return mean([numbers[middle - 1], numbers[middle]])


def standard_deviation(items: Items) -> Value:
    """Of a sample: the squares are divided by one less than their number. Null for fewer than two numbers."""
    numbers = _numbers(items, "stddev")
    if not numbers or len(numbers) < 2:
        return None
    pay_for_visits(8 * len(numbers))
    try:
        middle = _WIDE.divide(_wide_sum(numbers), len(numbers))
        gaps = [_WIDE.subtract(Decimal(number), middle) for number in numbers]
        squares = _wide_sum([_WIDE.multiply(gap, gap) for gap in gaps])
        return tidy(CONTEXT.plus(_WIDE.sqrt(_WIDE.divide(squares, len(numbers) - 1))))
    except DecimalException:
        return _out_of_bounds("stddev")


def mode(items: Items) -> Value:
    """The most frequent numbers, in ascending order."""
    numbers = _numbers(items, "mode")
    if numbers is None:
        return None
    counts: dict[Hashable, list[Number]] = {}
    for key, number in zip(compare.keys_of(numbers), numbers, strict=True):
        counts.setdefault(key, []).append(number)
    most = max(map(len, counts.values()), default=0)
    return list(sorted(same[0] for same in counts.values() if len(same) == most))  # noqa: C413


def least(items: Items) -> Value:
    return _extreme(items, "min", lambda item, best: compare.precedes(item, best))


def greatest(items: Items) -> Value:
    return _extreme(items, "max", lambda item, best: compare.precedes(best, item))


def all_of(items: Items) -> Value:
    return _decided(items, "all", False)


def any_of(items: Items) -> Value:
    return _decided(items, "any", True)


_WIDE = Context(prec=80, Emin=-(10**6), Emax=10**6, traps=CONTEXT.traps)


def _wide_sum(numbers: Sequence[Number]) -> Decimal:
    answer = Decimal(0)
    for number in numbers:
        answer = _WIDE.add(answer, number)
    return answer


def _numbers(items: Items, name: str) -> list[Number] | None:
    """The items where all are numbers; None where one is null, and, as a mistake, where one is anything else."""
    pay_for_items(len(items))
    for item in items:
        kind = type(item)
        if kind is not int and kind is not Decimal:
            if item is not None:
                fail(f'{is_a(item)}; "{name}" works only on numbers')
            return None
    return items  # type: ignore[return-value]


def _out_of_bounds(name: str) -> Value:
    return fail(f'the result of "{name}" is larger than any number can be')


def _extreme(items: Items, name: str, better: Callable[[Value, Value], bool | None]) -> Value:
    if not items:
        return None
    pay_for_visits(len(items))
    best = items[0]
    for item in items:
        if item is None:
            return None
        wins = better(item, best)
        if wins is None:
            if compare.precedes(item, item) is None:
                return fail(f'{is_a(item)}; "{name}" works only on numbers, texts, dates, times and durations')
            return fail(f'{is_a(best)} and {is_a(item)}; "{name}" works only on values of one type')
        if wins:
            best = item
    return best


def _decided(items: Items, name: str, decisive: bool) -> Value:
    pay_for_items(len(items))
    if any(item is decisive for item in items):
        return decisive
    for item in items:
        if item is not None and item is not True and item is not False:
            return fail(f'{is_a(item)}; "{name}" works only on yes or no')
    return None if None in items else not decisive


def _item_or_null(arguments: Sequence[Type]) -> Type:
    first = arguments[0] if arguments else LIST
    return optional(first.item) if isinstance(first, ListOf) and first.item != ANYTHING else ANYTHING


def _one_of_all(arguments: Sequence[Type]) -> Type:
    whole_type = arguments[0] if arguments else ANYTHING
    for of in arguments[1:]:
        whole_type = join(whole_type, of)
    return optional(whole_type) if whole_type != ANYTHING else ANYTHING


def _both_ways(
    name: str,
    about: str,
    call: Callable[[Items], Value],
    letter: str,
    of: Type,
    result: Result,
    examples: tuple[Example, ...],
    spread_result: Result | None = None,
) -> Builtin:
    """A function of a list, or of any number of arguments that stand for its items."""

    def spread(*items: Value) -> Value:
        return call(list(items))

    item = Parameter(letter, optional(of) if of != ANYTHING else ANYTHING)
    return Builtin(
        name,
        "lists",
        about,
        (
            Overload(call, result, (Parameter("list", ListOf(item.type)),)),
            Overload(spread, spread_result or result, (item,), variadic=True),
        ),
        examples,
    )


BUILTINS = (
    _both_ways(
        "min",
        "The least of the values; null of none.",
        least,
        "c",
        ANYTHING,
        _item_or_null,
        (("min([1, 2, 3])", "1"), ("min(1, 2)", "1")),
        _one_of_all,
    ),
    _both_ways(
        "max",
        "The greatest of the values; null of none.",
        greatest,
        "c",
        ANYTHING,
        _item_or_null,
        (("max(1, 2, 3)", "3"), ("max([])", "null")),
        _one_of_all,
    ),
    _both_ways(
        "sum",
        "The sum of the numbers; null of none.",
        total,
        "n",
        NUMBER,
        optional(NUMBER),
        (("sum([1, 2, 3])", "6"), ("sum([])", "null")),
    ),
    _both_ways(
        "product",
        "The product of the numbers; null of none.",
        product,
        "n",
        NUMBER,
        optional(NUMBER),
        (("product([2, 3, 4])", "24"),),
    ),
    _both_ways(
        "mean",
        "The average of the numbers; null of none.",
        mean,
        "n",
        NUMBER,
        optional(NUMBER),
        (("mean([1, 2, 3])", "2"),),
    ),
    _both_ways(
        "median",
        "The number in the middle, once sorted; the average of the two in the middle of an even number.",
        median,
        "n",
        NUMBER,
        optional(NUMBER),
        (("median(8, 2, 5, 3, 4)", "4"), ("median([6, 1, 2, 3])", "2.5")),
    ),
    _both_ways(
        "stddev",
        "The standard deviation of a sample of numbers; null of fewer than two.",
        standard_deviation,
        "n",
        NUMBER,
        optional(NUMBER),
        (("decimal(stddev(2, 4, 7, 5), 6)", "2.081666"),),
    ),
    _both_ways(
        "mode",
        "The numbers that occur most often, in ascending order.",
        mode,
        "n",
        NUMBER,
        optional(ListOf(NUMBER)),
        (("mode([6, 1, 9, 6, 1])", "[1, 6]"),),
    ),
    _both_ways(
        "all",
        "Whether every item is true; true of none.",
        all_of,
        "b",
        YES_OR_NO,
        optional(YES_OR_NO),
        (("all([true, false])", "false"), ("all([])", "true")),
    ),
    _both_ways(
        "any",
        "Whether at least one item is true; false of none.",
        any_of,
        "b",
        YES_OR_NO,
        optional(YES_OR_NO),
        (("any([true, false])", "true"), ("any([])", "false")),
    ),
)
