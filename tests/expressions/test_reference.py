"""The page about expressions is true: it is made from this code, and every example on it gives what stands there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from blockwright import Runtime
from blockwright.cli.main import main
from blockwright.expressions import parse
from blockwright.expressions.compare import same
from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.infer.operators import KINDS
from blockwright.expressions.reference import page, scope, signature, takes
from blockwright.expressions.types import NOTHING
from blockwright.expressions.values import Value, admits, take
from blockwright.failure import Failure

PAGE = (Path(__file__).parents[2] / "docs" / "expressions.md").read_text("utf-8")
EXAMPLES = re.findall(r"^(.+) → (.+)$", "".join(re.findall(r"```feel\n(.*?)```", PAGE, re.S)), re.M)
SCOPE: dict[str, Value] = {name: take(value) for name, value in scope().items()}

# fmt: off
SIGNS = [
    "+", "-", "*", "/", "**", "=", "!=", "<", ">", "between", "and", "or", "in", "if", "for", "some", "every", "not",
]
# fmt: on

SAMPLES = {
    "number": "2",
    "text": '"a"',
    "yes or no": "true",
    "date": '@"2026-01-31"',
    "time": '@"10:30:00"',
    "date and time": '@"2026-01-31T10:30:00Z"',
    "days and time duration": '@"PT1H"',
    "years and months duration": '@"P1M"',
    "list": "[1]",
    "object": "{a: 1}",
    "range of anything": "[1..2]",
    "function": "(function(x) x)",
}


def test_the_page_is_the_one_that_the_code_makes() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "blockwright.expressions.reference"], capture_output=True, check=True
    ).stdout.decode()
    assert PAGE == made == page(), "run: python -m blockwright.expressions.reference > docs/expressions.md"


@pytest.mark.parametrize(("text", "value"), EXAMPLES)
def test_an_example_gives_what_stands_there(text: str, value: str) -> None:
    found, shown = parse(text, SCOPE).value(SCOPE), parse(value).value({})
    assert same(found, shown) is True, found


def test_the_page_has_an_example_for_every_function_and_operator() -> None:
    texts = [text for text, _ in EXAMPLES]
    assert [name for name in FUNCTIONS if not any(f"{name}(" in text for text in texts)] == []
    for sign in SIGNS:
        assert any(re.search(rf"(?:^|[\s(]){re.escape(sign)}[\s(]", text) for text in texts), sign
    assert any("instance of" in text for text in texts)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_page_shows_every_way_of_calling_a_function(name: str) -> None:
    for overload in FUNCTIONS[name].overloads:
        assert f"\n{signature(name, overload)}\n" in PAGE
        for parameter in overload.parameters:
            assert parameter.name in signature(name, overload)


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "**"])
def test_an_operator_takes_the_pairs_in_its_table_and_no_others(sign: str) -> None:
    kinds = [kind for kind in KINDS if kind != NOTHING]
    shown = {(left, right): result for left, right, result in takes(sign)}
    for left in kinds:
        for right in kinds:
            text = f"{SAMPLES[str(left)]} {sign} {SAMPLES[str(right)]}"
            try:
                value = parse(text).value({})
            except Failure:
                assert (left, right) not in shown, text
            else:
                assert admits(shown[left, right], value), text


def test_the_flow_on_the_page_runs() -> None:
    (flow,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    loaded = Runtime().load_text(flow, "page.yaml")
    assert loaded.run({"price": 10, "first-name": "Ann"}) == "Dear Ann, that makes 16.8 with postage"
    assert loaded.run({"price": 100, "first-name": "Ann"}) == "Dear Ann, we send it for free"


def test_the_command_on_the_page_gives_the_value(capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = re.findall(r"^blockwright (.*)$", PAGE, re.M)
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out == "50\n"


def test_the_program_on_the_page_runs() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    exec(compile(program, "docs/expressions.md", "exec"), {"__name__": "example"})
