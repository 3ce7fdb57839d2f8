"""What an author is told where the text is not an expression."""

from __future__ import annotations

import pytest

from blockwright.expressions import Names, SyntaxProblem, UnknownName, parse

NAMES = Names(["user identity", "user", "price", "quantity", "x", "items", "tax rate", "status"])


BETWEEN = "write, for example, `+`, `=` or `and` between the two"


def problem_of(text: str) -> SyntaxProblem:
    with pytest.raises(SyntaxProblem) as problem:
        parse(text, NAMES)
    return problem.value


@pytest.mark.parametrize(
    ("text", "marked", "message", "mend"),
    [
        ("x == 1", "==", "two equals signs are not needed", "write one: `=`"),
        ("x === 1", "===", "two equals signs are not needed", "write one: `=`"),
        ("x && x", "&&", "`&` is not an operator", "write `and`, or `+` to join texts"),
        ("x || x", "||", "`|` is not an operator", "write `or`"),
        ("!x", "!x", "`!` is not an operator", "write `not(x)`"),
        ("x = 'abc'", "'abc'", "texts stand in double quotes", 'write `"abc"`'),
        ("x = “abc”", "“abc”", "texts stand in straight quotes", 'write `"abc"`'),
        ("{{ x }}", "{{ x }}", "inside an expression a name stands alone", "write `x`"),
        ("${x}", "${x}", "inside an expression a name stands alone", "write `x`"),
        ("`x`", "`x`", "a name stands without quotes", "write `x`"),
        ("x => 1", "=>", "`=>` is not an operator", "write `>=` for “at least”"),
        ("x =< 1", "=<", "`=<` is not an operator", "write `<=` for “at most”"),
        ("x <> 1", "<>", "`<>` is not an operator", "write `!=` for “is not”"),
        ("x % 2", "%", "`%` is not an operator", "write `modulo(a, b)` for a remainder, `/ 100` for percent"),
        ("x ^ 2", "^", "`^` is not an operator", "write `**` for a power"),
        ("x;", ";", "an expression has no `;`", "leave it out"),
        ("x++", "++", "there is no `++` or `--`", "write `+ 1` or `- 1`"),
        ("x += 1", "+=", "an expression changes nothing", "use the step `set` to change a variable"),
        ("not x", "not x", "`not` stands before brackets", "write `not(x)`"),
        ("x and not x", "not x", "`not` stands before brackets", "write `not(x)`"),
        ("x AND x", "AND", "keywords are written small", "write `and`"),
        ("x equals 1", "equals", "equality is written with a sign", "write `=`"),
        ("x sum 1", "sum", "`sum` is a function and stands before its brackets", "write `sum(…, …)`"),
        ("count items", "items", "an operator is missing before `items`", "write `count(items)` to call the function"),
        ('"abc', '"abc', "the text is not closed", 'close it with `"`'),
        ('x + "abc', '"abc', "the text is not closed", 'close it with `"`'),
        ("x /* abc", "/*", "the remark is not closed", "close it with `*/`"),
        ("(1 + 2", "(", "`(` is not closed", "add `)`"),
        ("items[1", "[", "`[` is not closed", "add `]`"),
        ("{a: (1}", "}", "`}` stands where `(` is still open", "close it with `)`"),
        ("x)", ")", "`)` closes nothing", "leave it out"),
        ("1 +", "+", "something is missing after `+`", None),
        ("x and", "and", "something is missing after `and`", None),
        ("x or or x", "or", "something is missing between `or` and `or`", None),
        ("[1,]", "]", "something is missing between `,` and `]`", None),
        ("x * / 2", "/", "something is missing between `*` and `/`", None),
        ("+ 1", "+", "something is missing before `+`", None),
        ("and x", "and", "something is missing before `and`", None),
        ("x.", ".", "a name is missing after the dot", None),
        ("if x > 1 then 2", "if", "`else` is missing after `if`", "write `if … then … else …`"),
        ("if x > 1", "if", "`then` is missing after `if`", "write `if … then … else …`"),
        ("for y in items", "for", "`return` is missing after `for`", "write `for … in … return …`"),
        ("some y in items", "some", "`satisfies` is missing after `some`", "write `some … in … satisfies …`"),
        ("x between 1", "between", "`and` is missing after `between`", "write `… between … and …`"),
        ("if x 1 else 2", "1", "`then` is missing before `1`", "write `if … then … else …`"),
        ("1 2", "2", "an operator is missing before `2`", BETWEEN),
        ("1,000 + 1", ",", "`,` cannot stand here", "numbers are written without it: 1000.5"),
        ("x items", "items", "an operator is missing before `items`", BETWEEN),
        ('"a" "b"', '"b"', 'an operator is missing before `"b"`', BETWEEN),
        ("1..5", "..", "a range stands in brackets", "write, for example, `[1..5]`"),
        ("{a 1}", "a", "an entry of an object is written as a name, a colon and a value", "write `{name: value}`"),
        ("x ? 1 : 2", "?", "`?` is not an operator", "write `if … then … else …`"),
        ("x instance of strng", "strng", "there is no type `strng`", "did you mean `string`?"),
        ("function(a, a) a", "a", "two parameters are called `a`", None),
        ("{1 + 2}", "1", "an entry of an object is written as a name, a colon and a value", "write `{name: value}`"),
        ('{"a" 2}', "2", "a colon is missing after the name of the entry", "write `{name: value}`"),
    ],
)  # fmt: skip
def test_common_slips_have_their_own_sentence_and_mend(text: str, marked: str, message: str, mend: str | None) -> None:
    problem = problem_of(text)
    assert (text[problem.start : problem.end], problem.message, problem.mend) == (marked, message, mend)


