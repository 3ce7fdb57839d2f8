"""Which Python values an expression may read where they lie, so that nothing needs to be copied.

``take`` makes a copy, which for a list of objects takes many times as long as most expressions do. An expression
changes no value, and what it gives is copied, so a value that is of its own kind all through can be lent to it instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Clamped, Context, Decimal, DecimalException, Overflow, Rounded, Subnormal
from typing import Any

from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.values import CAPS, INT_LIMIT

DEEPEST = 20
"""Lists and objects inside one another that are looked into; what is deeper is copied."""


def can_be_lent(value: object) -> bool:
    """Whether ``take`` would change nothing that shows: plain values, and lists and dicts of them, within the limits.

    For what is rare (dates, floats, subclasses) the answer is no, as it is for what ``take`` would refuse. Whole
    Decimals stay what they are; they are the same numbers.
    """
    try:
        return 0 <= _size((value,), DEEPEST) <= CAPS.nodes
    except DecimalException:
        return False


def _size(values: Iterable[Any], deepest: int) -> int:
    """How many values these are in all; below 0 where one of them cannot be lent."""
    size = 0
    for value in values:
        size += 1
        kind = type(value)
        if kind is str:
            if len(value) > _TEXT:
                return -1
        elif kind is Decimal:
            exact(value)
            if not value.is_finite():
                return -1
        elif kind is int:
            if not _LOW < value < INT_LIMIT:
                return -1
        elif kind is dict or kind is list:
            if not deepest or len(value) > CAPS.items:
                return -1
            if kind is dict:
                for key in value:
                    if type(key) is not str or len(key) > _TEXT:
                        return -1
                value = value.values()
            inner = _size(value, deepest - 1)
            size += inner
            if inner < 0 or size > CAPS.nodes:
                return -1
        elif kind is not bool and value is not None:
            return -1
    return size


_TEXT = CAPS.text
_LOW = -INT_LIMIT
KINDS = frozenset({str, int, Decimal, bool, list, dict, type(None)})
"""The Python types of values that can be lent."""
exact = Context(
    prec=CONTEXT.prec, Emin=CONTEXT.Emin, Emax=CONTEXT.Emax, traps=[Rounded, Overflow, Subnormal, Clamped]
).plus
"""The number. Raises where it is not one of ``CONTEXT`` as it is; only infinity and NaN pass besides."""
