"""``pdb`` can stop at a line of a flow, print its variables and step on; ``coverage`` counts its lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import coverage
import pytest

from blockwright import Runtime

FLOW = """\
flow: add up
inputs:
  numbers: list of number
steps:
  - set: {total so far: 0}
  - for each: number
    in: = numbers
    do:
      - set:
          total so far: = total so far + number
      - if: = total so far > 100
        then:
          - log: too much
          - stop loop
        else:
          - log: so far ${total so far}
  - try:
      - return: = 100 / total so far
    if it fails:
      bad value:
        - return: nothing to divide by
"""

SCRIPT = """\
from blockwright import Runtime
flow = Runtime().load("add-up.yaml")
print("gives", flow.run({"numbers": [20, 5]}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "add-up.yaml").write_text(FLOW, encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="this pdb's `break` only takes files that end in .py")
def test_pdb_breaks_on_a_line_of_the_flow(folder: Path) -> None:
    said = debugged(folder, ["-m", "pdb", "script.py"], ["break add-up.yaml:10"])
    assert f"Breakpoint 1 at {folder / 'add-up.yaml'}:10" in said
    assert_it_stopped_at_the_line(folder, said)


def test_a_breakpoint_set_from_python_stops_at_a_line_of_the_flow(folder: Path) -> None:
    start = "import pdb; debugger = pdb.Pdb(); debugger.set_break('add-up.yaml', 10); debugger.run('import script')"
    assert_it_stopped_at_the_line(folder, debugged(folder, ["-c", start], []))


def debugged(folder: Path, start: list[str], commands: list[str]) -> str:
    """What pdb says when it runs the script, goes on to the breakpoint twice, and steps on."""
    commands = [*commands, "continue", "print(number, total_so_far)", "continue"]
    commands += ["print(number, total_so_far)", "where", "next", "clear 1", "continue", "quit"]
    done = subprocess.run(
        [sys.executable, *start],
        input="\n".join(commands) + "\n",
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    return done.stdout


def assert_it_stopped_at_the_line(folder: Path, said: str) -> None:
    assert f"> {folder / 'add-up.yaml'}(10)add_up()" in said
    assert "-> total so far: = total so far + number" in said
    assert "(Pdb) 20 0" in said
    assert "(Pdb) 5 20" in said
    assert "-> - if: = total so far > 100" in said, "`next` goes to the next step"
    assert "gives 4" in said


@pytest.mark.parametrize(
    ("numbers", "not_run"),
    [
        ([20, 5], {13, 14, 21}),
        ([99, 2], {21}),
        ([], {10, 11, 13, 14, 16}),
    ],
)
def test_coverage_counts_the_lines_that_ran(folder: Path, numbers: list[int], not_run: set[int]) -> None:
    flow = Runtime(log=lambda _text, _place: None).load(folder / "add-up.yaml")
    measured = coverage.Coverage(data_file=None, include=[str(folder / "*")], config_file=False)
    with measured.collect():
        flow.run({"numbers": numbers})
    lines = measured.get_data().lines(str(folder / "add-up.yaml"))
    assert lines is not None
    assert {5, 10, 11, 13, 14, 16, 18, 21} - set(lines) == not_run


BESIDE = """\
flow: beside
inputs:
  numbers: list of number
steps:
  - together:
      - - set: {one: 1}
        - log: in a branch
      - - shout: {word: a}
        - log: in another
  - for each: number
    in: = numbers
    at once: 2
    collect as: doubled
    each gives: = twice + one
    do:
      - if: = number > 100
        then:
          - next round
      - try:
          - set:
              twice: = number * 2
        time limit: 1 minute
        retry: {more tries: 1, only for: [bad value]}
  - return: = doubled
functions:
  shout:
    inputs: {word: text}
    steps:
      - log: in a thread ${word}
"""


def test_coverage_counts_the_lines_that_ran_side_by_side_and_in_threads(tmp_path: Path) -> None:
    (tmp_path / "beside.yaml").write_text(BESIDE, encoding="utf-8")
    for numbers, not_run in (([20, 5], {18}), ([200], {14, 21}), ([], {14, 18, 21})):
        flow = Runtime(log=lambda _text, _place: None).load(tmp_path / "beside.yaml")
        measured = coverage.Coverage(data_file=None, include=[str(tmp_path / "*")], config_file=False)
        with measured.collect():
            flow.run({"numbers": numbers})
        lines = measured.get_data().lines(str(tmp_path / "beside.yaml"))
        assert lines is not None
        assert {6, 7, 8, 9, 14, 18, 21, 24, 29} - set(lines) == not_run


def test_a_breakpoint_stops_in_a_round_that_runs_beside_others(tmp_path: Path) -> None:
    (tmp_path / "beside.yaml").write_text(BESIDE, encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT.replace("add-up", "beside"), encoding="utf-8")
    start = "import pdb; debugger = pdb.Pdb(); debugger.set_break('beside.yaml', 21); debugger.run('import script')"
    done = subprocess.run(
        [sys.executable, "-c", start],
        input="continue\nprint(number, one)\ncontinue\nprint(number, one)\nclear 1\ncontinue\nquit\n",
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert f"> {tmp_path / 'beside.yaml'}(21)" in done.stdout
    assert "(Pdb) 20 1" in done.stdout
    assert "(Pdb) 5 1" in done.stdout
    assert "gives [41, 11]" in done.stdout
