"""What generated flows and functions ask for and promise, and calls of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from blockwright.testing.properties.writing.choices import Choices
from blockwright.testing.properties.writing.expressions import Kind
from blockwright.testing.properties.writing.values import Here, Values
from blockwright.testing.properties.writing.vocabulary import CHOICES, CHOSEN, OWN_CODES, RETURNS, SORTS, VARIABLES
from blockwright.testing.properties.writing.yaml_text import Node, Scalar

NOTHING = "nothing"


@dataclass(frozen=True)
class Asked:
    """An input: what is known of it, what stands in the file, and a value that Python may give for it."""

    kind: Kind
    is_required: bool
    written: Node
    value: object
    choices: tuple[str, ...] = ()


@dataclass
class Routine:
    """What can be called: its inputs by name, and the codes that it can certainly fail with.

    ``gives`` is what is known of its value, None where it promises to give nothing. Where a flow declares its
    ``failures``, it can fail with no others, and is ``closed``; some of them are ``passing`` when they are transient.
    """

    inputs: dict[str, Asked]
    codes: set[str] = field(default_factory=set)
    gives: Kind | None = "dark"
    returns: Node | None = None
    failures: dict[str, Node] | None = None
    passing: bool = False

    @property
    def is_closed(self) -> bool:
        return self.failures is not None

    @property
    def is_wrapped(self) -> bool:
        """Whether it can fail with less than its steps can, so that something stands around them."""
        return self.failures is not None and len(self.failures) < 2

    def head(self) -> dict[str, Node]:
        """What stands before its steps."""
        found: dict[str, Node] = {}
        if self.inputs:
            found["inputs"] = {name: each.written for name, each in self.inputs.items()}
        if self.returns is not None:
            found["returns"] = self.returns
        if self.failures is not None:
            found["failures"] = dict(self.failures)
        return found


class Routines:
    """Makes up flows and functions, and calls of them."""

    def __init__(self, choices: Choices, values: Values, codes: Iterable[str]) -> None:
        self._choices = choices
        self._values = values
        self._codes = sorted({*codes, *OWN_CODES, "timed out"})

    def routine(self) -> Routine:
        """A flow or function, which may promise something."""
        found = Routine(self._inputs())
        if self._choices.maybe():
            self._promise(found)
        if self._choices.rarely():
            self._declare(found)
        return found

    def call(self, label: str, routine: Routine, here: Here) -> Node:
        """A step that calls a flow or function."""
        written: dict[str, Node] = {
            name: self._given(each, here)
            for name, each in routine.inputs.items()
            if each.is_required or self._choices.maybe()
        }
        here.codes |= {"too deep", *routine.codes}
        step: dict[str, Node] = {label: written or Scalar("")}
        kind = routine.gives
        if kind is not None and self._choices.maybe():
            name = self._choices.pick(VARIABLES[kind]) + here.own
            step["save as"] = Scalar(name)
            here.known[name] = kind
        return step

    def _given(self, asked: Asked, here: Here) -> Node:
        if asked.choices and self._choices.maybe():
            return Scalar(self._choices.pick(asked.choices))
        is_known = asked.kind != "any" and not asked.choices and self._choices.maybe()
        return self._values.formula(here, asked.kind if is_known else "dark")

    def _inputs(self) -> dict[str, Asked]:
        kinds = self._choices.some(tuple(VARIABLES), 3)
        return {self._choices.pick(VARIABLES[kind]): self._asked(kind) for kind in kinds}

    def _asked(self, kind: Kind) -> Asked:
        sort = self._choices.pick(SORTS[kind])
        value = self._choices.pick(sort.values)
        if sort.is_optional and self._choices.maybe():
            value = None
        if self._choices.maybe():
            return Asked(kind, not sort.is_optional, Scalar(sort.type), value)
        written: dict[str, Node] = {"type": Scalar(sort.type)}
        choices: tuple[str, ...] = ()
        if sort.type in CHOICES and self._choices.rarely():
            choices = CHOICES[sort.type]
            written["choices"] = [Scalar(each) for each in choices]
            value = self._choices.pick(CHOSEN[sort.type])
        has_default = bool(sort.written) and self._choices.maybe()
        if has_default:
            written["default"] = Scalar(choices[0] if choices else sort.written)
        elif sort.written and self._choices.rarely():
            written["example"] = Scalar(choices[0] if choices else sort.written)
        if self._choices.rarely():
            written["about"] = Scalar("What is asked for.")
        if self._choices.rarely():
            written["secret"] = Scalar("true")
        return Asked(kind, not (sort.is_optional or has_default), written, value, choices)

    def _promise(self, flow: Routine) -> None:
        """Say what a flow gives."""
        if self._choices.rarely():
            flow.gives, of = None, NOTHING
        else:
            kind = self._choices.pick(tuple(RETURNS))
            flow.gives, of = kind, self._choices.pick(RETURNS[kind])
        about: dict[str, Node] = {"type": Scalar(of), "about": Scalar("What it gives.")}
        flow.returns = about if self._choices.rarely() else Scalar(of)

    def _declare(self, flow: Routine) -> None:
        """Say what a flow can fail with: nothing, one code, or everything that steps can fail with which are known."""
        codes = self._choices.pick(([], ["7"], self._codes))
        flow.failures = {}
        for code in codes:
            sentence, transient = Scalar(f"What {code} means."), self._choices.rarely()
            flow.failures[code] = {"about": sentence, "transient": Scalar("true")} if transient else sentence
            flow.passing = flow.passing or transient
        flow.codes = set(codes)
