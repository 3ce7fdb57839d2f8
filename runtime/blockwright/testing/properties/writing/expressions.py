"""Expressions over the names of a scope, by the kind of value they give; some fail, some give null."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, cast, get_args

from blockwright.testing.properties.writing.choices import Choices

Kind = Literal["number", "text", "yes", "date", "time", "moment", "duration", "list", "object", "any", "dark"]
"""What is known of a value. Of ``any`` all is known, though not here; of ``dark`` nothing is known before the run."""
KINDS: tuple[Kind, ...] = get_args(Kind)

_LITERALS: Mapping[Kind, Sequence[str]] = {
    "number": ("0", "1", "2", "-3", "2.5", "0.1", "1000000", "1e33"),
    "text": ('"a"', '""', '"größer, 3 > 2"', '"😀 it\'s"', '"7"'),
    "yes": ("true", "false"),
    "date": ('date("2026-01-31")', '@"2024-02-29"'),
    "time": ('time("12:30:00")', '@"23:59:59"'),
    "moment": ('date and time("2026-01-31T10:00:00")', '@"2024-02-29T23:59:59Z"'),
    "duration": ('duration("PT5S")', '@"P1DT2H"'),
    "list": ("[1, 2, 3]", "[]", "[0.5]"),
    "object": ("{a: 1}", '{a: "x", b: [1, 2]}', "{}"),
    "any": ("null", "1", '"a"', '[1, "a", null]', "true", "[[1], [2]]"),
    "dark": (),
}
_FORMS: Mapping[Kind, Sequence[str]] = {
    "number": (
        "<number> + <number>",
        "<number> - <number>",
        "<number> * <number>",
        "<number> / <number>",
        "<number> ** 2",
        "-<number>",
        "<dark> + 1",
        "1 - <dark>",
        "count(<list>)",
        "sum(<list>)",
        "string length(<text>)",
        "if <yes> then <number> else <number>",
        "modulo(<number>, <number>)",
        "number(<text>)",
        "max([<number>, <number>])",
        "{a: <number>, b: a + 1}.b",
        "<date>.year",
        "<time>.hour",
        "<duration>.seconds",
    ),
    "text": (
        "<text> + <text>",
        "<dark> + <text>",
        "string(<dark>)",
        "upper case(<text>)",
        "substring(<text>, <number>)",
        "if <yes> then <text> else <text>",
        "replace(<text>, <text>, <text>)",
        'string join([<text>, "b"], "-")',
        "string(<date>)",
        "string(<duration>)",
    ),
    "yes": (
        "<number> > <number>",
        "<number> <= <dark>",
        "<dark> = <any>",
        "<any> != null",
        "<yes> and <yes>",
        "<yes> or <dark>",
        "not(<yes>)",
        "<number> in [1..3]",
        "<number> between 1 and <number>",
        "some x in <list> satisfies x = <dark>",
        "every x in <list> satisfies x > 1",
        "contains(<text>, <text>)",
        "list contains(<list>, <any>)",
        "<dark> instance of number",
        "<date> < <date>",
        "<moment> > <moment>",
        "<duration> >= <duration>",
    ),
    "date": ("<date> + <duration>", "date(<moment>)", "if <yes> then <date> else <date>"),
    "time": ("<time> + <duration>", "time(<moment>)"),
    "moment": ("<moment> + <duration>", "<moment> - <duration>", "date and time(<date>, <time>)"),
    "duration": ("<duration> + <duration>", "<duration> * 2", "-<duration>", "<date> - <date>", "<moment> - <moment>"),
    "list": (
        "[<number>, <number>]",
        "append(<list>, <number>)",
        "concatenate(<list>, <list>)",
        "<list>[item != 2]",
        "for x in <list> return x + <number>",
        "for x in 1..3 return x * <number>",
        "reverse(<list>)",
        "if <yes> then <list> else []",
    ),
    "object": ("{a: <any>, b: <text>}", 'context put(<object>, "c", <any>)', "{f: <dark>, g: [f, <number>]}"),
    "any": (
        "<number>",
        "<text>",
        "<yes>",
        "<list>",
        "<object>",
        "<dark>",
        "split(<text>, <text>)",
        "[<any>, <text>]",
        "<date>",
        "[<time>, <moment>, <duration>]",
    ),
    "dark": ("<dark>.a", "<dark>[1 + <number>]"),
}
_HOLE = re.compile(f"<({'|'.join(KINDS)})>")


def expression(choices: Choices, kind: Kind, known: Mapping[str, Kind], depth: int = 2) -> str:
    """An expression that gives ``kind``, if it gives anything, over the ``known`` names."""
    names = [name for name, of in known.items() if of == kind or kind == "any"]
    form = choices.pick([*names, *names, *_LITERALS[kind], *(_FORMS[kind] if depth else ())])

    def fill(hole: re.Match[str]) -> str:
        inner = expression(choices, cast("Kind", hole[1]), known, depth - 1)
        return inner if inner in known or inner in _ATOMS else f"({inner})"

    return _HOLE.sub(fill, form)


def is_settled(text: str, known: Mapping[str, Kind]) -> bool:
    """Whether the checker knows the value of an expression beforehand: one of literals only."""
    return not any(name in text for name in known)


def may_fail(text: str, known: Mapping[str, Kind]) -> bool:
    """Whether the checker certainly thinks that an expression may fail: it calculates with what nobody knows."""
    dark = [name for name, kind in known.items() if kind == "dark"]
    return any(f"{name} + " in text or f" - {name}" in text for name in dark)


_ALL_LITERALS = frozenset(text for texts in _LITERALS.values() for text in texts)
_ATOMS = frozenset(text for text in _ALL_LITERALS if not text.startswith("-"))
