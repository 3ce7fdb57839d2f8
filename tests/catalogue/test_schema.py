"""Blocks as JSON Schema: valid, and true to what the engine takes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, TypedDict

import pytest

from blockwright import block
from blockwright.catalogue import AnyBlock, installed_blocks
from blockwright.catalogue.schema import block_schema

TYPES = {"string", "number", "integer", "boolean", "null", "array", "object"}
KEYWORDS = {"type", "format", "items", "properties", "required", "additionalProperties", "anyOf", "enum", "default"}
KEYWORDS |= {"writeOnly"}


class Address(TypedDict):
    street: str
    number: int


@block("try everything", failures={7: "Seven.", "odd": "Odd."}, transient=["odd"])
def try_everything(
    text: str,
    whole: int,
    either: str | int,
    address: Address,
    days: list[datetime.date],
    thing: object,
    colour: Literal["red", "green"] | None = None,
    price: Decimal = Decimal("0.5"),
    since: datetime.date = datetime.date(2020, 2, 29),
    more: dict[str, object] | None = None,
) -> int:
    """Everything at once."""
    raise NotImplementedError


def test_the_schema_says_what_the_block_takes_and_gives() -> None:
    assert block_schema(try_everything) == {
        "label": "try everything",
        "category": "other",
        "about": "Everything at once.",
        "inputs": {
            "type": "object",
            "properties": {
                "text": {"type": "string"},
                "whole": {"type": "integer"},
                "either": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
                "address": {
                    "type": "object",
                    "properties": {"street": {"type": "string"}, "number": {"type": "number"}},
                    "required": ["street", "number"],
                },
                "days": {"type": "array", "items": {"type": "string", "format": "date"}},
                "thing": {},
                "colour": {
                    "anyOf": [{"type": "null"}, {"type": "string"}],
                    "enum": ["red", "green", None],
                    "default": None,
                },
                "price": {"type": "number", "default": 0.5},
                "since": {"type": "string", "format": "date", "default": "2020-02-29"},
                "more": {"anyOf": [{"type": "null"}, {"type": "object"}], "default": None},
            },
            "required": ["text", "whole", "either", "address", "days", "thing"],
            "additionalProperties": False,
        },
        "result": {"type": "integer"},
        "secretResult": False,
        "failures": [
            {"code": 7, "about": "Seven.", "transient": False},
            {"code": "odd", "about": "Odd.", "transient": True},
        ],
    }


@pytest.mark.parametrize("of", [*installed_blocks(), try_everything], ids=lambda each: each.label)
def test_the_schema_of_every_block_is_valid_json_schema(of: AnyBlock) -> None:
    described = block_schema(of)
    assert json.loads(json.dumps(described)) == described
    assert_valid(described["inputs"])
    assert described["result"] is None or assert_valid(described["result"])


def assert_valid(schema: object) -> bool:
    """Check the shape that the 2020-12 metaschema asks of the keywords used here."""
    for each in subschemas(schema):
        assert set(each) <= KEYWORDS
        assert each.get("type", "object") in TYPES
        assert isinstance(each.get("format", ""), str)
        required = each.get("required", [])
        assert isinstance(required, list)
        assert len(set(required)) == len(required)
        assert each.get("enum", [1])
        assert each.get("anyOf", [1])
    return True


def subschemas(schema: object) -> Iterator[dict[str, object]]:
    """A schema and all those inside it."""
    assert isinstance(schema, dict)
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    for each in [*inner, *([schema["items"]] if "items" in schema else [])]:
        yield from subschemas(each)
