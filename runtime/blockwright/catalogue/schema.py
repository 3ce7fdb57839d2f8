"""Blocks as JSON Schema (2020-12), for editors and other programs."""

from __future__ import annotations

from decimal import Decimal

from blockwright.catalogue.block import Input
from blockwright.catalogue.packs import AnyBlock
from blockwright.expressions import types as t
from blockwright.expressions.values import Value, take, to_text

_PLAIN: dict[t.Type, dict[str, object]] = {
    t.TEXT: {"type": "string"},
    t.NUMBER: {"type": "number"},
    t.YES_OR_NO: {"type": "boolean"},
    t.NOTHING: {"type": "null"},
    t.DATE: {"type": "string", "format": "date"},
    t.TIME: {"type": "string", "format": "time"},
    t.DATE_AND_TIME: {"type": "string", "format": "date-time"},
    t.DAYS_DURATION: {"type": "string", "format": "duration"},
    t.YEARS_DURATION: {"type": "string", "format": "duration"},
}


def type_schema(of: t.Type, *, whole: bool = False) -> dict[str, object]:
    """The JSON Schema of the values of one type; with ``whole``, numbers are whole ones."""
    if whole and of == t.NUMBER:
        return {"type": "integer"}
    if of in _PLAIN:
        return dict(_PLAIN[of])
    if isinstance(of, t.ListOf):
        return {"type": "array", "items": type_schema(of.item)}
    if isinstance(of, t.ObjectOf):
        if not of.fields:
            return {"type": "object"}
        properties = {name: type_schema(field) for name, field in of.fields}
        return {"type": "object", "properties": properties, "required": list(properties)}
    if isinstance(of, t.Either):
        return {"anyOf": [type_schema(option, whole=whole) for option in sorted(of.options, key=str)]}
    return {}


def block_schema(block: AnyBlock) -> dict[str, object]:
    """All that is known of a block, as JSON-ready data: the schema of its inputs, its result, its codes."""
    return {
        "label": block.label,
        "category": block.category,
        "about": block.about,
        "inputs": {
            "type": "object",
            "properties": {each.name: _input_schema(each) for each in block.inputs},
            "required": [each.name for each in block.inputs if each.is_required],
            "additionalProperties": False,
        },
        "result": type_schema(block.result, whole=block.result_whole) if block.gives_value else None,
        "secretResult": block.result_secret,
        "failures": [
            {"code": failure.code, "about": failure.about, "transient": failure.transient}
            for failure in block.failures.values()
        ],
    }


def _input_schema(of: Input) -> dict[str, object]:
    schema = type_schema(of.type, whole=of.whole)
    if of.choices:
        may_be_missing = isinstance(of.type, t.Either) and t.NOTHING in of.type.options
        schema["enum"] = [*of.choices, None] if may_be_missing and None not in of.choices else list(of.choices)
    if of.secret:
        schema["writeOnly"] = True
    if not of.is_required:
        schema["default"] = _as_json(take(of.default))
    return schema


def _as_json(value: Value) -> object:
    """A value as JSON has it: numbers as numbers, dates and the like as text."""
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, bool | int | str) else to_text(value)
