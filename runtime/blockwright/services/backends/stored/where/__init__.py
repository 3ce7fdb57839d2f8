"""Conditions on accounts, as Backendless writes them: text, to a tree, to yes, no or unknown for one account.

A comparison has a column on its left and a value on its right: ``= != <> < <= > >=``, ``LIKE`` (``%``, ``_`` and a
backslash before one that is meant), ``IN (…)``, ``BETWEEN … AND …``, ``IS NULL``; they are joined by ``AND``, ``OR``,
``NOT`` and parentheses. Texts stand in ``'…'`` with ``''`` for an apostrophe, and count letter by letter; moments are
milliseconds since 1970. As in SQL, what is compared with a missing value is neither true nor false.
"""

from blockwright.services.backends.stored.where.parser import parse
from blockwright.services.backends.stored.where.predicates import Condition, Value

__all__ = ["Condition", "Value", "parse"]
