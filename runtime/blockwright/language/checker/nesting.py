"""How deeply steps may stand inside one another, so that the Python code they become can always be compiled.

Python takes at most 20 loops and ``try`` inside one another in one function, and its compiler follows branches of
branches by recursion. What stands in ``always`` is compiled once for each way out of the ``try``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.language import program as p

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report

MOST_BLOCKS = 18
"""Python's limit of 20, less one for the function around all steps and one to spare."""

MOST_LEVELS = 200
"""How many branches may hang on one another: cases of one ``choose`` and handlers of one step count one each."""

MOST_COPIES = 50_000
"""How many steps there may be, counting those of ``always`` once for each way out."""

_DEEP = "steps are nested too deeply here"
_MEND = "move the inner ones into a function"


def check_nesting(body: p.Body, report: Report) -> None:
    """Report the first step that stands too deep, and ``always`` that would be copied too often."""
    nest = _Nest(report)
    nest.look(body, 0, 0)
    if nest.grown is not None and not report.has_errors():
        report.error(
            nest.grown.span,
            "there are too many ways out of this `try` for what its `always` does",
            "move the steps of `always` into a function",
            rule="nesting",
        )


class _Nest:
    def __init__(self, report: Report) -> None:
        self.grown: p.Try | None = None
        self._report = report
        self._reported = False

    def look(self, body: p.Body, blocks: int, levels: int) -> tuple[int, int]:
        """The size of some steps when compiled, and how many ways lead out of them before their end."""
        size = leaves = 0
        for step in body:
            if (blocks > MOST_BLOCKS or levels > MOST_LEVELS) and not self._reported:
                self._reported = True
                self._report.error(step.span, _DEEP, _MEND, rule="nesting")
            inner_size, inner_leaves = self._step(step, blocks, levels + 1)
            size += 1 + inner_size
            leaves += inner_leaves
        return size, leaves

    def _step(self, step: p.Step, blocks: int, levels: int) -> tuple[int, int]:
        match step:
            case p.If(branches=branches, otherwise=otherwise):
                bodies = [self.look(body, blocks, levels + place) for place, (_, body) in enumerate(branches)]
                bodies.append(self.look(otherwise, blocks, levels + len(branches)))
                return sum(size for size, _ in bodies), sum(leaves for _, leaves in bodies)
            case p.ForEach() | p.Count() | p.Repeat() | p.While():
                return self.look(step.body, blocks + 1 + _keeps_failures(step), levels + 1)
            case p.Retry() | p.Limited():
                return self.look(step.body, blocks + 2, levels + 1)
            case p.Together(branches=branches):
                bodies = [self.look(body, blocks + 1, levels) for body in branches]
                return sum(size for size, _ in bodies), sum(leaves for _, leaves in bodies)
            case p.Try():
                return self._try(step, blocks + bool(step.always), levels + 1)
            case p.Return() | p.StopLoop() | p.NextRound():
                return 0, 1
        return 0, 0

    def _try(self, step: p.Try, blocks: int, levels: int) -> tuple[int, int]:
        size, leaves = self.look(step.body, blocks + bool(step.handlers), levels)
        for place, handler in enumerate(step.handlers):
            handler_size, handler_leaves = self.look(handler.body, blocks + 2, levels + place)
            size += handler_size
            leaves += handler_leaves
        if step.always:
            always_size, _ = self.look(step.always, blocks, levels)
            size += always_size * (2 + leaves)
            if size > MOST_COPIES and self.grown is None:
                self.grown = step
        return size, leaves


def _keeps_failures(step: p.Step) -> bool:
    return isinstance(step, p.ForEach) and step.failures_as is not None
