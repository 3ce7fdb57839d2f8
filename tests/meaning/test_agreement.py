"""The interpreter says what a flow means; compiled flows mean the same, whatever the flow and its inputs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.meaning.flows import Example, examples
from tests.meaning.running import loaded

FLOWS = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@settings(FLOWS, max_examples=150)
@given(examples())
def test_compiled_flows_mean_what_the_interpreter_says(example: Example) -> None:
    agree(example)


@pytest.mark.long
@settings(FLOWS, max_examples=5_000, derandomize=False)
@given(examples())
def test_thousands_of_compiled_flows_mean_what_the_interpreter_says(example: Example) -> None:
    agree(example)


def test_the_checker_lets_most_generated_flows_pass() -> None:
    passed: list[bool] = []

    @settings(FLOWS, max_examples=50)
    @given(examples())
    def look(example: Example) -> None:
        passed.append(loaded(example) is not None)

    look()
    share = sum(passed) / len(passed)
    print(f"{share:.0%} of the generated flows pass the checker")
    assert share > 0.7


def agree(example: Example) -> None:
    """Fail unless both ways of running agree in everything that can be seen."""
    flow = loaded(example)
    assume(flow is not None)
    assert flow is not None
    assert flow.compiled(example.inputs) == flow.interpreted(example.inputs)
