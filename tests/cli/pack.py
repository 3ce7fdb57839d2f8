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


def install(folder: Path, code: str = WAITING, name: str = "waiting", entry: str = "") -> Path:
    """Put the pack into a folder, as an installer would; gives the folder. ``entry`` is how it is found, if not by its
    blocks."""
    found = folder / f"{name}_pack-1.0.dist-info"
    found.mkdir(parents=True)
    (folder / f"{name}_pack.py").write_text(code, encoding="utf-8")
    (found / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-pack\nVersion: 1.0\n", encoding="utf-8")
    (found / "entry_points.txt").write_text(entry or f"[blockwright.blocks]\n{name} = {name}_pack\n", encoding="utf-8")
    return folder
