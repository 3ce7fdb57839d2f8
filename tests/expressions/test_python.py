"""Expressions in line in other Python code: places, names, closures, and every kind of surrounding."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from blockwright.expressions import HELPERS, Position, evaluating, parse
from blockwright.expressions.python.type_codes import decode, encode
from blockwright.expressions.type_names import FEEL_TYPES
from blockwright.expressions.types import (
    ANYTHING,
    NUMBER,
    TEXT,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
    optional,
    phrase,
)
from blockwright.expressions.values import Value
from blockwright.failure import Failure

HARD = [
    "for a in xs return a + n",
    "for a in [n + 1, n * 2] return -a",
    "for a in (for b in xs return b + n) return a * n",
    "for a in xs, b in [a + 1, n] return a * b",
    "for a in 1..n return if a = 1 then 1 else partial[-1] * a",
    "some a in xs[item + 1 > 2] satisfies a > n or a + n > 4",
    "every a in xs satisfies a + n > 0 and a < 9",
    "xs[item + n > 3 and item - 1 < 3]",
    "{a: n + 1, b: a * 2, c: for x in [a, b] return x + a}.c",
    "(function(x) for y in xs return x + y + n)(n + 1)",
    "[function(x) x + n][1](2) + (if n > 1 and n + 1 > 2 then n else 0)",
    "(n + 1) in (? > n, n - 1)",
    "xs[(for a in xs return a + 1)[1]]",
    "n between n - 1 and n + 1 and n in [1..5]",
]
TYPES: dict[str, Type] = {"n": NUMBER, "xs": ListOf(NUMBER)}
VALUES: dict[str, Value] = {"n": 3, "xs": [1, 2, 3]}


def place(start: int, end: int) -> Position:
    return Position(1, start, 1, end)


def in_line(text: str, types: Mapping[str, Type]) -> str:
    """An expression as Python source, its names as local variables."""

    def name(read: str, position: Position) -> ast.expr:
        return ast.Name(read, ast.Load(), **position._asdict())

    return ast.unparse(parse(text, VALUES).to_python(types, name, place))


def ran(source: str) -> dict[str, object]:
    namespace: dict[str, object] = dict(HELPERS)
    with evaluating():
        exec(source, namespace)
    return namespace


@pytest.mark.parametrize("types", [TYPES, {}], ids=["typed", "untyped"])
@pytest.mark.parametrize("text", HARD)
def test_an_expression_stands_in_a_function_and_in_a_coroutine(text: str, types: Mapping[str, Type]) -> None:
    expected = parse(text, VALUES).value(VALUES)
    code = in_line(text, types)
    source = f"""
def plain(n, xs):
    first = {code}
    return [first, {code}]

async def waiting(n, xs):
    for _ in range(2):
        result = {code}
    return result
"""
    functions = ran(source)
    plain, waiting = functions["plain"], functions["waiting"]
    assert callable(plain)
    assert callable(waiting)
    with evaluating():
        assert plain(3, [1, 2, 3]) == [expected, expected]
        assert asyncio.run(waiting(3, [1, 2, 3])) == expected


def test_a_function_value_does_not_follow_variables_that_change_later() -> None:
    code = in_line("function(x) x + n", TYPES)
    functions = ran(f"""
def made():
    n = 1
    first = {code}
    n = 100
    return first.call(1)
""")
    made = functions["made"]
    assert callable(made)
    assert made() == 2


def test_known_numbers_become_plain_python() -> None:
    assert in_line("n > 5", TYPES) == "n > 5"
    assert in_line("n * 2 > n and not(n = 3)", TYPES).count("_feel_multiply") == 0
    assert "_feel_multiply" in in_line("n * 2", {})
    assert in_line("if n > 1 then 1 else 2", TYPES) == "1 if n > 1 else 2"
    assert in_line("count(xs) > 2", TYPES) == "_feel_count_by_0(xs) > 2"


def test_numbers_that_code_cannot_hold_become_globals_where_asked() -> None:
    constants: dict[str, object] = {}
    code = parse("1.5 + -2.50").to_python({}, lambda _name, _at: ast.Constant(None), place, constants)
    assert set(constants.values()) == {Decimal("1.5"), Decimal("-2.50")}
    assert all(name in ast.unparse(code) for name in constants)


def placed_in(function: Callable[[Mapping[str, Value]], Value], scope: Mapping[str, Value]) -> tuple[str, str | None]:
    """The file and the stretch of it that a traceback shows as the innermost place in generated code."""
    with evaluating(), pytest.raises(Failure) as failure:
        function(scope)
    frames = traceback.extract_tb(failure.value.__traceback__)
    frame = [frame for frame in frames if frame.filename == "flow.yaml"][-1]
    return frame.filename, f"{frame.lineno}:{frame.colno}-{frame.end_colno}"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1 + n / 0", "n / 0"),
        ('[1, n + "a"]', 'n + "a"'),
        ("for a in xs return a / (a - 1)", "a / (a - 1)"),
        ('xs[item > "a"]', 'item > "a"'),
        ("(function(a) a.b)(n)", "a.b"),
        ("sort(xs, function(a, b) a < b.c)", "b.c"),
        ("if n then 1 else 2", "n"),
        ("some a in xs satisfies a / 0 = 1", "a / 0"),
        ("{a: 1, b: a / 0}", "a / 0"),
        ("substring(n, 1)", "substring(n, 1)"),
    ],
)
def test_a_failure_s_place_is_read_from_the_traceback(text: str, part: str) -> None:
    def in_yaml(start: int, end: int) -> Position:
        return Position(41, 100 + start, 41, 100 + end)

    start = 100 + text.index(part)
    function = parse(text, VALUES).function("flow.yaml", in_yaml)
    assert placed_in(function, VALUES) == ("flow.yaml", f"41:{start}-{start + len(part)}")


def test_further_globals_are_visible_in_the_frame() -> None:
    function = parse("1 / 0").function("flow.yaml", place, {}, {"MARK": "here"})
    with evaluating(), pytest.raises(Failure) as failure:
        function({})
    frames = [frame for frame, _ in traceback.walk_tb(failure.value.__traceback__)]
    assert [frame.f_globals["MARK"] for frame in frames if frame.f_code.co_filename == "flow.yaml"] == ["here"]


@pytest.mark.parametrize(
    "of",
    [
        *FEEL_TYPES.values(),
        optional(ListOf(NUMBER)),
        ObjectOf((("a", TEXT), ("list", ListOf(ANYTHING)))),
        FunctionOf((NUMBER, RangeOf(TEXT)), optional(TEXT)),
    ],
    ids=phrase,
)
def test_types_are_kept_in_code_as_constants(of: Type) -> None:
    assert decode(encode(of)) == of


def test_importing_the_package_for_its_types_loads_neither_parser_nor_functions() -> None:
    code = (
        "import sys, blockwright.expressions, blockwright.expressions.types\n"
        "loaded = [name for name in sys.modules if name.startswith('blockwright.expressions.') or name == 'lark']\n"
        "assert loaded == ['blockwright.expressions.types'], loaded\n"
        "from blockwright.expressions import parse\n"
        "assert parse('1 + 1').evaluate() == 2\n"
        "assert 'lark' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
