"""The standard blocks, one module per category. Blockwright finds them as it finds a stranger's pack."""

from blockwright_blocks import users

BLOCKS = (*users.BLOCKS,)
