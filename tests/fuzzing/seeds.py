"""Inputs to begin with: what is known to make sense."""

from __future__ import annotations

from blockwright.expressions.functions import FUNCTIONS

AS_IT_IS = bytes(15)
"""Choices before a text: the first value of every name in the scope, and the text as it stands."""

OPERATORS = """
1 + 2 * 3 - 4 / 5 ** 6
"a" + "b"
@"2024-01-31" + @"P1M"
@"2024-03-31T02:30:00@Europe/Berlin" - @"P1D"
n between 1 and 10 and not(is paid) or maybe = null
n in ([1..10], > 20, "a")
n in (? > 5 and ? < 9)
if is paid then "yes" else "no"
for x in 1..10, y in [x, n] return x * y
for i in 0..20 return if i = 0 then 1 else i * partial[-1]
some x in numbers satisfies x > 2
every x in numbers satisfies x instance of number
rows[price > 1].a
rows[1].price
numbers[-1]
{a: 1, b: a + 1, "c d": {e: b}}.c d.e
(function(x: number, y) x + y)(1, y: 2)
{f: function(x) x * 2, r: f(f(n))}.r
@"PT1H".hours + @"P1Y2M".months
[1..5].start included
]1..5[
not(< 5)
// a remark
/* another */ 1
""".strip().splitlines()


def of(name: str) -> list[bytes]:
    """What is known of a target: for expressions, examples of all operators and functions."""
    if name != "expression":
        return []
    texts = [*OPERATORS, *(text for builtin in FUNCTIONS.values() for text, _ in builtin.examples)]
    return [AS_IT_IS + text.encode() for text in texts]
