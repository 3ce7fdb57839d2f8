"""Conditions on accounts, as Backendless writes them: text, to a tree, to yes, no or unknown for one account."""

from blockwright.services.backends.stored.where.parser import parse
from blockwright.services.backends.stored.where.predicates import Condition

__all__ = ["Condition", "parse"]
