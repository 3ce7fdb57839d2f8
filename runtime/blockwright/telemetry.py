"""Runs as spans of OpenTelemetry: ``flow.run(…, watch=spans())``.

A run, each of its steps and each branch is a span; what a block does meanwhile, such as a request, is a span inside of
it, if whoever makes the request tells OpenTelemetry. No span holds inputs or results. Needs the extra ``otel``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.engine import trace
from blockwright.engine.trace import Activity, Event, Watch

if TYPE_CHECKING:
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer, TracerProvider

    from blockwright.failure import Failure


def spans(provider: TracerProvider | None = None) -> Watch:
    """A watcher for one run that makes spans of ``provider``, or else of the one that is set for the process.

    Raises ImportError when OpenTelemetry is not installed.
    """
    try:
        from opentelemetry.trace import get_tracer
    except ImportError as error:
        raise ImportError("spans need OpenTelemetry: pip install 'blockwright[otel]'") from error
    return _Spans(get_tracer("blockwright", tracer_provider=provider))


class _Spans:
    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._open: dict[int, tuple[Span, Token[Context]]] = {}

    def __call__(self, event: Event) -> None:
        of = event.of
        match event:
            case trace.RunBegins() | trace.StepBegins() | trace.BranchBegins():
                self._begin(of)
            case trace.TryBegins(number=number) if number > 1:
                self._note(of, "try", {"blockwright.try.number": number})
            case trace.WaitBegins(seconds=seconds):
                self._note(of, "wait", {"blockwright.wait.seconds": seconds})
            case trace.StepEnds():
                self._end(of)
            case trace.StepFails(failure=failure):
                self._end(of, failure)
            case trace.StepStops():
                self._end(of, was_stopped=True)
            case (
                trace.RunEnds(failure=ended, was_stopped=stopped) | trace.BranchEnds(failure=ended, was_stopped=stopped)
            ):
                self._end(of, ended, was_stopped=stopped)

    def _begin(self, of: Activity) -> None:
        from opentelemetry.context import attach
        from opentelemetry.trace import set_span_in_context

        around = self._open.get(of.parent or 0)
        context = set_span_in_context(around[0]) if around else None
        attributes: dict[str, str | int] = {
            "code.file.path": of.place.file,
            "code.line.number": of.place.line,
            "code.column.number": of.place.column,
            "blockwright.run.id": of.run,
            "blockwright.flow.name": of.flow,
        }
        if of.parent is not None:
            attributes["blockwright.step.name"] = of.name
        span = self._tracer.start_span(of.name, context, attributes=attributes)
        self._open[of.id] = span, attach(set_span_in_context(span))

    def _note(self, of: Activity, name: str, attributes: dict[str, int | float]) -> None:
        if of.id in self._open:
            self._open[of.id][0].add_event(name, attributes)

    def _end(self, of: Activity, failure: Failure | None = None, *, was_stopped: bool = False) -> None:
        from opentelemetry.context import detach
        from opentelemetry.trace import StatusCode

        if of.id not in self._open:
            return
        span, token = self._open.pop(of.id)
        detach(token)
        if failure is not None:
            span.set_attribute("error.type", str(failure.code))
            span.set_status(StatusCode.ERROR, failure.message)
        elif was_stopped:
            span.set_attribute("error.type", "cancelled")
            span.set_status(StatusCode.ERROR, "stopped from outside")
        span.end()
