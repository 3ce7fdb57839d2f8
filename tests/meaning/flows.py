"""Whole flows out of every statement that runs, as YAML text, with inputs to run them on.

Names are kept in scope, handlers are for codes that can arise and nothing stands behind a step that leaves, so that
the checker lets nearly all of them pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import NamedTuple, TypeAlias, TypeVar

from hypothesis import strategies as st

from tests.meaning.blocks import CODES, WAYS
from tests.meaning.expressions import Below, Kind, expression, is_settled, may_fail, pick
from tests.meaning.yaml_text import Node, Scalar, Style, write

T = TypeVar("T")

VARIABLES: Mapping[Kind, tuple[str, ...]] = {
    "number": ("n", "total so far", "tally-1", "class"),
    "text": ("word", "größe", "it's"),
    "yes": ("ok", "print"),
    "list": ("items", "type"),
    "object": ("record", "self"),
    "dark": ("thing", "failure code", "Exception"),
}
COUNTERS = ("nr", "index", "round 3")
ITEMS = ("user", "each-one", "letter")
TYPES: Mapping[Kind, tuple[str, ...]] = {
    "number": ("number", "number, optional"),
    "text": ("text", "text, optional"),
    "yes": ("yes or no",),
    "list": ("list of number",),
    "object": ("object",),
    "dark": ("anything", "anything, optional"),
}
STYLES: tuple[Style, ...] = ("plain", "plain", "plain", "single", "double", "literal", "folded")

ENTERS, LEAVES, HANDLES = "enters ", "leaves ", "handles "
"""How the lines begin that every ``try`` with an ``always``, and every handler, writes into the log."""


class Example(NamedTuple):
    """A flow, the flow that it may call, and inputs."""

    text: str
    other: str
    inputs: dict[str, object]


@dataclass
class _Routine:
    """What can be called: its inputs by name, and the codes that it can certainly fail with."""

    inputs: dict[str, Kind]
    required: set[str]
    codes: set[str] = field(default_factory=set)


@dataclass
class _Here:
    """Where steps are being written."""

    known: dict[str, Kind]
    codes: set[str]
    looping: bool = False
    handling: bool = False
    in_always: bool = False


_Writer: TypeAlias = Callable[[_Here, int], tuple[Node, bool]]
"""Writes one step, and says whether it goes on to what follows."""


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """Flows with inputs, which Hypothesis can make smaller."""
    return write_example(lambda count: draw(_BELOW[count]))


def random_example(seed: int) -> Example:
    """One flow of very many: Hypothesis likes small ones, and to change a little in those it had; these are all new."""
    return write_example(Random(seed).randrange)


def write_example(below: Below) -> Example:
    """A flow and its inputs, as ``below`` chooses."""
    waits = below(2) == 1
    other = _File(below, "other flow", waits, {})
    flow = _File(below, "main flow", waits, {"other flow": other.main})
    return Example(write(flow.document), write(other.document), flow.values())


class _File:
    """One flow file as it is written."""

    def __init__(self, below: Below, name: str, waits: bool, flows: Mapping[str, _Routine]) -> None:
        self._below = below
        self._name = name
        self._tries = 0
        self._waits = waits
        self._routines = dict(flows)
        inputs, self.main, self._given = self._inputs()
        functions: dict[str, Node] = {}
        asked = {each: self._inputs() for each in self._some(("run", "condition"), 1)}
        self._routines |= {each: routine for each, (_, routine, _) in asked.items()}
        for each, (written, routine, _) in asked.items():
            functions[each] = {**({"inputs": written} if written else {}), "steps": self._steps(routine)}
        self.document: Node = {
            "flow": Scalar(name),
            **({"inputs": inputs} if inputs else {}),
            "steps": self._steps(self.main),
            **({"functions": functions} if functions else {}),
        }

    def values(self) -> dict[str, object]:
        """Inputs that the flow takes."""
        return {name: value for name, value in self._given.items() if name in self.main.required or self._maybe()}

    def _inputs(self) -> tuple[dict[str, Node], _Routine, dict[str, object]]:
        written: dict[str, Node] = {}
        kinds: dict[str, Kind] = {}
        values: dict[str, object] = {}
        required: set[str] = set()
        for kind in self._some(tuple(VARIABLES), 3):
            name = self._pick(VARIABLES[kind])
            of = self._pick(TYPES[kind])
            kinds[name] = kind
            values[name] = self._pick(_PYTHON[kind])
            if of in ("number", "text") and self._maybe():
                written[name] = {"type": Scalar(of), "default": Scalar("5" if of == "number" else "five")}
                continue
            written[name] = Scalar(of) if self._maybe() else {"type": Scalar(of)}
            if "optional" not in of:
                required.add(name)
            elif self._maybe():
                values[name] = None
        return written, _Routine(kinds, required), values

    def _steps(self, routine: _Routine) -> list[Node]:
        here = _Here(dict(routine.inputs), routine.codes)
        dark: dict[str, Node] = {"give back": {"thing": Scalar(self._pick(_UNKNOWN))}, "save as": Scalar("thing")}
        first: dict[str, Node] = {"set": {"n": Scalar("1")}}
        here.known |= {"thing": "dark", "n": "number"}
        steps, goes_on = self._body(here, _DEPTH)
        if goes_on:
            steps.append({"return": self._all_known(here) if self._maybe() else self._value(here, "any")})
        return [dark, first, *steps]

    def _body(self, here: _Here, depth: int) -> tuple[list[Node], bool]:
        """Some steps, and whether they go on to what follows."""
        steps: list[Node] = []
        for _ in range(self._number(2, 4) if depth == _DEPTH else self._number(1, 2)):
            step, goes_on = self._step(here, depth)
            steps.append(step)
            if not goes_on:
                return steps, False
        if self._rarely():
            steps.append({"log": self._all_known(here)})
        if here.looping and self._rarely():
            leaves: Node = Scalar(self._pick(("stop loop", "next round")))
            steps.insert(self._number(0, len(steps)), {"if": self._condition(here), "then": [leaves]})
        return steps, True

    def _all_known(self, here: _Here) -> Node:
        """A list of everything that can be read here."""
        return [Scalar(f"= {name}") for name in sorted(here.known)]

    def _step(self, here: _Here, depth: int) -> tuple[Node, bool]:
        before, here.codes = here.codes, set()
        known = dict(here.known)
        step, goes_on = self._bare_step(here, depth)
        if isinstance(step, dict):
            if here.codes and depth > 0 and "try" not in step and self._maybe():
                behind = dict(here.known)
                if "set" in step or "save as" in step:
                    here.known = known
                step["if it fails"], handled_goes_on = self._handlers(here, depth - 1)
                here.known |= behind
                goes_on = goes_on or handled_goes_on
            if self._rarely():
                step["note"] = Scalar("a remark: with a colon", "single")
        before |= here.codes
        here.codes = before
        return step, goes_on

    def _bare_step(self, here: _Here, depth: int) -> tuple[Node, bool]:
        leaf: list[_Writer] = [self._set, self._set, self._log, self._call_block, self._call_block, self._call_routine]
        nested: list[_Writer] = [
            self._if,
            self._choose,
            self._for_each,
            self._count,
            self._repeat,
            self._while,
            self._try,
        ]
        leaving: list[_Writer] = [self._fail, self._fail, *([] if here.in_always else [self._return])]
        if here.looping:
            leaving += [self._stop_loop, self._next_round]
        if here.handling:
            leaving.append(self._fail_again)
        kinds = leaf
        if depth > 0 and self._maybe():
            kinds = nested
        elif depth < _DEPTH and self._rarely():
            kinds = leaving
        return self._pick(kinds)(here, depth)

    def _set(self, here: _Here, _: int) -> tuple[Node, bool]:
        kind = self._pick(tuple(VARIABLES))
        name = self._pick(VARIABLES[kind])
        value = self._value(here, kind)
        here.known[name] = kind
        return {"set": {name: value}}, True

    def _log(self, here: _Here, _: int) -> tuple[Node, bool]:
        if self._rarely():
            return {"log": Scalar("never run"), "skip": Scalar("true")}, True
        return {"log": self._template(here)}, True

    def _call_block(self, here: _Here, _: int) -> tuple[Node, bool]:
        label, inputs, gives = self._pick(_CALLS)
        if self._waits and label in ("write down", "give back", "go") and self._maybe():
            label += " later"
        written: dict[str, Node] = {}
        for name, kind in inputs.items():
            if name == "way":
                way: str = self._pick(WAYS)
                written[name] = Scalar(way) if self._maybe() else self._formula(here, "dark")
            elif name == "first":
                written[name] = Scalar(self._pick(("0", "7"))) if self._maybe() else self._unsettled(here, kind)
            elif not name.endswith("?") or self._maybe():
                written[name.removesuffix("?")] = self._value(here, kind)
        here.codes |= {"unexpected", *(map(str, CODES) if label.startswith("go") else ())}
        step: dict[str, Node] = {label: written} if written else {label: Scalar("")}
        if gives and self._maybe():
            name = self._pick(VARIABLES[gives])
            step["save as"] = Scalar(name)
            here.known[name] = gives
        return step, True

    def _call_routine(self, here: _Here, depth: int) -> tuple[Node, bool]:
        if not self._routines:
            return self._call_block(here, depth)
        label = self._pick(sorted(self._routines))
        routine = self._routines[label]
        written: dict[str, Node] = {
            name: self._formula(here, kind if self._maybe() else "dark")
            for name, kind in routine.inputs.items()
            if name in routine.required or self._maybe()
        }
        here.codes |= {"too deep", *routine.codes}
        step: dict[str, Node] = {label: written} if written else {label: Scalar("")}
        if self._maybe():
            name = self._pick(VARIABLES["dark"])
            step["save as"] = Scalar(name)
            here.known[name] = "dark"
        return step, True

    def _if(self, here: _Here, depth: int) -> tuple[Node, bool]:
        condition, behind = self._condition(here), dict(here.known)
        then, goes_on = self._branch(here, depth, behind)
        step: dict[str, Node] = {"if": condition, "then": then}
        otherwise_goes_on = True
        if self._maybe():
            step["else"], otherwise_goes_on = self._branch(here, depth, behind)
        here.known = behind
        return step, goes_on or otherwise_goes_on

    def _choose(self, here: _Here, depth: int) -> tuple[Node, bool]:
        cases: list[Node] = []
        behind = dict(here.known)
        goes_on = False
        for _ in range(self._number(1, 2)):
            condition = self._condition(here)
            body, one_goes_on = self._branch(here, depth, behind)
            cases.append({"when": condition, "do": body})
            goes_on = goes_on or one_goes_on
        step: dict[str, Node] = {"choose": cases}
        otherwise_goes_on = True
        if self._maybe():
            step["otherwise"], otherwise_goes_on = self._branch(here, depth, behind)
        here.known = behind
        return step, goes_on or otherwise_goes_on

    def _branch(self, here: _Here, depth: int, behind: dict[str, Kind]) -> tuple[list[Node], bool]:
        """One of several ways; the names that it sets are known ``behind`` all of them."""
        before = dict(here.known)
        body, goes_on = self._body(here, depth - 1)
        if goes_on:
            behind |= here.known
        here.known = before
        return body, goes_on

    def _for_each(self, here: _Here, depth: int) -> tuple[Node, bool]:
        kind: Kind = "number" if self._maybe() else "dark"
        if self._rarely():
            items: Node = self._unsettled(here, "list" if kind == "number" else "dark")
        else:
            items = (
                [Scalar("= n"), Scalar("2"), Scalar("= n + 3")]
                if kind == "number"
                else Scalar("= [thing, 2, thing]", self._style())
            )
        name = next((each for each in ITEMS if each not in here.known), None)
        if name is None:
            return self._set(here, depth)
        with self._loop(here, name, kind):
            body, _ = self._body(here, depth - 1)
        return {"for each": Scalar(name), "in": items, "do": body}, True

    def _count(self, here: _Here, depth: int) -> tuple[Node, bool]:
        name = next((each for each in COUNTERS if each not in here.known), None)
        if name is None:
            return self._set(here, depth)
        start, stop, by = self._pick(_COUNTS)
        ends: dict[str, Node] = {"from": Scalar(start), "to": Scalar(stop)}
        if self._rarely():
            ends, by = {"from": self._unsettled(here, "number"), "to": self._unsettled(here, "number")}, "= n"
        if by:
            here.codes |= {"bad value"} if by == "= n" else set()
            ends["by"] = Scalar(by)
        with self._loop(here, name, "number"):
            body, _ = self._body(here, depth - 1)
        return {"count": Scalar(name), **ends, "do": body}, True

    def _repeat(self, here: _Here, depth: int) -> tuple[Node, bool]:
        times = self._unsettled(here, "number") if self._rarely() else Scalar(self._pick(("2", "1", "= n")))
        with self._loop(here):
            body, _ = self._body(here, depth - 1)
        return {"repeat": times, "do": body}, True

    def _while(self, here: _Here, depth: int) -> tuple[Node, bool]:
        until = self._maybe()
        condition = self._condition(here) if self._rarely() else Scalar("= n >= 3" if until else "= n < 3")
        step = self._formula(here, "number") if self._rarely() else Scalar("= n + 1")
        here.known["n"] = "number"
        with self._loop(here):
            body, _ = self._body(here, depth - 1)
        here.codes |= {"bad value"}
        return {"until" if until else "while": condition, "do": [{"set": {"n": step}}, *body]}, True

    @contextmanager
    def _loop(self, here: _Here, name: str | None = None, kind: Kind = "any") -> Iterator[None]:
        before, here.looping = here.looping, True
        if name is not None:
            here.known[name] = kind
        yield
        here.looping = before
        if name is not None:
            del here.known[name]

    def _try(self, here: _Here, depth: int) -> tuple[Node, bool]:
        before, here.codes = here.codes, set()
        body, goes_on = self._body(here, depth - 1)
        step: dict[str, Node] = {"try": body}
        if here.codes and self._maybe():
            step["if it fails"], handled_goes_on = self._handlers(here, depth - 1)
            goes_on = goes_on or handled_goes_on
        if "if it fails" not in step or self._maybe():
            was = here.looping, here.in_always
            here.looping, here.in_always = False, True
            last, last_goes_on = self._body(here, depth - 1)
            here.looping, here.in_always = was
            goes_on = goes_on and last_goes_on
            self._tries += 1
            step["try"] = [{"log": Scalar(f"{ENTERS}{self._name} {self._tries}")}, *body]
            step["always"] = [{"log": Scalar(f"{LEAVES}{self._name} {self._tries}")}, *last]
        before |= here.codes
        here.codes = before
        return step, goes_on

    def _handlers(self, here: _Here, depth: int) -> tuple[dict[str, Node], bool]:
        """Handlers for some of the codes in ``here``, which then has those that are left."""
        left = set(here.codes)
        arising: set[str] = set()
        behind = dict(here.known)
        handlers: dict[str, Node] = {}
        goes_on = False
        for _ in range(self._number(0, 2)):
            if left:
                taken = self._some(sorted(left), 2, 1)
                left -= set(taken)
                handlers[", ".join(taken)], one_goes_on = self._handler(here, arising, depth, behind)
                goes_on = goes_on or one_goes_on
        if left and (not handlers or self._maybe()):
            left = set()
            handlers["anything else"], one_goes_on = self._handler(here, arising, depth, behind)
            goes_on = goes_on or one_goes_on
        elif not handlers:
            handlers[sorted(here.codes)[0]], goes_on = Scalar("ignore"), True
            left.discard(sorted(here.codes)[0])
        here.codes = left | arising
        here.known = behind
        return handlers, goes_on

    def _handler(self, here: _Here, arising: set[str], depth: int, behind: dict[str, Kind]) -> tuple[Node, bool]:
        if self._rarely():
            return Scalar("ignore"), True
        before = here.codes, here.handling
        here.codes, here.handling = arising, True
        body, goes_on = self._branch(here, depth + 1, behind)
        here.codes, here.handling = before
        return [{"log": Scalar(f"{HANDLES}${{failure.code}}")}, *body], goes_on

    def _stop_loop(self, _here: _Here, _: int) -> tuple[Node, bool]:
        return Scalar("stop loop"), False

    def _next_round(self, _here: _Here, _: int) -> tuple[Node, bool]:
        return Scalar("next round"), False

    def _fail_again(self, _here: _Here, _: int) -> tuple[Node, bool]:
        return Scalar("fail again"), False

    def _return(self, here: _Here, _: int) -> tuple[Node, bool]:
        return {"return": self._value(here, "any")}, False

    def _fail(self, here: _Here, _: int) -> tuple[Node, bool]:
        if self._maybe():
            code = Scalar(self._pick(("7", "404", "my code")))
            here.codes.add(code.text)
        else:
            code = Scalar(self._pick(("= n", "= thing", "= string(thing)")))
        written: dict[str, Node] = {"code": code, "message": self._template(here)}
        if self._maybe():
            written["details"] = self._value(here, "any")
        return {"fail": written}, False

    def _condition(self, here: _Here) -> Scalar:
        if self._rarely():
            return self._unsettled(here, self._pick(("yes", "yes", "dark")))
        return Scalar(self._pick(_CONDITIONS), self._style())

    def _value(self, here: _Here, kind: Kind) -> Node:
        """A value of some kind in any form that it can be written in."""
        if kind == "text" and self._maybe():
            return self._template(here)
        if kind == "list" and self._maybe():
            return [self._value(here, "number") for _ in range(self._number(0, 2))]
        if kind == "object" and self._maybe():
            return {name: self._value(here, "any") for name in self._some(("a", "b", "c d"), 2)}
        if kind == "number" and self._maybe():
            return Scalar(self._pick(("0", "1", "7", "2.50", "-1", "0.1")))
        if kind == "any" and self._rarely():
            return self._value(here, self._pick(("text", "list", "object", "number")))
        if kind == "any" and self._rarely():
            return [self._value(here, "any") for _ in range(self._number(0, 2))]
        return self._formula(here, kind)

    def _template(self, here: _Here) -> Scalar:
        parts = self._some(("so ", "ü 😀 ", "$${ ", "it's "), 2)
        if self._maybe():
            text = self._expression(here, self._pick(("number", "text", "list", "dark")), 1)
            parts.insert(self._number(0, len(parts)), f"${{{text}}} ")
            here.codes |= {"bad value", "too big"} if may_fail(text, here.known) else set()
        return Scalar(("".join(parts) or "nothing").strip(), self._style())

    def _formula(self, here: _Here, kind: Kind) -> Scalar:
        text = self._expression(here, kind, 2 if self._rarely() else self._number(0, 1))
        if may_fail(text, here.known):
            here.codes |= {"bad value", "too big"}
        return Scalar(f"= {text}", self._style())

    def _unsettled(self, here: _Here, kind: Kind) -> Scalar:
        """An expression whose value the checker cannot know, where it would look into one that it knows."""
        formula = self._formula(here, kind)
        if is_settled(formula.text, here.known):
            return Scalar({"number": "= n", "yes": "= n > 1", "list": "= [n]"}.get(kind, "= thing"), formula.style)
        return formula

    def _expression(self, here: _Here, kind: Kind, depth: int) -> str:
        if here.handling and self._rarely():
            if kind in ("text", "any"):
                return "failure.message"
            if kind in ("dark", "any"):
                return self._pick(("failure.details", "failure.block"))
        return expression(self._below, kind, here.known, depth)

    def _style(self) -> Style:
        return self._pick(STYLES)

    def _pick(self, of: Sequence[T]) -> T:
        return pick(self._below, of)

    def _some(self, of: Sequence[T], most: int, least: int = 0) -> list[T]:
        chosen: list[T] = []
        for _ in range(self._number(least, most)):
            one = self._pick(of)
            if one not in chosen:
                chosen.append(one)
        return chosen

    def _maybe(self) -> bool:
        return self._below(2) == 1

    def _rarely(self) -> bool:
        return self._number(0, 3) == 3

    def _number(self, low: int, high: int) -> int:
        return low + self._below(high - low + 1)


_CALLS: tuple[tuple[str, dict[str, Kind], Kind | None], ...] = (
    ("write down", {"thing": "any"}, None),
    ("give back", {"thing?": "any"}, "dark"),
    ("add", {"first": "number", "second?": "number"}, "number"),
    ("add", {"second?": "number", "first": "number"}, "number"),
    ("spell", {"word": "text", "loud?": "yes"}, "list"),
    ("describe", {"items": "list"}, "object"),
    ("go", {"way": "text"}, "number"),
    ("go", {"way": "text"}, "number"),
)

_DEPTH = 3
_BELOW = [st.nothing(), *(st.integers(0, most) for most in range(100))]
_CONDITIONS = ("= n > 1", "= n < 3", '= string(thing) = "5"', "= thing != null", "= n = 1 or n = 3")
_COUNTS = (
    ("1", "3", ""),
    ("1", "2.5", "0.5"),
    ("3", "1", "-1"),
    ("= n", "3", ""),
    ("0", "= n", "0.25"),
    ("= n", "= 0 - n", "-0.5"),
    ("3", "= n", "= n"),
)
_UNKNOWN = ("5", "hello", "= true", "= [1, 2]", "= {a: 1}", "= null", "= 2.5")
_NUMBERS: tuple[object, ...] = (0, 1, 3, -2, Decimal("2.5"), 0.5, 10**20)
_TEXTS: tuple[object, ...] = ("", "a", "größe", "7", "odd", "seven")
_PYTHON: Mapping[Kind, tuple[object, ...]] = {
    "number": _NUMBERS,
    "text": _TEXTS,
    "yes": (True, False),
    "list": ([1, 2, Decimal("0.5")], [], [3]),
    "object": ({"a": 1}, {}, {"a": "x", "b": 0.25}),
    "dark": (5, "5", None, [1, "a"], {"a": [1]}, False, *_NUMBERS),
}
