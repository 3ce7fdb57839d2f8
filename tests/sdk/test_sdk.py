"""Backendless's own JavaScript SDK speaks to ``blockwright serve``. Each test of the JavaScript files is one here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.sdk.served import HERE, Served, fetch_packages, run_node, serve

PAGE = HERE.parents[1] / "docs" / "server.md"
FILES = sorted(HERE.glob("*.mjs"))
TESTS = [(file.name, name) for file in FILES for name in re.findall(r"^test\('(.+)', async", file.read_text(), re.M)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    fetch_packages()
    with serve(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture(scope="module")
def problems(served: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str | None]:
    """What was wrong in each test that ran; None where nothing was."""
    report = tmp_path_factory.mktemp("report") / "lines"
    done = run_node(served, "--test-reporter=./reporter.mjs", f"--test-reporter-destination={report}", "all.mjs")
    assert report.is_file(), done.stderr
    ended = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert ended, done.stdout + done.stderr
    return {(each["file"], each["name"]): each["problem"] for each in ended}


@pytest.mark.parametrize(("file", "name"), TESTS, ids=[f"{file}: {name}" for file, name in TESTS])
def test_with_the_sdk(problems: dict[tuple[str, str], str | None], file: str, name: str) -> None:
    assert (file, name) in problems, "it did not run"
    problem = problems[file, name]
    if problem is not None:
        pytest.fail(problem, pytrace=False)


def test_all_that_ran_is_shown_here(problems: dict[tuple[str, str], str | None]) -> None:
    assert set(problems) == set(TESTS)
    assert len(TESTS) > 50


def test_the_program_on_the_page_prints_what_it_says(served: Served) -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## With Backendless's JavaScript SDK")[2]
    (program,) = re.findall(r"```js\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    printed = re.findall(r"^ *console\.log\(.*\) +// (.*)$", program, re.MULTILINE)
    place = f"const appId = '{served.appId}', apiKey = '{served.keys['js']}'\n"
    program = program.replace("http://localhost:8080", served.url)

    done = run_node(served, "--input-type=module", code=place + program)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == printed
    assert len(printed) > 3


def test_the_lock_file_fits_any_registry() -> None:
    packages = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert packages["node_modules/backendless"]["version"] == "8.0.0"
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name
