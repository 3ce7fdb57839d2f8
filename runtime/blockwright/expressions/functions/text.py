"""Functions of text (DMN 1.5, table 74), counted in characters (Unicode code points). Patterns are in ``patterns``."""

from __future__ import annotations

from blockwright.expressions.cost import pay_for_comparing, pay_for_items, pay_for_text
from blockwright.expressions.functions.builtin import Builtin, Overload, Parameter
from blockwright.expressions.types import NUMBER, TEXT, YES_OR_NO, ListOf, optional
from blockwright.expressions.values import Number, Value, caps, fail, is_a, shown, too_big


def substring(text: str, start: Number, length: Number | None = None) -> Value:
    """The characters from a position on; a length past the end takes what is there."""
    first = int(start)
    if first == 0 or abs(first) > len(text):
        if not text:
            return fail(f"the text is empty, so it has no position {shown(start)}")
        return fail(f"{shown(text)} has {len(text)} characters, so it has no position {shown(start)}")
    pay_for_text(len(text))
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    if length < 1:
        return fail(f"{shown(length)} is not a length; a length is 1 or more")
    return text[begin : begin + min(int(length), len(text))]


def upper_case(text: str) -> str:
    pay_for_text(len(text))
    return _short_enough(text.upper())


def lower_case(text: str) -> str:
    pay_for_text(len(text))
    return _short_enough(text.lower())


def substring_before(text: str, match: str) -> str:
    pay_for_text(len(text))
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


def substring_after(text: str, match: str) -> str:
    pay_for_text(len(text))
    if not match:
        return text
    return text.partition(match)[2]


def contains(text: str, match: str) -> bool:
    pay_for_text(len(text))
    return match in text


def starts_with(text: str, match: str) -> bool:
    pay_for_comparing(text, match)
    return text.startswith(match)


def ends_with(text: str, match: str) -> bool:
    pay_for_comparing(text, match)
    return text.endswith(match)


def string_join(texts: list[Value], delimiter: str | None = None) -> Value:
    """The texts one after another; nulls are left out."""
    pieces: list[str] = []
    for text in texts:
        if isinstance(text, str):
            pieces.append(text)
        elif text is not None:
            return fail(f'{is_a(text)}; "string join" works only on texts')
    pay_for_items(len(texts))
    between = delimiter or ""
    size = sum(map(len, pieces)) + len(between) * len(pieces)
    if size > caps().text:
        raise too_big(f"a text can have {caps().text:,} characters at most")
    pay_for_text(size)
    return between.join(pieces)


def _short_enough(text: str) -> str:
    if len(text) > caps().text:
        raise too_big(f"a text can have {caps().text:,} characters at most")
    return text


_STRING = Parameter("string", TEXT)
_MATCH = Parameter("match", TEXT)
_TEXTS = Parameter("list", ListOf(optional(TEXT)))

BUILTINS = (
    Builtin(
        "substring",
        "text",
        "The characters from a position on, all of them or so many; the first is 1, the last is -1.",
        (
            Overload(substring, TEXT, (_STRING, Parameter("start position", NUMBER))),
            Overload(substring, TEXT, (_STRING, Parameter("start position", NUMBER), Parameter("length", NUMBER))),
        ),
        (('substring("foobar", 3)', '"obar"'), ('substring("foobar", -2, 1)', '"a"')),
    ),
    Builtin(
        "string length",
        "text",
        "How many characters the text has.",
        (Overload(len, NUMBER, (_STRING,)),),
        (('string length("foo")', "3"),),
    ),
    Builtin(
        "upper case",
        "text",
        "The text in capital letters.",
        (Overload(upper_case, TEXT, (_STRING,)),),
        (('upper case("aBc4")', '"ABC4"'),),
    ),
    Builtin(
        "lower case",
        "text",
        "The text in small letters.",
        (Overload(lower_case, TEXT, (_STRING,)),),
        (('lower case("aBc4")', '"abc4"'),),
    ),
    Builtin(
        "substring before",
        "text",
        "What stands before the first match; empty where there is none.",
        (Overload(substring_before, TEXT, (_STRING, _MATCH)),),
        (('substring before("foobar", "bar")', '"foo"'), ('substring before("foobar", "xyz")', '""')),
    ),
    Builtin(
        "substring after",
        "text",
        "What stands after the first match; empty where there is none.",
        (Overload(substring_after, TEXT, (_STRING, _MATCH)),),
        (('substring after("foobar", "ob")', '"ar"'),),
    ),
    Builtin(
        "contains",
        "text",
        "Whether the match stands somewhere in the text.",
        (Overload(contains, YES_OR_NO, (_STRING, _MATCH)),),
        (('contains("foobar", "of")', "false"),),
    ),
    Builtin(
        "starts with",
        "text",
        "Whether the text starts with the match.",
        (Overload(starts_with, YES_OR_NO, (_STRING, _MATCH)),),
        (('starts with("foobar", "fo")', "true"),),
    ),
    Builtin(
        "ends with",
        "text",
        "Whether the text ends with the match.",
        (Overload(ends_with, YES_OR_NO, (_STRING, _MATCH)),),
        (('ends with("foobar", "r")', "true"),),
    ),
    Builtin(
        "string join",
        "text",
        "The texts of a list one after another, with a delimiter between them; nulls are left out.",
        (
            Overload(string_join, TEXT, (_TEXTS,)),
            Overload(string_join, TEXT, (_TEXTS, Parameter("delimiter", optional(TEXT)))),
        ),
        (('string join(["a", "b", "c"], " and ")', '"a and b and c"'), ('string join(["a", null, "c"])', '"ac"')),
    ),
)
