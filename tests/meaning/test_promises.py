"""What every run promises, whatever the flow: nothing shared, ``always:`` always, no failure that was not foreseen."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator

from blockwright import Failure
from blockwright.failure import FINAL_CODES
from blockwright.testing.properties.writing.flows import WrittenFlow, random_flow
from blockwright.testing.properties.writing.steps import ENTERS, HANDLES, LEAVES
from tests.meaning.blocks import BLOCKS
from tests.meaning.running import Loaded, Outcome, loaded


def test_a_run_leaves_no_trace_in_the_next() -> None:
    for flow, example in accepted(range(1_000, 1_050)):
        first = flow.compiled(example.inputs)
        for _ in range(2):
            spoil(flow, example)
            again = flow.compiled(example.inputs)
            assert again == first or (flow.has_sides and again.without_order() == first.without_order())


def test_a_run_fails_only_as_the_checker_said_it_could() -> None:
    for flow, example in accepted(range(2_000, 2_040)):
        failure = failure_of(flow, example)
        if failure is not None:
            foreseen = flow.flow.failures
            assert None in foreseen or failure.code in foreseen | FINAL_CODES
            assert failure.place is not None
            assert failure.flow in ("main flow", "other flow", "third flow")


def test_what_is_always_done_is_done_once_and_no_handler_is_asked_about_the_end() -> None:
    for flow, example in accepted(range(3_000, 3_040)):
        for outcome in (flow.compiled(example.inputs), flow.interpreted(example.inputs)):
            assert_closed(outcome, in_order=not flow.has_sides)
            assert not any(text == f"{HANDLES}{code}" for text, _ in outcome.log for code in FINAL_CODES)


def accepted(seeds: range) -> Iterator[tuple[Loaded, WrittenFlow]]:
    """Generated flows that the checker lets pass."""
    for seed in seeds:
        example = random_flow(seed, BLOCKS)
        flow = loaded(example)
        if flow is not None:
            yield flow, example


def failure_of(flow: Loaded, example: WrittenFlow) -> Failure | None:
    """How a run fails; anything else that it raises is a mistake of the engine's."""
    try:
        flow.flow.run(copy.deepcopy(example.inputs))
    except Failure as failure:
        return failure
    return None


def spoil(flow: Loaded, example: WrittenFlow) -> None:
    """Run a flow, and change everything that can be had of the run."""
    given = copy.deepcopy(example.inputs)
    try:
        change(flow.flow.run(given))
    except Failure as failure:
        change(failure.details)
        failure.place = None
        failure.message = "changed"
    change(given)


def change(value: object) -> None:
    """Change a value in place, at every depth."""
    if isinstance(value, list):
        for item in value:
            change(item)
        value.append("changed")
    elif isinstance(value, dict):
        for item in value.values():
            change(item)
        value["changed"] = True


def assert_closed(outcome: Outcome, *, in_order: bool) -> None:
    """Every ``try`` that was entered was left once, innermost first where steps have an order."""
    lines = [text for text, _ in outcome.log]
    entered = Counter(text.removeprefix(ENTERS) for text in lines if text.startswith(ENTERS))
    assert entered == Counter(text.removeprefix(LEAVES) for text in lines if text.startswith(LEAVES))
    if not in_order:
        return
    inside: list[str] = []
    for text, _ in outcome.log:
        if text.startswith(ENTERS):
            inside.append(text.removeprefix(ENTERS))
        elif text.startswith(LEAVES):
            assert inside.pop() == text.removeprefix(LEAVES)
    assert inside == []
