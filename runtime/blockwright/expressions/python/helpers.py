"""What generated code calls: every name in it that is not a variable is one of ``HELPERS``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType

from blockwright.expressions import operators
from blockwright.expressions.budget import spend
from blockwright.expressions.functions import FUNCTIONS, as_function, call, invoke
from blockwright.expressions.python.function_helpers import FUNCTION_HELPERS
from blockwright.expressions.python.type_codes import Code, decode
from blockwright.expressions.temporal.reading import read_temporal
from blockwright.expressions.types import ANYTHING
from blockwright.expressions.values import (
    CONTEXT,
    Function,
    Value,
    admits,
    caps,
    fail,
    fit,
    is_a,
    is_number,
    too_big,
)

Test = Callable[[Value], Value]


class NothingToGoThrough(Exception):
    """An inner loop has no list: the whole loop has no value."""


def items(value: Value) -> Sequence[Value]:
    """What a filter looks at: a list's items; any other value counts as a list of itself."""
    if type(value) is list:
        spend(len(value))
        return value
    return [] if value is None else [value]


def select(value: Value, test: Test, asks_items: bool) -> Value:
    """``value[…]`` where only the first answer tells whether it is a position or a condition.

    Where there is no item to ask, a test that does not need one is asked all the same.
    """
    found = items(value)
    if not found and asks_items:
        return []
    first = test(found[0] if found else None)
    if is_number(first):
        return operators.index(value, first)
    kept = list(found[:1]) if _keeps(first) else []
    kept.extend(item for item in found[1:] if _keeps(test(item)))
    return kept


def _keeps(answer: Value) -> bool:
    if answer is True or answer is False or answer is None:
        return answer is True
    fail(f"{is_a(answer)}; a filter is a condition or a position")
    return False


def entry(item: Value, name: str) -> Value:
    """A name in a filter that only the item can have."""
    if type(item) is dict:
        return item.get(name)
    return None if item is None else fail(f'there is no name "{name}" here, and {is_a(item)}, which has no such entry')


def iterate(domain: Value) -> Sequence[Value] | None:
    """What one loop goes through, paid for; None where there is nothing."""
    found = operators.iterate(domain)
    if found is not None:
        spend(len(found))
    return found


def count_range(low: Value, high: Value) -> Sequence[Value] | None:
    """What ``low..high`` goes through, paid for."""
    found = operators.count_range(low, high)
    if found is not None:
        spend(len(found))
    return found


def each(found: Sequence[Value] | None, result: Test) -> Value:
    """``for x in … return …`` where a comprehension cannot be written."""
    return None if found is None else [result(item) for item in found]


def spread(found: Sequence[Value] | None) -> Sequence[Value]:
    """The domain of one of several loops."""
    if found is None:
        raise NothingToGoThrough
    return found


def gathered(results: Iterable[Value]) -> Value:
    """The results of loops within loops."""
    gathered: list[Value] = []
    most = caps().items
    try:
        for result in results:
            gathered.append(result)
            if len(gathered) > most:
                raise too_big(f"a list can have {most:,} items at most")
    except NothingToGoThrough:
        return None
    return gathered


def gathered_partial(loop: Callable[[list[Value]], Iterable[Value]]) -> Value:
    """The results of loops that look at the results so far."""
    partial: list[Value] = []
    most = caps().items
    try:
        for result in loop(partial):
            partial.append(result)
            if len(partial) > most:
                raise too_big(f"a list can have {most:,} items at most")
    except NothingToGoThrough:
        return None
    return partial


def some(answers: Iterable[Value]) -> Value:
    """Whether any answer is true; null when none is and one is unknown."""
    return _quantified(answers, True, "some")


def every(answers: Iterable[Value]) -> Value:
    """Whether all answers are true; null when none is false and one is unknown."""
    return _quantified(answers, False, "every")


def _quantified(answers: Iterable[Value], decisive: bool, word: str) -> Value:
    unknown = False
    try:
        for answer in answers:
            if answer is decisive:
                return decisive
            if answer is None:
                unknown = True
            elif answer is not True and answer is not False:
                fail(f'{is_a(answer)}; "{word}" needs a condition that is yes or no')
                unknown = True
    except NothingToGoThrough:
        return None
    return None if unknown else not decisive


def lazy_and(first: Value, second: Callable[[], Value]) -> Value:
    """``first and second`` where no variable can hold the first."""
    return False if first is False else operators.both(first, second())


def lazy_or(first: Value, second: Callable[[], Value]) -> Value:
    """``first or second`` where no variable can hold the first."""
    return True if first is True else operators.either_of(first, second())


def negated(answer: Value) -> Value:
    """The opposite of an answer that may be unknown."""
    return None if answer is None else answer is False


