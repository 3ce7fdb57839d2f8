"""The interpreter says what a flow means; compiled flows mean the same, whatever the flow and its inputs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from blockwright.testing.properties.writing.flows import WrittenFlow, random_flow, write_flow
from tests.meaning.blocks import BLOCKS
from tests.meaning.running import Loaded, loaded

FLOWS = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


_BELOW = [st.nothing(), *(st.integers(0, most) for most in range(100))]


@st.composite
def written_flows(draw: st.DrawFn) -> WrittenFlow:
    """Flows over blocks that also break their word, with inputs; Hypothesis can make them smaller."""
    return write_flow(lambda count: draw(_BELOW[count]), BLOCKS)


@settings(FLOWS, max_examples=100)
@given(written_flows())
def test_compiled_flows_mean_what_the_interpreter_says(example: WrittenFlow) -> None:
    flow = loaded(example)
    assume(flow is not None)
    assert flow is not None
    agree(flow, example)


def test_hundreds_of_large_flows_mean_the_same_both_ways() -> None:
    refused = agree_about(range(250))
    print(f"the checker refused {refused} of 250 generated flows")
    assert refused < 50


@pytest.mark.long
@settings(FLOWS, max_examples=5_000)
@given(written_flows())
def test_thousands_of_compiled_flows_mean_what_the_interpreter_says(example: WrittenFlow) -> None:
    flow = loaded(example)
    assume(flow is not None)
    assert flow is not None
    agree(flow, example)


@pytest.mark.long
def test_thousands_of_large_flows_mean_the_same_both_ways() -> None:
    agree_about(range(250, 10_250))


def agree_about(seeds: range) -> int:
    """Check the flow of every seed; gives how many the checker refused."""
    refused = 0
    for seed in seeds:
        example = random_flow(seed, BLOCKS)
        flow = loaded(example)
        if flow is None:
            refused += 1
        else:
            agree(flow, example, f"random_flow({seed}, BLOCKS)")
    return refused


def agree(flow: Loaded, example: WrittenFlow, name: str = "") -> None:
    """Fail unless both ways of running agree in everything that can be seen."""
    compiled, interpreted = flow.compiled(example.inputs), flow.interpreted(example.inputs)
    if flow.has_sides:
        compiled, interpreted = compiled.without_order(), interpreted.without_order()
    assert compiled == interpreted, name
