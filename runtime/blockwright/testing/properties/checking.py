"""``check_flow``: a flow run with many inputs and answers, and everything that has to hold of it looked at."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blockwright.testing.properties.answers import Answers, block_answers
from blockwright.testing.properties.outcomes import LIMITS, Checked, both_ways
from blockwright.testing.properties.promises import PROMISES, Promise
from blockwright.testing.properties.values import inputs_for

if TYPE_CHECKING:
    from blockwright.engine.limits import Limits
    from blockwright.engine.runtime import Flow


class BrokenPromise(AssertionError):
    """A flow is not as every flow has to be; ``checked`` is the smallest run that shows it, ``promise`` what broke, in
    which way the ``sentence`` says."""

    def __init__(self, promise: str, sentence: str, checked: Checked) -> None:
        self.promise = promise
        self.sentence = sentence
        self.checked = checked
        flow, inputs = checked.flow, checked.inputs
        given = "\n".join(f"{name}: {value!r}" for name, value in inputs.items()) or "none"
        answers = str(checked.answers) or "it calls no blocks"
        super().__init__(
            f"`{flow.name}` ({flow.path}) breaks a promise, {promise.replace('_', ' ')}: {sentence}\n"
            f"  with the inputs\n{textwrap.indent(given, '    ')}\n"
            f"  where blocks answer\n{textwrap.indent(answers, '    ')}"
        )


def check_flow(
    flow: Flow,
    *,
    examples: int = 100,
    inputs: st.SearchStrategy[dict[str, object]] | None = None,
    answers: st.SearchStrategy[Answers] | None = None,
    promises: Iterable[str] = tuple(PROMISES),
    more: Iterable[Promise] = (),
    limits: Limits = LIMITS,
) -> None:
    """Run a flow with many inputs and answers of its blocks, none of which is called. Raises BrokenPromise for the
    smallest run in which something does not hold that has to hold of every flow.

    ``inputs`` and ``answers`` are others than ``inputs_for(flow)`` and ``block_answers(flow)``; ``promises`` are the
    names of those to look at, ``more`` are an application's own. Two calls make the same runs.
    """
    wanted = {name: PROMISES[name] for name in promises} | {_name(each): each for each in more}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        print_blob=False,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs_for(flow) if inputs is None else inputs, block_answers(flow) if answers is None else answers)
    def run(given: dict[str, object], answered: Answers) -> None:
        check_run(flow, given, answered, promises=wanted, limits=limits)

    broken = None
    try:
        run()
    except BrokenPromise as error:
        broken = BrokenPromise(error.promise, error.sentence, error.checked)
    if broken is not None:
        raise broken


def check_run(
    flow: Flow,
    inputs: Mapping[str, object],
    answers: Answers,
    *,
    promises: Mapping[str, Promise] = PROMISES,
    limits: Limits = LIMITS,
) -> Checked:
    """One run of a flow both ways. Raises BrokenPromise."""
    checked = both_ways(flow, inputs, answers, limits)
    for name, promise in promises.items():
        sentence = promise(checked)
        if sentence is not None:
            raise BrokenPromise(name, sentence, checked)
    return checked


def _name(promise: Promise) -> str:
    return getattr(promise, "__name__", "a promise of the application's own")
