"""One way to run the tests of a flow in tests: the text of a flow, and what came of each of its tests."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Protocol, TypedDict, runtime_checkable

from blockwright import Runtime, block
from blockwright.catalogue import SECRET, AnyBlock
from blockwright.testing.collecting import collect
from blockwright.testing.running import Outcome, run_case
from blockwright.testing.wording import problem_lines
from blockwright.testing.world import PATIENCE


@runtime_checkable
class Till(Protocol):
    """Takes money."""

    def take(self, amount: int) -> str: ...


class FullTill:
    def take(self, amount: int) -> str:
        return f"took {amount}"


class Receipt(TypedDict):
    number: str
    amount: int


@block("charge", failures={"declined": "The card is declined.", "busy": "Try later."}, transient=["busy"])
async def charge(card: Annotated[str, SECRET], amount: int = 1, *, till: Till) -> Receipt:  # noqa: ARG001
    """Charge a card."""
    return {"number": till.take(amount), "amount": amount}


@block("shout")
def shout(words: str) -> str:
    """Make words loud."""
    return words.upper()


@block("ring")
def ring() -> None:
    """Ring a bell."""


@block("break")
def break_() -> None:
    """Breaks."""
    raise ValueError("broken by purpose")


@block("ask")
async def ask(question: Annotated[str, SECRET] = "") -> str:  # noqa: ARG001
    """Ask somebody who never answers."""
    await asyncio.Event().wait()
    return ""


BLOCKS: tuple[AnyBlock, ...] = (charge, shout, ring, break_, ask)


def run_tests(
    folder: Path, flow: str, tests: str, *, services: Iterable[object] = (), patience: float = PATIENCE
) -> list[Outcome]:
    """What came of the tests of a flow that is written into a folder."""
    text = f"{textwrap.dedent(flow).strip()}\ntests:\n{textwrap.indent(textwrap.dedent(tests).strip(), '  ')}\n"
    path = folder / "flow.yaml"
    path.write_text(text, encoding="utf-8")
    collected = collect([path], Runtime(blocks=BLOCKS))
    assert not collected.findings, "\n".join(map(str, collected.findings))
    return [run_case(case, flow, list(services), patience) for flow, case in collected.cases]


def said(folder: Path, flow: str, test: str, *, services: Iterable[object] = (), patience: float = PATIENCE) -> str:
    """What is said of the one test of a flow; nothing when it passes. Paths are left out."""
    test = "- it: is tried\n" + textwrap.indent(textwrap.dedent(test).strip(), "  ")
    (outcome,) = run_tests(folder, flow, test, services=services, patience=patience)
    return "\n".join(problem_lines(outcome.problems)).replace(str(folder / "flow.yaml"), "flow")
