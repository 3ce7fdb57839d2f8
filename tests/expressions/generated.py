"""Expressions and scopes for property tests: mostly of types that fit together, sometimes not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from blockwright.expressions.temporal.types import Date, DaysDuration
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DAYS_DURATION,
    NUMBER,
    TEXT,
    YES_OR_NO,
    ListOf,
    ObjectOf,
    Type,
    optional,
)
from blockwright.expressions.values import Value

ROW = ObjectOf((("price", NUMBER), ("first name", TEXT)))

KINDS: Mapping[str, tuple[str, ...]] = {
    "number": ("total", "n", "maybe"),
    "text": ("user identity", "first-name"),
    "yes": ("is paid",),
    "date": ("due",),
    "length": ("delay",),
    "numbers": ("numbers", "nothing yet"),
    "rows": ("rows",),
    "row": ("row",),
}
"""The names of the scope, by the kind of value they hold."""

numbers = st.one_of(
    st.integers(-20, 20),
    st.integers(-(10**35), 10**35).map(lambda n: n if abs(n) < 10**34 else 10**34 - 1),
    st.decimals(-1000, 1000, places=2),
    st.sampled_from([0, 1, Decimal("0.0"), Decimal("2.0"), Decimal("1E+3"), 10**34 - 1, -(10**34) + 1]),
)
texts = st.text(alphabet='ab é"\\', max_size=4)
rows: st.SearchStrategy[Value] = st.fixed_dictionaries(
    {"price": st.one_of(numbers, st.none()), "first name": texts}, optional={"item": numbers, "n": texts}
)

_VALUES: Mapping[str, tuple[Type, st.SearchStrategy[Value]]] = {
    "total": (NUMBER, numbers),
    "n": (NUMBER, numbers),
    "maybe": (optional(NUMBER), st.one_of(st.none(), numbers)),
    "user identity": (TEXT, texts),
    "first-name": (TEXT, texts),
    "is paid": (YES_OR_NO, st.booleans()),
    "due": (DATE, st.builds(Date, st.integers(2020, 2024), st.integers(1, 12), st.integers(1, 28))),
    "delay": (DAYS_DURATION, st.builds(DaysDuration, st.integers(-100_000, 100_000))),
    "numbers": (ListOf(NUMBER), st.lists(st.one_of(numbers, st.none()), max_size=4)),
    "nothing yet": (optional(ListOf(NUMBER)), st.one_of(st.none(), st.lists(numbers, max_size=2))),
    "rows": (ListOf(ROW), st.lists(rows, max_size=3)),
    "row": (ROW, rows),
}


@dataclass(frozen=True)
class Scope:
    """Values of names, and types that they are known to have (less precise ones now and then)."""

    values: dict[str, Value]
    types: dict[str, Type]


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    values, types = {}, {}
    for name, (of, value) in _VALUES.items():
        values[name] = draw(value)
        types[name] = draw(st.sampled_from([of, of, of, optional(of), ANYTHING]))
    return Scope(values, types)


@st.composite
def expressions(draw: st.DrawFn, kind: str | None = None, depth: int = 4) -> str:
    """The text of an expression whose value is mostly of a kind."""
    wanted = kind or draw(st.sampled_from(sorted(KINDS)))
    if draw(st.integers(0, 19)) == 0:
        wanted = draw(st.sampled_from(sorted(KINDS)))
    forms = _LEAVES[wanted] + (_FORMS[wanted] + _ANY if depth else ())
    form = draw(st.sampled_from(forms))
    text = ""
    for piece in form.split("$"):
        if piece in KINDS:
            text += draw(expressions(piece, max(depth - 1, 0)))
        elif piece == "same":
            text += draw(expressions(wanted, max(depth - 1, 0)))
        else:
            text += piece
    return text


_LEAVES: dict[str, tuple[str, ...]] = {
    "number": ("1", "2.50", "0", "-3", "12345678901234567890123456789012345", "total", "n", "maybe", "total", "n"),
    "text": ('"a"', '""', "user identity", "first-name"),
    "yes": ("true", "false", "is paid", "null"),
    "date": ('@"2026-01-31"', "due"),
    "length": ('@"P1D"', '@"PT90S"', "delay"),
    "numbers": ("numbers", "[]", "[1, 2.5, 3]", "nothing yet"),
    "rows": ("rows", "[row]"),
    "row": ("row", '{price: 3, first name: "a"}'),
}
_ANY = ("(if $yes$ then $same$ else $same$)", "($same$)", "[$same$, $same$][1]", "(function(n) $same$)($number$)")
_FORMS: dict[str, tuple[str, ...]] = {
    "number": (
        "($number$ + $number$)",
        "($number$ - $number$)",
        "$number$ * $number$",
        "($number$ / $number$)",
        "-($number$)",
        "$numbers$[$number$]",
        "$numbers$[item > $number$][1]",
        "count($numbers$)",
        "sum($numbers$)",
        "string length($text$)",
        "$row$.price",
        "$rows$[$number$].price",
        "(function(n, m) n + m + total)($number$, $number$)",
        "{a: $number$, b: a * 2, f: function(x) x + b}.f($number$)",
        "abs($number$)",
        "floor($number$)",
        "$date$.year",
        "(for n in $numbers$ return n)[n]",
    ),
    "text": (
        "($text$ + $text$)",
        "string($number$)",
        "upper case($text$)",
        "substring($text$, $number$)",
        "$row$.first name",
        "string join($rows$.first name)",
    ),
    "yes": (
        "($number$ < $number$)",
        "($number$ = $number$)",
        "($text$ != $text$)",
        "($text$ >= $text$)",
        "($yes$ and $yes$)",
        "($yes$ or $yes$)",
        "not($yes$)",
        "($number$ between $number$ and $number$)",
        "($number$ in [1..5])",
        "($number$ in (1, 2, > $number$))",
        "($number$ in ($number$..$number$])",
        "($number$ in (? > $number$, 3))",
        "(some x in $numbers$ satisfies x > $number$)",
        "(every x in $numbers$, y in [1, n] satisfies x > y)",
        "($number$ instance of number)",
        "contains($text$, $text$)",
        "($date$ <= $date$)",
        "(maybe = null)",
        "($yes$ = $yes$)",
    ),
    "date": ("($date$ + $length$)", "($date$ - $length$)"),
    "length": ("($length$ + $length$)", "($date$ - $date$)", "($length$ * $number$)", "($length$ / 2)"),
    "numbers": (
        "[$number$, $number$]",
        "(for x in $numbers$ return x * $number$)",
        "(for x in 1..3 return x + total)",
        "(for x in $numbers$, y in $numbers$ return $number$)",
        "(for x in 1..3 return if x = 1 then 1 else partial[-1] * $number$)",
        "$numbers$[item > $number$]",
        "$numbers$[item * 2 <= $number$ or item = null]",
        "$numbers$[$number$ > 1]",
        "$rows$.price",
        "sort($numbers$, function(a, b) a < b)",
        "append($numbers$, $number$)",
        "(for x in $numbers$[item > 1] return -(x))",
        "(for x in (for y in $numbers$ return y + total) return x)",
    ),
    "rows": (
        "$rows$[price > $number$]",
        "$rows$[price = n]",
        "$rows$[item.price > 1 and is paid]",
        "$rows$[total > price]",
        "$rows$[first name = $text$]",
    ),
    "row": ("$rows$[1]", "{price: $number$, first name: $text$}", "$rows$[$number$]"),
}
