"""One way to check flows in tests. ``«`` and ``»`` mark where a finding must stand."""

from __future__ import annotations

import textwrap
from typing import Literal, TypedDict

from blockwright import block
from blockwright.catalogue import AnyBlock, Catalogue
from blockwright.engine.library import Library
from blockwright.failure import Code
from blockwright.language.diagnostics import Finding, FlowError, Span, to_text
from blockwright.language.program import Program
from blockwright.language.source import Source


class Person(TypedDict):
    name: str
    age: int
    friends: list[str]


@block("ask", failures={3102: "Asked before.", 3104: "Nobody is there.", "not now": "Try later."})
def ask(question: str) -> str:
    """Ask something."""
    return question


@block("tell")
def tell(message: str) -> None:
    """Say something; nothing is given back."""


@block("add up", failures={"too few": "There is nothing to add up."})
def add_up(numbers: list[int], start: int = 0) -> int:
    """Add numbers up."""
    return start + sum(numbers)


@block("paint")
def paint(colour: Literal["red", "green", "dark green"], coats: int = 1, glossy: bool = False) -> None:
    """Paint something."""


@block("look up")
def look_up(identity: str | int) -> Person:
    """Find somebody."""
    return {"name": str(identity), "age": 1, "friends": []}


@block("do it")
def do_it() -> object:
    """Does something, and nobody knows what."""
    return None


BLOCKS: tuple[AnyBlock, ...] = (ask, tell, add_up, paint, look_up, do_it)


def flow(steps: str, inputs: str = "", functions: str = "") -> str:
    """A whole flow around some steps."""
    text = "flow: test flow\n"
    for key, below in (("inputs", inputs), ("steps", steps), ("functions", functions)):
        if below:
            text += f"{key}:\n{textwrap.indent(textwrap.dedent(below).strip(), '  ')}\n"
    return text


def program(text: str) -> Program:
    """The checked flow; what is wrong with it fails the test."""
    library = Library(Catalogue(BLOCKS))
    try:
        return library.load(Source("no-folder/flow.yaml", text)).program
    except FlowError as error:
        raise AssertionError(f"{text}\n{error}") from None


def findings(text: str) -> tuple[Finding, ...]:
    """All that is found in a flow, warnings too."""
    library = Library(Catalogue(BLOCKS))
    try:
        return library.load(Source("no-folder/flow.yaml", text)).program.warnings
    except FlowError as error:
        return error.findings


def failures(text: str) -> frozenset[Code | None]:
    """What a flow can fail with."""
    library = Library(Catalogue(BLOCKS))
    name = library.load(Source("no-folder/flow.yaml", text)).program.name
    return library.arising.of(name)


def only(marked: str) -> Finding:
    """The one finding of a flow, which stands exactly at the mark."""
    text, (span,) = unmarked(marked)
    found = findings(text)
    assert [(each.span, each.message) for each in found] == [(span, found[0].message if found else "")], (
        f"{text}\n{to_text(found)}"
    )
    return found[0]


def all_of(marked: str) -> list[str]:
    """The messages of all findings of a flow, which stand exactly at the marks, in their order."""
    text, spans = unmarked(marked)
    found = findings(text)
    assert [each.span for each in found] == spans, f"{text}\n{to_text(found)}"
    return [each.message for each in found]


def unmarked(marked: str) -> tuple[str, list[Span]]:
    """The text without marks, and the places that were marked."""
    spans: list[Span] = []
    text, line, column = "", 1, 1
    start = (1, 1)
    for character in marked:
        if character == "«":
            start = line, column
        elif character == "»":
            spans.append(Span(*start, line, column))
        else:
            text += character
            line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    return text, spans
