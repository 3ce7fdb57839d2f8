"""Functions of lists that look for, add, take away and rearrange items (DMN 1.5, table 75)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from blockwright.expressions import compare
from blockwright.expressions.budget import spend
from blockwright.expressions.cost import pay_for_items, pay_for_visits
from blockwright.expressions.functions.builtin import Builtin, Overload, Parameter
from blockwright.expressions.functions.calling import caller
from blockwright.expressions.types import (
    ANYTHING,
    LIST,
    NUMBER,
    YES_OR_NO,
    FunctionOf,
    ListOf,
    Type,
    join,
)
from blockwright.expressions.values import CAPS, Function, Number, Value, caps, fail, shown, too_big, whole

Items = list[Value]


def list_contains(items: Items, element: Value) -> bool:
    pay_for_items(len(items))
    return next(compare.places_of(element, items), None) is not None


def count(items: Items) -> int:
    return len(items)


def sublist(items: Items, start: Number, length: Number | None = None) -> Value:
    first = position(items, start)
    if first is None:
        return no_position(items, start)
    if length is None:
        return within_cap(items[first:])
    size = whole(length)
    if size is None or not 1 <= size <= len(items) - first:
        return fail(f"{shown(length)} is not a length; from there on the list has {len(items) - first} items")
    return within_cap(items[first : first + size])


def append(items: Items, *more: Value) -> Value:
    return within_cap([*items, *more])


def concatenate(*lists: Items) -> Value:
    if sum(map(len, lists)) > caps().items:
        raise _too_long()
    pay_for_items(sum(map(len, lists)))
    return [item for items in lists for item in items]


def insert_before(items: Items, at: Number, new: Value) -> Value:
    place = position(items, at)
    if place is None:
        return no_position(items, at)
    return within_cap([*items[:place], new, *items[place:]])


def remove(items: Items, at: Number) -> Value:
    place = position(items, at)
    if place is None:
        return no_position(items, at)
    return within_cap([*items[:place], *items[place + 1 :]])


def replace_at(items: Items, at: Number, new: Value) -> Value:
    place = position(items, at)
    if place is None:
        return no_position(items, at)
    return within_cap([*items[:place], new, *items[place + 1 :]])


def replace_matching(items: Items, match: Function, new: Value) -> Value:
    matches = caller(match, 2, '"match" of "list replace"')
    if matches is None:
        return None
    spend(len(items))
    answers = [matches(item, new) for item in items]
    for answer in answers:
        if answer is not None and answer is not True and answer is not False:
            return fail(f'"match" of "list replace" must give yes or no, not {shown(answer)}')
    return [new if answer is True else item for item, answer in zip(items, answers, strict=True)]


def reverse(items: Items) -> Value:
    return within_cap(items[::-1])


def index_of(items: Items, match: Value) -> Value:
    pay_for_items(len(items))
    return [place + 1 for place in compare.places_of(match, items)]


def distinct_values(items: Items) -> Value:
    pay_for_items(len(items))
    first: dict[Hashable, Value] = {}
    for key, item in zip(compare.keys_of(items), items, strict=True):
        first.setdefault(key, item)
    return list(first.values())


def union(*lists: Items) -> Value:
    together = concatenate(*lists)
    return distinct_values(together) if isinstance(together, list) else together


def flatten(items: Items) -> Value:
    flat: Items = []
    stack = [iter(items)]
    lists = 0
    while stack:
        for item in stack[-1]:
            if type(item) is list:
                stack.append(iter(item))
                lists += 1
                break
            flat.append(item)
            if len(flat) > caps().items:
                raise _too_long()
        else:
            stack.pop()
        if len(stack) > CAPS.depth:
            raise too_big(f"a list more than {CAPS.depth} levels deep cannot be flattened")
        if lists > CAPS.nodes:
            raise too_big(f"more than {CAPS.nodes:,} lists inside lists cannot be flattened")
    pay_for_visits(lists + len(flat))
    return flat


def position(items: Items, at: Number) -> int | None:
    """Where in Python's list a FEEL position is: from 1, or from the end from -1; None where there is none."""
    place = whole(at)
    if place is None or place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


def no_position(items: Items, at: Number) -> Value:
    """The mistake of asking for a position that a list does not have."""
    if not items:
        return fail(f"the list is empty, so it has no position {shown(at)}")
    return fail(f"the list has {len(items)} items, so it has no position {shown(at)}; the first is 1, the last is -1")


def within_cap(items: Items) -> Items:
    """The list, where it is not too long; ``too big`` where it is."""
    if len(items) > caps().items:
        raise _too_long()
    pay_for_items(len(items))
    return items


