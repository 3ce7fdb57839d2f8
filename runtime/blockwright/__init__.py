"""Blockwright runs blocks written in plain YAML.

``Runtime`` loads and checks flows, ``Flow`` runs them, ``Failure`` is how they fail, ``@block`` makes new blocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blockwright.catalogue import Block, BlockError, block
    from blockwright.engine.inputs import InputsError
    from blockwright.engine.limits import Limits
    from blockwright.engine.runtime import Flow, Runtime
    from blockwright.engine.trace import Event
    from blockwright.failure import Failure, Place
    from blockwright.language.diagnostics import Finding, FlowError

__all__ = [
    "Block",
    "BlockError",
    "Event",
    "Failure",
    "Finding",
    "Flow",
    "FlowError",
    "InputsError",
    "Limits",
    "Place",
    "Runtime",
    "block",
]

_HOMES = {
    "Block": "blockwright.catalogue",
    "BlockError": "blockwright.catalogue",
    "Event": "blockwright.engine.trace",
    "Failure": "blockwright.failure",
    "Finding": "blockwright.language.diagnostics",
    "Flow": "blockwright.engine.runtime",
    "FlowError": "blockwright.language.diagnostics",
    "InputsError": "blockwright.engine.inputs",
    "Limits": "blockwright.engine.limits",
    "Place": "blockwright.failure",
    "Runtime": "blockwright.engine.runtime",
    "block": "blockwright.catalogue",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is first asked for, so that ``import blockwright`` costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
