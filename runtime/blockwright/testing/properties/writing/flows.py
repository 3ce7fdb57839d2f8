"""Whole flows, as YAML text, with the flows that they call and inputs to run them on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import TYPE_CHECKING, NamedTuple, Protocol

from blockwright.testing.properties.writing.choices import Choices
from blockwright.testing.properties.writing.routines import Routine, Routines
from blockwright.testing.properties.writing.steps import Steps
from blockwright.testing.properties.writing.values import Values
from blockwright.testing.properties.writing.yaml_text import Node, Scalar, write

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock

_NAMES = ("main flow", "other flow", "third flow")
_FUNCTIONS = ("run", "condition")


class WrittenFlow(NamedTuple):
    """A flow as YAML, the flows that it may call and which may call it, and inputs that it takes."""

    text: str
    others: tuple[str, ...]
    inputs: dict[str, object]

    def __str__(self) -> str:
        others = "".join(f"\n# other-{number}.yaml\n{text}" for number, text in enumerate(self.others, 1))
        return f"{self.text}{others}\n# inputs: {self.inputs!r}"

    def _repr_pretty_(self, printer: Printer, _is_cycle: bool) -> None:
        printer.text(str(self))


class Printer(Protocol):
    """What Hypothesis shows examples with."""

    def text(self, obj: str, /) -> object: ...


def random_flow(seed: int, blocks: Iterable[AnyBlock]) -> WrittenFlow:
    """One flow of very many: Hypothesis likes small ones, and to change a little in those it had; these are all new."""
    return write_flow(Random(seed).randrange, blocks)


def write_flow(below: Callable[[int], int], blocks: Iterable[AnyBlock]) -> WrittenFlow:
    """A flow over some blocks, and its inputs, as ``below`` chooses, which gives a whole number from 0 up, below the
    one it is given."""
    choices = Choices(below)
    waits = choices.maybe()
    callable_blocks = tuple(blocks)
    codes = {str(code) for block in callable_blocks for code in block.failures}
    files = [_File(choices, name, codes) for name in _NAMES[: choices.number(1, 3)]]
    flows = {each.name: each.main for each in files}
    in_a_circle = choices.rarely()
    texts: list[str] = []
    for place, each in reversed(list(enumerate(files))):
        known = flows if in_a_circle else {name: flows[name] for name in _NAMES[place + 1 : len(files)]}
        texts.insert(0, write(each.document(callable_blocks, known, waits=waits)))
    return WrittenFlow(texts[0], tuple(texts[1:]), files[0].values())


class _File:
    """One flow file: what it asks for and promises is known before its steps are written."""

    def __init__(self, choices: Choices, name: str, codes: Iterable[str]) -> None:
        self.name = name
        self._choices = choices
        self._values = Values(choices)
        self._routines = Routines(choices, self._values, codes)
        self.main = self._routines.routine()

    def values(self) -> dict[str, object]:
        """Inputs that the flow takes."""
        return {
            name: each.value for name, each in self.main.inputs.items() if each.is_required or self._choices.maybe()
        }

    def document(self, blocks: Iterable[AnyBlock], flows: Mapping[str, Routine], *, waits: bool) -> Node:
        """The file as a node; of the ``flows`` it calls those that fail with what it can declare."""
        closed = self.main.is_closed and not self.main.is_wrapped
        functions = {name: self._routines.routine() for name in self._choices.some(_FUNCTIONS, 1)}
        callees = {name: each for name, each in flows.items() if each.is_closed or not closed} | functions
        steps = Steps(
            self._choices, self._values, self.name, blocks, (self._routines, callees), waits=waits, closed=closed
        )
        about: dict[str, Node] = {"about": Scalar("Made up.")} if self._choices.rarely() else {}
        written: dict[str, Node] = {
            name: {**about, **each.head(), "steps": steps.of(each)} for name, each in functions.items()
        }
        return {
            "flow": Scalar(self.name),
            **about,
            **self.main.head(),
            "steps": steps.of(self.main),
            **({"functions": written} if written else {}),
        }
