"""What the README says is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blockwright import Failure, FlowError, Runtime

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks_of(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_it_opens_with_the_two_commands() -> None:
    assert blocks_of("console")[0] == "$ make demo\n$ make test\n"


def test_the_first_python_example_runs_and_fails_with_the_documented_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows").symlink_to(ROOT / "flows")
    exec(compile(blocks_of("python")[0], "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.startswith("3103 ")
    assert "flows/resend-confirmation-email.yaml:" in printed


def test_the_block_of_the_second_python_example_greets_and_fails() -> None:
    names: dict[str, object] = {}
    exec(compile(blocks_of("python")[1], "README.md", "exec"), names)
    with pytest.raises(Failure, match="there is no customer called nobody") as caught:
        names["flow"].run({"name": "nobody"})  # type: ignore[attr-defined]
    assert caught.value.code == 404


def test_the_flow_it_shows_says_what_happened() -> None:
    runtime = Runtime(users="memory:", mail="memory:")
    flow = runtime.load_text(blocks_of("yaml")[0])
    with pytest.raises(Failure) as caught:
        flow.run({"user identity": "alice@youremail.com"})
    assert caught.value.code == 3103


def test_the_finding_it_shows_is_the_one_that_is_given() -> None:
    inputs = "      user identty: = user identity\n      user identity: = user identity\n"
    text = f"flow: x\ninputs:\n  user identity: text\nsteps:\n  - resend confirmation email:\n{inputs}"
    with pytest.raises(FlowError) as caught:
        Runtime(users="memory:", mail="memory:").load_text(text)
    assert str(caught.value) == blocks_of("text")[0].rstrip("\n")


def test_every_page_it_points_to_is_there() -> None:
    pages = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert pages
    assert [page for page in pages if not (ROOT / page).exists()] == []


def test_the_extras_it_lists_are_those_of_the_package() -> None:
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    listed = set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE))
    assert listed == set(extras) - {"dev"}
