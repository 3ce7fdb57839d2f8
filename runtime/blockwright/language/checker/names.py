"""The names of a flow or function: which there are, and whether expressions can tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from blockwright.catalogue.naming import python_name
from blockwright.expressions import Names
from blockwright.expressions.tokenizer import KEYWORDS
from blockwright.language import steps as s

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report
    from blockwright.language.checker.state import Bits
    from blockwright.language.source import Scalar

FAILURE = "failure"
"""What a handler is given."""

MOST_NAMES = 5_000
"""How many inputs and variables one flow or function may have."""


class RoutineNames:
    """The names of one flow or function, gathered before its steps are looked at.

    ``inputs`` are asked for, ``variables`` are given a value by steps, ``loops`` are those of its loops' rounds; each
    with the place where it stands first.
    """

    def __init__(self, inputs: Iterable[Scalar], steps: s.Steps) -> None:
        self.inputs = {each.text: each for each in inputs}
        self.variables: dict[str, Scalar] = {}
        self.loops: dict[str, Scalar] = {}
        self.skips = False
        self._bits: dict[str, Bits] = {}
        self._set_in: dict[int, Bits] = {}
        self._gather(steps)

    def bit(self, variable: str) -> Bits:
        """The bit that stands for a variable in a state; an input is no variable, as it always has its value."""
        return self._bits.get(variable, 0)

    def set_in(self, steps: s.Steps) -> Bits:
        """The variables that these steps, and all steps in them, may give a value to."""
        return self._set_in.get(id(steps), 0)

    def set_by(self, step: s.StepPart) -> Bits:
        """The variables that a step may have given a value to when it fails; the result of a call is not there yet."""
        found = 0
        if isinstance(step, s.Set):
            for name, _ in step.values:
                found |= self.bit(name.text)
        for inner in bodies(step):
            found |= self.set_in(inner)
        return found

    def all(self) -> dict[str, Scalar]:
        return self.loops | self.variables | self.inputs

    def _gather(self, steps: s.Steps) -> Bits:
        found = 0
        for step in steps:
            if step.skip:
                self.skips = True
                continue
            for name in given_by(step):
                self.variables.setdefault(name.text, name)
                if name.text not in self.inputs:
                    found |= self._bits.setdefault(name.text, 1 << len(self._bits))
            if isinstance(step, s.ForEach | s.Count):
                self.loops.setdefault(step.name.text, step.name)
            for inner in bodies(step):
                found |= self._gather(inner)
        self._set_in[id(steps)] = found
        return found


def bodies(step: s.StepPart) -> Iterator[s.Steps]:
    """The lists of steps inside a step, its handlers' among them."""
    if isinstance(step, s.If):
        yield from (step.then, step.otherwise)
    elif isinstance(step, s.Choose):
        yield from (case.do for case in step.cases)
        yield step.otherwise
    elif isinstance(step, s.ForEach | s.Count | s.Repeat | s.While | s.Until):
        yield step.do
    elif isinstance(step, s.Try):
        yield from (step.steps, step.always)
    elif isinstance(step, s.Together):
        yield from step.branches
    for handler in step.handlers:
        yield handler.steps


def check_names(names: RoutineNames, report: Report) -> Names:
    """The names, ready for reading expressions; those that clash or could be misread there are findings."""
    known = names.all()
    if len(known) > MOST_NAMES:
        last = list(known.values())[MOST_NAMES]
        report.error(
            last.span, f"there are more than {MOST_NAMES:,} names here", "move steps into functions", rule="size"
        )
        return Names([*list(known)[:MOST_NAMES], FAILURE])
    for loop in names.loops.values():
        if loop.text in names.variables or loop.text in names.inputs:
            report.error(
                loop.span,
                f"`{loop.text}` is already a name of this flow; a loop needs a name of its own",
                "choose another",
                rule="clash",
            )
    spelled: dict[str, str] = {}
    identifiers: dict[str, str] = {}
    for name in known.values():
        _check_words(name, known, report)
        if not _check_twin(name, name.text.casefold(), spelled, "capital letters", report):
            _check_twin(name, python_name(name.text), identifiers, "blanks and signs", report)
    return Names([*known, FAILURE])


def given_by(step: s.StepPart) -> Iterator[Scalar]:
    """The names that a step itself gives a value to."""
    if isinstance(step, s.Set):
        yield from (name for name, _ in step.values)
    elif isinstance(step, s.Call) and step.save_as:
        yield step.save_as
    elif isinstance(step, s.ForEach):
        yield from (name for name in (step.collect_as, step.collect_failures_as) if name)


def _check_twin(name: Scalar, form: str, known: dict[str, str], what: str, report: Report) -> bool:
    twin = known.setdefault(form, name.text)
    if twin == name.text:
        return False
    report.error(
        name.span,
        f"`{name.text}` differs from `{twin}` only by {what}",
        f"write `{twin}`, or choose a name that is easier to tell apart",
        rule="name",
    )
    return True


_LITERALS = frozenset({"true", "false", "null"})
_OPERATORS = (KEYWORDS | {"not"}) - _LITERALS
_JOINTS = re.compile(rf" ?(?<![\w'-])(?:{'|'.join(sorted(_OPERATORS))})(?![\w'-]) ?|-")


def _check_words(name: Scalar, known: dict[str, Scalar], report: Report) -> None:
    text = name.text
    if text == FAILURE:
        report.error(name.span, "`failure` is the name of what a handler is given", "choose another", rule="name")
    elif text in _OPERATORS or text in _LITERALS:
        report.error(name.span, f"`{text}` is a word of the expressions' own", "choose another name", rule="name")
    else:
        parts = [part for part in _JOINTS.split(text) if part]
        if parts != [text] and all(part in known or part in _LITERALS or part.isdigit() for part in parts):
            others = " and ".join(f"`{part}`" for part in parts)
            report.error(
                name.span,
                f"`{text}` could be taken for something made of {others}",
                "choose a name that does not read like a calculation",
                rule="name",
            )
