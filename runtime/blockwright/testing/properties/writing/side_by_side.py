"""Generated steps about time, and steps side by side.

Which of several branches fails first must not be a matter of luck. So each begins with a wait of its own, and no two
waits of a flow take equally long: whenever one of the branches goes on, all the others wait for a later moment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import count

from blockwright.testing.properties.writing.choices import Choices
from blockwright.testing.properties.writing.expressions import Kind
from blockwright.testing.properties.writing.values import Here, Values
from blockwright.testing.properties.writing.vocabulary import SIDE_ITEMS
from blockwright.testing.properties.writing.yaml_text import Node, Scalar

_Body = Callable[[Here, int], tuple[list[Node], bool]]


class SideBySide:
    """Writes them for one file; ``body`` writes some steps of any kind, ``passing`` are the labels of what declares
    failures that pass. Nothing waits unless the file ``waits``."""

    def __init__(self, choices: Choices, values: Values, body: _Body, passing: Collection[str], *, waits: bool) -> None:
        self._choices = choices
        self._values = values
        self._body = body
        self._passing = passing
        self._waits = waits
        self._numbers = count(1)

    def _milliseconds(self) -> int:
        """So many that no other wait of the file takes as long, nor some of them together."""
        number = next(self._numbers)
        return 1_000 * number**3 + 37 * number**2 + number

    def _duration(self, here: Here) -> Scalar:
        """A duration in one of the forms that it can be written in."""
        took = self._milliseconds()
        if not self._choices.rarely():
            return Scalar(f"{took} milliseconds")
        form = self._choices.pick(("short", "known", "unknown"))
        if form == "short":
            return Scalar(f"PT{took / 1000:f}S")
        if form == "known":
            return Scalar(f'= duration("PT{took / 1000:f}S")')
        here.codes.add("bad value")
        return Scalar(f'= get value({{a: "{took} milliseconds"}}, "a")')

    def wait(self, here: Here, _depth: int) -> tuple[Node, bool]:
        return {"wait": self._duration(here)}, True

    def modify(self, step: dict[str, Node], here: Here) -> None:
        """Give a step a time limit, or further tries, or both."""
        codes = sorted(here.codes)
        if self._waits and self._choices.maybe():
            step["time limit"] = self._duration(here)
            here.codes.add("timed out")
            codes.append("timed out")
        if codes and self._choices.maybe():
            retry: dict[str, Node] = {"more tries": Scalar(self._choices.pick(("1", "2", "0", "= 1 + 1")))}
            if self._waits and self._choices.maybe():
                retry["wait"] = self._duration(here)
                if self._choices.maybe():
                    retry["growing"] = Scalar(self._choices.pick(("1.5", "2", "= 1 + 0.5")))
                if self._choices.maybe():
                    retry["at most"] = self._duration(here)
            if not ("time limit" in step or step.keys() & self._passing) or self._choices.maybe():
                retry["only for"] = [Scalar(code) for code in self._choices.some(codes, 2, 1)]
            step["retry"] = retry

    def together(self, here: Here, depth: int) -> tuple[Node, bool]:
        """Two or three branches."""
        behind, all_go_on = dict(here.known), True
        branches: list[Node] = []
        for _ in range(self._choices.number(2, 3)):
            with self._aside(here):
                here.looping = False
                body, goes_on = self._body(here, depth - 1)
                behind |= here.known if goes_on else {}
            branches.append([self.wait(here, depth)[0], *body])
            all_go_on = all_go_on and goes_on
        here.known = behind
        return {"together": branches}, all_go_on

    def rounds_at_once(self, here: Here, depth: int) -> tuple[Node, bool]:
        """Rounds for numbers none of which is the sum of others, nor of twice one of them."""
        name = next((each for each in SIDE_ITEMS if each not in here.known), None)
        if name is None:
            return self.wait(here, depth)
        items: Node = [Scalar("1"), Scalar("2"), Scalar("4")]
        at_once = Scalar(self._choices.pick(("2", "1", "3", "10", "= 1 + 1")))
        step: dict[str, Node] = {"for each": Scalar(name), "in": items, "at once": at_once}
        with self.collecting(here, step), self._aside(here):
            here.known[name] = "number"
            here.looping = here.at_once = True
            body, _ = self._body(here, depth - 1)
            step["do"] = [{"wait": Scalar(f"${{{name} * {self._milliseconds()}}} milliseconds")}, *body]
            self.gives(here, step)
        return step, True

    @contextmanager
    def collecting(self, here: Here, step: dict[str, Node]) -> Iterator[None]:
        """A loop that may keep what its rounds give, and how they fail; what is kept is known behind it."""
        kept = [key for key in ("collect as", "collect failures as") if self._choices.maybe()]
        before, here.codes = here.codes, set()
        known: dict[str, Kind] = {}
        for key in kept:
            name = f"{'kept' if key == 'collect as' else 'failed'}{here.own}"
            step[key] = Scalar(name)
            known[name] = "any"
        yield
        here.codes = before if "collect failures as" in step else before | here.codes
        here.known |= known

    def gives(self, here: Here, step: dict[str, Node]) -> None:
        """What each round puts into the list, where there is one."""
        if "collect as" in step:
            step["each gives"] = self._values.value(here, "any")

    @contextmanager
    def _aside(self, here: Here) -> Iterator[None]:
        """Where others run beside: variables have names of their own, and nothing is left but one's own loops."""
        before = dict(here.known), here.own, here.looping, here.at_once
        here.own += f" {self._own_name()}"
        yield
        here.known, here.own, here.looping, here.at_once = before

    def _own_name(self) -> str:
        return f"b{next(self._numbers)}"
