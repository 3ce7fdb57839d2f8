"""The page about tests of flows is true: its examples pass, are refused, and look as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blockwright import Runtime
from blockwright.cli.main import main
from blockwright.language.cases import written as w
from blockwright.testing.collecting import collect
from blockwright.testing.running import run_case
from blockwright.testing.wording import problem_lines

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
EXAMPLES: list[tuple[str, str]] = re.findall(r"^```yaml ?(.*?)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
PASSING = [text for kind, text in EXAMPLES if kind == "passes"]
REMIND = PASSING[0]


@pytest.mark.parametrize("text", PASSING)
def test_an_example_passes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text(text, encoding="utf-8")

    collected = collect([path], Runtime())

    assert collected.findings == []
    assert all(flow.warnings == () for flow in collected.flows)
    for flow, case in collected.cases:
        assert list(problem_lines(run_case(case, flow).problems)) == []


@pytest.mark.parametrize(("kind", "text"), [each for each in EXAMPLES if each[0].startswith("refused ")])
def test_an_example_is_refused(tmp_path: Path, kind: str, text: str) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text(text, encoding="utf-8")

    assert [found.rule for found in collect([path], Runtime()).findings] == [kind.removeprefix("refused ")]


def test_tests_may_lie_beside_their_flow(tmp_path: Path) -> None:
    (beside,) = (text for kind, text in EXAMPLES if kind == "")
    (tmp_path / "remind.yaml").write_text(REMIND, encoding="utf-8")
    (tmp_path / "remind.tests.yaml").write_text(beside, encoding="utf-8")

    collected = collect([tmp_path / "remind.tests.yaml"], Runtime())

    assert collected.findings == []
    assert [run_case(case, flow).passed for flow, case in collected.cases] == [True]


@pytest.mark.parametrize(
    "shown", re.findall(r"^\$ blockwright test remind.yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
)
def test_what_is_shown_is_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shown: str
) -> None:
    monkeypatch.chdir(tmp_path)
    changed = REMIND.replace('= duration("P3DT3M")', "3 days").replace("gives: {userStatus: ENABLED}", "gives: null")
    Path("remind.yaml").write_text(changed if "F" in shown.split("\n")[0] else REMIND, encoding="utf-8")

    code = main(["test", "remind.yaml"])

    assert in_time(capsys.readouterr().out) == in_time(shown)
    assert code == ("F" in shown.split("\n")[0])


def in_time(text: str) -> str:
    return re.sub(r"(\d+|…) ms", "… ms", text)


def test_every_key_is_on_the_page() -> None:
    for part in (w.GivenWritten, w.ExpectedWritten):
        assert {key for key in part.author_keys if f"| `{key}` |" not in PAGE} == set()
    for part in (w.CaseWritten, w.AnswerWritten, w.FailureMeant, w.CasesDocument):
        assert {key for key in part.author_keys if not re.search(rf"\b{key}\b", PAGE)} == set()
