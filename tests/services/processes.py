"""Processes that do the same at once: each is ``python -m tests.services.processes``, which does what it reads."""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
from collections import Counter
from pathlib import Path

from blockwright.failure import Code, Failure
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.mail import Message, QueueOnly
from blockwright.services.mime import compose
from tests.services.world import QuickHasher

PROCESSES = 4
DONE = "done"


class Processes:
    """Four processes, which wait for something to do."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.services.processes"]
        self._all = [
            subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
            )
            for _ in range(PROCESSES)
        ]
        for process in self._all:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"

    def do(self, times: int, url: str, method: str, *arguments: object, pile: Path | None = None) -> Counter[Code]:
        """Call a method of the users of ``url`` so many times at once, a share of it in each process; gives how often
        it ended with which code. Mail stays in the queue, unless there is a pile to put it on."""
        shares = [times // PROCESSES + (number < times % PROCESSES) for number in range(PROCESSES)]
        for process, share in zip(self._all, shares, strict=True):
            assert process.stdin is not None
            process.stdin.write(json.dumps([share, url, method, arguments, pile and str(pile)]) + "\n")
            process.stdin.flush()
        outcomes: Counter[Code] = Counter()
        for process in self._all:
            assert process.stdout is not None
            outcomes.update(json.loads(process.stdout.readline()))
        return outcomes

    def stop(self) -> None:
        for process in self._all:
            with process:
                if process.stdin is not None:
                    process.stdin.close()
                process.wait(20)


class Pile:
    """A folder where each mail that is handed over is one more file, though it may be there already."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: Message) -> None:
        Path(self._folder, f"{secrets.token_hex(8)}.eml").write_bytes(compose(message))


def main() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(asyncio.run(_do(*json.loads(line)))), flush=True)


async def _do(times: int, url: str, method: str, arguments: list[object], pile: str | None) -> list[Code]:
    users = StoredUsers(open_store(url), Pile(Path(pile)) if pile else QueueOnly(), passwords=QuickHasher())

    async def one() -> Code:
        try:
            await getattr(users, method)(*arguments)
        except Failure as failure:
            return failure.code
        return DONE

    outcomes = await asyncio.gather(*(one() for _ in range(times)))
    await users.close()
    return outcomes


if __name__ == "__main__":
    main()
