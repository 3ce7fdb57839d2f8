"""Large values cost steps, so that the budget of an evaluation also bounds its time and memory."""

from collections.abc import Callable

import pytest

from blockwright.expressions.budget import LEFT, evaluating
from blockwright.expressions.compare import same
from blockwright.expressions.functions import FUNCTIONS, call
from blockwright.expressions.operators import add, equal, member, path
from blockwright.expressions.values import Value
from blockwright.failure import Failure

ITEMS: Value = list(range(200_000))
TEXT: Value = "ab" * 200_000
NESTED: Value = [[number, [number]] for number in range(50_000)]
OBJECTS: Value = [{"a": 1}] * 50_000
LARGE_WORK: list[tuple[str, Callable[[], object]]] = [
    ("text + text", lambda: add(TEXT, TEXT)),
    ("list = list", lambda: equal(NESTED, [[number, [number]] for number in range(50_000)])),
    ("value in list", lambda: member("x", ITEMS)),
    ("list.name", lambda: path(OBJECTS, "a")),
    *(
        (name, lambda name=name, arguments=arguments: call(FUNCTIONS[name], arguments))
        for name, arguments in {
            "append": [ITEMS, 1],
            "concatenate": [ITEMS, ITEMS],
            "contains": [TEXT, "c"],
            "distinct values": [NESTED],
            "flatten": [NESTED],
            "index of": [ITEMS, 1],
            "insert before": [ITEMS, 1, 1],
            "list contains": [NESTED, "x"],
            "matches": [TEXT, "a+c"],
            "max": [ITEMS],
            "remove": [ITEMS, 1],
            "replace": [TEXT, "a+", "b"],
            "reverse": [ITEMS],
            "split": [TEXT, "a|c"],
            "string": [["x"] * 100_000],
            "string join": [["x"] * 100_000, " and "],
            "sublist": [ITEMS, 2],
            "substring": [TEXT, 2],
            "sum": [ITEMS],
            "union": [ITEMS, ITEMS],
            "upper case": [TEXT],
        }.items()
    ),
]


@pytest.mark.parametrize("work", [work for _, work in LARGE_WORK], ids=[name for name, _ in LARGE_WORK])
def test_work_on_large_values_is_paid_for(work: Callable[[], object]) -> None:
    with evaluating():
        before = left()
        work()
        assert before - left() >= 200
    with evaluating(steps=100), pytest.raises(Failure) as caught:
        work()
    assert caught.value.code == "too many steps"


def test_small_values_cost_nothing_of_their_own() -> None:
    with evaluating(steps=0):
        assert add("a", "b") == "ab"
        assert same([1, [2]], [1, [2]]) is True
        assert call(FUNCTIONS["append"], [[1], 2]) == [1, 2]


def left() -> int:
    """How many steps the budget still has."""
    budget = LEFT.get()
    assert budget is not None
    return budget[0]
