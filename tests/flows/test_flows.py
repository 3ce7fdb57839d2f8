"""The flows in ``flows/`` are examples to copy. pytest runs the tests in them; this is what else holds of them."""

from __future__ import annotations

import re
from pathlib import Path

from blockwright import Runtime
from blockwright.testing.collecting import collect
from blockwright.testing.covering import coverage_of
from blockwright.testing.running import run_case
from blockwright.testing.wording import coverage_line

FLOWS = Path(__file__).parents[2] / "flows"


def test_every_step_of_every_flow_runs_in_its_tests() -> None:
    collected = collect([FLOWS], Runtime())
    seen = {step for flow, case in collected.cases for step in run_case(case, flow).steps}

    assert len(collected.flows) == len(list(FLOWS.glob("*.yaml")))
    assert [line for flow in collected.flows if (line := coverage_line(coverage_of(flow, seen)))] == []


def test_every_flow_has_tests_and_an_example_for_each_required_input() -> None:
    for path in FLOWS.glob("*.yaml"):
        flow = Runtime().check(path)
        assert flow.programs[0].cases, path
        assert all(asked.example is not None for asked in flow.inputs if asked.is_required), path
        assert flow.warnings == ()


def test_the_first_flow_is_one_step_so_that_every_code_comes_through() -> None:
    flow = Runtime().check(FLOWS / "resend-confirmation-email.yaml")

    assert flow.failures >= {3102, 3103, 3104}
    assert re.search(r"^steps:\n  - resend confirmation email:\n      user identity: = user identity\n\n", TEXT, re.M)


TEXT = (FLOWS / "resend-confirmation-email.yaml").read_text(encoding="utf-8")
