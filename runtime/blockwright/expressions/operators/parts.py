"""Reaching into values: ``value.name`` and ``value[position]`` (DMN 1.5, tables 64 to 68)."""

from __future__ import annotations

from blockwright.expressions.cost import pay_for_visits
from blockwright.expressions.temporal.properties import PROPERTIES
from blockwright.expressions.values import CAPS, Value, fail, is_a, shown, too_big, whole


def path(value: Value, name: str) -> Value:
    """``value.name``: an entry of an object, a part of a date, time, duration or range, or all those of a list."""
    if type(value) is dict:
        return value.get(name)
    if type(value) is list:
        return _path_of_each(value, name, 0)
    if value is None:
        return None
    properties = PROPERTIES.get(type(value))
    if properties is None:
        return fail(f'{is_a(value)}, and has no "{name}"')
    part = properties.get(name)
    if part is None:
        return fail(f'{is_a(value)}, and has no "{name}"; it has {", ".join(properties)}')
    return part(value)


def index(value: Value, number: Value) -> Value:
    """``value[number]``: the item at a position, from 1, or from the end from -1; null where there is none.

    A value that is not a list counts as a list of itself.
    """
    if type(number) is not int:
        if number is None:
            return None
        position = whole(number)
        if position is None:
            return fail(f"{shown(number)} is not a position; positions are whole numbers from 1, or from -1 at the end")
        number = position
    items = value if type(value) is list else [] if value is None else [value]
    if 0 < number <= len(items):
        return items[number - 1]
    if -len(items) <= number < 0:
        return items[number]
    return None


def _path_of_each(items: list[Value], name: str, depth: int) -> Value:
    if depth > CAPS.depth:
        raise too_big(f"a list more than {CAPS.depth} levels deep is too deep")
    pay_for_visits(len(items))
    return [_path_of_each(item, name, depth + 1) if type(item) is list else path(item, name) for item in items]
