"""How failures and findings look: for people on stderr, for programs as JSON on stdout."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from blockwright.cli.stopping import FAILED, WRONG
from blockwright.cli.terminal import complain, has_color, painted, say, tell
from blockwright.failure import Failure, Place
from blockwright.language.diagnostics import Finding, FlowError, Span, to_json, to_text, visible
from blockwright.language.showing import as_json, in_line
from blockwright.language.source import Source, read_source

if TYPE_CHECKING:
    from blockwright.engine.inputs import InputsError
    from blockwright.engine.runtime import Flow, Runtime
    from blockwright.language.program import Asked

WRONG_TEXT = "wrong text"
"""The ``code`` in JSON when a flow, an expression or a file of inputs cannot be used as it is written."""
DETAILS = 500
"""Characters that are shown of a failure's details; JSON has all of them."""
WRONG_INPUTS = "wrong inputs"
"""The ``code`` in JSON when the inputs are not what the flow asks for."""


def show_failure(
    failure: Failure,
    *,
    as_data: bool,
    runtime: Runtime | None = None,
    source: Source | None = None,
    code: int = FAILED,
    with_cause: bool = False,
) -> int:
    """Show how a run failed, and give the exit code. ``source`` is the flow's text where it is in no file."""
    if with_cause and failure.__cause__ is not None:
        import traceback

        tell("".join(traceback.format_exception(failure.__cause__)).rstrip())
    if as_data:
        say(as_json(failure.to_dict()))
    elif code == WRONG and failure.place is None:
        complain(failure.message)
    else:
        painted(failure_text(failure, runtime, source, has_color(sys.stderr)))
    return code


def show_findings(findings: Sequence[Finding], what: str, *, as_data: bool) -> int:
    """Show what is wrong with a text, and give the exit code. ``what`` sums it up for programs."""
    if as_data:
        message = f"{what}: {findings[0].message}"
        say(as_json({"message": message, "code": WRONG_TEXT, "findings": json.loads(to_json(findings))}))
    else:
        painted(to_text(findings, has_color(sys.stderr)))
    return WRONG


def show_inputs_error(flow: Flow, error: InputsError, *, as_data: bool) -> int:
    """Show everything that is wrong with the inputs of a call, and give the exit code."""
    if as_data:
        say(as_json({"message": str(error), "code": WRONG_INPUTS, "problems": list(error.problems)}))
        return WRONG
    for problem in error.problems[:-1]:
        complain(problem)
    asked = [_quoted(f"{each.name}={_example(each)}") for each in flow.inputs if each.is_required]
    complain(error.problems[-1], " -i ".join([f"blockwright run {_quoted(flow.path)}", *asked]) if asked else None)
    return WRONG


def _example(asked: Asked) -> str:
    return "…" if asked.example is None else in_line(asked.example)


def _quoted(word: str) -> str:
    """A word of a command line, in the quotes that every shell understands where they do."""
    if re.fullmatch(r"[\w./:@+-]+", word):
        return word
    return shlex.quote(word) if set(word) & set('"$`\\!') else f'"{word}"'


def failure_text(failure: Failure, runtime: Runtime | None, source: Source | None, color: bool) -> str:
    """A failure as a finding looks: place, code and sentence, the line with a caret, the block, what the code means."""
    if failure.place is None:
        return visible(f"failed with {failure.code}: {failure.message}")
    finding = _finding(failure, failure.place, source)
    gutter = " " * len(str(failure.place.line))
    notes = (f"{gutter} = {note}" for note in map(visible, _notes(failure, runtime)))
    return "\n".join([to_text([finding], color), *notes])


def _finding(failure: Failure, place: Place, source: Source | None) -> Finding:
    line = _line(place, source)
    here = (line or "")[place.column - 1 :]
    size = len(failure.block) if failure.block and here.startswith(failure.block) else 1
    span = Span(place.line, place.column, place.line, place.column + size)
    return Finding(place.file, span, f"failed with {failure.code}: {failure.message}", source_line=line)


def _line(place: Place, source: Source | None) -> str | None:
    """The line of a place, when its file still has one."""
    if source is not None and source.path == place.file:
        return source.line(place.line)
    try:
        return read_source(place.file).line(place.line)
    except FlowError:
        return None


def _notes(failure: Failure, runtime: Runtime | None) -> Iterable[str]:
    if failure.block:
        yield f"block: {failure.block}"
        block = runtime.blocks.get(failure.block) if runtime else None
        if block and failure.code in block.failures:
            yield f"{failure.code} means: {block.failures[failure.code].about}"
    if failure.details is not None:
        details = in_line(failure.details)
        yield f"details: {details if len(details) <= DETAILS else details[:DETAILS] + '…'}"
