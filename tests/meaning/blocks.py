"""Blocks for generated flows: each notes its call in a book, then gives, fails or breaks its word."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, TypedDict

from blockwright import Block, Failure, block
from blockwright.catalogue import SECRET
from blockwright.failure import Code

Effect = tuple[str, str]
"""A block's label, and the inputs with which it was called."""


class Book:
    """A service in which blocks note their calls, in order."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []

    def note(self, label: str, *inputs: object) -> None:
        self.effects.append((label, repr(inputs)))


Way = Literal[
    "well", "seven", "odd", "undeclared", "error", "stop", "text", "no value", "strange details", "with details"
]
WAYS: tuple[Way, ...] = Way.__args__  # type: ignore[attr-defined]
CODES: dict[Code, str] = {7: "Seven is not liked.", 8: "Eight never comes.", "odd": "Something odd."}
SHARED = Failure("odd", "raised again and again")


def go(way: Way) -> object:
    """Do what ``way`` says; blocks promise a number."""
    match way:
        case "well":
            return 3
        case "seven":
            raise Failure(7, "seven came", {"wanted": [6, Decimal("6.5")], "when": None})
        case "odd":
            # Python keeps the places of every raise of one exception, and with them all their variables.
            raise SHARED.with_traceback(None)
        case "undeclared":
            raise Failure(99, "nobody knows 99")
        case "error":
            raise ValueError("a Python error")
        case "stop":
            raise StopIteration("enough")
        case "text":
            return "no number"
        case "no value":
            return None
        case "strange details":
            raise Failure("odd", "strange", {1: object})
        case "with details":
            raise Failure(7, "", ["a", ["b"]])


@block("write down")
def write_down(thing: object, *, book: Book) -> None:
    """Note a value, and change what was given, which must matter to nobody."""
    book.note("write down", thing)
    if isinstance(thing, list):
        thing.append("changed by a block")
    if isinstance(thing, dict):
        thing["changed"] = "by a block"


@block("write down later")
async def write_down_later(thing: object, *, book: Book) -> None:
    """The same, after a while."""
    await asyncio.sleep(0)
    book.note("write down later", thing)
    if isinstance(thing, list):
        thing.clear()


@block("give back")
def give_back(thing: object = None, *, book: Book) -> object:
    """Give what was given."""
    book.note("give back", thing)
    return thing


@block("give back later")
async def give_back_later(thing: object = None, *, book: Book) -> object:
    """The same, after a while."""
    await asyncio.sleep(0)
    book.note("give back later", thing)
    return thing


@block("add")
def add(first: int, second: Decimal = Decimal("0.5"), *, book: Book) -> Decimal:
    """Add two numbers, of which the first is whole."""
    book.note("add", first, second)
    return first + second


@block("spell")
def spell(word: str | None, times: Literal[1, 2, 3] = 1, loud: bool = False, *, book: Book) -> list[str]:
    """The letters of a text."""
    book.note("spell", word, times, loud)
    return list((word or "").upper() if loud else word or "") * times


@block("describe")
def describe(items: list[Decimal], *, book: Book) -> dict[str, object]:
    """Say something of a list, with tuples and floats in it."""
    book.note("describe", items)
    return {"size": len(items), "pair": (1, 2.5), "first": items[0] if items else None}


class Account(TypedDict):
    """Somebody's account, of which one entry is for nobody's eyes."""

    name: str
    token: Annotated[str, SECRET]


@block("sign in", failures={"locked": "Nobody gets in any more."}, transient=["locked"])
def sign_in(password: Annotated[str, SECRET], name: str = "alice", *, book: Book) -> Account:
    """Give what a password opens, or say too much of it."""
    book.note("sign in", password, name)
    if len(password) == 1:
        raise Failure("locked", f"{password} opens nothing", {"tried": password})
    return {"name": name, "token": f"token of {password}"}


@block("meet", failures=CODES)
async def meet(at: datetime, until: date | None = None, takes: timedelta = timedelta(1), *, book: Book) -> datetime:
    """When a meeting is over."""
    await asyncio.sleep(0)
    book.note("meet", at, until, takes)
    return at + takes


@block("go", failures=CODES)
def go_now(way: Way, *, book: Book) -> Decimal:
    """Do what ``way`` says."""
    book.note("go", way)
    return go(way)  # type: ignore[return-value]


@block("go later", failures=CODES)
async def go_later(way: Way, *, book: Book) -> Decimal:
    """Do what ``way`` says, after a while."""
    await asyncio.sleep(0)
    book.note("go later", way)
    if way == "stop":
        raise KeyError("not even StopIteration")
    return go(way)  # type: ignore[return-value]


BLOCKS: tuple[Block[..., object], ...] = (
    write_down,
    write_down_later,
    give_back,
    give_back_later,
    add,
    spell,
    describe,
    go_now,
    go_later,
    sign_in,
    meet,
)
