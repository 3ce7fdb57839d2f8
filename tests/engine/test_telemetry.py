"""Runs as spans of OpenTelemetry."""

from __future__ import annotations

import asyncio

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, get_current_span

from blockwright import Failure, block
from blockwright.engine.manual_clock import ManualClock
from blockwright.telemetry import spans
from tests.engine.kit import load

FLOW = """\
flow: spans
steps:
  - for each: x
    in: [1, 2]
    at once: 2
    do:
      - look: {what: = x}
  - fail: {code: 7, message: no}
    retry: {more tries: 1, wait: 1 minute, only for: [7]}
"""


def test_a_run_its_steps_and_branches_are_spans_inside_of_one_another() -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    inside: list[int] = []

    @block("look")
    async def look(what: int) -> None:  # noqa: ARG001 - as blocks have inputs
        """Look."""
        await asyncio.sleep(0)
        inside.append(get_current_span().get_span_context().span_id)

    with pytest.raises(Failure):
        load(FLOW, look, clock=ManualClock()).run(watch=spans(provider))

    made = exporter.get_finished_spans()
    names = {_id(each): each.name for each in made}
    around = [(each.name, names[each.parent.span_id] if each.parent else None) for each in made]
    assert sorted(around, key=str) == sorted(
        [
            ("look", "round 1"),
            ("look", "round 2"),
            ("round 1", "for each"),
            ("round 2", "for each"),
            ("for each", "spans"),
            ("fail", "retry"),
            ("fail", "retry"),
            ("retry", "spans"),
            ("spans", None),
        ],
        key=str,
    )
    assert [names[each] for each in inside] == ["look", "look"], "what a block does is inside of its step"
    retry = next(each for each in made if each.name == "retry")
    assert [each.name for each in retry.events] == ["wait", "try"]
    assert retry.status.status_code is StatusCode.ERROR
    attributes = dict(retry.attributes or {})
    assert attributes.pop("blockwright.run.id")
    assert attributes == {
        "code.file.path": "flow.yaml",
        "code.line.number": 9,
        "code.column.number": 13,
        "blockwright.flow.name": "spans",
        "blockwright.step.name": "retry",
        "error.type": "7",
    }
    assert not get_current_span().get_span_context().is_valid, "nothing is left behind"


def _id(span: ReadableSpan) -> int:
    context = span.get_span_context()
    assert context is not None
    return context.span_id
