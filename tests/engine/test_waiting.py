"""``wait``: how long, and what is no duration."""

from __future__ import annotations

import pytest

from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, failing, load, run

DURATIONS = {
    "5 seconds": 5,
    "1 minute 30 seconds": 90,
    "1.5 seconds": 1.5,
    "PT5S": 5,
    "0 seconds": 0,
    "2 days": 172_800,
    "= duration(“PT2M”)": 120,
    "= if n > 1 then duration(“PT3S”) else duration(“PT1S”)": 3,
    "= string(n) + “ hours”": 7_200,
    "${n} hours": 7_200,
    "3650 days": 315_360_000,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("written", DURATIONS)
def test_a_wait_takes_as_long_as_it_says(written: str, way: Way) -> None:
    clock = ManualClock()
    quoted = written.replace("“", '"').replace("”", '"')
    flow = load(f"flow: f\ninputs: {{n: number}}\nsteps:\n  - wait: '{quoted}'\n  - return: = n\n", clock=clock)
    assert run(flow, way, {"n": 2}) == 2
    assert clock.passed == DURATIONS[written]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "given", ["P1Y", "soon", "-5 seconds", "3651 days", 5, True, [], "5 seconds each", "9" * 400 + " days"]
)
def test_what_cannot_be_waited_for_is_a_bad_value(given: object, way: Way) -> None:
    flow = load("flow: f\ninputs: {n: anything}\nsteps:\n  - log: a\n  - wait: = n\n", clock=ManualClock())
    failure = failing(flow, way, {"n": given})
    assert (failure.code, str(failure.place)) == ("bad value", "flow.yaml:5:13")


@pytest.mark.parametrize("way", WAYS)
def test_a_flow_that_waits_somewhere_waits(way: Way) -> None:
    clock = ManualClock()
    text = (
        "flow: f\nsteps:\n  - repeat: 3\n    do:\n      - pause: {n: 2}\nfunctions:\n  pause:\n"
        "    inputs: {n: number}\n    steps:\n      - wait: ${n} seconds\n"
    )
    flow = load(text, clock=clock)
    assert flow.waits
    assert run(flow, way) is None
    assert clock.passed == 6
