"""FEEL's operators: what each does to values of every type (DMN 1.5, 10.3.2.15).

They take evaluated operands and give a value. A null operand yields null, quietly; operands of the wrong type are a
mistake, reported through ``fail``; growing past ``CAPS`` is ``too big`` under both policies. They compute in the
thread's decimal context, which whoever evaluates has set to ``CONTEXT``.
"""

from blockwright.expressions.operators.order import (
    between,
    both,
    either_of,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    not_equal,
    truth,
)
from blockwright.expressions.operators.parts import index, path
from blockwright.expressions.operators.ranges import (
    count_range,
    iterate,
    member,
    member_of_any,
    range_between,
    unary_range,
)
from blockwright.expressions.operators.sums import add, divide, multiply, negate, power, subtract
from blockwright.expressions.values import CAPS

__all__ = [
    "CAPS",
    "add",
    "between",
    "both",
    "count_range",
    "divide",
    "either_of",
    "equal",
    "greater",
    "greater_equal",
    "index",
    "iterate",
    "less",
    "less_equal",
    "member",
    "member_of_any",
    "multiply",
    "negate",
    "not_equal",
    "path",
    "power",
    "range_between",
    "subtract",
    "truth",
    "unary_range",
]
