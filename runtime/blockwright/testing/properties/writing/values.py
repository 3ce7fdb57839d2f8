"""The values of generated steps, in every form that they can be written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blockwright.testing.properties.writing.choices import Choices
from blockwright.testing.properties.writing.expressions import Kind, expression, is_settled, may_fail
from blockwright.testing.properties.writing.vocabulary import CONDITIONS, STYLES
from blockwright.testing.properties.writing.yaml_text import Node, Scalar, Style

_OF_A_FAILURE: Mapping[Kind, tuple[str, ...]] = {
    "text": ("failure.message",),
    "dark": ("failure.details", "failure.block"),
    "any": ("failure.message", "failure.details", "failure.block", "failure.code", "failure"),
}


@dataclass
class Here:
    """Where steps are being written: the names that can be read, and the codes that can certainly arise so far.

    ``own`` ends the names of all variables that are set where other steps run beside these; ``returns`` is what a
    ``return`` may give here, None where that is nothing.
    """

    known: dict[str, Kind]
    codes: set[str]
    looping: bool = False
    handling: bool = False
    in_always: bool = False
    at_once: bool = False
    own: str = ""
    returns: Kind | None = "dark"


class Values:
    """Writes values."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def condition(self, here: Here) -> Scalar:
        if self._choices.rarely():
            return self.unsettled(here, self._choices.pick(("yes", "yes", "dark")))
        return Scalar(self._choices.pick(CONDITIONS), self.style())

    def value(self, here: Here, kind: Kind) -> Node:
        """A value of some kind in any form that it can be written in."""
        if kind == "text" and self._choices.maybe():
            return self.template(here)
        if kind == "list" and self._choices.maybe():
            return [self.value(here, "number") for _ in range(self._choices.number(0, 2))]
        if kind == "object" and self._choices.maybe():
            return {name: self.value(here, "any") for name in self._choices.some(("a", "b", "c d"), 2)}
        if kind == "number" and self._choices.maybe():
            return Scalar(self._choices.pick(("0", "1", "7", "2.50", "-1", "0.1")))
        if kind == "any" and self._choices.one_in(8):
            return Scalar(self._choices.pick(("null", "true", "2.50", "plain words", "0123")), "plain")
        if kind == "any" and self._choices.rarely():
            return self.value(here, self._choices.pick(("text", "list", "object", "number")))
        if kind == "any" and self._choices.rarely():
            return [self.value(here, "any") for _ in range(self._choices.number(0, 2))]
        return self.formula(here, kind)

    def template(self, here: Here) -> Scalar:
        parts = self._choices.some(("so ", "ü 😀 ", "$${ ", "it's "), 2)
        if self._choices.maybe():
            text = self._expression(here, self._choices.pick(("number", "text", "list", "dark")), 1)
            parts.insert(self._choices.number(0, len(parts)), f"${{{text}}} ")
            here.codes |= {"bad value", "too big"} if may_fail(text, here.known) else set()
        return Scalar(("".join(parts) or "nothing").strip(), self.style())

    def formula(self, here: Here, kind: Kind) -> Scalar:
        text = self._expression(here, kind, 2 if self._choices.rarely() else self._choices.number(0, 1))
        if may_fail(text, here.known):
            here.codes |= {"bad value", "too big"}
        return Scalar(f"= {text}", self.style())

    def unsettled(self, here: Here, kind: Kind) -> Scalar:
        """An expression whose value the checker cannot know, where it would look into one that it knows."""
        formula = self.formula(here, kind)
        if is_settled(formula.text, here.known):
            return Scalar({"number": "= n", "yes": "= n > 1", "list": "= [n]"}.get(kind, "= thing"), formula.style)
        return formula

    def _expression(self, here: Here, kind: Kind, depth: int) -> str:
        if here.handling and kind in _OF_A_FAILURE and self._choices.maybe():
            return self._choices.pick(_OF_A_FAILURE[kind])
        return expression(self._choices, kind, here.known, depth)

    def style(self) -> Style:
        """How a scalar is written."""
        return self._choices.pick(STYLES)
