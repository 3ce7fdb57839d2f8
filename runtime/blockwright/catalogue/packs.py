"""Finding blocks: a catalogue of labels, filled from installed packs and from an application's own blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from typing import TypeAlias

from blockwright.catalogue.block import Block, BlockError

AnyBlock: TypeAlias = Block[..., object]
GROUP = "blockwright.blocks"


class Catalogue(Mapping[str, AnyBlock]):
    """The blocks that flows may use, by label. Two blocks with one label are a BlockError."""

    def __init__(self, blocks: Iterable[AnyBlock]) -> None:
        self._blocks: dict[str, AnyBlock] = {}
        for block in blocks:
            if not isinstance(block, Block):
                raise BlockError(f"{block!r} is not a block; put @block(…) on the function")
            if self._blocks.setdefault(block.label, block) is not block:
                raise BlockError(f"two blocks are called {block.label!r}")

    def __getitem__(self, label: str) -> AnyBlock:
        return self._blocks[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)


def installed_blocks() -> list[AnyBlock]:
    """The blocks of every installed pack: each module named in the entry-point group ``blockwright.blocks``
    lists its own in ``BLOCKS``. Raises BlockError, naming the pack, when one cannot be used."""
    found: list[AnyBlock] = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            module = point.load()
        except Exception as error:
            problem = f"the block pack {point.name!r} ({point.value}) cannot be imported: {error}"
            raise BlockError(problem) from error
        blocks = getattr(module, "BLOCKS", None)
        if not isinstance(blocks, tuple | list) or not all(isinstance(block, Block) for block in blocks):
            raise BlockError(f"the block pack {point.name!r} ({point.value}) has no list of blocks called BLOCKS")
        found += blocks
    return found
