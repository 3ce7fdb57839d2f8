"""Objects with entries beyond those known to be there: to read another one is no mistake; nothing is known of it."""

from __future__ import annotations

from typing import NotRequired, TypedDict

import pytest

from blockwright import FlowError, block
from blockwright.catalogue.annotations import read_annotation
from blockwright.expressions.infer.walk import member
from blockwright.expressions.python.type_codes import decode, encode
from blockwright.expressions.types import ANYTHING, NUMBER, OBJECT, TEXT, ObjectOf, Type, fits, join, optional
from tests.engine.kit import WAYS, Way, load, run

CLOSED = ObjectOf((("street", TEXT),))
OPEN = ObjectOf((("street", TEXT),), open=True)


class Address(TypedDict):
    street: str
    floor: NotRequired[int]


class Street(TypedDict):
    street: str


def test_a_dictionary_with_entries_that_may_be_missing_is_open() -> None:
    assert read_annotation(Address).type == OPEN
    assert read_annotation(Street).type == CLOSED


def test_of_another_entry_nothing_is_known() -> None:
    assert member(OPEN, "floor") == ANYTHING
    assert member(CLOSED, "floor") is None
    assert member(OPEN, "street") == member(CLOSED, "street") == optional(TEXT)


@pytest.mark.parametrize(
    ("value", "place", "answer"),
    [
        (OPEN, CLOSED, True),
        (CLOSED, OPEN, True),
        (OPEN, OBJECT, True),
        (OPEN, ObjectOf((("floor", NUMBER),)), None),
        (CLOSED, ObjectOf((("floor", NUMBER),)), False),
        (OPEN, ObjectOf((("street", NUMBER),)), False),
    ],
)
def test_another_entry_may_be_what_a_place_asks_for(value: Type, place: Type, answer: bool | None) -> None:
    assert fits(value, place) is answer


def test_what_is_one_of_both_may_have_other_entries() -> None:
    assert join(OPEN, CLOSED) == join(CLOSED, OPEN) == OPEN


@pytest.mark.parametrize("of", [OPEN, CLOSED, OBJECT, ObjectOf((("in", OPEN),))])
def test_a_type_comes_back_from_its_code(of: Type) -> None:
    assert decode(encode(of)) == of


@block("look up an address")
def look_up(floor: int) -> Address:
    """Look up where somebody lives."""
    return {"street": "Main Street", "floor": floor} if floor else {"street": "Main Street"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("floor", [0, 3])
def test_a_flow_may_read_an_entry_that_may_be_missing(way: Way, floor: int) -> None:
    flow = load(
        "flow: visit\ninputs: {floor: number}\nsteps:\n  - look up an address: {floor: = floor}\n    save as: home\n"
        "  - return: [= home.street, = home.floor]\n",
        look_up,
    )
    assert run(flow, way, {"floor": floor}) == ["Main Street", floor or None]


def test_what_is_known_of_an_open_object_is_still_checked() -> None:
    with pytest.raises(FlowError, match="has no `length`"):
        load(
            "flow: visit\nsteps:\n  - look up an address: {floor: 1}\n    save as: home\n"
            "  - return: = home.street.length\n",
            look_up,
        )