def empty(value: Value) -> Value:
    """Whether there is nothing: null, or a text, a list or an object without anything in it."""
    if value is None or type(value) is str or type(value) is list or type(value) is dict:
        return not value
    return fail(f"{is_a(value)}; only texts, lists and objects can be empty")


def context(*entries: tuple[str, Callable[[dict[str, Value]], Value]]) -> Value:
    """An object whose entries see the earlier ones."""
    made: dict[str, Value] = {}
    for key, value in entries:
        made[key] = value(made)
    return made


def function(parameters: tuple[str, ...], types: tuple[Code, ...], result: Code, body: Callable[..., Value]) -> Value:
    """A function that an author wrote."""
    return Function(body, parameters, tuple(map(decode, types)), decode(result))


def invoked(called: Value, arguments: tuple[Value, ...], names: tuple[str, ...] = ()) -> Value:
    """Call a function value, by position or by name."""
    spend(1)
    if names:
        return invoke(called, (), dict(zip(names, arguments, strict=True)))
    return invoke(called, arguments)


def named(name: str, names: tuple[str, ...], arguments: tuple[Value, ...]) -> Value:
    """Call a built-in function with arguments by name."""
    return call(FUNCTIONS[name], (), dict(zip(names, arguments, strict=True)))


def function_or_builtin(value: Value, name: str) -> Value:
    """What a name before brackets means that a variable and a built-in share: the variable, if it is a function."""
    return value if isinstance(value, Function) else builtin_value(name)


@cache
def builtin_value(name: str) -> Value:
    """A built-in function as a value."""
    return as_function(FUNCTIONS[name])


def instance_of(value: Value, of: Code) -> Value:
    """``value instance of type``; null is of no type but its own, not even of any (DMN 1.5, 10.3.2.9.2)."""
    wanted = decode(of)
    return (value is not None or wanted != ANYTHING) and admits(wanted, value)


def at_literal(text: str) -> Value:
    """``@"…"``"""
    value = _temporal(text) if len(text) < 100 else read_temporal(text)
    return fail(f'"{text}" is not a date, a time or a duration') if value is None else value


@lru_cache(maxsize=1024)
def _temporal(text: str) -> Value:
    return read_temporal(text)


@lru_cache(maxsize=4096)
def decimal(digits: str) -> Decimal:
    """A number that Python's code cannot hold."""
    return CONTEXT.create_decimal(digits)


def unknown(name: str) -> Value:
    """A name that nobody knows."""
    return fail(f'there is no name "{name}" here')


HELPERS: MappingProxyType[str, object] = MappingProxyType(
    {
        "_feel_add": operators.add,
        "_feel_subtract": operators.subtract,
        "_feel_multiply": operators.multiply,
        "_feel_divide": operators.divide,
        "_feel_power": operators.power,
        "_feel_negate": operators.negate,
        "_feel_fit": fit,
        "_feel_equal": operators.equal,
        "_feel_not_equal": operators.not_equal,
        "_feel_less": operators.less,
        "_feel_less_equal": operators.less_equal,
        "_feel_greater": operators.greater,
        "_feel_greater_equal": operators.greater_equal,
        "_feel_between": operators.between,
        "_feel_both": operators.both,
        "_feel_either": operators.either_of,
        "_feel_and": lazy_and,
        "_feel_or": lazy_or,
        "_feel_not": negated,
        "_feel_empty": empty,
        "_feel_truth": operators.truth,
        "_feel_range": operators.range_between,
        "_feel_unary": operators.unary_range,
        "_feel_member": operators.member,
        "_feel_member_of_any": operators.member_of_any,
        "_feel_path": operators.path,
        "_feel_index": operators.index,
        "_feel_items": items,
        "_feel_select": select,
        "_feel_entry": entry,
        "_feel_iterate": iterate,
        "_feel_count": count_range,
        "_feel_each": each,
        "_feel_spread": spread,
        "_feel_gathered": gathered,
        "_feel_partial": gathered_partial,
        "_feel_some": some,
        "_feel_every": every,
        "_feel_any": any,
        "_feel_all": all,
        "_feel_list": list,
        "_feel_type": type,
        "_feel_dict": dict,
        "_feel_str": str,
        "_feel_bool": bool,
        "_feel_numbers": frozenset({int, Decimal}),
        "_feel_Decimal": Decimal,
        "_feel_context": context,
        "_feel_function": function,
        "_feel_invoke": invoked,
        "_feel_named": named,
        "_feel_function_or_builtin": function_or_builtin,
        "_feel_builtin": builtin_value,
        "_feel_instance_of": instance_of,
        "_feel_at": at_literal,
        "_feel_decimal": decimal,
        "_feel_fail": fail,
        "_feel_unknown": unknown,
        **FUNCTION_HELPERS,
    }
)
"""The globals of generated code, by name."""
