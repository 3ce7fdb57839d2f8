"""For tests of flows, and of applications that run them: a clock that a test moves, and what has to hold of every flow.

``check_flow`` and the strategies need Hypothesis: ``pip install "blockwright[testing]"``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blockwright.engine.manual_clock import ManualClock
    from blockwright.testing.properties.answers import Answers, Call, Fails, Gives, block_answers
    from blockwright.testing.properties.checking import BrokenPromise, check_flow, check_run
    from blockwright.testing.properties.generated import GeneratedFlow, flows
    from blockwright.testing.properties.outcomes import Checked, Outcome
    from blockwright.testing.properties.promises import PROMISES, Promise
    from blockwright.testing.properties.samples import SAMPLE_BLOCKS
    from blockwright.testing.properties.values import inputs_for, values_of

__all__ = [
    "PROMISES",
    "SAMPLE_BLOCKS",
    "Answers",
    "BrokenPromise",
    "Call",
    "Checked",
    "Fails",
    "GeneratedFlow",
    "Gives",
    "ManualClock",
    "Outcome",
    "Promise",
    "block_answers",
    "check_flow",
    "check_run",
    "flows",
    "inputs_for",
    "values_of",
]

_PROPERTIES = "blockwright.testing.properties"
_HOMES = {
    "PROMISES": f"{_PROPERTIES}.promises",
    "SAMPLE_BLOCKS": f"{_PROPERTIES}.samples",
    "Answers": f"{_PROPERTIES}.answers",
    "BrokenPromise": f"{_PROPERTIES}.checking",
    "Call": f"{_PROPERTIES}.answers",
    "Checked": f"{_PROPERTIES}.outcomes",
    "Fails": f"{_PROPERTIES}.answers",
    "GeneratedFlow": f"{_PROPERTIES}.generated",
    "Gives": f"{_PROPERTIES}.answers",
    "ManualClock": "blockwright.engine.manual_clock",
    "Outcome": f"{_PROPERTIES}.outcomes",
    "Promise": f"{_PROPERTIES}.promises",
    "block_answers": f"{_PROPERTIES}.answers",
    "check_flow": f"{_PROPERTIES}.checking",
    "check_run": f"{_PROPERTIES}.checking",
    "flows": f"{_PROPERTIES}.generated",
    "inputs_for": f"{_PROPERTIES}.values",
    "values_of": f"{_PROPERTIES}.values",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is first asked for: pytest imports this package in every suite."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        value: object = getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        raise ImportError(f'{name} needs Hypothesis; install it with: pip install "blockwright[testing]"') from error
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
