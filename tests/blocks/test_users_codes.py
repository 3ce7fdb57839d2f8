"""Each block about users fails with the codes that it declares, and with no others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NoReturn

import pytest

import blockwright_blocks.users
from blockwright import Failure
from blockwright.catalogue import AnyBlock
from blockwright.services.backends.memory import MemoryTables
from blockwright.services.current import Login
from tests.blocks.cases import CASES, NO_ID, UNREACHED, Case
from tests.blocks.kit import code
from tests.engine.kit import Way
from tests.services.world import World

BLOCKS = {block.label: block for block in blockwright_blocks.users.BLOCKS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.block} {case.code}")
def test_a_block_fails_with_its_documented_code(world: World, case: Case, way: Way) -> None:
    given = case.prepare(world)
    step = case.step.replace("= token", str(given.token)).replace("= id", given.id or NO_ID)

    assert code(world, f"- {step}", way, token=given.token) == case.code


def test_every_code_that_a_block_declares_has_a_case_or_a_reason() -> None:
    declared = {(block.label, failure) for block in BLOCKS.values() for failure in block.failures}
    reached = {(case.block, case.code) for case in CASES}

    assert reached <= declared
    assert [each for each in sorted(declared - reached, key=repr) if not _reason(*each)] == []


def _reason(label: str, failure: object) -> str | None:
    return UNREACHED.get(f"{label} {failure!r}") or UNREACHED.get(str(failure))


class Gone:
    """A store that cannot be reached."""

    async def read(self, _work: Callable[[MemoryTables], object]) -> NoReturn:
        raise Failure("unavailable", "The database cannot be reached.")

    change = read


@pytest.mark.parametrize("label", sorted(BLOCKS))
def test_a_block_whose_service_is_gone_says_so(label: str) -> None:
    block = BLOCKS[label]
    if "unavailable" not in block.failures:
        assert not block.is_async, "blocks that ask no service have nothing to wait for"
        return
    world = World(Gone())  # type: ignore[arg-type]

    assert code_of_call(block, world, **plain_inputs(block)) == "unavailable"
    assert block.failures["unavailable"].transient


def plain_inputs(block: AnyBlock) -> dict[str, object]:
    """Inputs in which nothing is wrong by itself."""
    plain: dict[str, object] = {
        "user": {"objectId": NO_ID, "user-token": "abc"} if block.label != "register user" else {"password": "x"},
        "page_size": 10,
        "offset": 0,
        "sort_by": [],
        "reload": True,
    }
    return {each.parameter: plain.get(each.parameter, "x") for each in block.inputs}


def code_of_call(block: AnyBlock, world: World, **inputs: object) -> object:
    """The code that a block fails with, called from Python; None when it gives something."""
    services = {name: Login("abc") if name == "current" else world.users for name in block.services}
    try:
        result = block.function(**inputs, **services)
        if block.is_async:
            asyncio.run(result)  # type: ignore[arg-type]
    except Failure as failure:
        return failure.code
    return None
