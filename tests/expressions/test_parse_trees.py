"""What binds how tightly, and what every form of expression becomes."""

from __future__ import annotations

import pytest

from blockwright.expressions import parse, tree
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    LIST,
    NUMBER,
    TEXT,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
)

NAMES = ["a", "b", "c", "x", "xs", "f", "row"]


def shape(text: str) -> str:
    """The tree in brackets, so that a test can show what belongs together."""
    return _shown(parse(text, NAMES).tree)


def _shown(node: tree.Node) -> str:
    match node:
        case tree.Literal():
            return repr(node.value) if not isinstance(node.value, str) else f'"{node.value}"'
        case tree.Name():
            return node.name
        case tree.Arithmetic() | tree.Comparison() | tree.Logic():
            return f"({_shown(node.left)} {node.operator} {_shown(node.right)})"
        case tree.Negation():
            return f"(- {_shown(node.operand)})"
        case tree.If():
            return f"(if {_shown(node.condition)} {_shown(node.then)} {_shown(node.otherwise)})"
        case tree.Path():
            return f"{_shown(node.value)}.{node.name}"
        case tree.Filter():
            return f"{_shown(node.value)}[{_shown(node.condition)}]"
        case tree.Call():
            arguments = [_shown(argument) for argument in node.arguments]
            named = [f"{entry.key}: {_shown(entry.value)}" for entry in node.named]
            return f"{_shown(node.function)}({', '.join(arguments + named)})"
        case tree.Between():
            return f"({_shown(node.value)} between {_shown(node.low)} {_shown(node.high)})"
        case tree.In():
            return f"({_shown(node.value)} in {' | '.join(map(_shown, node.tests))})"
        case tree.RangeLiteral():
            low, high = (("", node.low), ("", node.high))
            ends = [_shown(end) if end else "" for _, end in (low, high)]
            return f"{'[' if node.low_closed else '('}{'..'.join(ends)}{']' if node.high_closed else ')'}"
        case tree.EqualTest():
            return f"{node.operator}{_shown(node.operand)}"
        case tree.InstanceOf():
            return f"({_shown(node.value)} is {node.type})"
        case tree.ListLiteral():
            return f"[{', '.join(map(_shown, node.items))}]"
        case tree.For():
            loops = ", ".join(f"{each.name} in {_shown(each.domain)}" for each in node.iterators)
            return f"(for {loops}: {_shown(node.result)})"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("a ** b ** c", "((a ** b) ** c)"),
        ("a * b ** c", "(a * (b ** c))"),
        ("-a ** b", "((- a) ** b)"),
        ("a - -b", "(a - (- b))"),
        ("a or b and c", "(a or (b and c))"),
        ("a = b and c != 1", "((a = b) and (c != 1))"),
        ("a + 1 < b * 2", "((a + 1) < (b * 2))"),
        ("a = b = c", "((a = b) = c)"),
        ("a between 1 and b and c", "((a between 1 b) and c)"),
        ("a in [1..5] and b", "((a in [1..5]) and b)"),
        ("a in b + 1", "(a in (b + 1))"),
        ("a in (1, < 5, [2..3))", "(a in 1 | (..5) | [2..3))"),
        ("a in (b)", "(a in b)"),
        ("a in <= 5", "(a in (..5])"),
        ("a in (> 5)", "(a in (5..))"),
        ("a in != 5", "(a in !=5)"),
        ("-a.b[1](2)", "(- a.b[1](2))"),
        ("a.b.c", "a.b.c"),
        ("a + b instance of number", "(a + (b is number))"),
        ("if a then b else c + 1", "(if a b (c + 1))"),
        ("1 + if a then b else c + 1", "(1 + (if a b (c + 1)))"),
        ("a or if b then a else b or c", "(a or (if b a (b or c)))"),
        ("if a then if b then 1 else 2 else 3", "(if a (if b 1 2) 3)"),
        ("for x in xs return x + 1", "(for x in xs: (x + 1))"),
        ("f(a, b)(c)", "f(a, b)(c)"),
        ("f(start position: 1, a: 2)", "f(start position: 1, a: 2)"),
        ("(a + b) * c", "((a + b) * c)"),
        ("[a, [b]]", "[a, [b]]"),
        ("xs[a > 1][1]", "xs[(a > 1)][1]"),
    ],
)
def test_operators_bind_as_the_standard_says(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("number", NUMBER),
        ("string", TEXT),
        ("text", TEXT),
        ("Any", ANYTHING),
        ("date", DATE),
        ("list", LIST),
        ("list<number>", ListOf(NUMBER)),
        ("list<list<string>>", ListOf(ListOf(TEXT))),
        ("range<date>", RangeOf(DATE)),
        ("context<a: number, b c: list<string>>", ObjectOf((("a", NUMBER), ("b c", ListOf(TEXT))))),
        ("function<number, string> -> date", FunctionOf((NUMBER, TEXT), DATE)),
        ("function<> -> Any", FunctionOf((), ANYTHING)),
        ("function", FunctionOf(None, ANYTHING)),
    ],
)
def test_types_are_written_with_their_parts(text: str, of: Type) -> None:
    node = parse(f"x instance of {text}", NAMES).tree
    assert isinstance(node, tree.InstanceOf)
    assert node.type == of


