"""FEEL variables in generated code."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from blockwright.expressions.scope import Scope
from blockwright.expressions.types import NOTHING, Type


class Variable(NamedTuple):
    """A FEEL variable in Python: a local name, or an entry of the object being built; and an item's type."""

    local: str
    key: str | None = None
    type: Type = NOTHING
    growing: bool = False
    """It is the list that a loop still adds to, so whoever reads it gets a copy."""


Place: TypeAlias = Scope[Variable]
