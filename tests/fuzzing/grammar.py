"""Expressions made of choices: every operator and every built-in function, mostly with operands that fit."""

from __future__ import annotations

import re
from collections.abc import Mapping

from blockwright.expressions.functions import FUNCTIONS, Overload
from blockwright.expressions.types import (
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    NUMBER,
    TEXT,
    TIME,
    YEARS_DURATION,
    YES_OR_NO,
    Either,
    FunctionOf,
    ListOf,
    ObjectOf,
    RangeOf,
    Type,
)
from tests.fuzzing.choices import Choices

DEEPEST = 5
HOLE = re.compile(r"\$(\w+)\$")

LEAVES: dict[str, list[str]] = {
    "number": [
        "1",
        "n",
        "0",
        "-1",
        "2.50",
        "3",
        "maybe",
        "1e-6176",
        "9.999999999999999999999999999999999e6144",
        "9999999999999999999999999999999999",
        "1E34",
        "-0.0",
        "0.1",
        "2305843009213693951",
        "1000000",
        "999999999",
        "-6111",
        "count",
    ],
    "text": """
        "a" "" "foobar" user_identity "🐎é" "\\u00e9\\n" "2024-02-29" "P1DT2H" "10:30:00@Europe/Paris" "1_000,5"
        "[1..10]" "(a+)+$" "\\\\d{2,}" "x" "i" "," "." "-1e3" "year" "ﬃİß"
    """.replace("user_identity", "user\0identity")
    .replace("1_000", "1\0" + "000")
    .split(),
    "yes": "true false null is_paid".replace("_", "\0").split(),
    "date": ["due", '@"2024-02-29"', '@"-999999999-01-01"', '@"999999999-12-31"', 'date("0001-01-01")', "today()"],
    "time": ['@"10:30:00"', '@"23:59:59.999999999@Europe/Paris"', '@"00:00:00+14:00"', '@"24:00:00Z"', "noon"],
    "moment": [
        "now()",
        '@"2024-03-31T02:30:00@Europe/Berlin"',
        '@"999999999-12-31T23:59:59.999Z"',
        '@"-999999999-01-01T00:00:00"',
        '@"2024-02-29T12:00:00-11:30"',
    ],
    "days": ['@"P1D"', '@"PT0S"', '@"-PT0.000000001S"', '@"P730000000000D"', "delay"],
    "years": ['@"P1Y6M"', '@"-P999999999Y"', '@"P0M"', '@"P11M"'],
    "list": ["numbers", "[]", "[1, 2, 3]", "[null]", "rows", '["a", "b", "a"]', "[[1], [2, [3]]]", "[true, false]"],
    "object": ["row", "{}", '{a: 1, b: "x"}', '{"__class__": 1, x: {y: null}}'],
    "range": ["[1..10]", "(1..2.5)", "(< 5)", '(>= "a")', '[@"2020-01-01"..@"2020-02-01"]', "[null..5]", "(!= 3)"],
    "function": ["function(a, b) a < b", "function(x) x", "abs", "function(x: number) x + n", "function() 1", "twice"],
}

FORMS: dict[str, list[str]] = {
    "any": [
        "$number$",
        "$text$",
        "$yes$",
        "$date$",
        "$time$",
        "$moment$",
        "$days$",
        "$years$",
        "$list$",
        "$object$",
        "$range$",
        "$function$",
        "if $yes$ then $any$ else $any$",
        "$list$[$number$]",
        "$object$.a",
        "$any$.price",
        "$function$($any$)",
        "$function$($any$, $any$)",
        "{f: $function$, r: f($any$)}.r",
        "(function(f, x) f(x))($function$, $any$)",
        "(function(f) f(f))(function(f) $any$)",
        "partial",
        "item",
        "?",
        "nobody knows this",
    ],
    "number": [
        "($number$ + $number$)",
        "($number$ - $number$)",
        "($number$ * $number$)",
        "($number$ / $number$)",
        "($number$ ** $number$)",
        "-$number$",
        "$date$.weekday",
        "$moment$.second",
        "$days$.hours",
        "$years$.months",
        "($days$ / $days$)",
        "$number$(x: $any$)",
    ],
    "text": ["($text$ + $text$)", "$moment$.timezone", "string($any$)", "$object$.first name"],
    "yes": [
        "($any$ = $any$)",
        "($any$ != $any$)",
        "($any$ is $any$)",
        "($any$ is not null)",
        "($any$ is empty)",
        "($any$ not in $list$)",
        "($any$ < $any$)",
        "($number$ <= $number$)",
        "($moment$ > $moment$)",
        "($text$ >= $text$)",
        "($any$ between $any$ and $any$)",
        "($any$ in $range$)",
        "($any$ in ($any$, $range$, < $any$))",
        "($any$ in (? > $any$, not(?)))",
        "($any$ in > $any$)",
        "($yes$ and $yes$)",
        "($yes$ or $yes$)",
        "(some x in $list$ satisfies $yes$)",
        "(every x in $list$, y in x satisfies $yes$)",
        "($any$ instance of list<number>)",
        "($any$ instance of context<a: number, b: Any>)",
        "($any$ instance of function<number> -> Any)",
        "($any$ instance of years and months duration)",
        "$range$.start included",
    ],
    "date": ["($date$ + $days$)", "($date$ - $years$)", "date($number$, $number$, $number$)", "$moment$.date"],
    "time": ["($time$ + $days$)", "time($number$, $number$, $number$, $days$)"],
    "moment": ["($moment$ + $days$)", "($moment$ - $years$)", "date and time($date$, $time$)"],
    "days": ["($days$ + $days$)", "($moment$ - $moment$)", "($days$ * $number$)", "($days$ / $number$)", "-$days$"],
    "years": ["($years$ - $years$)", "($years$ * $number$)", "($years$ / $number$)"],
    "list": [
        "[$any$, $any$]",
        "(for x in $list$ return $any$)",
        "(for x in $number$..$number$ return x)",
        "(for x in $range$ return $any$)",
        "(for x in $list$, y in [x, $any$] return $any$)",
        "(for x in 1..5 return if x = 1 then $any$ else partial[-1])",
        "(for x in $list$ return [x, partial])",
        "$list$[$yes$]",
        "$list$[item $compare$ $any$]",
        "$list$[a > $number$]",
        "$list$.price",
    ],
    "object": ["{a: $any$, b: a}", '{"a b": $any$, c: {d: a b}}', "$list$[1]", "{x: $function$, y: x}"],
    "range": ["[$any$..$any$]", "($number$..$number$]", "]$date$..$date$[", "(<= $any$)"],
    "function": [
        "function(x, y) $any$",
        "function(x: $type$) $any$",
        "$builtin$",
        "(function(x) function(y) $any$)(1)",
    ],
}

