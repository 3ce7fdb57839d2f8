"""Values as people and programs read them: text as YAML, JSON with exact numbers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from blockwright.expressions.marks import MARKS
from blockwright.failure import Failure


def as_text(value: object) -> str:
    """A value for people: text as it is, lists and objects as YAML that the command reads again, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict) and value:
        return "\n".join(_lines(value))
    return _scalar(value)


def in_line(value: object) -> str:
    """A value for people on one line, as YAML has it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_line, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(str(key), ',')}: {in_line(item)}" for key, item in value.items()) + "}"
    return _text(value, ",") if isinstance(value, str) else _scalar(value)


def as_json(value: object) -> str:
    """A value as JSON: numbers with all their digits, dates, times and durations as ISO 8601 text."""
    return "".join(_json(value, "\n"))


def as_json_line(value: object) -> str:
    """A value as JSON on one line."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ": "), default=_opened)
    except (TypeError, ValueError):
        return "".join(line.lstrip(" ") for line in as_json(value).split("\n"))


def _opened(value: object) -> dict[object, object]:
    """What is like a dict as a dict. What json cannot write exactly is refused."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


def _lines(value: object) -> Iterator[str]:
    """The lines of a list or object that has something in it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _below(f"{_text(key)}:", item, "  " if isinstance(item, dict) else "")
    elif isinstance(value, list):
        for item in value:
            nested = list(_lines(item)) if isinstance(item, list | dict) and item else [_scalar(item)]
            yield from (("- " if index == 0 else "  ") + line for index, line in enumerate(nested))


def _below(head: str, item: object, indent: str) -> Iterator[str]:
    if isinstance(item, list | dict) and item:
        yield head
        yield from (indent + line for line in _lines(item))
    else:
        yield f"{head} {_scalar(item)}".rstrip()


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if isinstance(value, list | dict):
        return "[]" if isinstance(value, list) else "{}"
    return _written(value)


def _text(text: str, apart: str = "") -> str:
    """A text as YAML: bare where that means the same, in double quotes otherwise. ``apart`` is what ends a bare one."""
    if _BARE.fullmatch(text) and not set(text) & set(apart) and text.lower() not in _WORDS:
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    """A character as double quotes in YAML have it."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


_BARE = re.compile(rf"[^\W\d_][\w{MARKS} .,@+()/'-]*(?<! )")
_WORDS = frozenset(["true", "false", "null", "yes", "no", "on", "off", "y", "n"])


def _json(value: object, newline: str) -> Iterator[str]:
    if value is None or isinstance(value, bool | str):
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, int | Decimal) or (isinstance(value, float) and math.isfinite(value)):
        yield _written(value)
    elif isinstance(value, list | tuple):
        yield from _json_items((([], item) for item in value), "[]", newline)
    elif isinstance(value, Mapping):
        entries = (([json.dumps(str(key), ensure_ascii=False), ": "], item) for key, item in value.items())
        yield from _json_items(entries, "{}", newline)
    else:
        yield json.dumps(_written(value), ensure_ascii=False)


def _json_items(items: Iterator[tuple[list[str], object]], brackets: str, newline: str) -> Iterator[str]:
    deeper, empty = newline + "  ", True
    for head, item in items:
        yield (brackets[0] if empty else ",") + deeper
        yield from head
        yield from _json(item, deeper)
        empty = False
    yield brackets if empty else newline + brackets[1]


def _written(value: object) -> str:
    """What an author would write for a number, a yes or no, a date, a time or a duration."""
    if isinstance(value, bool):
        return "true" if value else "false"
    from blockwright.expressions.values import take, to_text

    try:
        return to_text(take(value))
    except Failure:
        return str(value)
