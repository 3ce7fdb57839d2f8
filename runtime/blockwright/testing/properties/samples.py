"""Blocks for generated flows to call: they do nothing, and fail with nothing that they do not declare."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from blockwright.catalogue import AnyBlock, block


@block("keep")
def keep(thing: object) -> object:
    """Give back what was given."""
    return thing


@block("count letters", failures={"empty": "There are no letters."})
def count_letters(word: str, times: int = 1) -> int:
    """How many letters a text has."""
    return len(word) * times


@block("fetch page", failures={404: "Nothing is there.", "busy": "Come back later."}, transient=["busy"])
async def fetch_page(name: str, kind: Literal["short", "long"] = "short") -> dict[str, object]:
    """Look something up that is far away."""
    return {"name": name, "kind": kind}


@block("send off", failures={"unavailable": "Nobody takes it."}, transient=["unavailable"])
async def send_off(items: list[Decimal], urgent: bool = False) -> None:
    """Send numbers far away."""


SAMPLE_BLOCKS: tuple[AnyBlock, ...] = (keep, count_letters, fetch_page, send_off)
