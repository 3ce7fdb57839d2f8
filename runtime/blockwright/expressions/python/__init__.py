"""Syntax tree to Python: one ``ast`` expression, alone or in line in a compiled flow."""

from blockwright.expressions.python.emitter import Position, emit
from blockwright.expressions.python.helpers import HELPERS

__all__ = ["HELPERS", "Position", "emit"]