def test_types_of_the_caller_s_own_are_known_by_their_names() -> None:
    node = parse("x instance of list<Line Item>", NAMES, types={"Line Item": ObjectOf((("price", NUMBER),))}).tree
    assert isinstance(node, tree.InstanceOf)
    assert node.type == ListOf(ObjectOf((("price", NUMBER),)))


def test_a_function_definition_has_parameters_with_and_without_types() -> None:
    node = parse("function(a, line item: list<number>) a").tree
    assert isinstance(node, tree.FunctionDefinition)
    assert [(each.name, each.type) for each in node.parameters] == [("a", None), ("line item", ListOf(NUMBER))]


def test_every_piece_knows_its_stretch_of_the_text() -> None:
    text = "if (a + b) > 1 then row.unit price else f(x)"
    pieces = {text[node.start : node.end] for node in tree.walk(parse(text, NAMES).tree)}
    assert {"(a + b) > 1", "a + b", "a", "row.unit price", "row", "f(x)", text} <= pieces


def test_unary_tests_read_the_value_by_a_question_mark() -> None:
    cell = parse("> 5, [1..2], ? * 2 = 6", start="unary_tests")
    assert cell.reads == {"?"}
    assert [cell.evaluate({"?": value}) for value in (1, 3, 4, 6)] == [True, True, False, True]


def test_unary_tests_can_be_turned_round_or_hold_for_everything() -> None:
    assert parse("not(1, 2)", start="unary_tests").evaluate({"?": 3}) is True
    assert parse("not(1, 2)", start="unary_tests").evaluate({"?": 1}) is False
    assert parse("-", start="unary_tests").evaluate({"?": None}) is True


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("a + b", {"a", "b"}),
        ("for x in xs return x + a", {"xs", "a"}),
        ("for x in xs, y in f(x) return y", {"xs", "f"}),
        ("{a: 1, b: a}.b + c", {"c"}),
        ("{a: a}", {"a"}),
        ("xs[item > a and price < b]", {"xs", "a", "b"}),
        ("function(a) a + b", {"b"}),
        ("count(xs)", {"xs"}),
        ("some x in xs satisfies x > a", {"xs", "a"}),
        ("a in (? > b)", {"a", "b"}),
        ("1 + 2", set()),
        ("row.a", {"row"}),
    ],
)
def test_an_expression_knows_which_names_it_reads(text: str, reads: set[str]) -> None:
    assert parse(text, NAMES).reads == reads


def test_before_brackets_the_name_of_a_built_in_function_is_that_function() -> None:
    assert parse("count(xs)", ["count", "xs"]).reads == {"xs"}
    assert parse("count + count(xs)", ["count", "xs"]).reads == {"count", "xs"}
    assert parse("(function(count) count(1))(f)", NAMES).reads == {"f"}
    assert parse("count(xs)", ["count", "xs"], unknown_names=True).reads == {"count", "xs"}
