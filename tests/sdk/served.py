"""The SDK's packages, a served app of every kind of key, and what the tests in JavaScript said of it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from blockwright.services import UserService, open_users
from blockwright.services.records import KeyKind

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
OLDEST_NODE = (20, 10)
PATIENCE = 300
"""Seconds for anything that should have come to an end."""


@dataclass(frozen=True)
class Served:
    """A served app, as the tests in JavaScript are told of it."""

    url: str
    appId: str
    keys: Mapping[str, str]
    outbox: str


def fetch_packages() -> None:
    """Put the SDK, in the versions of the lock file, into ``node_modules``, unless it is there. Skips the test where
    that cannot be; fails it where it must."""
    _check_node()
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    fetched = PACKAGES / ".fetched"
    if fetched.is_file() and fetched.read_text() == lock:
        return
    try:
        done = subprocess.run(
            [_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000"],
            cwd=HERE,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        _cannot("npm did not fetch the packages in time")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        _cannot(f"npm could not fetch the packages: {' '.join(said[:3])}")
    fetched.write_text(lock)


def _check_node() -> None:
    wanted = ".".join(map(str, OLDEST_NODE))
    node = shutil.which("node")
    if node is None:
        _cannot(f"Node.js {wanted} or newer is needed, and there is none")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=PATIENCE).stdout
    numbers = re.match(r"v(\d+)\.(\d+)", said)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST_NODE:
        _cannot(f"Node.js {wanted} or newer is needed, and this one is {said.strip()}")


def _npm() -> str:
    return shutil.which("npm") or _cannot("npm is needed, and there is none")


def _cannot(reason: str) -> NoReturn:
    """The test cannot run: fine on somebody's machine, but not where all must run."""
    if os.environ.get("BLOCKWRIGHT_CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def serve(folder: Path) -> Iterator[Served]:
    """``blockwright serve`` as a process, on a new SQLite database, with mails in a folder."""
    app_id, keys = asyncio.run(_make_app(f"sqlite:///{folder}/users.db"))
    outbox = folder / "outbox"
    outbox.mkdir()
    words = ["serve", "--users", "sqlite:///users.db", "--mail", "outbox:./outbox", "--port", "0"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "blockwright.cli", *words], cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url, (folder / "log").read_text()
            yield Served(url, app_id, keys, str(outbox))
        finally:
            process.terminate()
            process.wait(PATIENCE)


async def _make_app(url: str) -> tuple[str, dict[str, str]]:
    users = open_users(url)
    assert isinstance(users, UserService)
    keys = {}
    for kind in KeyKind:
        value = (await users.make_key(kind)).value
        assert value is not None
        keys[str(kind)] = value
    app_id = await users.app_id()
    await users.close()
    return app_id, keys


def run_node(served: Served, *words: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run Node where it finds the SDK; with ``code``, that."""
    node = shutil.which("node")
    assert node is not None
    return subprocess.run(
        [node, *words],
        cwd=HERE,
        input=code,
        env={**os.environ, "BLOCKWRIGHT_SERVED": json.dumps(asdict(served))},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
