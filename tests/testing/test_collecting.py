"""Flows are found in files and folders, with the tests in them and those that lie beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from blockwright import Runtime
from blockwright.testing.collecting import Collected, collect
from blockwright.testing.covering import coverage_of, percentage
from blockwright.testing.running import run_case
from blockwright.testing.wording import coverage_line
from tests.testing.kit import BLOCKS

FLOW = """\
flow: NAME
inputs: {kind: text}
steps:
  - if: = kind = "a"
    then:
      - shout: {words: hello}
        save as: loud
      - return: = loud
  - fail: {code: 5, message: no}
tests:
  - it: works
    with: {kind: a}
    expect: {returns: HELLO}
"""
BESIDE = "tests of: NAME\ntests:\n  - it: fails\n    with: {kind: b}\n    expect: {fails: 5}\n"


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(*paths: Path) -> Collected:
    return collect(paths, Runtime(blocks=BLOCKS))


def test_a_folder_gives_all_flows_below_it_and_nothing_else(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "b.yaml": FLOW.replace("NAME", "b"),
            "a/c.yml": FLOW.replace("NAME", "c"),
            "data.yaml": "some: data\nnested:\n  flow: no\n",
            "broken.yaml": "{",
            "readme.md": FLOW,
            "node_modules/d.yaml": FLOW,
            ".git/e.yaml": FLOW,
            "venv/pyvenv.cfg": "",
            "venv/f.yaml": FLOW,
        },
    )

    collected = found(tmp_path)

    assert [Path(flow.path).name for flow in collected.flows] == ["b.yaml", "c.yml"]
    assert [case.place.line for _, case in collected.cases] == [11, 11]
    assert collected.findings == []


def test_a_file_that_is_named_is_read_in_any_case(tmp_path: Path) -> None:
    write(tmp_path, {"data.yaml": "some: data\n"})

    assert found(tmp_path).findings == []
    assert {finding.file for finding in found(tmp_path / "data.yaml").findings} == {str(tmp_path / "data.yaml")}


def test_tests_may_lie_beside_their_flow(tmp_path: Path) -> None:
    write(tmp_path, {"b.yaml": FLOW.replace("NAME", "b"), "b.tests.yaml": BESIDE.replace("NAME", "b")})

    collected = found(tmp_path)
    outcomes = [run_case(case, flow) for flow, case in collected.cases]

    assert [Path(flow.path).name for flow in collected.flows] == ["b.yaml"]
    assert [outcome.case.place.file for outcome in outcomes] == [
        str(tmp_path / "b.tests.yaml"),
        str(tmp_path / "b.yaml"),
    ]
    assert [outcome.passed for outcome in outcomes] == [True, True]


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ("tests of: bb\ntests: []\n", "there is no flow called `bb` in this folder", None),
        (
            "tests of: the flo\ntests: []\n",
            "there is no flow called `the flo` in this folder",
            "did you mean `the flow`?",
        ),
        ("tests of: the flow\n", "a file of tests needs `tests:`", None),
        ("tests: []\n", "a file of tests needs `tests of:`", None),
        ("tests of: the flow\ntests: [{it: a, expect: {}}]\n", "this test gives no value for `kind`", None),
        (
            "tests of: the flow\ntests: [{it: a, with: {kind: b}, expect: {fails: 6}}]\n",
            "the flow cannot fail with 6",
            None,
        ),
        (
            "tests of: the flow\ntests: [{it: a, with: {kind: a}, expect: {returns: 6}}]\n",
            "the flow returns text, and this is a number",
            "in quotes it is a text: '6'",
        ),
        (
            "tests of: the flow\ntests: [{it: a, given: {settings: {reveel: no}}, with: {kind: a}, expect: {}}]\n",
            "there is no setting called `reveel`",
            "did you mean `reveal`?",
        ),
    ],
)
def test_what_is_wrong_with_tests_beside_a_flow(tmp_path: Path, text: str, message: str, mend: str | None) -> None:
    write(tmp_path, {"flow.yaml": FLOW.replace("NAME", "the flow"), "b.tests.yaml": text})

    (finding,) = found(tmp_path).findings

    assert (finding.message, finding.file) == (message, str(tmp_path / "b.tests.yaml"))
    assert mend is None or finding.mend == mend


def test_tests_beside_a_flow_know_what_the_flows_that_it_calls_do(tmp_path: Path) -> None:
    caller = "flow: caller\nsteps:\n  - NAME: {kind: b}\n"
    answers = "{blocks: {shout: {gives: a}}}"
    tests = f"tests of: caller\ntests:\n  - it: fails\n    given: {answers}\n    expect: {{fails: FAILS}}\n"
    write(tmp_path, {"a.yaml": FLOW, "b.yaml": caller, "b.tests.yaml": tests.replace("FAILS", "5")})
    assert found(tmp_path).findings == []

    write(tmp_path, {"b.tests.yaml": tests.replace("FAILS", "6")})
    assert [finding.message for finding in found(tmp_path).findings] == ["the flow cannot fail with 6"]


def test_tests_in_a_flow_know_what_the_flows_that_it_calls_do(tmp_path: Path) -> None:
    caller = "flow: caller\nsteps:\n  - NAME: {kind: b}\ntests:\n  - it: fails\n    expect: {fails: FAILS}\n"
    write(tmp_path, {"a.yaml": FLOW, "b.yaml": caller.replace("FAILS", "5")})
    assert found(tmp_path).findings == []

    write(tmp_path, {"b.yaml": caller.replace("FAILS", "6")})
    assert [(finding.message, finding.span[:2]) for finding in found(tmp_path).findings] == [
        ("the flow cannot fail with 6", (6, 21))
    ]


def test_the_steps_that_never_ran_are_known(tmp_path: Path) -> None:
    write(tmp_path, {"b.yaml": FLOW.replace("NAME", "b"), "b.tests.yaml": BESIDE.replace("NAME", "b")})
    collected = found(tmp_path)
    beside, inside = (run_case(case, flow).steps for flow, case in collected.cases)
    (flow,) = collected.flows

    assert coverage_line(coverage_of(flow, inside)) == f"{flow.path}: 1 of 4 steps never ran: line 9"
    assert coverage_line(coverage_of(flow, beside)) == f"{flow.path}: 2 of 4 steps never ran: lines 6, 8"
    assert coverage_line(coverage_of(flow, inside | beside)) is None
    assert percentage([coverage_of(flow, inside), coverage_of(flow, beside)]) == 62.5


def test_a_flow_without_a_step_to_run_is_run_whole() -> None:
    flow = Runtime().load_text("flow: a\nsteps:\n  - {log: b, skip: true}\n")

    coverage = coverage_of(flow, ())

    assert (coverage.steps, percentage([coverage])) == ((), 100)


def test_the_steps_of_functions_and_of_flows_that_are_called_count(tmp_path: Path) -> None:
    caller = """\
flow: caller
steps:
  - help
functions:
  help:
    steps:
      - NAME: {kind: a}
      - log: done
tests:
  - it: works
    expect: {log: [done]}
"""
    write(tmp_path, {"a.yaml": FLOW, "b.yaml": caller})
    collected = found(tmp_path / "b.yaml")
    ((flow, case),) = collected.cases

    ran = run_case(case, flow).steps

    assert coverage_of(flow, ran).missed == ()
    assert {place.line for place in ran if place.file == str(tmp_path / "a.yaml")} == {4, 6, 8}
