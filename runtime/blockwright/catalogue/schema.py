"""Blocks as JSON Schema (2020-12), for editors and other programs."""

from __future__ import annotations

from blockwright.catalogue.packs import AnyBlock
from blockwright.expressions import types as t

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


def type_schema(of: t.Type) -> dict[str, object]:
    """The JSON Schema of the values of one type."""
    if of in _PLAIN:
        return dict(_PLAIN[of])
    if isinstance(of, t.ListOf):
        return {"type": "array", "items": type_schema(of.item)}
    if isinstance(of, t.ObjectOf):
        fields = {name: type_schema(field) for name, field in of.fields or ()}
        return {"type": "object", "properties": fields} if fields else {"type": "object"}
    if isinstance(of, t.Either):
        return {"anyOf": [type_schema(option) for option in sorted(of.options, key=str)]}
    return {}


def block_schema(block: AnyBlock) -> dict[str, object]:
    """All that is known of a block: the schema of its inputs, its result, its codes."""
    properties: dict[str, object] = {}
    for each in block.inputs:
        schema = type_schema(each.type)
        if each.choices:
            schema["enum"] = list(each.choices)
        if not each.is_required:
            schema["default"] = each.default
        properties[each.name] = schema
    return {
        "label": block.label,
        "category": block.category,
        "about": block.about,
        "inputs": {
            "type": "object",
            "properties": properties,
            "required": [each.name for each in block.inputs if each.is_required],
            "additionalProperties": False,
        },
        "result": type_schema(block.result) if block.gives_value else None,
        "failures": [
            {"code": failure.code, "about": failure.about, "transient": failure.transient}
            for failure in block.failures.values()
        ],
    }
