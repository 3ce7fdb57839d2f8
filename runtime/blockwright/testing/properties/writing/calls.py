"""Generated calls of blocks: what they ask for is read from their declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from blockwright.expressions import types as t
from blockwright.expressions.values import take, to_text
from blockwright.testing.properties.writing.choices import Choices
from blockwright.testing.properties.writing.values import Here, Values
from blockwright.testing.properties.writing.vocabulary import VARIABLES
from blockwright.testing.properties.writing.yaml_text import Node, Scalar

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock, Input
    from blockwright.testing.properties.writing.expressions import Kind


class Calls:
    """Writes calls of some blocks; of asynchronous ones only where a flow ``waits``."""

    def __init__(self, choices: Choices, values: Values, blocks: Iterable[AnyBlock], *, waits: bool) -> None:
        self._choices = choices
        self._values = values
        self._blocks = [block for block in blocks if waits or not block.is_async]

    @property
    def passing(self) -> set[str]:
        """The labels of blocks some of whose failures pass."""
        return {block.label for block in self._blocks if any(each.transient for each in block.failures.values())}

    def call(self, here: Here, _depth: int) -> tuple[Node, bool]:
        """A call of one of them; a line in the log where there are none."""
        if not self._blocks:
            return {"log": self._values.template(here)}, True
        block = self._choices.pick(self._blocks)
        inputs = {each.name: self._input(each, here) for each in self._given(block)}
        here.codes |= {"unexpected", *map(str, block.failures)}
        step: dict[str, Node] = {block.label: inputs} if inputs else {block.label: Scalar("")}
        if block.gives_value and self._choices.maybe():
            kind = "dark" if block.result == t.ANYTHING else kind_of(block.result)
            name = self._choices.pick(VARIABLES[kind]) + here.own
            step["save as"] = Scalar(name)
            here.known[name] = kind
        return step, True

    def _given(self, block: AnyBlock) -> list[Input]:
        given = [each for each in block.inputs if each.is_required or self._choices.maybe()]
        return given[::-1] if len(given) > 1 and self._choices.rarely() else given

    def _input(self, asked: Input, here: Here) -> Node:
        if asked.choices:
            choice = Scalar(to_text(take(self._choices.pick(asked.choices))))
            return choice if self._choices.maybe() else self._values.formula(here, "dark")
        kind = kind_of(asked.type)
        if asked.whole and kind == "number":
            number = Scalar(self._choices.pick(("0", "7")))
            return number if self._choices.maybe() else self._values.unsettled(here, "number")
        is_known = kind != "any" or asked.type == t.ANYTHING
        return self._values.value(here, kind) if is_known else self._values.formula(here, "dark")


def kind_of(of: t.Type) -> Kind:
    """What generated expressions know of a type; ``any`` where they cannot make its values."""
    match t.required(of):
        case t.TEXT:
            return "text"
        case t.NUMBER:
            return "number"
        case t.YES_OR_NO:
            return "yes"
        case t.ANYTHING:
            return "any"
        case t.DATE:
            return "date"
        case t.TIME:
            return "time"
        case t.DATE_AND_TIME:
            return "moment"
        case t.DAYS_DURATION | t.DURATION:
            return "duration"
        case t.ListOf(item=item):
            return "list" if item in (t.NUMBER, t.ANYTHING) else "any"
        case t.ObjectOf():
            return "object"
    return "any"
