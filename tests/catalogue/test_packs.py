"""Packs of blocks are found by their entry point, the standard one like a stranger's."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

import blockwright_blocks
from blockwright import BlockError, Runtime, block
from blockwright.catalogue import Catalogue, installed_blocks
from blockwright.catalogue.packs import GROUP

Install: TypeAlias = Callable[[str, str], None]

PACK = """
from blockwright import block

@block("{label}")
def do_it(size: int = 1) -> int:
    "Give the size."
    return size

BLOCKS = [do_it]
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a pack as pip would: a module, and beside it what is known of its distribution."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(module: str, code: str) -> None:
        (tmp_path / f"{module}.py").write_text(code)
        about = tmp_path / f"{module}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[{GROUP}]\nof-{module} = {module}\n")

    return install


def test_the_standard_blocks_are_a_pack_like_any_other() -> None:
    points = {point.name: point.value for point in importlib.metadata.entry_points(group=GROUP)}
    assert points["standard"] == "blockwright_blocks"
    assert set(blockwright_blocks.BLOCKS) <= set(installed_blocks())
    assert "resend confirmation email" in Runtime().blocks


def test_a_strangers_pack_is_found(install: Install) -> None:
    install("stranger_pack_good", PACK.format(label="do a strange thing"))
    runtime = Runtime()
    flow = runtime.load_text(
        "flow: strange\nsteps:\n  - do a strange thing: {size: 4}\n    save as: size\n  - return: = size\n"
    )
    assert flow.run() == 4


def test_a_pack_that_cannot_be_imported_is_named(install: Install) -> None:
    install("stranger_pack_broken", "import no_such_thing_anywhere\n")
    with pytest.raises(BlockError) as refused:
        Runtime()
    assert str(refused.value) == (
        "the block pack 'of-stranger_pack_broken' (stranger_pack_broken) cannot be imported: "
        "No module named 'no_such_thing_anywhere'"
    )
    assert isinstance(refused.value.__cause__, ModuleNotFoundError)


@pytest.mark.parametrize("code", ["", "BLOCKS = 3\n", "BLOCKS = [print]\n"])
def test_a_pack_without_blocks_is_named(install: Install, code: str) -> None:
    install("stranger_pack_empty", code)
    with pytest.raises(BlockError, match=r"'of-stranger_pack_empty' .* has no list of blocks called BLOCKS"):
        Runtime()


def test_two_blocks_cannot_share_a_label(install: Install) -> None:
    install("stranger_pack_twin", PACK.format(label="resend confirmation email"))
    with pytest.raises(BlockError, match="two blocks are called 'resend confirmation email'"):
        Runtime()


def test_an_application_gives_blocks_of_its_own() -> None:
    @block("double")
    def double(number: int) -> int:
        """Twice the number."""
        return 2 * number

    catalogue = Catalogue([double, double])
    assert list(catalogue) == ["double"]
    assert catalogue["double"] is double
    with pytest.raises(BlockError, match="is not a block; put @block"):
        Runtime(blocks=[double.function])  # type: ignore[list-item]


@pytest.mark.parametrize("label", ["set", "for each", "note", "save as", "if it fails"])
def test_no_block_takes_a_word_of_the_language(label: str) -> None:
    @block(label)
    def useless() -> None:
        """Never to be called."""

    with pytest.raises(BlockError, match=f"no block can be called '{label}', which is a word of the language"):
        Runtime(blocks=[useless])
