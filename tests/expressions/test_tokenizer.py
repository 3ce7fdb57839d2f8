"""Words become names by what is known; signs and keywords by where they stand."""

from __future__ import annotations

import pytest

from blockwright.expressions import Names, parse, tree
from blockwright.expressions.problems import SyntaxProblem, UnknownName


def names_read(text: str, *names: str) -> set[str]:
    return set(parse(text, names).reads)


def value(text: str, **scope: object) -> object:
    return parse(text, [name.replace("_", " ") for name in scope]).evaluate(
        {name.replace("_", " "): value for name, value in scope.items()}
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("user identity", "user identity"),
        ("user   \n identity", "user identity"),
        ("date of birth", "date of birth"),
        ("terms and conditions", "terms and conditions"),
        ("in stock", "in stock"),
        ("if paid", "if paid"),
        ("not before", "not before"),
        ("customer's name", "customer's name"),
        ("first-name", "first-name"),
        ("Größe", "Größe"),
        ("🐎", "🐎"),
        ("a.b", "a.b"),
        ("decision C 3", "decision C 3"),
    ],
)
def test_a_known_name_may_hold_spaces_keywords_and_signs(text: str, name: str) -> None:
    assert parse(text, [name]).tree == tree.Name(0, len(text), name)


def test_the_longest_known_name_wins() -> None:
    names = ["user", "user identity", "user identity number"]
    assert names_read("user + user identity + user identity number", *names) == set(names)


def test_a_name_ends_where_a_word_ends() -> None:
    with pytest.raises(UnknownName) as problem:
        parse("prices", ["price"])
    assert problem.value.name == "prices"


def test_signs_in_a_name_count_only_when_written_exactly() -> None:
    scope = {"first-name": 1, "first": 10, "name": 3}
    assert value("first-name", **{"first-name": 1, "first": 10, "name": 3}) == 1
    assert parse("first - name", scope).evaluate(scope) == 7
    assert parse("first -name", scope).evaluate(scope) == 7


def test_a_sign_between_names_is_an_operator_when_no_name_has_it() -> None:
    assert value("a-b", a=5, b=3) == 2


def test_after_an_operand_a_word_is_a_keyword_even_if_a_name_begins_with_it() -> None:
    assert names_read("for x in stock return x", "stock", "in stock") == {"stock"}
    assert names_read("a and b", "a", "b", "and b") == {"a", "b"}


def test_case_counts() -> None:
    with pytest.raises(UnknownName):
        parse("User", ["user"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for line item in [1, 2] return line item + 1", [2, 3]),
        ("for line-item in [1, 2] return line-item", [1, 2]),
        ("some big number in [1, 2] satisfies big number = 2", True),
        ("{first part: 2, second part: first part * 2}.second part", 4),
        ('{"a + b": 2}.a + b', 2),
        ("(function(left side, right side) left side - right side)(5, 3)", 2),
        ("(function(left side, right side) left side - right side)(right side: 3, left side: 5)", 2),
    ],
)
def test_a_name_bound_in_the_text_is_known_from_there_on(text: str, expected: object) -> None:
    assert parse(text).evaluate() == expected


def test_after_a_dot_all_words_up_to_a_sign_or_keyword_are_the_name() -> None:
    row = {"unit price": 3, "in stock": True}
    assert value("row.unit price * 2", row=row) == 6
    assert value("if row.unit price > 2 then 1 else 0", row=row) == 1
    assert value("row.unit price in [1..5]", row=row) is True


def test_after_a_dot_a_longer_known_name_wins() -> None:
    assert parse("{terms and conditions: 1}.terms and conditions").evaluate() == 1


def test_in_a_filter_words_side_by_side_are_one_name_of_the_item() -> None:
    rows = [{"unit price": 3}, {"unit price": 9}]
    assert value("rows[unit price > 5]", rows=rows) == [{"unit price": 9}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 // a remark\n + 1", 2),
        ("1 /* a remark,\n over two lines */ + 1", 2),
        ("/* first */ 3", 3),
        ("3 // last", 3),
        ("10 / 2", 5),
        ("\t1\u00a0+\u20031\r\n", 2),
        (".5 + 1.5", 2),
        ("1e3 + 1.5E-1", 1000.15),
        ("-.5", -0.5),
    ],
)
def test_remarks_and_white_space_mean_nothing(text: str, expected: object) -> None:
    assert float(str(parse(text).evaluate())) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"a\"b"', 'a"b'),
        (r'"tab\there"', "tab\there"),
        (r'"\\d"', r"\d"),
        (r'"\d"', r"\d"),
        (r'"é"', "é"),
        (r'"\U01F40E"', "🐎"),
        (r'"\ud83d\udc0e"', "🐎"),
        ('"two\nlines"', "two\nlines"),
        ('"😀"', "😀"),
    ],
)
def test_texts_know_the_escapes_of_the_standard_and_keep_other_backslashes(text: str, expected: str) -> None:
    assert parse(text).evaluate() == expected


@pytest.mark.parametrize("text", [r'"\ud83d"', r'"\udc0e\ud83d"', r'"\U110000"'])
def test_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("[1..5]", (True, True)),
        ("(1..5)", (False, False)),
        ("]1..5[", (False, False)),
        ("[1..5[", (True, False)),
        ("]1..5]", (False, True)),
        ("[xs[1]..xs[2]]", (True, True)),
        ("[xs[1]..xs[2][", (True, False)),
        ("]xs[-1]..xs[2][", (False, False)),
    ],
)
def test_brackets_turned_outwards_make_open_ends(text: str, closed: tuple[bool, bool]) -> None:
    ranged = parse(text, ["xs"]).tree
    assert isinstance(ranged, tree.RangeLiteral)
    assert (ranged.low_closed, ranged.high_closed) == closed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", []),
        ("[[], 1 in ]0..2[]", [[], True]),
        ("[]1..2], 3][2]", 3),
        ("5 in ]1..5[ or 5 in [1..5]", True),
        ("[1..5[.start", 1),
        ("for i in 1..2 return [i][1]", [1, 2]),
        ("count([ ])", 0),
    ],
)
def test_brackets_turned_outwards_are_told_from_lists_and_filters(text: str, expected: object) -> None:
    assert parse(text).evaluate() == expected


def test_the_names_of_a_scope_are_built_once_and_shared() -> None:
    names = Names(["user identity"])
    assert parse("for user in [user identity] return user", names).evaluate({"user identity": 1}) == [1]
    with pytest.raises(UnknownName):
        parse("user", names)


def test_a_keyword_is_a_name_where_the_keyword_cannot_stand() -> None:
    scope = {"then": 1, "in": [1, 2], "return": 3}
    assert parse("then", scope).evaluate(scope) == 1
    assert parse("if then = 1 then then else return", scope).evaluate(scope) == 1
    assert parse("for x in in return x + return", scope).evaluate(scope) == [4, 5]
    assert parse("{then: 1}.then").evaluate() == 1


def test_a_name_that_is_a_keyword_an_expression_begins_with_stays_the_keyword() -> None:
    assert parse("true", ["true"]).evaluate({"true": 5}) is True
    with pytest.raises(SyntaxProblem):
        parse("if", ["if"])