WORDS: dict[str, list[str]] = {
    "compare": ["=", "<", ">=", "!=", "in", "+", "instance of"],
    "type": ["number", "string", "list<string>", "Any", "context<a: number>", "range<date>", "Null", "date and time"],
    "builtin": sorted(FUNCTIONS),
}


def kind_of(of: Type) -> str:
    """The kind of expression that gives values of a type."""
    match of:
        case ListOf():
            return "list"
        case ObjectOf():
            return "object"
        case RangeOf():
            return "range"
        case FunctionOf():
            return "function"
        case Either():
            return next((kind for kind in map(kind_of, sorted(of.options, key=str)) if kind != "any"), "any")
    return _KINDS.get(of, "any")


_KINDS: Mapping[Type, str] = {
    NUMBER: "number",
    TEXT: "text",
    YES_OR_NO: "yes",
    DATE: "date",
    TIME: "time",
    DATE_AND_TIME: "moment",
    DAYS_DURATION: "days",
    YEARS_DURATION: "years",
}


def _call(name: str, overload: Overload, *, by_name: bool) -> str:
    holes = [f"${kind_of(parameter.type)}$" for parameter in overload.parameters]
    if overload.variadic and not by_name:
        holes += holes[-1:]
    if by_name:
        holes = [f"{parameter.name}: {hole}" for parameter, hole in zip(overload.parameters, holes, strict=True)]
    return f"{name}({', '.join(holes)})"


for _builtin in FUNCTIONS.values():
    for _overload in _builtin.overloads:
        _kind = kind_of(_overload.result_type([parameter.type for parameter in _overload.parameters]))
        FORMS[_kind].append(_call(_builtin.name, _overload, by_name=False))
        if _overload.parameters:
            FORMS[_kind].append(_call(_builtin.name, _overload, by_name=True))

PIECES = """
    |n|user identity|first-name|in stock|item|?|partial|count|date and time|not|1|2.5|.5|"x"|"|@"P1D"|@|true|null
    |if|then|else|for|in|return|some|every|satisfies|between|and|or|function|external|instance of|number|list|<|>|<=|=
    |==|!=|+|-|*|/|**|..|.|,|:|(|)|[|]|{|}|->|'|!|&&|%|\\|//|/*|*/|\n|é|🐎|\x00|${|`|__class__|\ud800""".replace(
    "\n    |", "|"
).split("|")
"""Scraps of text, sensible and not."""


def expression(choices: Choices, kind: str = "any", depth: int = DEEPEST) -> str:
    """The text of an expression that mostly makes sense."""
    if kind in WORDS:
        return choices.one_of(WORDS[kind])
    if choices.chance(20):
        kind = "any"
    leaves = LEAVES.get(kind, [])
    forms = FORMS[kind] if depth > 0 and not choices.is_used_up else []
    if kind == "any" and not forms:
        return "1"
    picked = choices.number(len(leaves) + len(forms))
    if picked < len(leaves):
        return leaves[picked].replace("\0", " ")
    return HOLE.sub(lambda hole: expression(choices, hole[1], depth - 1), forms[picked - len(leaves)])


def text(choices: Choices) -> str:
    """A text to read: sensible, scraps, or anything at all."""
    match choices.number(4):
        case 0:
            return choices.rest()
        case 1:
            return _scraps(choices)
        case 2:
            return _damaged(expression(choices), choices)
    return expression(choices)


def _scraps(choices: Choices) -> str:
    between = choices.one_of(["", " "])
    pieces = []
    while not choices.is_used_up:
        pieces.append(choices.one_of(PIECES))
    return between.join(pieces)


def _damaged(whole: str, choices: Choices) -> str:
    """An expression with something left out or put in."""
    start = choices.number(len(whole) + 1)
    return whole[:start] + choices.one_of(PIECES) + whole[start + choices.number(8) :]
