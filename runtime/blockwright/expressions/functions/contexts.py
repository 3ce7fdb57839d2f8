"""Functions of objects, which FEEL calls contexts (DMN 1.5, table 81)."""

from __future__ import annotations

from blockwright.expressions.cost import pay_for_visits
from blockwright.expressions.functions.builtin import Builtin, Overload, Parameter
from blockwright.expressions.types import ANYTHING, OBJECT, TEXT, ListOf, ObjectOf, optional
from blockwright.expressions.values import CAPS, Value, caps, fail, is_a, shown, too_big

Entries = dict[str, Value]


def get_value(entries: Entries, key: str) -> Value:
    return entries.get(key)


def get_entries(entries: Entries) -> Value:
    pay_for_visits(len(entries))
    return [{"key": key, "value": value} for key, value in entries.items()]


def context(entries: list[Value]) -> Value:
    pay_for_visits(len(entries))
    made: Entries = {}
    for entry in entries:
        if entry is None:
            return None
        if not isinstance(entry, dict):
            return fail(f'{is_a(entry)}; "context" needs objects with a "key" and a "value"')
        if "key" not in entry or "value" not in entry:
            return fail(f'"context" needs a "key" and a "value" in every object, and {shown(entry)} lacks one')
        key = entry["key"]
        if not isinstance(key, str):
            return None if key is None else fail(f'{is_a(key)}; a "key" must be text')
        if key in made:
            return fail(f'the key "{key}" is given twice')
        made[key] = entry["value"]
    return made


def put(entries: Entries, key: str, value: Value) -> Value:
    if len(entries) >= caps().items:
        raise too_big(f"an object can have {caps().items:,} entries at most")
    pay_for_visits(len(entries))
    return {**entries, key: value}


def put_deep(entries: Entries, keys: list[Value], value: Value) -> Value:
    if not keys:
        return fail('"keys" of "context put" is an empty list; it needs at least one key')
    if len(keys) > CAPS.depth:
        raise too_big(f"an object can be {CAPS.depth} levels deep at most")
    for key in keys:
        if not isinstance(key, str):
            return None if key is None else fail(f'{is_a(key)}; "keys" of "context put" must be texts')
    return _put_deep(entries, keys, value)


def merge(contexts: list[Value]) -> Value:
    made: Entries = {}
    for entries in contexts:
        if not isinstance(entries, dict):
            return None if entries is None else fail(f'{is_a(entries)}; "context merge" works only on objects')
        pay_for_visits(len(entries))
        made.update(entries)
        if len(made) > caps().items:
            raise too_big(f"an object can have {caps().items:,} entries at most")
    return made


def _put_deep(entries: Value, keys: list[Value], value: Value) -> Value:
    head, *rest = keys
    assert isinstance(head, str)
    if not isinstance(entries, dict):
        return None if entries is None else fail(f'{is_a(entries)}, so no "{head}" can be put into it')
    if not rest:
        return put(entries, head, value)
    inner = _put_deep(entries.get(head), rest, value)
    return None if inner is None else put(entries, head, inner)


_ENTRY = ObjectOf((("key", TEXT), ("value", ANYTHING)))

BUILTINS = (
    Builtin(
        "get value",
        "objects",
        "The value under a key; null where the object does not have it.",
        (Overload(get_value, ANYTHING, (Parameter("m", OBJECT), Parameter("key", TEXT))),),
        (('get value({key1: "value1"}, "key1")', '"value1"'), ('get value({key1: "value1"}, "other")', "null")),
    ),
    Builtin(
        "get entries",
        "objects",
        "A list of all keys and their values.",
        (Overload(get_entries, ListOf(_ENTRY), (Parameter("m", OBJECT),)),),
        (('get entries({a: "b"})', '[{key: "a", value: "b"}]'),),
    ),
    Builtin(
        "context",
        "objects",
        "An object made of a list of keys and values.",
        (Overload(context, optional(OBJECT), (Parameter("entries", ListOf(OBJECT)),)),),
        (('context([{key: "a", value: 1}, {key: "b", value: 2}])', "{a: 1, b: 2}"),),
    ),
    Builtin(
        "context put",
        "objects",
        "The object with a value under a key, or under keys that lead into it.",
        (
            Overload(put, OBJECT, (Parameter("context", OBJECT), Parameter("key", TEXT), Parameter("value"))),
            Overload(
                put_deep,
                optional(OBJECT),
                (Parameter("context", OBJECT), Parameter("keys", ListOf(TEXT)), Parameter("value")),
            ),
        ),
        (
            ('context put({x: 1}, "y", 2)', "{x: 1, y: 2}"),
            ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', "{x: 1, y: {a: 2}}"),
        ),
    ),
    Builtin(
        "context merge",
        "objects",
        "One object with the entries of all of them; later ones win.",
        (Overload(merge, optional(OBJECT), (Parameter("contexts", ListOf(OBJECT)),)),),
        (("context merge([{x: 1}, {y: 2}])", "{x: 1, y: 2}"),),
    ),
)
