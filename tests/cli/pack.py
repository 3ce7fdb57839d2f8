"""A block pack as installed, for tests that need blocks of their own in a real process."""

from __future__ import annotations

from pathlib import Path

WAITING = '''\
"""Blocks that wait until somebody stops them."""

import asyncio
import os

from blockwright.catalogue import block


@block("wait until stopped")
async def wait_until_stopped() -> None:
    """Wait for as long as it takes."""
    await asyncio.Event().wait()


@block("wait for a reader")
def wait_for_a_reader(path: str) -> None:
    """Wait until somebody reads from a pipe, without an event loop."""
    os.close(os.open(path, os.O_WRONLY))


BLOCKS = (wait_until_stopped, wait_for_a_reader)
'''


def install(folder: Path, code: str = WAITING) -> Path:
    """Put the pack into a folder, as an installer would; gives the folder."""
    found = folder / "waiting_pack-1.0.dist-info"
    found.mkdir(parents=True)
    (folder / "waiting_pack.py").write_text(code, encoding="utf-8")
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: waiting-pack\nVersion: 1.0\n", encoding="utf-8")
    (found / "entry_points.txt").write_text("[blockwright.blocks]\nwaiting = waiting_pack\n", encoding="utf-8")
    return folder
