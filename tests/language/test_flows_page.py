"""The page about flows is true: every example is checked, and gives or fails with what the page says."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest

from blockwright import Failure, FlowError, Limits, Runtime
from blockwright.language import steps as s
from blockwright.language.checker.nesting import MOST_BLOCKS, MOST_LEVELS
from blockwright.language.diagnostics import Finding

PAGE = (Path(__file__).parents[2] / "docs" / "flows.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml (\w+) (.*?)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def whole(example: str) -> str:
    """A flow as it is; steps alone get a flow around them."""
    return example if example.startswith("flow:") else "flow: example\nsteps:\n" + textwrap.indent(example, "  ")


def runtime(limits: Limits | None = None) -> Runtime:
    return Runtime(users="memory:", mail="memory:", log=lambda *_: None, limits=limits)


def examples(kind: str) -> list[tuple[str, str]]:
    """The examples of one kind: what is said of each, and its text."""
    return [(said, text) for found, said, text in EXAMPLES if found == kind]


def findings(text: str) -> tuple[Finding, ...]:
    with pytest.raises(FlowError) as caught:
        runtime().load_text(whole(text))
    return caught.value.findings


@pytest.mark.parametrize(("said", "text"), examples("gives"))
@pytest.mark.parametrize("watched", [False, True], ids=["compiled", "watched"])
def test_an_example_gives_what_the_page_says(said: str, text: str, watched: bool) -> None:
    flow = runtime().load_text(whole(text))

    assert flow.warnings == ()
    given = flow.run(watch=(lambda _: None) if watched else None)
    assert json.loads(json.dumps(given, default=float)) == json.loads(said)


@pytest.mark.parametrize(("said", "text"), examples("fails"))
def test_an_example_fails_with_what_the_page_says(said: str, text: str) -> None:
    flow = runtime().load_text(whole(text))
    with pytest.raises(Failure) as caught:
        flow.run()

    assert str(caught.value.code) == said
    assert caught.value.code in flow.failures
    assert flow.warnings == ()


@pytest.mark.parametrize(("said", "text"), examples("refused"))
def test_an_example_is_refused_as_the_page_says(said: str, text: str) -> None:
    assert {each.rule for each in findings(text)} == {said}


def test_there_are_no_other_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("```yaml")
    assert {kind for kind, *_ in EXAMPLES} == {"gives", "fails", "refused"}


def test_every_statement_has_an_example() -> None:
    text = "\n".join(text for _, _, text in EXAMPLES)

    assert [name for name in s.STATEMENTS if not re.search(rf"\b{name}\b", text)] == []
    assert [name for name in s.StepPart.author_keys | {"save as"} if f"`{name}" not in PAGE] == []


def test_the_finding_on_the_page_is_the_one_that_is_given() -> None:
    (shown,) = re.findall(r"^```text\n(.*?)\n^```", PAGE, re.DOTALL | re.MULTILINE)
    (found,) = findings(examples("refused")[-1][1])

    assert shown == str(found)


def test_steps_are_counted_as_the_page_says() -> None:
    (text,) = (text for said, text in examples("gives") if text.startswith("- repeat: 5"))
    assert "1 + 1 steps and 5 times 1 + 2" in PAGE
    enough = 2 + 5 * 3

    runtime(Limits(steps=enough)).load_text(whole(text)).run()
    with pytest.raises(Failure) as caught:
        runtime(Limits(steps=enough - 1)).load_text(whole(text)).run()
    assert caught.value.code == "too many steps"


def test_the_limits_on_the_page_are_those_there_are() -> None:
    assert f"at most {MOST_BLOCKS} deep" in PAGE
    assert f"about {MOST_LEVELS} cases" in PAGE
    assert Limits() == Limits(steps=1_000_000, depth=64)
