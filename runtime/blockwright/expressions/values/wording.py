"""Values in words: as text for readers, and as short phrases for messages."""

from __future__ import annotations

import re
from decimal import Decimal

from blockwright.expressions.caps import CAPS, caps
from blockwright.expressions.marks import MARKS
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Number, Time, YearsDuration
from blockwright.expressions.temporal.writing import temporal_text
from blockwright.expressions.values.domain import Function, Range, Value
from blockwright.expressions.values.mistakes import too_big

PHRASE = 40
"""Characters that a message shows of a value."""


def to_text(value: Value) -> str:
    """The value as ``string()`` and ``${…}`` print it: text as it is, everything else as it would be written.

    Whole numbers have no decimals, no number has an exponent. Raises ``too big`` past ``CAPS``.
    """
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is int or kind is Decimal:
        return number_text(value)  # type: ignore[arg-type]
    writer = _Writer(caps().text)
    try:
        writer.write(value, 0)
    except _Full:
        raise too_big(f"a text can have {caps().text:,} characters at most, and this value needs more") from None
    return "".join(writer.pieces)


def shown(value: Value) -> str:
    """The value as an author would write it, cut where it is long: ``"abc"``, ``5``, ``[1, 2, 3…``."""
    writer = _Writer(PHRASE)
    try:
        writer.write(value, 0)
    except _Full:
        return "".join(writer.pieces) + "…"
    return "".join(writer.pieces)


def describe(value: Value) -> str:
    """A short phrase that names the value in a message: ``the text "abc"``, ``the number 5``, ``nothing``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return shown(value)
    if isinstance(value, Function):
        return f'the function "{value.name}"' if value.name else "a function"
    return f"the {_KINDS[type(value)]} {shown(value)}"


def is_a(value: Value) -> str:
    """A short clause that says what the value is: ``"abc" is a text``, ``5 is a number``, ``nothing is there``."""
    if value is None:
        return "there is no value"
    if isinstance(value, bool):
        return f"{shown(value)} is a yes or no"
    if isinstance(value, Function):
        return f"{describe(value)} is a function" if value.name else "one of the two is a function"
    kind = _KINDS[type(value)]
    return f"{shown(value)} is {'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def number_text(number: Number) -> str:
    """A number with all its digits: no exponent, no zeros at the end of a fraction, no fraction where it is whole."""
    if not isinstance(number, Decimal):
        return str(number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


_KINDS: dict[type, str] = {
    int: "number",
    Decimal: "number",
    str: "text",
    list: "list",
    dict: "object",
    Range: "range",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "duration",
    YearsDuration: "duration",
}

_PLAIN_KEY = re.compile(rf"[^\W\d][\w{MARKS}'-]*( [\w{MARKS}'-]+)*")

_BACKSLASH = re.compile(r"""\\(?=["'\\nrtuU]|$)""")
"""A backslash that would begin an escape; the one of a pattern such as ``\\d`` stands for itself."""

_ESCAPES = str.maketrans({'"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _quoted(text: str) -> str:
    doubled = _BACKSLASH.sub(r"\\\\", text) if "\\" in text else text
    return f'"{doubled.translate(_ESCAPES)}"'


class _Full(Exception):
    """There is no room for more text."""


class _Writer:
    """Writes a value piece by piece, and stops when there is no room left."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.pieces: list[str] = []

    def put(self, piece: str) -> None:
        if len(piece) > self.room:
            self.pieces.append(piece[: self.room])
            raise _Full
        self.room -= len(piece)
        self.pieces.append(piece)

    def write(self, value: Value, depth: int) -> None:
        if depth > CAPS.depth:
            raise _Full
        match value:
            case None:
                self.put("null")
            case bool():
                self.put("true" if value else "false")
            case int() | Decimal():
                self.put(number_text(value))
            case str():
                self.put(_quoted(value if len(value) <= self.room else value[: self.room + 1]))
            case list():
                self._list(value, depth)
            case dict():
                self._object(value, depth)
            case Range():
                self._range(value, depth)
            case Function():
                self.put(f"function({', '.join(value.parameters)})")
            case _:
                self.put(temporal_text(value))

    def _list(self, items: list[Value], depth: int) -> None:
        self.put("[")
        for position, item in enumerate(items):
            if position:
                self.put(", ")
            self.write(item, depth + 1)
        self.put("]")

    def _object(self, entries: dict[str, Value], depth: int) -> None:
        self.put("{")
        for position, (key, item) in enumerate(entries.items()):
            self.put(", " if position else "")
            self.put(f"{key if len(key) <= PHRASE and _PLAIN_KEY.fullmatch(key) else _quoted(key)}: ")
            self.write(item, depth + 1)
        self.put("}")

    def _range(self, value: Range, depth: int) -> None:
        if value.operator:
            self.put(f"({value.operator} ")
            self.write(value.high if value.low is None else value.low, depth + 1)
            self.put(")")
            return
        self.put("[" if value.low_closed else "(")
        self.write(value.low, depth + 1)
        self.put("..")
        self.write(value.high, depth + 1)
        self.put("]" if value.high_closed else ")")
