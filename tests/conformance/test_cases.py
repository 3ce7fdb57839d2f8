"""The compatibility kit's cases, where a file of them is at hand: no case that passed may be lost.

The kit stays out of this repository. ``BLOCKWRIGHT_TCK`` names the file; ``python -m tests.conformance.passing FILE``
writes the list of passing cases anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conformance.cases import passes, read_cases

CASES = Path(os.environ.get("BLOCKWRIGHT_TCK") or Path(__file__).parents[3] / "shared" / "tck" / "cases.jsonl")
PASSING = Path(__file__).with_name("passing.txt")


def test_no_case_that_passed_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    if not CASES.exists():
        pytest.skip(f"no cases of the DMN compatibility kit: set BLOCKWRIGHT_TCK to a file of them ({CASES} is none)")
    cases = {case["id"]: case for case in read_cases(CASES)}
    passing = {name for name, case in cases.items() if passes(case)}
    with capsys.disabled():
        print(f" compatibility kit: {len(passing)} of {len(cases)} = {len(passing) / len(cases):.2%} ", end="")
    listed = set(PASSING.read_text(encoding="utf-8").split("\n")) - {""}
    assert not (listed & cases.keys()) - passing
    assert len(passing) >= 0.99 * len(cases)
