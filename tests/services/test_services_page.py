"""The page about services is true: its examples run, and its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blockwright.services import UserService
from blockwright.services.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "services.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_runs(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    exec(compile(EXAMPLES[number], f"docs/services.md, example {number + 1}", "exec"), {"__name__": "example"})


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == 3


def test_the_settings_are_those_there_are() -> None:
    written = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ", PAGE, re.MULTILINE)

    assert {name: default for name, default in written if name in Settings().to_dict()} == {
        name: str(default).lower() if isinstance(default, bool) else default
        for name, default in Settings().to_dict().items()
    }


def test_every_method_of_a_user_service_is_named() -> None:
    methods = [name for name in dir(UserService) if not name.startswith("_")]

    assert [name for name in methods if f"`{name}(" not in PAGE] == []
