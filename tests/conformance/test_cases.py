"""The compatibility kit's cases, where a file of them is at hand: no case that passed may be lost.

The kit stays out of this repository. ``BLOCKWRIGHT_TCK`` names the file; ``python -m tests.conformance.passing FILE``
writes the list of passing cases anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conformance.cases import Case, passes, read_cases, run_case

CASES = Path(os.environ.get("BLOCKWRIGHT_TCK") or Path(__file__).parents[3] / "shared" / "tck" / "cases.jsonl")
PASSING = Path(__file__).with_name("passing.txt")


def cases() -> dict[str, Case]:
    if not CASES.exists():
        pytest.skip(f"no cases of the DMN compatibility kit: set BLOCKWRIGHT_TCK to a file of them ({CASES} is none)")
    return {case["id"]: case for case in read_cases(CASES)}


def test_no_case_that_passed_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    given = cases()
    passing = {name for name, case in given.items() if passes(case)}
    with capsys.disabled():
        print(f" compatibility kit: {len(passing)} of {len(given)} = {len(passing) / len(given):.2%} ", end="")
    listed = set(PASSING.read_text(encoding="utf-8").split("\n")) - {""}
    assert not (listed & given.keys()) - passing
    assert len(passing) >= 0.99 * len(given)


def test_what_authors_may_write_besides_feel_changes_no_case() -> None:
    for case in cases().values():
        assert run_case(case, sugar=True) == run_case(case)
