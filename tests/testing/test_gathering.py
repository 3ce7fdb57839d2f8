"""Which steps never ran is known from reports alone, which are plain data, so that tests may run in other processes."""

from __future__ import annotations

import json
from pathlib import Path

from blockwright.testing.gathering import Ran, coverages, ran
from blockwright.testing.wording import coverage_line
from tests.testing.kit import run_tests

FLOW = """
flow: pay
inputs: {amount: number}
steps:
  - if: = amount < 0
    then: [return: nothing]
  - return: something
"""
TESTS = """
- it: pays
  with: {amount: 1}
  expect: {returns: something}
- it: pays nothing
  with: {amount: -1}
  expect: {returns: nothing}
"""


def reports(folder: Path) -> list[Ran]:
    told: list[Ran] = json.loads(json.dumps([ran(each, tests=2) for each in run_tests(folder, FLOW, TESTS)]))
    return told


def test_all_tests_of_a_file_ran_and_their_steps_count_together(tmp_path: Path) -> None:
    told = reports(tmp_path)

    (coverage,) = coverages([*told, told[0]], {})

    assert (coverage.flow, len(coverage.steps), coverage.missed) == ("pay", 3, ())


def test_of_a_file_of_which_a_test_did_not_run_nothing_is_known(tmp_path: Path) -> None:
    told = reports(tmp_path)

    assert coverages(told[:1], {}) == []
    assert coverages([told[1], told[1]], {}) == []


def test_steps_that_no_test_ran_are_said(tmp_path: Path) -> None:
    told = reports(tmp_path)
    told[1]["seen"] = []

    (coverage,) = coverages(told, {})

    assert coverage_line(coverage) == f"{tmp_path / 'flow.yaml'}: 1 of 3 steps never ran: line 5"
