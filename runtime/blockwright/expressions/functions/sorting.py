"""Sorting (DMN 1.5, 10.3.4.10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from blockwright.expressions.budget import spend
from blockwright.expressions.functions.builtin import Builtin, Overload, Parameter
from blockwright.expressions.functions.calling import caller
from blockwright.expressions.functions.lists import item_type
from blockwright.expressions.types import ANYTHING, LIST, YES_OR_NO, FunctionOf, Type, optional
from blockwright.expressions.values import Function, Value, fail, shown


def sort(items: list[Value], precedes: Function) -> Value:
    """The items so that none comes before one that precedes it; equal ones keep their order."""
    comes_before = caller(precedes, 2, '"precedes" of "sort"')
    if comes_before is None:
        return None
    try:
        return [place.item for place in sorted(_Place(item, comes_before) for item in items)]
    except _NoAnswer as problem:
        if problem.answer is None:
            return None
        return fail(f'"precedes" of "sort" must give yes or no, not {shown(problem.answer)}')


class _Place:
    """An item that asks the author's function whether it comes before another; all that sorting needs to know."""

    __slots__ = ("comes_before", "item")

    def __init__(self, item: Value, comes_before: Callable[..., Value]) -> None:
        self.item = item
        self.comes_before = comes_before

    def __lt__(self, other: _Place) -> bool:
        spend(1)
        answer = self.comes_before(self.item, other.item)
        if answer is not True and answer is not False:
            raise _NoAnswer(answer)
        return answer


class _NoAnswer(Exception):
    """The function gave neither true nor false."""

    def __init__(self, answer: Value) -> None:
        super().__init__(answer)
        self.answer = answer


def _same_list(arguments: Sequence[Type]) -> Type:
    """Null where the function knows no answer for two items."""
    return optional(item_type(arguments[:1]))


BUILTINS = (
    Builtin(
        "sort",
        "lists",
        "The items in the order that a function of two items tells: whether the first comes before the second.",
        (
            Overload(
                sort,
                _same_list,
                (Parameter("list", LIST), Parameter("precedes", FunctionOf((ANYTHING, ANYTHING), YES_OR_NO))),
            ),
        ),
        (("sort([3, 1, 4, 5, 2], function(x, y) x < y)", "[1, 2, 3, 4, 5]"),),
    ),
)
