"""The page about embedding is true: its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blockwright.catalogue.packs import GROUP

PAGE = (Path(__file__).parents[2] / "docs" / "embedding.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def title_of(example: str) -> str:
    """The heading above an example."""
    titles: list[str] = re.findall(r"^#+ (.*)$", PAGE[: PAGE.index(example)], re.MULTILINE)
    return titles[-1].lower()


@pytest.mark.parametrize("example", EXAMPLES, ids=title_of)
def test_an_example_runs(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(example, f"docs/embedding.md, {title_of(example)}", "exec"), {"__name__": "example"})


def test_findings_are_printed_as_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(EXAMPLES[1], "docs/embedding.md", "exec"), {"__name__": "example"})
    assert [line.split()[:3] for line in capsys.readouterr().out.splitlines()] == [
        ["greet.yaml", "4", "19"],
        ["greet.yaml", "5", "5"],
    ]


def test_the_entry_point_group_is_the_real_one() -> None:
    assert f'[project.entry-points."{GROUP}"]' in PAGE
