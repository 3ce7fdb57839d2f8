"""Expressions by strangers: whatever they write ends soon, in bounded memory, and reaches nothing but values."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from types import CodeType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions import HELPERS, Position, SyntaxProblem, UnknownName, evaluate, parse
from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.values import Function
from blockwright.failure import Failure
from tests.expressions.hostile import DEEP, HARMLESS, LARGE, SLOW, WRONG
from tests.fuzzing.choices import Choices
from tests.fuzzing.grammar import expression as any_expression
from tests.fuzzing.targets import NAMES

SECONDS = 2.0
"""A second of work, and as much again for a busy machine."""

Ended = dict[tuple[str, str], tuple[str, float]]


@pytest.fixture(scope="module")
def ended() -> Ended:
    """How each hostile expression ended under each policy, in a process with little memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.expressions.hostile"], capture_output=True, text=True, timeout=300, check=True
    )
    lines = map(json.loads, done.stdout.splitlines())
    return {(line["name"], line["errors"]): (line["ended"], line["seconds"]) for line in lines}


@pytest.mark.parametrize("errors", ["raise", "null"])
@pytest.mark.parametrize("name", [*SLOW, *LARGE, *DEEP, *WRONG, *HARMLESS])
def test_it_ends_soon_and_says_why(ended: Ended, name: str, errors: str) -> None:
    how, seconds = ended[name, errors]
    if name in SLOW or name in LARGE:
        ends = {"too many steps", "too big"}
        assert how in ends or (how == "bad value" and errors == "raise" and ended[name, "null"][0] in ends)
    elif name in DEEP:
        assert how == "too deep"
    elif name in WRONG:
        assert how == ("bad value" if errors == "raise" else "a value")
    else:
        assert how == "a value"
    assert seconds <= SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "__class__",
        "__builtins__",
        "__import__",
        'eval("1")',
        'open("/etc/passwd")',
        "print",
        "scope",
        "_feel_add",
        "_feel_1",
        "_feel_type(1)",
        "object",
        "str",
        "Decimal",
        "lambda: 1",
        "import os",
        "numbers.append(1)(2).x or __subclasses__()",
    ],
)
def test_nothing_of_python_has_a_name(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text, ["numbers"])
    assert isinstance(_problem_of("__class__"), UnknownName)


@pytest.mark.parametrize(
    "name", ["__class__", "__dict__", "__len__", "real", "append", "get", "call", "low", "seconds"]
)
@pytest.mark.parametrize(
    "value",
    ["1", "1.5", '"a"', "true", "null", "[1]", "{a: 1}", "[1..2]", "count", "function(x) x", '@"2026-01-31"'],
)
def test_no_value_shows_what_it_is_in_python(value: str, name: str) -> None:
    outcome = evaluate(f"({value}).{name}", errors="null")
    assert outcome is None or outcome == [None]


def test_entries_may_be_called_anything_and_are_only_entries() -> None:
    assert evaluate("{__class__: 1, __init__: 2}.__class__") == 1
    assert evaluate('get value({a: 1}, "__class__")') is None
    assert evaluate('context put({}, "__proto__", 1)') == {"__proto__": 1}
    assert evaluate("x.__class__", {"x": {"__class__": "mine"}}) == "mine"
    assert evaluate("{keys: 1, get: 2, items: 3}.get") == 2


def test_names_may_be_those_of_generated_code() -> None:
    taken = {"_feel_add": 1, "_feel_1": 2, "scope": 3, "__builtins__": 4, "None": 5, "lambda": 6, "_feel_Decimal": 7}
    assert evaluate(" + ".join(taken), taken) == 28
    assert evaluate("for _feel_1 in [10, 20] return _feel_1 + _feel_add + scope", taken) == [14, 24]
    assert evaluate("(function(scope, _feel_2) scope * _feel_2 + _feel_1)(2, 3)", taken) == 8


def test_texts_are_never_read_as_code_or_formats() -> None:
    for text in ("{0.__class__}", "%(x)s", "${1 + 1}", "{{7*7}}", "$(id)", "f'{1}'", "\\N{BULLET}"):
        assert evaluate("x", {"x": text}) == text
        assert evaluate('x + ""', {"x": text}) == text


def test_objects_of_python_are_not_let_in() -> None:
    for stranger in (object(), print, type, sys, {1, 2}, b"bytes", 1j, {"a": [object()]}):
        with pytest.raises(Failure) as caught:
            evaluate("x", {"x": stranger})
        assert caught.value.code == "bad value"


def test_functions_give_away_nothing() -> None:
    for text in ("count.call", "(function(x) x).__globals__", "(function(x) x).parameters", "abs.__self__"):
        assert evaluate(text, errors="null") is None
    assert isinstance(evaluate("function(x) x"), Function)
    assert evaluate("string(count)") == "function(list)"


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_generated_code_uses_nothing_but_what_it_is_given(data: bytes) -> None:
    text = any_expression(Choices(data))
    try:
        expression = parse(text, NAMES)
    except SyntaxProblem:
        return
    function = expression.function("<test>", lambda start, end: Position(1, start, 1, end))
    constants = {name for name in function.__globals__ if name.startswith("_feel_number_")}  # type: ignore[attr-defined]
    for code in _codes(function.__code__):  # type: ignore[attr-defined]
        assert set(code.co_names) <= {*HELPERS, *constants, "get"}, text
    assert function.__globals__["__builtins__"] == {}  # type: ignore[attr-defined]


def test_the_helpers_of_generated_code_cannot_be_named() -> None:
    for name in HELPERS:
        assert name not in FUNCTIONS
        with pytest.raises(UnknownName):
            parse(name)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _problem_of(text: str) -> SyntaxProblem | None:
    try:
        parse(text)
    except SyntaxProblem as problem:
        return problem
    return None
