"""Two runs of one flow share nothing: not with one another, not with the application, not with a block."""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest

from blockwright import Failure, Flow, block
from tests.engine.kit import WAYS, Way, failing, load, run

CONSTANTS = """\
flow: constants
inputs:
  given: {type: list of number, default: [1, 2]}
steps:
  - set:
      own: {names: [a, b], more: {deep: [1]}}
  - spoil: {thing: = given}
  - spoil: {thing: = own}
  - hand out: {}
    save as: handed
  - spoil: {thing: = handed}
  - return: {given: = given, own: = own, handed: = handed}
"""
TOLD: list[int] = [1, 2, 3]
FELL = Failure(7, "fell", {"list": [1]})


@block("spoil")
def spoil(thing: object) -> None:
    """Change what was given in every way."""
    if isinstance(thing, list):
        thing.append("spoilt")
    if isinstance(thing, dict):
        for value in thing.values():
            spoil(value)
        thing["spoilt"] = True


@block("hand out")
def hand_out() -> list[int]:
    """The same list each time."""
    return TOLD


@block("fall", failures={7: "It fell."})
def fall() -> None:
    """Raise the same failure each time."""
    raise FELL


@pytest.fixture
def flow() -> Flow:
    return load(CONSTANTS, spoil, hand_out)


@pytest.mark.parametrize("way", WAYS)
def test_results_are_the_callers_own(flow: Flow, way: Way) -> None:
    expected = {
        "given": [1, 2],
        "own": {"names": ["a", "b"], "more": {"deep": [1]}},
        "handed": [1, 2, 3],
    }
    for _ in range(2):
        result = run(flow, way)
        assert result == expected
        spoil(result)
    assert TOLD == [1, 2, 3]


@pytest.mark.parametrize("way", WAYS)
def test_inputs_stay_the_callers_own(flow: Flow, way: Way) -> None:
    given = [5, 6]
    result = run(flow, way, {"given": given})
    assert given == [5, 6]
    assert isinstance(result, dict)
    assert result["given"] == [5, 6]
    assert result["given"] is not given


@pytest.mark.parametrize("way", WAYS)
def test_a_failure_raised_twice_is_two_failures(way: Way) -> None:
    flow = load("flow: falls\nsteps:\n  - log: a\n  - fall\n", fall)
    other = load("flow: also falls\nsteps:\n  - fall\n", fall)
    first, second = failing(flow, way), failing(other, way)
    assert first is not second
    assert (first.flow, str(first.place)) == ("falls", "flow.yaml:4:5")
    assert (second.flow, str(second.place)) == ("also falls", "flow.yaml:3:5")
    spoil(first.details)
    assert (FELL.place, FELL.flow, FELL.block, FELL.details) == (None, None, None, {"list": [1]})
    assert failing(flow, way).details == {"list": [1]}


@pytest.mark.parametrize("way", WAYS)
def test_details_of_a_fail_step_are_the_callers_own(way: Way) -> None:
    flow = load("flow: falls\nsteps:\n  - fail: {code: 7, message: no, details: {list: [1]}}\n")
    spoil(failing(flow, way).details)
    assert failing(flow, way).details == {"list": [1]}


@pytest.mark.parametrize("way", WAYS)
def test_a_block_that_changes_the_decimal_context_changes_it_for_nobody_else(way: Way) -> None:
    @block("meddle")
    def meddle() -> None:
        """Change the precision."""
        decimal.getcontext().prec = 3

    flow = load("flow: third\nsteps:\n  - meddle\n  - return: = 1 / 3\n", meddle)
    untouched = load("flow: other third\nsteps:\n  - return: = 1 / 3\n")
    before = decimal.getcontext().copy()
    run(flow, way)
    assert run(untouched, way) == Decimal("0." + "3" * 34)
    assert decimal.getcontext().prec == before.prec
