"""``check_flow``: a flow run with many inputs and answers, and everything that has to hold of it looked at."""

from __future__ import annotations

import os
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, configuration, given, settings
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
        parts = {
            **_not_in_files(flow),
            "with the inputs": given,
            "where blocks answer": str(checked.answers) or "it calls no blocks",
            "which shows it again": _again(promise, checked),
        }
        super().__init__(
            f"`{flow.name}` ({flow.path}) breaks a promise, {promise.replace('_', ' ')}: {sentence}"
            + "".join(f"\n  {title}\n{textwrap.indent(part, '    ')}" for title, part in parts.items())
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
        with _nothing_left_behind():
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


def _not_in_files(flow: Flow) -> dict[str, str]:
    """The texts of a flow and of those that it calls which are in no file that somebody could look at."""
    sources = [program.source for program in flow.programs]
    return {f"in {each.path}": each.text.strip() for each in sources if not Path(each.path).is_file()}


def _again(promise: str, checked: Checked) -> str:
    """The call that makes the same run."""
    own = "" if promise in PROMISES else f", promises={{{promise!r}: {promise}}}"
    return f"check_run(flow, {dict(checked.inputs)!r}, {checked.answers!r}{own})"


@contextmanager
def _nothing_left_behind() -> Iterator[None]:
    """Hypothesis keeps notes in a folder. Where an application has none, it is not given one."""
    kept: str | Path | None = vars(configuration).get("__hypothesis_home_directory")
    folder = kept or os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY") or ".hypothesis"
    if Path(folder).exists():
        yield
        return
    configuration.set_hypothesis_home_dir(_elsewhere().name)
    try:
        yield
    finally:
        configuration.set_hypothesis_home_dir(kept)


@cache
def _elsewhere() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="blockwright-")


def _name(promise: Promise) -> str:
    return getattr(promise, "__name__", "a promise of the application's own")
