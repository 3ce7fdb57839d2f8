"""FEEL expressions (OMG DMN 1.5), usable on their own.

    >>> from blockwright.expressions import evaluate, parse
    >>> evaluate("price * (1 + tax rate)", {"price": 10, "tax rate": 0.2})
    Decimal('12.0')

``parse`` reads an expression once, to be evaluated often. Nothing of Python can be reached from an expression.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blockwright.expressions.budget import evaluating
    from blockwright.expressions.expression import Expression, evaluate, parse
    from blockwright.expressions.infer import Inferred, Problem
    from blockwright.expressions.names import Names
    from blockwright.expressions.problems import SyntaxProblem, UnknownName
    from blockwright.expressions.python import HELPERS, Position
    from blockwright.expressions.running import failure_of

__all__ = [
    "HELPERS",
    "Expression",
    "Inferred",
    "Names",
    "Position",
    "Problem",
    "SyntaxProblem",
    "UnknownName",
    "evaluate",
    "evaluating",
    "failure_of",
    "parse",
]

_HOMES = {
    "HELPERS": "python",
    "Expression": "expression",
    "Inferred": "infer",
    "Names": "names",
    "Position": "python",
    "Problem": "infer",
    "SyntaxProblem": "problems",
    "UnknownName": "problems",
    "evaluate": "expression",
    "evaluating": "budget",
    "failure_of": "running",
    "parse": "expression",
}


def __getattr__(name: str) -> object:
    """Load a part of the package when it is first asked for: many who import it only need its types."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
