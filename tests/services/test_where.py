"""Conditions as such: whatever is written is read or refused by 1017, and means what SQL means by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.failure import Failure
from blockwright.services.backends.stored.where import Condition, parse
from blockwright.services.backends.stored.where.predicates import Like
from blockwright.services.records import Column, ColumnType

COLUMNS = {
    "a": Column("a", ColumnType.INT),
    "b": Column("b", ColumnType.DOUBLE),
    "s": Column("s", ColumnType.STRING),
    "t": Column("t", ColumnType.BOOLEAN),
    "j": Column("j", ColumnType.JSON),
}
WRITTEN_WORDS = """
    a b s t j password x and OR not Like in is NULL between true false 5 1.5 1e3 ü
    = != <> < <= > >= ( ) , - + '' '%' 'x''y' ' " ` ; -- . \\ \0
"""
WORDS = st.sampled_from(WRITTEN_WORDS.split())
TEXTS = st.text("ab%_\\'\n", max_size=8)
NUMBERS = st.integers(-3, 3) | st.decimals(-3, 3, places=1)
ROWS = st.fixed_dictionaries(
    {
        "a": st.none() | st.integers(-3, 3),
        "b": st.none() | NUMBERS,
        "s": st.none() | TEXTS,
        "t": st.none() | st.booleans(),
    }
)


@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60))
@settings(max_examples=200)
def test_whatever_is_written_is_read_or_refused_with_its_place(text: str) -> None:
    condition = read(text)

    if isinstance(condition, Failure):
        assert condition.code == 1017
        assert isinstance(condition.details, dict)
        assert 1 <= condition.details["position"] <= len(text) + 1
        assert condition.message.isprintable()
    else:
        for row in STRANGE_ROWS:
            assert condition.holds(row.get) in (True, False, None)


STRANGE_ROWS: list[dict[str, object]] = [
    {},
    {"a": 1, "b": Decimal("1.5"), "s": "x", "t": True, "j": [1]},
    {"a": "x", "b": {}, "s": 5, "t": [], "j": 5},
]


def read(text: str) -> Condition | Failure:
    try:
        return parse(text, COLUMNS)
    except Failure as failure:
        return failure


def literal(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value).upper() if isinstance(value, bool) else str(value)


VALUES: Mapping[str, st.SearchStrategy[object]] = {
    "a": st.none() | NUMBERS,
    "b": st.none() | NUMBERS,
    "s": st.none() | TEXTS,
    "t": st.none() | st.booleans(),
}


def leaf(column: str) -> st.SearchStrategy[tuple[object, ...]]:
    values = VALUES[column]
    kinds: list[st.SearchStrategy[tuple[object, ...]]] = [
        st.tuples(st.sampled_from(["=", "!=", "<>", "<", "<=", ">", ">="]), st.just(column), values),
        st.tuples(st.sampled_from(["in", "not in"]), st.just(column), st.lists(values, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["between", "not between"]), st.just(column), values, values),
        st.tuples(st.sampled_from(["is null", "is not null"]), st.just(column)),
    ]
    if column == "s":
        kinds.append(st.tuples(st.sampled_from(["like", "not like"]), st.just(column), TEXTS))
    return st.one_of(kinds)


TREES: st.SearchStrategy[tuple[object, ...]] = st.recursive(
    st.sampled_from(sorted(VALUES)).flatmap(leaf),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=6,
)


def written(tree: tuple[object, ...]) -> str:
    match tree:
        case ("not", tuple(part)):
            return f"NOT ({written(part)})"
        case ("and" | "or" as word, tuple(left), tuple(right)):
            return f"({written(left)}) {word} ({written(right)})"
        case ("is null" | "is not null" as word, str(column)):
            return f"{column} {word}"
        case ("in" | "not in" as word, str(column), list(values)):
            return f"{column} {word} ({', '.join(map(literal, values))})"
        case ("between" | "not between" as word, str(column), low, high):
            return f"{column} {word} {literal(low)} AND {literal(high)}"
        case (str(word), str(column), value):
            return f"{column} {word} {literal(value)}"
        case _:
            raise AssertionError(tree)


def meant(tree: tuple[object, ...], row: Mapping[str, object]) -> bool | None:
    """SQL's three values, written down as simply as can be."""
    match tree:
        case ("not", tuple(part)):
            return negated(meant(part, row))
        case ("and", tuple(left), tuple(right)):
            return both(meant(left, row), meant(right, row))
        case ("or", tuple(left), tuple(right)):
            return negated(both(negated(meant(left, row)), negated(meant(right, row))))
        case ("is null", str(column)):
            return row[column] is None
        case ("is not null", str(column)):
            return row[column] is not None
        case ("in", str(column), [only]):
            return meant(("=", column, only), row)
        case ("in", str(column), [first, *rest]):
            return meant(("or", ("=", column, first), ("in", column, rest)), row)
        case ("between", str(column), low, high):
            return meant(("and", (">=", column, low), ("<=", column, high)), row)
        case ("not in" | "not between" | "not like" as word, *rest):
            return negated(meant((word.removeprefix("not "), *rest), row))
        case (str(word), str(column), value):
            return None if row[column] is None or value is None else compared(word, row[column], value)
        case _:
            raise AssertionError(tree)


def negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def compared(word: str, left: object, right: object) -> bool:
    if word == "like":
        return is_like(str(left), str(right))
    smaller, equal = bool(left < right), left == right  # type: ignore[operator]
    meanings = {
        "=": equal,
        "!=": not equal,
        "<>": not equal,
        "<": smaller,
        "<=": smaller or equal,
        ">": not (smaller or equal),
        ">=": not smaller,
    }
    return meanings[word]


def is_like(text: str, pattern: str) -> bool:
    """By Python's own regular expressions."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    meanings = {"%": ".*", "_": "."}
    expression = "".join(
        meanings.get(part, re.escape(part[1] if len(part) == 2 and part[0] == "\\" else part)) for part in parts
    )
    return re.fullmatch(expression, text, re.DOTALL) is not None


@given(TREES, ROWS)
@settings(max_examples=200)
def test_a_condition_means_what_sql_means_by_it(tree: tuple[object, ...], row: Mapping[str, object]) -> None:
    assert parse(written(tree), COLUMNS).holds(row.get) is meant(tree, row)


@given(TEXTS, TEXTS)
@settings(max_examples=200)
def test_a_pattern_matches_as_a_regular_expression_does(text: str, pattern: str) -> None:
    assert Like("s", pattern).matches(text) == is_like(text, pattern)
