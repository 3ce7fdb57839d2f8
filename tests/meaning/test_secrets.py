"""What is given to a secret input is in nothing that a generated flow says, whatever it does with it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from blockwright import Event, Failure
from blockwright.expressions import types as t
from blockwright.testing.properties.writing.flows import random_flow
from tests.meaning.blocks import BLOCKS
from tests.meaning.running import Loaded, loaded

WORDS = "Tr0ub4dor&3 is no battery staple"
BEGINNING = WORDS[:8]


def test_no_log_failure_or_trace_of_a_flow_tells_its_secrets() -> None:
    told = 0
    for flow, inputs in itertools.islice(with_secrets(), 30):
        for watched in (False, True):
            said, gave = all_said(flow, inputs, watched=watched)
            assert BEGINNING not in said
            told += BEGINNING in gave
    assert told > 3, "few of these flows do anything with their secrets"


def with_secrets() -> Iterator[tuple[Loaded, dict[str, object]]]:
    """Generated flows that ask for secret texts, and inputs that have some."""
    for seed in itertools.count(5_000):
        example = random_flow(seed, BLOCKS)
        flow = loaded(example) if "secret: true" in example.text.partition("steps:")[0] else None
        if flow is not None:
            asked = (each for each in flow.flow.inputs if each.secret and not each.choices)
            secrets = {each.name: WORDS for each in asked if t.fits(t.TEXT, each.type) is True}
            if secrets:
                yield flow, {**example.inputs, **secrets}


def all_said(flow: Loaded, inputs: dict[str, object], *, watched: bool) -> tuple[str, str]:
    """Everything that leaves a run but its result; and the result, with what blocks were given."""
    log: list[str] = []
    events: list[Event] = []
    flow.book.effects.clear()
    failed: Failure | None = None
    gave: object = None
    try:
        gave = flow.flow.run(
            inputs, watch=events.append if watched else None, log=lambda text, _place: log.append(text)
        )
    except Failure as failure:
        failed = failure
    said = f"{log} {events}" if failed is None else f"{log} {events} {failed} {failed.details} {failed.__cause__!r}"
    return said, f"{gave} {flow.book.effects}"
