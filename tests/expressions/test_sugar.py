"""``is``, ``is empty`` and ``not in``: what FEEL lacks and authors write, where nothing else can be meant."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from hypothesis import given, settings

from blockwright.expressions import SyntaxProblem, evaluate, parse
from blockwright.expressions.infer import Problem
from blockwright.expressions.types import NUMBER, TEXT, YES_OR_NO, ListOf, Type, optional
from blockwright.failure import Failure
from tests.expressions.generated import KINDS, expressions

SCOPE: dict[str, object] = {
    "x": 3,
    "nobody": None,
    "name": "",
    "xs": [1, 2],
    "none yet": [],
    "user": {"email": None, "is paid": True, "name": "Ada"},
    "rows": [{"email": None}, {"email": "a"}],
    "status": "pending",
    "is admin": True,
}


@pytest.mark.parametrize(
    ("text", "feel", "expected"),
    [
        ("nobody is null", "nobody = null", True),
        ("x is null", "x = null", False),
        ("x is not null", "x != null", True),
        ("x is\n not  null", "x != null", True),
        ("user.email is null", "(user.email) = null", True),
        ("user.email is not null", "(user.email) != null", False),
        ("user.is paid is true", "(user.is paid) = true", True),
        ("is admin is true", "is admin = true", True),
        ('status is "pending"', 'status = "pending"', True),
        ('status is not "pending"', 'status != "pending"', False),
        ("x + 1 is 2 * 2", "x + 1 = 2 * 2", True),
        ("xs is [1, 2]", "xs = [1, 2]", True),
        ("xs is not [1, 2]", "xs != [1, 2]", False),
        ("is admin is not (x = 4)", "is admin != (x = 4)", True),
        ("x is 3 and nobody is null", "x = 3 and nobody = null", True),
        ("if nobody is null then 1 else 2", "if nobody = null then 1 else 2", 1),
        ("count(rows[email is not null])", "count(rows[email != null])", 1),
        ("rows[email is null]", "rows[email = null]", [{"email": None}]),
        ("some y in xs satisfies y is 2", "some y in xs satisfies y = 2", True),
        ("name is empty", 'name = ""', True),
        ("none yet is empty", "count(none yet) = 0", True),
        ("xs is empty", "count(xs) = 0", False),
        ("xs is not empty", "count(xs) > 0", True),
        ("user is empty", "user = {}", False),
        ("{} is empty", "{} = {}", True),
        ("xs[item > 9] is empty", "count(xs[item > 9]) = 0", True),
        ("x not in xs", "not(x in xs)", True),
        ("x not in (1, > 2)", "not(x in (1, > 2))", False),
        ("x not in [1..5]", "not(x in [1..5])", False),
        ("x not in > 5", "not(x in > 5)", True),
        ("x not in (? > 5, 1)", "not(x in (? > 5, 1))", True),
    ],
)
def test_what_authors_write_means_what_they_mean(text: str, feel: str, expected: object) -> None:
    for _ in range(2):
        assert evaluate(text, SCOPE) == evaluate(feel, SCOPE) == expected


def test_what_is_not_there_is_empty() -> None:
    assert evaluate("nobody is empty", SCOPE) is True
    assert evaluate("user.email is not empty", SCOPE) is False


def test_only_what_can_hold_something_can_be_empty() -> None:
    with pytest.raises(Failure, match="3 is a number; only texts, lists and objects can be empty") as failure:
        evaluate("1 = 1 and x is empty", SCOPE)
    assert failure.value.place is not None
    assert failure.value.place.column == 11
    inferred = parse("x is empty", ["x"]).infer({"x": NUMBER})
    assert inferred.problems == (Problem(0, 10, "a number is never empty", "only texts, lists and objects can be"),)


@pytest.mark.parametrize("of", [TEXT, ListOf(NUMBER), optional(TEXT), optional(ListOf(NUMBER))])
def test_known_types_change_nothing_about_emptiness(of: Type) -> None:
    values: list[object] = [[], [1]] if isinstance(of, ListOf) else ["", "a"]
    for text in ("x is empty", "x is not empty"):
        expression = parse(text, ["x"])
        assert expression.infer({"x": of}).type == YES_OR_NO
        assert [expression.evaluate({"x": value}) for value in values] == (
            [True, False] if text == "x is empty" else [False, True]
        )


@pytest.mark.parametrize(
    ("text", "names", "feel"),
    [
        ("is paid", ["is paid"], "is paid"),
        ("order is paid", ["order is paid", "order"], "order is paid"),
        ("is(x, y)", ["x", "y"], "is(x, y)"),
        ("x is empty list", ["x", "empty list"], "x = empty list"),
        ("x is not empty list", ["x", "empty list"], "x != empty list"),
        ("x is not before", ["x", "not before"], "x = not before"),
        ("x is null value", ["x", "null value"], "x = null value"),
        ("x.date is fixed = 3", ["x", "date is fixed"], "(x.date is fixed) = 3"),
        ("{is empty: 1, b: is empty}", [], "{is empty: 1, b: is empty}"),
        ("for is in [1] return is is 1", [], "for is in [1] return is = 1"),
        ("x is not not before", ["x", "not before"], "x != not before"),
    ],
)
def test_known_names_are_names(text: str, names: list[str], feel: str) -> None:
    assert shape(parse(text, names).tree) == shape(parse(feel, names).tree)


def shape(piece: object) -> object:
    """A piece of a tree without its places."""
    if isinstance(piece, tuple):
        return [shape(part) for part in piece]
    if not is_dataclass(piece):
        return piece
    places = {"start", "end", "name_start"}
    return type(piece), [shape(getattr(piece, field.name)) for field in fields(piece) if field.name not in places]


@pytest.mark.parametrize(
    ("text", "names", "marked", "message"),
    [
        ("x is empty", ["x", "empty"], "is empty", "this can mean `is empty`, or the name `empty`"),
        ("x is not empty", ["x", "empty"], "is not empty", "this can mean `is not empty`, or the name `empty`"),
        ("x is not a", ["x", "a", "not a"], "is not a", "this can mean `is not`, or the name `not a`"),
        ("for empty in [1] return x is empty", ["x"], "is empty", "this can mean `is empty`, or the name `empty`"),
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_not_read(text: str, names: list[str], marked: str, message: str) -> None:
    with pytest.raises(SyntaxProblem) as problem:
        parse(text, names)
    assert text[problem.value.start : problem.value.end] == marked
    assert problem.value.message == message
    assert problem.value.mend is not None
    assert problem.value.mend.startswith("write `")


@pytest.mark.parametrize(
    ("text", "marked", "message", "mend"),
    [
        ("x is", "is", "something is missing after `is`", None),
        ("x is not", "is not", "something is missing after `is not`", None),
        ("x is pending", "pending", "there is no name `pending` here", None),
        ("x is None", "None", "`None` is not a word of this language", "write `null`"),
        ("x is greater than 3", "greater than", "comparisons are written with a sign", "write `>`"),
        ("x is at least 3", "at least", "comparisons are written with a sign", "write `>=`"),
        ("x is one of xs", "one of xs", "comparisons are written with a sign", "write `in`"),
        ("usr.email is null", "usr", "there is no name `usr` here", "did you mean `user`?"),
        ("x equals 3", "equals", "equality is written with a sign", "write `=`"),
        ("x not 3", "not", "`not` stands before brackets", "write `not(…)`"),
    ],
)
def test_slips_beside_these_words_have_their_own_sentence(
    text: str, marked: str, message: str, mend: str | None
) -> None:
    with pytest.raises(SyntaxProblem) as problem:
        parse(text, SCOPE)
    assert (text[problem.value.start : problem.value.end], problem.value.message) == (marked, message)
    assert problem.value.mend == mend


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("x is null", "write `= null`"),
        ("x is not null", "write `!= null`"),
        ('x is "a"', "write `=`"),
        ("x is not 3", "write `!=`"),
        ("x is empty", 'write `= ""` for texts, `count(…) = 0` for lists'),
        ("x is not empty", 'write `!= ""` for texts, `count(…) > 0` for lists'),
        ("x not in xs", "write `not(… in …)`"),
    ],
)
def test_feel_alone_has_none_of_it(text: str, mend: str) -> None:
    with pytest.raises(SyntaxProblem) as problem:
        parse(text, SCOPE, sugar=False)
    assert problem.value.mend == mend
    with pytest.raises(SyntaxProblem):
        evaluate(text, SCOPE, errors="null")
    value, warnings = parse(text, SCOPE).evaluate_with_warnings(SCOPE)
    assert value is None
    assert len(warnings) == 1
    assert "is not FEEL; write `" in warnings[0]


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("name instance of text", "name instance of string"),
        ("xs instance of list", "xs instance of list<Any>"),
        ("xs instance of list<anything>", "xs instance of list <Any>"),
        ("[1..2] instance of range", "[1..2] instance of range<Any>"),
        ("is admin instance of yes or no", "is admin instance of boolean"),
        ("abs instance of function", "abs instance of function<number>->Any"),
        ('@"P1D" instance of duration', '@"P1D" instance of days and time duration'),
    ],
)
def test_types_may_be_named_as_flows_name_them_and_not_in_feel_alone(text: str, feel: str) -> None:
    assert evaluate(text, SCOPE) is evaluate(feel, SCOPE) is evaluate(feel, SCOPE, errors="null") is True
    with pytest.raises(SyntaxProblem, match="is no type in FEEL"):
        parse(text, SCOPE, sugar=False)
    value, warnings = parse(text, SCOPE).evaluate_with_warnings(SCOPE)
    assert value is None
    assert "is not FEEL; write `" in warnings[0]


def test_feel_alone_may_have_these_words_in_names_of_entries() -> None:
    scope = {"order": {"date is fixed": 3, "part": 4}}
    assert parse("order.date is fixed", ["order"], sugar=False).evaluate(scope) == 3
    with pytest.raises(SyntaxProblem):
        parse("order.part not in stock", ["order"], sugar=False)
    assert evaluate('get value(order, "date is fixed")', scope) == 3


@given(expressions())
@settings(max_examples=100, deadline=None)
def test_feel_is_read_as_ever(text: str) -> None:
    names = [name for names in KINDS.values() for name in names]
    assert parse(text, names).tree == parse(text, names, sugar=False).tree
