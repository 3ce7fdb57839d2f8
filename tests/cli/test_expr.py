"""``blockwright expr``: one expression, its value, and what is wrong with it."""

from __future__ import annotations

import json

import pytest

from tests.cli.world import Command


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["1 + 2 * 3"], "7\n"),
        (["0.1 + 0.2"], "0.3\n"),
        (["1 / 3"], "0.3333333333333333333333333333333333\n"),
        (['"Hello, " + name', "-v", "name=Ada"], "Hello, Ada\n"),
        (["price * (1 + tax rate)", "-v", "price=10", "-v", "tax rate=0.2"], "12\n"),
        (["pin", "-v", "pin=0123"], "0123\n"),
        (["sum(numbers)", "-v", "numbers=[1, 2, 0.5]"], "3.5\n"),
        (["user.name", "-v", 'user={"name": "Ada"}'], "Ada\n"),
        (["nothing", "-v", "nothing=null"], ""),
        (["1 < 2"], "true\n"),
        (["[1, 2]"], "- 1\n- 2\n"),
        (['date("2026-02-28") + duration("P1D")'], "2026-03-01\n"),
        (['duration("P1Y")'], "P1Y\n"),
    ],
)
def test_a_value_is_printed(command: Command, words: list[str], printed: str) -> None:
    result = command("expr", *words)

    assert (result.code, result.out, result.err) == (0, printed, "")


def test_a_wrong_expression_shows_where_and_exits_with_2(command: Command) -> None:
    result = command("expr", "1 +")

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("expression:1:")
    assert "\n1 | 1 +\n  |   ^\n" in result.err


def test_an_unknown_name_gets_the_right_spelling(command: Command) -> None:
    result = command("expr", "tax rat * 2", "-v", "tax rate=3")

    assert result.code == 2
    assert "tax rate" in result.err


def test_a_failing_expression_shows_where_and_exits_with_1(command: Command) -> None:
    result = command("expr", "1 + 1 / a", "-v", "a=0")
    data = json.loads(command("expr", "1 + 1 / a", "-v", "a=0", "--json").out)

    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("expression:1:5: failed with bad value: ")
    assert "\n1 | 1 + 1 / a\n  |     ^\n" in result.err
    assert (data["code"], data["column"]) == ("bad value", 5)


@pytest.mark.parametrize("variable", ["a", "=1", "a=[1, {]"])
def test_a_variable_that_cannot_be_read_is_a_wrong_call(command: Command, variable: str) -> None:
    assert command("expr", "1", "-v", variable).code == 2


def test_json_of_a_value_keeps_its_digits(command: Command) -> None:
    assert command("expr", '{"a":0.10, "b":[]}', "--json").out == '{\n  "a": 0.1,\n  "b": []\n}\n'
