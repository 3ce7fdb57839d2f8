"""Syntax tree to Python: one ``ast`` expression, alone or in line in a compiled flow."""

from blockwright.expressions.python.emitter import emit
from blockwright.expressions.python.helpers import HELPERS
from blockwright.expressions.python.writing import Position

__all__ = ["HELPERS", "Position", "emit"]
