"""The page about YAML is true: what it says is refused is refused, and every mend mends."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.language.reading import Data, findings_of, plain, read

PAGE = (Path(__file__).parents[2] / "docs" / "yaml.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml (\w+) ?([\w-]*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
ROWS = re.findall(r"^\| (`.*?) \| (.*?) \|$", PAGE, re.MULTILINE)

MEANING: dict[str, type | tuple[type, ...]] = {
    "yes, no": bool,
    "no value": type(None),
    "a number": (int, Decimal),
    "text": str,
}


@pytest.mark.parametrize(("kind", "rule", "text"), EXAMPLES, ids=[f"{kind} {rule}" for kind, rule, _ in EXAMPLES])
def test_an_example_is_what_the_page_says(kind: str, rule: str, text: str) -> None:
    found = findings_of(text)
    assert {finding.rule for finding in found} == ({rule} if rule else set())
    assert {finding.severity for finding in found} == {"fine": set(), "refused": {"error"}, "warned": {"warning"}}[kind]


def test_the_page_has_examples_of_each_kind() -> None:
    assert len(EXAMPLES) > 30
    assert {kind for kind, *_ in EXAMPLES} == {"fine", "refused", "warned"}


@pytest.mark.parametrize(("written", "meaning"), ROWS)
def test_a_value_means_what_the_table_says(written: str, meaning: str) -> None:
    of = MEANING[meaning.split(";")[0]]
    for value in re.findall("`(.*?)`", written):
        found: Data = plain(read(f"a: {value}\n"))
        assert isinstance(found, dict)
        assert isinstance(found["a"], of)
        assert of is not str or found["a"] == value.strip("\"'")


def test_the_finding_on_the_page_is_the_one_that_is_given() -> None:
    shown = re.findall(r"^```text\n(.*?)\n^```", PAGE, re.DOTALL | re.MULTILINE)
    (found,) = findings_of("message: Dear user: hello\n")
    assert shown == [str(found)]


def test_the_program_on_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(program, "docs/yaml.md", "exec"), {"__name__": "example"})
    assert "flow.yaml:1:5" in capsys.readouterr().out