def _too_long() -> Exception:
    return too_big(f"a list can have {caps().items:,} items at most")


def item_type(arguments: Sequence[Type]) -> Type:
    """The type of a list with the items of all the arguments that are lists."""
    found = [argument.item if isinstance(argument, ListOf) else ANYTHING for argument in arguments]
    whole_type = found[0] if found else ANYTHING
    for of in found[1:]:
        whole_type = join(whole_type, of)
    return ListOf(whole_type)


def _same_list(arguments: Sequence[Type]) -> Type:
    return item_type(arguments[:1])


def _with_more(arguments: Sequence[Type]) -> Type:
    return item_type([arguments[0], *(ListOf(argument) for argument in arguments[1:])]) if arguments else LIST


def _with_new(arguments: Sequence[Type]) -> Type:
    return item_type([arguments[0], ListOf(arguments[2])]) if len(arguments) > 2 else LIST


_LIST = Parameter("list", LIST)
_POSITION = Parameter("position", NUMBER)
_NEW = Parameter("newItem")
_MATCH = Parameter("match", FunctionOf((ANYTHING, ANYTHING), YES_OR_NO))

BUILTINS = (
    Builtin(
        "list contains",
        "lists",
        "Whether the list has an item that equals the element.",
        (Overload(list_contains, YES_OR_NO, (_LIST, Parameter("element"))),),
        (("list contains([1, 2, 3], 2)", "true"),),
    ),
    Builtin(
        "count",
        "lists",
        "How many items the list has.",
        (Overload(count, NUMBER, (_LIST,)),),
        (("count([1, 2, 3])", "3"), ("count([])", "0")),
    ),
    Builtin(
        "sublist",
        "lists",
        "The items from a position on, all of them or so many; the first is 1, the last is -1.",
        (
            Overload(sublist, _same_list, (_LIST, Parameter("start position", NUMBER))),
            Overload(sublist, _same_list, (_LIST, Parameter("start position", NUMBER), Parameter("length", NUMBER))),
        ),
        (("sublist([4, 5, 6], 1, 2)", "[4, 5]"),),
    ),
    Builtin(
        "append",
        "lists",
        "The list with more items at its end.",
        (Overload(append, _with_more, (_LIST, Parameter("item")), variadic=True),),
        (("append([1], 2, 3)", "[1, 2, 3]"),),
    ),
    Builtin(
        "concatenate",
        "lists",
        "One list with the items of all of them.",
        (Overload(concatenate, item_type, (_LIST,), variadic=True),),
        (("concatenate([1, 2], [3])", "[1, 2, 3]"),),
    ),
    Builtin(
        "insert before",
        "lists",
        "The list with a new item before a position.",
        (Overload(insert_before, _with_new, (_LIST, _POSITION, _NEW)),),
        (("insert before([1, 3], 1, 2)", "[2, 1, 3]"),),
    ),
    Builtin(
        "remove",
        "lists",
        "The list without the item at a position.",
        (Overload(remove, _same_list, (_LIST, _POSITION)),),
        (("remove([1, 2, 3], 2)", "[1, 3]"),),
    ),
    Builtin(
        "list replace",
        "lists",
        "The list with a new item at a position, or wherever a function of the item and the new one says so.",
        (
            Overload(replace_at, _with_new, (_LIST, _POSITION, _NEW)),
            Overload(replace_matching, _with_new, (_LIST, _MATCH, _NEW)),
        ),
        (
            ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
            ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
        ),
    ),
    Builtin(
        "reverse",
        "lists",
        "The items in the opposite order.",
        (Overload(reverse, _same_list, (_LIST,)),),
        (("reverse([1, 2, 3])", "[3, 2, 1]"),),
    ),
    Builtin(
        "index of",
        "lists",
        "All positions at which the list has an equal item.",
        (Overload(index_of, ListOf(NUMBER), (_LIST, Parameter("match"))),),
        (("index of([1, 2, 3, 2], 2)", "[2, 4]"),),
    ),
    Builtin(
        "union",
        "lists",
        "One list with the items of all of them, each only once.",
        (Overload(union, item_type, (_LIST,), variadic=True),),
        (("union([1, 2], [2, 3])", "[1, 2, 3]"),),
    ),
    Builtin(
        "distinct values",
        "lists",
        "The items, each only once.",
        (Overload(distinct_values, _same_list, (_LIST,)),),
        (("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]"),),
    ),
    Builtin(
        "flatten",
        "lists",
        "One list with the items of all lists inside lists.",
        (Overload(flatten, LIST, (_LIST,)),),
        (("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),),
    ),
)