@pytest.mark.parametrize("text", ["", "   ", "\n", "// only a remark"])
def test_an_empty_expression_is_called_empty(text: str) -> None:
    assert problem_of(text).message == "the expression is empty"


@pytest.mark.parametrize(
    ("text", "name", "mend"),
    [
        ("user identty = 3", "user identty", "did you mean `user identity`?"),
        ("User Identity", "User Identity", "did you mean `user identity`?"),
        ("user_identity", "user_identity", "did you mean `user identity`?"),
        ("useridentity", "useridentity", "did you mean `user identity`?"),
        ("pirce * 2", "pirce", "did you mean `price`?"),
        ("1 + quantity left", "quantity left", "`quantity` is known; is an operator missing after it?"),
        ("contain(status, 1)", "contain", "did you mean `contains`?"),
        ("stringlength(status)", "stringlength", "did you mean `string length`?"),
        ("frobnicate", "frobnicate", None),
        ("None", "None", "write `null`"),
        ("x = True", "True", "write `true`"),
        ("for item in items return itm", "itm", "did you mean `item`?"),
    ],
)
def test_an_unknown_name_is_named_with_the_nearest_known_one(text: str, name: str, mend: str | None) -> None:
    problem = problem_of(text)
    assert isinstance(problem, UnknownName)
    assert (problem.name, text[problem.start : problem.end], problem.mend) == (name, name, mend)


def test_an_unknown_function_is_called_a_function() -> None:
    assert problem_of("frobnicate(1)").message == "there is no function `frobnicate`"
    assert problem_of("frobnicate + 1").message == "there is no name `frobnicate` here"


def test_the_first_thing_that_is_wrong_is_reported() -> None:
    assert problem_of("pirce +").message == "there is no name `pirce` here"
    assert problem_of("x + + pirce").message == "something is missing between `+` and `+`"


def test_a_variable_is_known_only_inside_its_loop() -> None:
    problem = problem_of("count(for y in items return y) + y")
    assert (problem.start, problem.message) == (33, "there is no name `y` here")


def test_unknown_names_in_a_filter_are_entries_of_its_items() -> None:
    assert parse("items[anything at all > 1]", NAMES).reads == {"items"}


def test_a_problem_reads_as_one_line() -> None:
    assert str(problem_of("x == 1")) == "two equals signs are not needed; write one: `=`"
    assert str(problem_of("1 +")) == "something is missing after `+`"
