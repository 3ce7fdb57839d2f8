"""The page about the blocks for users is true: its examples run, and its tables are those of the catalogue."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import blockwright_blocks.users
from blockwright.services.backends.memory import MemoryStore
from tests.blocks.kit import code, run
from tests.engine.kit import WAYS, Way
from tests.services.world import PASSWORD, World
from tests.services.world import run as wait

PAGE = (Path(__file__).parents[2] / "docs" / "users-blocks.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml (gives|fails) (.*)\n((?:.*\n)*?)```", PAGE)
ROWS = re.findall(r"^\| `([^`|]+)` \|([^|]*)\|([^|]*)\|([^|]*)\|$", PAGE, re.M)
BLOCKS = {block.label: block for block in blockwright_blocks.users.BLOCKS}
COMMON = {"bad value", "unavailable"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("how", "what", "steps"), EXAMPLES)
def test_an_example_does_what_the_page_says(how: str, what: str, steps: str, way: Way) -> None:
    world = World(MemoryStore())
    world.register(name="Alice", age=31)
    wait(world.users.make_role("staff"))
    world.require_confirmation()

    if how == "gives":
        assert run(world, steps, way) == json.loads(what)
    else:
        assert code(world, steps, way) == int(what)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("```") / 2 > 5


def test_the_tables_have_every_block_with_its_inputs_and_codes() -> None:
    assert sorted(label for label, *_ in ROWS) == sorted(BLOCKS)
    for label, inputs, gives, codes in ROWS:
        block = BLOCKS[label]
        assert re.findall(r"`([^`]+)`", inputs) == [each.name for each in block.inputs], label
        assert bool(gives.strip()) == block.gives_value, label
        assert {each for each in codes.strip().split(", ") if each} == {
            str(code) for code in block.failures if code not in COMMON
        }, label


def test_the_password_on_the_page_is_the_one_of_the_tests() -> None:
    assert f"password: {PASSWORD}" in PAGE
