"""Generated steps: every statement that there is, and what may stand beside it.

Names are kept in scope, handlers are for codes that can arise and nothing stands behind a step that leaves, so that
the checker lets nearly all of them pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from blockwright.testing.properties.writing.calls import Calls
from blockwright.testing.properties.writing.choices import Choices
from blockwright.testing.properties.writing.expressions import Kind
from blockwright.testing.properties.writing.routines import Routine, Routines
from blockwright.testing.properties.writing.side_by_side import SideBySide
from blockwright.testing.properties.writing.values import Here, Values
from blockwright.testing.properties.writing.vocabulary import COUNTERS, COUNTS, ITEMS, OWN_CODES, UNKNOWN, VARIABLES
from blockwright.testing.properties.writing.yaml_text import Node, Scalar

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock

_DEPTH = 3

ENTERS, LEAVES, HANDLES = "enters ", "leaves ", "handles "
"""How the lines begin that every ``try`` with an ``always``, and every handler, writes into the log."""

_Writer: TypeAlias = Callable[[Here, int], tuple[Node, bool]]
"""Writes one step, and says whether it goes on to what follows."""


class Steps:
    """Writes the steps of the flow called ``name`` and of its functions, which call ``blocks`` and ``routines``. Where
    the flow is ``closed``, they fail with no code that is only known when they run."""

    def __init__(
        self,
        choices: Choices,
        values: Values,
        name: str,
        blocks: Iterable[AnyBlock],
        routines: tuple[Routines, Mapping[str, Routine]],
        *,
        waits: bool,
        closed: bool,
    ) -> None:
        self._choices = choices
        self._values = values
        self._name = name
        self._maker, self._routines = routines
        self._calls = Calls(choices, values, blocks, waits=waits)
        passing = {label for label, each in self._routines.items() if each.passing}
        self._timed = SideBySide(choices, values, self._body, passing | self._calls.passing, waits=waits)
        self._waits = waits
        self._closed = closed
        self._tries = 0

    def of(self, routine: Routine) -> list[Node]:
        """All steps of a flow or function."""
        known = {name: each.kind for name, each in routine.inputs.items()}
        here = Here(known, set() if routine.is_closed else routine.codes, returns=routine.gives)
        dark: dict[str, Node] = {
            "set": {"thing": Scalar(f'= get value({{a: {self._choices.pick(UNKNOWN)}}}, "a")')},
        }
        first: dict[str, Node] = {"set": {"n": Scalar("1")}}
        here.known |= {"thing": "dark", "n": "number"}
        steps, goes_on = self._body(here, _DEPTH)
        if routine.is_wrapped:
            steps, goes_on = [self._wrapped(steps, routine)], goes_on or not routine.failures
        if goes_on:
            steps.append(self._last(here))
        return [dark, first, *steps]

    def _last(self, here: Here) -> Node:
        if here.returns is None or here.returns not in ("dark", "any"):
            return self._return(here, 0)[0]
        return {"return": self._all_known(here) if self._choices.maybe() else self._values.value(here, "any")}

    def _wrapped(self, steps: list[Node], routine: Routine) -> Node:
        """The steps with a handler around them, so that they fail only with what the flow declares."""
        handled: list[Node] = [{"log": Scalar(f"{HANDLES}${{failure.code}}")}]
        for code in routine.failures or ():
            handled.append({"fail": {"code": Scalar(code), "message": Scalar("= failure.message")}})
        return {"try": [{"log": Scalar("begins with ${n}")}, *steps], "if it fails": {"anything else": handled}}

    def _body(self, here: Here, depth: int) -> tuple[list[Node], bool]:
        """Some steps, and whether they go on to what follows."""
        steps: list[Node] = []
        before = dict(here.known)
        for _ in range(self._choices.number(2, 4) if depth == _DEPTH else self._choices.number(1, 2)):
            step, goes_on = self._step(here, depth)
            steps.append(step)
            if not goes_on:
                return steps, False
        if self._choices.rarely():
            steps.append({"log": self._all_known(here)})
        if here.looping and self._choices.rarely():
            known, here.known = here.known, before
            steps.insert(self._choices.number(0, len(steps)), self._leave_perhaps(here))
            here.known = known
        return steps, True

    def _leave_perhaps(self, here: Here) -> Node:
        """A step that leaves the round, or the loop, if something holds; perhaps out of a step that is tried again."""
        words = ("next round",) if here.at_once else ("stop loop", "next round")
        leaves: Node = Scalar(self._choices.pick(words))
        step: Node = {"if": self._values.condition(here), "then": [leaves]}
        if not self._choices.rarely():
            return step
        here.codes |= {"bad value", "too big"}
        retry: Node = {"more tries": Scalar("1"), "only for": Scalar("bad value")}
        return {"try": [{"log": Scalar("after ${n}")}, step], "retry": retry}

    def _all_known(self, here: Here) -> Node:
        """A list of everything that can be read here."""
        return [Scalar(f"= {name}") for name in sorted(here.known)]

    def _step(self, here: Here, depth: int) -> tuple[Node, bool]:
        if self._choices.one_in(16):
            return self._skipped(here, depth), True
        before, here.codes = here.codes, set()
        known = dict(here.known)
        step, goes_on = self._bare_step(here, depth)
        if isinstance(step, dict):
            if "try" not in step and self._choices.rarely():
                self._timed.modify(step, here)
            if here.codes and depth > 0 and "try" not in step and self._choices.maybe():
                behind = dict(here.known)
                if step.keys() & {"set", "save as", "collect as", "collect failures as"}:
                    here.known = known
                step["if it fails"], handled_goes_on = self._handlers(here, depth - 1)
                here.known |= behind
                goes_on = goes_on or handled_goes_on
        before |= here.codes
        here.codes = before
        return self._remarked(step), goes_on

    def _remarked(self, step: Node) -> Node:
        """The step, perhaps with a remark; without anything beside it, it may be a word alone."""
        if self._choices.rarely():
            note: dict[str, Node] = {"note": Scalar("a remark: with a colon", "single")}
            return {step.text: Scalar(""), **note} if isinstance(step, Scalar) else {**_opened(step), **note}
        if isinstance(step, dict) and list(step.values()) == [Scalar("")] and self._choices.maybe():
            return Scalar(next(iter(step)))
        return step

    def _skipped(self, here: Here, depth: int) -> Node:
        """A step that is not run: nothing of it can be known behind it, and it can fail with nothing."""
        before = dict(here.known), here.codes
        here.codes = set()
        step, _ = self._bare_step(here, min(depth, 1))
        here.known, here.codes = before
        return {**({step.text: Scalar("")} if isinstance(step, Scalar) else _opened(step)), "skip": Scalar("true")}

    def _bare_step(self, here: Here, depth: int) -> tuple[Node, bool]:
        leaf: list[_Writer] = [self._set, self._set, self._log, self._calls.call, self._calls.call, self._call_routine]
        nested: list[_Writer] = [
            self._if,
            self._choose,
            self._for_each,
            self._count,
            self._repeat,
            *([] if here.own else [self._while]),
            self._try,
        ]
        if self._waits:
            leaf.append(self._timed.wait)
            nested += [self._timed.together, self._timed.rounds_at_once] * 2
        leaving: list[_Writer] = [self._fail, self._fail, *([] if here.in_always or here.own else [self._return])]
        if here.looping:
            leaving += [self._next_round, *([] if here.at_once else [self._stop_loop])]
        if here.handling:
            leaving.append(self._fail_again)
        kinds = leaf
        if depth > 0 and self._choices.maybe():
            kinds = nested
        elif depth < _DEPTH and self._choices.rarely():
            kinds = leaving
        return self._choices.pick(kinds)(here, depth)

    def _set(self, here: Here, _: int) -> tuple[Node, bool]:
        kind = self._choices.pick(tuple(VARIABLES))
        name = self._choices.pick(VARIABLES[kind]) + here.own
        value = self._values.value(here, kind)
        here.known[name] = kind
        return {"set": {name: value}}, True

    def _log(self, here: Here, _: int) -> tuple[Node, bool]:
        return {"log": self._values.template(here)}, True

    def _call_routine(self, here: Here, depth: int) -> tuple[Node, bool]:
        if not self._routines:
            return self._calls.call(here, depth)
        label = self._choices.pick(sorted(self._routines))
        return self._maker.call(label, self._routines[label], here), True

    def _if(self, here: Here, depth: int) -> tuple[Node, bool]:
        condition, behind = self._values.condition(here), dict(here.known)
        then, goes_on = self._branch(here, depth, behind)
        step: dict[str, Node] = {"if": condition, "then": then}
        otherwise_goes_on = True
        if self._choices.maybe():
            step["else"], otherwise_goes_on = self._branch(here, depth, behind)
        here.known = behind
        return step, goes_on or otherwise_goes_on

    def _choose(self, here: Here, depth: int) -> tuple[Node, bool]:
        cases: list[Node] = []
        behind = dict(here.known)
        goes_on = False
        for _ in range(self._choices.number(1, 2)):
            condition = self._values.condition(here)
            body, one_goes_on = self._branch(here, depth, behind)
            cases.append({"when": condition, "do": body})
            goes_on = goes_on or one_goes_on
        step: dict[str, Node] = {"choose": cases}
        otherwise_goes_on = True
        if self._choices.maybe():
            step["otherwise"], otherwise_goes_on = self._branch(here, depth, behind)
        here.known = behind
        return step, goes_on or otherwise_goes_on

    def _branch(self, here: Here, depth: int, behind: dict[str, Kind]) -> tuple[list[Node], bool]:
        """One of several ways; the names that it sets are known ``behind`` all of them."""
        before = dict(here.known)
        body, goes_on = self._body(here, depth - 1)
        if goes_on:
            behind |= here.known
        here.known = before
        return body, goes_on

    def _for_each(self, here: Here, depth: int) -> tuple[Node, bool]:
        kind: Kind = "number" if self._choices.maybe() else "dark"
        if self._choices.rarely():
            items: Node = self._values.unsettled(here, "list" if kind == "number" else "dark")
        else:
            items = (
                [Scalar("= n"), Scalar("2"), Scalar("= n + 3")]
                if kind == "number"
                else Scalar("= [thing, 2, thing]", self._values.style())
            )
        name = next((each for each in ITEMS if each not in here.known), None)
        if name is None:
            return self._set(here, depth)
        step: dict[str, Node] = {"for each": Scalar(name), "in": items}
        with self._timed.collecting(here, step), self._loop(here, name, kind):
            step["do"], _ = self._body(here, depth - 1)
            self._timed.gives(here, step)
        return step, True

    def _count(self, here: Here, depth: int) -> tuple[Node, bool]:
        name = next((each for each in COUNTERS if each not in here.known), None)
        if name is None:
            return self._set(here, depth)
        start, stop, by = self._choices.pick(COUNTS)
        ends: dict[str, Node] = {"from": Scalar(start), "to": Scalar(stop)}
        if self._choices.rarely():
            ends, by = (
                {"from": self._values.unsettled(here, "number"), "to": self._values.unsettled(here, "number")},
                "= n",
            )
        if by:
            here.codes |= {"bad value"} if by == "= n" else set()
            ends["by"] = Scalar(by)
        with self._loop(here, name, "number"):
            body, _ = self._body(here, depth - 1)
        return {"count": Scalar(name), **ends, "do": body}, True

    def _repeat(self, here: Here, depth: int) -> tuple[Node, bool]:
        times = (
            self._values.unsettled(here, "number")
            if self._choices.rarely()
            else Scalar(self._choices.pick(("2", "1", "= n")))
        )
        with self._loop(here):
            body, _ = self._body(here, depth - 1)
        return {"repeat": times, "do": body}, True

    def _while(self, here: Here, depth: int) -> tuple[Node, bool]:
        until = self._choices.maybe()
        condition = (
            self._values.condition(here) if self._choices.rarely() else Scalar("= n >= 3" if until else "= n < 3")
        )
        step = self._values.formula(here, "number") if self._choices.rarely() else Scalar("= n + 1")
        here.known["n"] = "number"
        with self._loop(here):
            body, _ = self._body(here, depth - 1)
        here.codes |= {"bad value"}
        return {"until" if until else "while": condition, "do": [{"set": {"n": step}}, *body]}, True

    @contextmanager
    def _loop(self, here: Here, name: str | None = None, kind: Kind = "any") -> Iterator[None]:
        before, here.looping, here.at_once = (here.looping, here.at_once), True, False
        if name is not None:
            here.known[name] = kind
        yield
        here.looping, here.at_once = before
        if name is not None:
            del here.known[name]

    def _try(self, here: Here, depth: int) -> tuple[Node, bool]:
        before, here.codes = here.codes, set()
        body, goes_on = self._body(here, depth - 1)
        step: dict[str, Node] = {"try": body}
        if self._choices.rarely():
            self._timed.modify(step, here)
        if here.codes and self._choices.maybe():
            step["if it fails"], handled_goes_on = self._handlers(here, depth - 1)
            goes_on = goes_on or handled_goes_on
        if "if it fails" not in step or self._choices.maybe():
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

    def _handlers(self, here: Here, depth: int) -> tuple[dict[str, Node], bool]:
        """Handlers for some of the codes in ``here``, which then has those that are left."""
        left = set(here.codes)
        arising: set[str] = set()
        behind = dict(here.known)
        handlers: dict[str, Node] = {}
        goes_on = False
        for _ in range(self._choices.number(0, 2)):
            if left:
                taken = self._choices.some(sorted(left), 2, 1)
                left -= set(taken)
                handlers[", ".join(taken)], one_goes_on = self._handler(here, arising, depth, behind)
                goes_on = goes_on or one_goes_on
        if left and (not handlers or self._choices.maybe()):
            left = set()
            handlers["anything else"], one_goes_on = self._handler(here, arising, depth, behind)
            goes_on = goes_on or one_goes_on
        elif not handlers:
            handlers[sorted(here.codes)[0]], goes_on = Scalar("ignore"), True
            left.discard(sorted(here.codes)[0])
        here.codes = left | arising
        here.known = behind
        return handlers, goes_on

    def _handler(self, here: Here, arising: set[str], depth: int, behind: dict[str, Kind]) -> tuple[Node, bool]:
        if self._choices.rarely():
            return Scalar("ignore"), True
        before = here.codes, here.handling
        here.codes, here.handling = arising, True
        body, goes_on = self._branch(here, depth + 1, behind)
        here.codes, here.handling = before
        if goes_on and self._choices.maybe():
            body.append({"log": Scalar("done with ${failure.code}")})
        return [{"log": Scalar(f"{HANDLES}${{failure.code}}")}, *body], goes_on

    def _stop_loop(self, _here: Here, _: int) -> tuple[Node, bool]:
        return Scalar("stop loop"), False

    def _next_round(self, _here: Here, _: int) -> tuple[Node, bool]:
        return Scalar("next round"), False

    def _fail_again(self, _here: Here, _: int) -> tuple[Node, bool]:
        return Scalar("fail again"), False

    def _return(self, here: Here, _: int) -> tuple[Node, bool]:
        if here.returns is None:
            return Scalar("return"), False
        if here.returns == "dark" and self._choices.rarely():
            return Scalar("return"), False
        return {"return": self._values.value(here, "any" if here.returns == "dark" else here.returns)}, False

    def _fail(self, here: Here, _: int) -> tuple[Node, bool]:
        if self._closed or self._choices.maybe():
            code = Scalar(self._choices.pick(OWN_CODES))
            here.codes.add(code.text)
        else:
            code = Scalar(self._choices.pick(("= n", "= thing", "= string(thing)")))
        written: dict[str, Node] = {"code": code, "message": self._values.template(here)}
        if self._choices.maybe():
            written["details"] = self._values.value(here, "any")
        return {"fail": written}, False


def _opened(step: Node) -> dict[str, Node]:
    assert isinstance(step, dict), "no step is a list"
    return step
