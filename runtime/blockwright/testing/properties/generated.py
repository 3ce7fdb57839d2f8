"""Hypothesis's strategy for whole flows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import reject
from hypothesis import strategies as st

from blockwright.engine.runtime import Runtime
from blockwright.language.diagnostics import FlowError
from blockwright.testing.properties.samples import SAMPLE_BLOCKS
from blockwright.testing.properties.writing.flows import Printer, WrittenFlow, write_flow

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.runtime import Flow

_BELOW = [st.nothing(), *(st.integers(0, most) for most in range(100))]


@dataclass(frozen=True)
class GeneratedFlow:
    """A flow that passed every check, its YAML, that of the other flows in its folder, and inputs that it takes."""

    flow: Flow
    text: str
    others: tuple[str, ...]
    inputs: dict[str, object]

    def __repr__(self) -> str:
        return str(WrittenFlow(self.text, self.others, self.inputs))

    def _repr_pretty_(self, printer: Printer, _is_cycle: bool) -> None:
        printer.text(repr(self))


def flows(blocks: Iterable[AnyBlock] = SAMPLE_BLOCKS) -> st.SearchStrategy[GeneratedFlow]:
    """Whole flows out of every statement there is, which call these blocks: with functions, inputs, expressions that
    fail at times, retries, time limits, steps side by side, and other flows, which may call one another in a circle and
    promise what they give and fail with."""
    return _flows(tuple(blocks))


@st.composite
def _flows(draw: st.DrawFn, blocks: tuple[AnyBlock, ...]) -> GeneratedFlow:
    written = write_flow(lambda count: draw(_BELOW[count]), blocks)
    try:
        flow = load_written(written, Runtime(blocks=blocks))
    except FlowError:
        reject()
    return GeneratedFlow(flow, *written)


def load_written(written: WrittenFlow, runtime: Runtime) -> Flow:
    """A written flow, checked. Raises FlowError: a few of them do not pass every check."""
    with tempfile.TemporaryDirectory() as folder:
        return runtime.check(write_into(Path(folder), written))


def write_into(folder: Path, written: WrittenFlow) -> Path:
    """Write a flow, and the others, into a folder."""
    for number, other in enumerate(written.others, 1):
        folder.joinpath(f"other-{number}.yaml").write_text(other, encoding="utf-8")
    path = folder / "main.yaml"
    path.write_text(written.text, encoding="utf-8")
    return path
