"""Functions of lists, of objects, and sorting."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions.compare import same
from blockwright.expressions.operators import less
from blockwright.expressions.types import ANYTHING
from blockwright.expressions.values import CAPS, Function, Value
from blockwright.failure import Failure
from tests.expressions.kit import at, builtin, complaint, computing, standard, values

lists = st.lists(values, max_size=6)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("list contains", [[1, 2, 3], 2], True),
        ("list contains", [[1, Decimal("2.0")], 2], True),
        ("list contains", [["1"], 1], False),
        ("sublist", [[4, 5, 6], 1, 2], [4, 5]),
        ("sublist", [[4, 5, 6], -2], [5, 6]),
        ("sublist", [[4, 5, 6], -1, 1], [6]),
        ("append", [[1], 2, 3], [1, 2, 3]),
        ("append", [[1], [2]], [1, [2]]),
        ("append", [[1], None], [1, None]),
        ("concatenate", [[1, 2], [3], []], [1, 2, 3]),
        ("insert before", [[1, 3], 1, 2], [2, 1, 3]),
        ("insert before", [[1, 3], -1, 2], [1, 2, 3]),
        ("remove", [[1, 2, 3], 2], [1, 3]),
        ("remove", [[1, 2, 3], -1], [1, 2]),
        ("list replace", [[2, 4, 7, 8], 3, 6], [2, 4, 6, 8]),
        ("list replace", [[1, 2, 3], -1, None], [1, 2, None]),
        ("reverse", [[1, 2, 3]], [3, 2, 1]),
        ("index of", [[1, 2, 3, 2], 2], [2, 4]),
        ("index of", [[1, None], None], [2]),
        ("union", [[1, 2], [2, 3]], [1, 2, 3]),
        ("distinct values", [[1, 2, Decimal("1.0"), "1", None, None, True]], [1, 2, "1", None, True]),
        ("distinct values", [[{"a": 1}, {"a": 1}, [1], [1]]], [{"a": 1}, [1]]),
        ("flatten", [[[1, 2], [[3]], 4, []]], [1, 2, 3, 4]),
    ],
)
def test_lists_by_example(name: str, arguments: list[Value], result: Value) -> None:
    assert builtin(name, *arguments) == result


@pytest.mark.parametrize("name", ["sublist", "remove", "insert before", "list replace"])
def test_a_position_that_is_not_there_is_a_mistake(name: str) -> None:
    new = ["x"] if name in ("insert before", "list replace") else []
    for place in (0, 4, -4, Decimal("1.5")):
        assert complaint(name, [1, 2, 3], place, *new) == (
            f"bad value: the list has 3 items, so it has no position {place}; the first is 1, the last is -1"
        )
    assert "the list is empty" in complaint(name, [], 1, *new)
    assert standard(name, [1, 2, 3], 4, *new) is None


def test_a_sublist_has_a_length_that_is_there() -> None:
    assert complaint("sublist", [1, 2, 3], 2, 3) == ("bad value: 3 is not a length; from there on the list has 2 items")
    assert standard("sublist", [1, 2, 3], 1, 0) is None


def test_items_are_replaced_where_a_function_says_so() -> None:
    def function(answer: Value = None, arity: int = 2) -> Function:
        names = tuple(f"x{number}" for number in range(arity))
        return Function(less if answer is None else lambda *_: answer, names, (ANYTHING,) * arity)

    assert builtin("list replace", [2, 4, 7, 8], function(), 5) == [5, 5, 7, 8]
    assert "must be a function of 2 inputs, and this one has 1" in complaint("list replace", [1], function(arity=1), 5)
    assert "must give yes or no, not 3" in complaint("list replace", [1], function(answer=3), 5)


@settings(max_examples=100)
@given(lists)
def test_no_function_changes_the_list_it_is_given(items: list[Value]) -> None:
    before = list(items)
    for name, more in (
        ("append", [1]),
        ("reverse", []),
        ("distinct values", []),
        ("concatenate", [[1]]),
        ("flatten", []),
    ):
        builtin(name, items, *more)
    assert items == before


@settings(max_examples=100)
@given(lists)
def test_distinct_values_have_each_value_once_in_the_order_of_their_first(items: list[Value]) -> None:
    with computing():
        expected: list[Value] = []
        for item in items:
            if not any(same(item, known) and type(item) is type(known) for known in expected):
                expected.append(item)
    kept = builtin("distinct values", items)
    assert isinstance(kept, list)
    assert len(kept) <= len(items)
    with computing():
        assert all(any(same(item, other) for other in kept) for item in items)
    if not any("zone" in repr(item) or "Decimal" in repr(item) for item in items):
        assert kept == expected


def test_lists_past_the_cap_are_a_failure() -> None:
    long: list[Value] = [0] * (CAPS.items // 2 + 1)
    deep: list[Value] = []
    for _ in range(CAPS.depth + 2):
        deep = [deep]
    tree: list[Value] = [1]
    for _ in range(40):
        tree = [tree, tree]
    for name, arguments in (("concatenate", [long, long]), ("flatten", [deep]), ("flatten", [tree])):
        with pytest.raises(Failure) as caught:
            standard(name, *arguments)
        assert caught.value.code == "too big"


class TestSort:
    ASCENDING = Function(less, ("x", "y"), (ANYTHING, ANYTHING))

    @settings(max_examples=100)
    @given(st.lists(st.integers(-20, 20), max_size=20))
    def test_in_the_order_that_a_function_tells(self, items: list[Value]) -> None:
        assert builtin("sort", items, self.ASCENDING) == sorted(items)  # type: ignore[type-var]

    def test_items_that_count_as_equal_keep_their_order(self) -> None:
        by_length = Function(lambda x, y: len(x) < len(y), ("x", "y"), (ANYTHING, ANYTHING))
        assert builtin("sort", ["bb", "a", "aa", "b"], by_length) == ["a", "b", "bb", "aa"]

    def test_the_function_must_answer_yes_or_no_for_two_items(self) -> None:
        vague = Function(lambda *_: "yes", ("x", "y"), (ANYTHING, ANYTHING))
        assert complaint("sort", [2, 1], vague) == 'bad value: "precedes" of "sort" must give yes or no, not "yes"'
        single = Function(lambda _: True, ("x",), (ANYTHING,))
        assert "must be a function of 2 inputs, and this one has 1" in complaint("sort", [2, 1], single)

    def test_a_null_that_has_no_order_gives_null(self) -> None:
        assert builtin("sort", [2, None, 1], self.ASCENDING) is None


class TestObjects:
    def test_get_value_and_entries(self) -> None:
        assert builtin("get value", {"a": 1}, "a") == 1
        assert builtin("get value", {"a": 1}, "b") is None
        assert builtin("get entries", {"a": 1, "b": 2}) == [{"key": "a", "value": 1}, {"key": "b", "value": 2}]
        assert builtin("get entries", {}) == []

    def test_context_is_made_of_keys_and_values(self) -> None:
        assert builtin("context", [{"key": "a", "value": 1}, {"key": "b", "value": None, "more": 1}]) == {
            "a": 1,
            "b": None,
        }
        assert builtin("context", []) == {}
        assert builtin("context", {"key": "a", "value": 1}) == {"a": 1}
        assert builtin("context", [{"key": None, "value": 1}]) is None
        assert complaint("context", [{"key": "a"}]).endswith('and {key: "a"} lacks one')
        assert "is given twice" in complaint("context", [{"key": "a", "value": 1}, {"key": "a", "value": 2}])
        assert 'a "key" must be text' in complaint("context", [{"key": 1, "value": 1}])

    def test_context_put_keeps_the_order_of_keys_and_the_old_object(self) -> None:
        old: Value = {"x": 1, "y": {"a": 0}, "z": 0}
        assert builtin("context put", old, "x", 2) == {"x": 2, "y": {"a": 0}, "z": 0}
        new = builtin("context put", old, ["y", "b"], 2)
        assert new == {"x": 1, "y": {"a": 0, "b": 2}, "z": 0}
        assert isinstance(new, dict)
        assert list(new) == ["x", "y", "z"]
        assert old == {"x": 1, "y": {"a": 0}, "z": 0}

    def test_context_put_needs_keys_that_lead_into_objects(self) -> None:
        assert "it needs at least one key" in complaint("context put", {"x": 1}, [], 2)
        assert 'so no "b" can be put into it' in complaint("context put", {"x": {"a": 0}}, ["x", "a", "b"], 2)
        assert builtin("context put", {"x": 1}, ["q", "b"], 2) is None
        assert builtin("context put", {"x": 1}, [None], 2) is None

    def test_context_merge_lets_later_entries_win(self) -> None:
        assert builtin("context merge", [{"a": {"aa": 1}}, {"a": {"bb": 2}, "c": 1}]) == {"a": {"bb": 2}, "c": 1}
        assert builtin("context merge", {"a": 1}) == {"a": 1}
        assert builtin("context merge", []) == {}
        assert "works only on objects" in complaint("context merge", [{"a": 1}, 2])


def test_dates_can_be_items_like_any_other_value() -> None:
    assert builtin("index of", [at("2026-01-01"), at("2026-01-02")], at("2026-01-02")) == [2]
