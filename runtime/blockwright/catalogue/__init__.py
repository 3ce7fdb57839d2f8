"""What blocks are and which there are."""

from blockwright.catalogue.annotations import SECRET
from blockwright.catalogue.block import MISSING, Block, BlockError, DeclaredFailure, Input, block
from blockwright.catalogue.packs import AnyBlock, Catalogue, installed_blocks

__all__ = [
    "MISSING",
    "SECRET",
    "AnyBlock",
    "Block",
    "BlockError",
    "Catalogue",
    "DeclaredFailure",
    "Input",
    "block",
    "installed_blocks",
]
