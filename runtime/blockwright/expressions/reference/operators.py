"""The operators, for the page: what each does, in a sentence, and examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from blockwright.expressions.functions.builtin import Example
from blockwright.expressions.infer.operators import ORDERED


class Operator(NamedTuple):
    """What an operator does: its signs, a few sentences, the sign whose table is shown, if any, and examples."""

    title: str
    about: str
    table: str
    examples: Sequence[Example]


_ORDER = "two values of one of these types: " + ", ".join(sorted(map(str, ORDERED)))

OPERATORS = (
    Operator(
        "+",
        "Adds numbers and durations, joins texts, and moves dates and times on.",
        "+",
        (
            ("0.1 + 0.2", "0.3"),
            ('"Dear " + first-name', '"Dear Alice"'),
            ('due + @"P1M"', '@"2026-02-28"'),
            ("price + nickname", "null"),
        ),
    ),
    Operator(
        "-",
        "Takes one from the other; of two dates or times it gives the time between them. Before a number or a duration "
        "it turns the sign round. With spaces around it, it is never part of a name.",
        "-",
        (("quantity - 1", "3"), ('due - @"2026-01-01"', '@"P30D"'), ("-price", "-12.5")),
    ),
    Operator("*", "Multiplies numbers, and durations with numbers.", "*", (("price * quantity", "50"),)),
    Operator(
        "/",
        "Divides. Nothing can be divided by zero.",
        "/",
        (("1 / 4", "0.25"), ("1 / 3", "0.3333333333333333333333333333333333"), ('@"P1D" / @"PT6H"', "4")),
    ),
    Operator("**", "Raises a number to a power.", "**", (("2 ** 10", "1024"), ("2 ** -1", "0.5"))),
    Operator(
        "=` and `!=",
        "Whether two values are equal, or not. They must be of one type; a value that is not there is equal only to "
        "null. Lists and objects are equal when all they hold is.",
        "",
        (("quantity = 4.0", "true"), ("[1, 2] != [1, 2]", "false"), ("nickname = null", "true"), ("1 = null", "false")),
    ),
    Operator(
        "<`, `<=`, `>` and `>=",
        f"Which value comes first. They take {_ORDER}. Texts are ordered by their characters, capital letters first.",
        "",
        (
            ("price > 10", "true"),
            ('"apple" < "pear"', "true"),
            ('due < @"2026-02-01"', "true"),
            ("nickname > 3", "null"),
        ),
    ),
    Operator(
        "between` … `and",
        "Whether a value lies between two others, both included.",
        "",
        (("price between 10 and 20", "true"), ("quantity between 1 and 4", "true")),
    ),
    Operator(
        "in",
        "Whether a value is in a range or among the items of a list, or passes one of several tests in brackets.",
        "",
        (
            ("price in [10..20]", "true"),
            ("4 in numbers", "false"),
            ("price in (< 5, > 10)", "true"),
            ('"b" in ("a", "b")', "true"),
        ),
    ),
    Operator(
        "is`, `is empty` and `not in",
        "Other words for `=`, for having nothing in it, and for the opposite of `in`; `is not` and `is not empty` are "
        "their opposites. They are ours and not FEEL's, so they work in flows, and not in the standard's way.",
        "",
        (
            ("nickname is null", "true"),
            ("quantity is not 4", "false"),
            ("numbers is not empty", "true"),
            ("4 not in numbers", "true"),
        ),
    ),
    Operator(
        "and` and `or",
        "Join conditions. They know a third answer: where one side is null, the other may still decide.",
        "",
        (
            ("price > 10 and quantity > 10", "false"),
            ("price > 10 or quantity > 10", "true"),
            ("null and false", "false"),
            ("null or true", "true"),
            ("null and true", "null"),
        ),
    ),
    Operator(
        "instance of",
        "Whether a value is of a type: `number`, `string`, `boolean`, `date`, `time`, `date and time`, "
        "`days and time duration`, `years and months duration`, `list<…>`, `context<name: …>`, `range<…>`, "
        "`function<…> -> …` or `Any`. Null is of none of them.",
        "",
        (
            ("price instance of number", "true"),
            ("numbers instance of list<number>", "true"),
            ("null instance of Any", "false"),
        ),
    ),
)
