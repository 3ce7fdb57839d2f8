"""Types of expressions before they run: what comes out, and what can never work."""

from blockwright.expressions.infer.results import Facts, Inferred, Problem
from blockwright.expressions.infer.walk import infer

__all__ = ["Facts", "Inferred", "Problem", "infer"]
