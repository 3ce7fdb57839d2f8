"""``@block`` reads a block from a function, and says in a sentence what no flow could use."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NotRequired, Protocol, TypedDict, runtime_checkable

import pytest

from blockwright import Block, BlockError, block
from blockwright.catalogue import MISSING
from blockwright.expressions import types as t


class Address(TypedDict):
    street: str
    number: int
    floor: NotRequired[int]


@runtime_checkable
class Bell(Protocol):
    def ring(self) -> None: ...


class Whistle(Protocol):
    def blow(self) -> None: ...


class Chain(TypedDict):
    next: Chain


@block("greet someone", category="people", failures={7: "Seven is not liked.", "odd": "Odd."}, transient=["odd"])
def greet(user_identity: str | int, how_often: int = 1, *, bell: Bell) -> str | None:
    """Greet a user.

    As often as wanted.
    """
    bell.ring()
    return f"hello {user_identity}" * how_often


@block("wait a little")
async def wait_a_little(seconds: Decimal) -> None:
    """Wait."""


def test_a_block_is_read_from_its_function() -> None:
    identity, how_often = greet.inputs
    assert (greet.label, greet.category, greet.about) == (
        "greet someone",
        "people",
        "Greet a user.\n\nAs often as wanted.",
    )
    assert (identity.name, identity.parameter, identity.type) == (
        "user identity",
        "user_identity",
        t.either([t.TEXT, t.NUMBER]),
    )
    assert identity.is_required
    assert identity.default is MISSING
    assert identity.whole
    assert (how_often.name, how_often.default, how_often.is_required) == ("how often", 1, False)
    assert greet.result == t.optional(t.TEXT)
    assert greet.gives_value
    assert not greet.is_async
    assert greet.services == {"bell": Bell}
    assert [(each.code, each.about, each.transient) for each in greet.failures.values()] == [
        (7, "Seven is not liked.", False),
        ("odd", "Odd.", True),
    ]


def test_an_asynchronous_function_makes_a_block_that_waits_and_gives_nothing() -> None:
    assert wait_a_little.is_async
    assert not wait_a_little.gives_value


def test_a_block_is_called_like_its_function() -> None:
    class Silent:
        def ring(self) -> None: ...

    assert greet("alice", bell=Silent()) == "hello alice"
    assert asyncio.run(wait_a_little(Decimal(1))) is None


def test_a_method_may_be_a_block() -> None:
    class Shop:
        def price(self, of: str) -> Decimal:
            return Decimal(len(of))

    price = block("price")(Shop().price)
    assert [each.name for each in price.inputs] == ["of"]
    assert price("tea") == 3


@pytest.mark.parametrize(
    ("annotation", "of"),
    [
        (str, t.TEXT),
        (int, t.NUMBER),
        (Decimal, t.NUMBER),
        (bool, t.YES_OR_NO),
        (object, t.ANYTHING),
        (Any, t.ANYTHING),
        (datetime.date, t.DATE),
        (datetime.time, t.TIME),
        (datetime.datetime, t.DATE_AND_TIME),
        (datetime.timedelta, t.DAYS_DURATION),
        (list, t.LIST),
        (list[str], t.ListOf(t.TEXT)),
        (Sequence, t.LIST),
        (Sequence[bool], t.ListOf(t.YES_OR_NO)),
        (dict, t.OBJECT),
        (dict[str, int], t.OBJECT),
        (Mapping, t.OBJECT),
        (Mapping[str, object], t.OBJECT),
        (Address, t.ObjectOf((("street", t.TEXT), ("number", t.NUMBER)), open=True)),
        (str | None, t.optional(t.TEXT)),
        (Literal["a", "b"], t.TEXT),
        (Literal["a", 1] | None, t.optional(t.either([t.TEXT, t.NUMBER]))),
    ],
)
def test_annotations_are_types_of_the_language(annotation: object, of: t.Type) -> None:
    def give(thing):  # type: ignore[no-untyped-def]
        return thing

    give.__annotations__ = {"thing": annotation, "return": annotation}
    made: Block[..., object] = block("give")(give)
    assert made.inputs[0].type == of
    assert made.result == of


def test_a_literal_names_the_only_values_allowed() -> None:
    @block("paint")
    def paint(colour: Literal["red", "green"] | None = None, size: Literal[1, 2] | str = 1) -> None:
        """Paint."""

    colour, size = paint.inputs
    assert colour.choices == ("red", "green")
    assert size.choices == (), "a text of any kind is allowed beside the numbers"


def takes_float(a: float) -> None: ...
def takes_bytes(a: bytes) -> None: ...
def takes_numbered_entries(a: dict[int, str]) -> None: ...
def takes_any_number(*a: int) -> None: ...
def takes_any_name(**a: int) -> None: ...
def says_no_type(a, b: int) -> None: ...  # type: ignore[no-untyped-def]
def says_no_result(a: int): ...  # type: ignore[no-untyped-def]
def takes_by_position(a: int, /) -> None: ...
def names_no_type(a: Missing) -> None: ...  # type: ignore[name-defined]  # noqa: F821
def begins_with_underscore(_a: int) -> None: ...
def defaults_to_text(a: int = "x") -> None: ...  # type: ignore[assignment]
def defaults_to_none(a: int = None) -> None: ...  # type: ignore[assignment]  # noqa: RUF013
def takes_an_option(*, loud: bool = False) -> None: ...
def asks_for_a_whistle(*, whistle: Whistle) -> None: ...
def asks_for_a_bell_or_not(*, bell: Bell | None = None) -> None: ...
def takes_a_chain(a: Chain) -> None: ...
def yields() -> Iterator[int]:
    yield 1


def yields_a_sequence() -> Sequence[int]:  # type: ignore[misc]
    yield 1


def has_two_underscores(a__b: int) -> None: ...


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (takes_float, "bad: a: numbers are exact here: annotate Decimal (or int) instead of float"),
        (takes_bytes, "bad: a: <class 'bytes'> is not a value a flow can hold (text, numbers, dates, lists, objects)"),
        (takes_numbered_entries, "bad: a: the keys of an object are text: annotate dict[str, …]"),
        (takes_any_number, "bad: *a cannot be an input; give every input a name"),
        (takes_any_name, "bad: *a cannot be an input; give every input a name"),
        (says_no_type, "bad: annotate a, so that flows can be checked"),
        (says_no_result, "bad: annotate what it returns (None for nothing)"),
        (takes_by_position, "bad: flows give inputs by name; take the `/` out behind a"),
        (names_no_type, "bad: an annotation cannot be read: name 'Missing' is not defined"),
        (begins_with_underscore, "bad: _a cannot be written in a flow; begin with a letter, single `_` between"),
        (defaults_to_text, "bad: the default of a is not number"),
        (defaults_to_none, "bad: the default of a is not number; annotate it as `int | None`"),
        (takes_an_option, "bad: loud is keyword-only, so it is a service; inputs stand before the `*`"),
        (asks_for_a_whistle, "bad: put @runtime_checkable on Whistle, the service that whistle is"),
        (asks_for_a_bell_or_not, "bad: bell is keyword-only, so it is a service; inputs stand before the `*`"),
        (takes_a_chain, "bad: a: a type made of itself has no end; annotate dict"),
        (yields, "bad: a function with `yield` gives no value; return a list"),
        (yields_a_sequence, "bad: a function with `yield` gives no value; return a list"),
        (has_two_underscores, "bad: a__b cannot be written in a flow; begin with a letter, single `_` between"),
        (print, "bad: a block is made of a function, `def` or `async def`"),
    ],
)
def test_a_function_that_cannot_be_a_block_is_refused_in_a_sentence(
    function: Callable[..., object], sentence: str
) -> None:
    with pytest.raises(BlockError) as refused:
        block("bad")(function)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("label", ["", "two  blanks", " a", "1st", "a:b", "a\nb", "x" * 201])
def test_a_label_is_words(label: str) -> None:
    with pytest.raises(BlockError, match="is not a label"):
        block(label)(lambda: None)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (True, "bad: True is not a code; a code is a whole number or a name"),
        (1.5, "bad: 1.5 is not a code; a code is a whole number or a name"),
        ("", "bad: '' is not a code; a code is a whole number or a name"),
        ("3102", "bad: the code '3102' is a text; write it as a number"),
        ("a, b", "bad: a handler cannot name the code 'a, b'; choose plain words"),
        ("404 not found", "bad: a handler cannot name the code '404 not found'; choose plain words"),
        ("anything else", "bad: a handler cannot name the code 'anything else'; choose plain words"),
        ("cancelled", "bad: 'cancelled' ends a run, so no block may fail with it"),
    ],
)
def test_a_code_is_one_that_handlers_can_name(code: Any, sentence: str) -> None:
    with pytest.raises(BlockError) as refused:
        block("bad", failures={code: "What it means."})(wait_a_little.function)
    assert str(refused.value) == sentence


def test_every_code_has_its_sentence_and_transient_ones_are_declared() -> None:
    with pytest.raises(BlockError, match="say in a sentence what 7 means"):
        block("bad", failures={7: " "})(wait_a_little.function)
    with pytest.raises(BlockError, match=r"'8'.* are transient but not among its failures"):
        block("bad", failures={7: "Seven."}, transient=[8])(wait_a_little.function)
