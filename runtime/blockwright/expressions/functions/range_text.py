"""Ranges from text, as ``range()`` reads them (DMN 1.5, grammar rules 66 and 67)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from blockwright.expressions.cost import pay_for_text
from blockwright.expressions.functions.conversion import number
from blockwright.expressions.operators.ranges import range_between, unary_range
from blockwright.expressions.temporal.reading import (
    read_date,
    read_date_and_time,
    read_duration,
    read_temporal,
    read_time,
)
from blockwright.expressions.values import Value, fail, shown

LONGEST = 10_000
"""Characters of the longest text that is looked at."""


def read_range(text: str) -> Value:
    """The range that a text shows, such as ``[18..21)`` or ``(..@"2026-01-31"]``; a mistake where it shows none.

    Its ends are literals. An end may be missing where its bracket is open: ``[2..)`` is ``>= 2``.
    """
    pay_for_text(len(text))
    found = _RANGE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return _not_a_range(text)
    low_closed, high_closed = found["open"] == "[", found["close"] == "]"
    low = _endpoint(found["low"]) if found["low"] else None
    high = _endpoint(found["high"]) if found["high"] else None
    if (found["low"] and low is None) or (found["high"] and high is None):
        return _not_a_range(text)
    if low is not None and high is not None:
        return range_between(low, high, low_closed, high_closed)
    if high is not None and not low_closed:
        return unary_range("<=" if high_closed else "<", high)
    if low is not None and not high_closed:
        return unary_range(">=" if low_closed else ">", low)
    return _not_a_range(text)


_TEXT = r'"(?:[^"\\]|\\.)*"'
_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_ENDPOINT = rf"{_NUMBER}|@?{_TEXT}|(?:date|time|date\s+and\s+time|duration)\s*\(\s*{_TEXT}\s*\)"
_RANGE = re.compile(
    rf"\s*(?P<open>[\[\](])\s*(?P<low>{_ENDPOINT})?\s*\.\.\s*(?P<high>{_ENDPOINT})?\s*(?P<close>[\])\[])\s*", re.DOTALL
)
_CALL = re.compile(r"(?P<name>[a-z\s]+)\((?P<text>.*)\)", re.DOTALL)
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(["\\nrt\']))')
_SIGNS = {"n": "\n", "r": "\r", "t": "\t"}

_READERS: Mapping[str, Callable[[str], Value]] = {
    "date": read_date,
    "time": read_time,
    "date and time": read_date_and_time,
    "duration": read_duration,
}


def _endpoint(text: str) -> Value:
    if text[0] == '"':
        return _unquoted(text)
    if text[0] == "@":
        return read_temporal(_unquoted(text[1:]))
    call = _CALL.fullmatch(text)
    if call is None:
        return number(text)
    return _READERS[" ".join(call["name"].split())](_unquoted(call["text"].strip()))


def _unquoted(text: str) -> str:
    def sign(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code is None:
            return _SIGNS.get(found[3], found[3])
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else "\ufffd"

    return _ESCAPE.sub(sign, text[1:-1])


def _not_a_range(text: str) -> Value:
    return fail(f"{shown(text)} is not a range; a range is written [1..10], (1..10) or [1..) in quotes")
