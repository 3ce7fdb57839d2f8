"""Generated flows keep what every flow promises, as long as their blocks keep to what they declare."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blockwright import Limits
from blockwright.testing import block_answers, check_run, flows
from tests.meaning.blocks import BLOCKS

FLOWS = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
LIMITS = Limits(steps=400, depth=6)


@settings(FLOWS, max_examples=60)
@given(st.data())
def test_generated_flows_keep_every_promise(data: st.DataObject) -> None:
    keep(data)


@settings(FLOWS, max_examples=30)
@given(st.data())
def test_flows_over_the_sample_blocks_keep_every_promise(data: st.DataObject) -> None:
    generated = data.draw(flows())
    check_run(generated.flow, generated.inputs, data.draw(block_answers(generated.flow)), limits=LIMITS)


@pytest.mark.long
@settings(FLOWS, max_examples=3_000)
@given(st.data())
def test_thousands_of_generated_flows_keep_every_promise(data: st.DataObject) -> None:
    keep(data)


def keep(data: st.DataObject) -> None:
    """Run a flow over blocks of every kind, in whose place answers come."""
    generated = data.draw(flows(BLOCKS))
    check_run(generated.flow, generated.inputs, data.draw(block_answers(generated.flow)), limits=LIMITS)
