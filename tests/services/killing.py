"""Processes that are killed (SIGKILL) in the middle of what they do.

``python -m tests.services.killing`` is a server that forks one such process for every order it reads: each begins as a
new program does, without the half second that starting Python takes.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from blockwright.services import Message
from blockwright.services.backends.outbox import Outbox
from blockwright.services.backends.sql import open_store
from blockwright.services.backends.store import Store
from blockwright.services.backends.stored import StoredUsers
from tests.services.processes import Pile
from tests.services.together import together
from tests.services.world import ALICE, PASSWORD, QuickHasher

ALIVE = 0
CROWD = ("ann@example.com", "bob@example.com", "eve@example.com")


@dataclass(frozen=True)
class Order:
    """Do ``operation`` on the users of ``url``, whose mail goes into the folder ``outbox``. Die after so many SQL
    statements, those that open the connection included, or right after a mail was handed over. With
    ``leaves_mail`` others deliver what it writes."""

    url: str
    operation: str
    outbox: str
    token: str = ""
    die_after: int | None = None
    die_at_hand_over: bool = False
    leaves_mail: bool = False


class Killer:
    """Carries orders out, each in a process of its own."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.services.killing"]
        self._server = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )

    def do(self, order: Order) -> bool:
        """Whether the process came to its end alive."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(asdict(order)) + "\n")
        self._server.stdin.flush()
        status = int(self._server.stdout.readline())
        assert status in (ALIVE, -signal.SIGKILL), status
        return status == ALIVE

    def stop(self) -> None:
        with self._server:
            if self._server.stdin is not None:
                self._server.stdin.close()
            self._server.wait(20)


def main() -> None:
    _warm_up()
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _carry_out(Order(**json.loads(line)))
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


def _warm_up() -> None:
    """Import now what every process needs; no thread is left when the first is forked."""
    importlib.import_module("psycopg")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/users.db")
        users = StoredUsers(store, Outbox(Path(folder, "outbox")), passwords=QuickHasher())
        asyncio.run(users.change_settings({"emailConfirmationRequired": True}))
        asyncio.run(users.register({"email": ALICE, "password": PASSWORD}))
        asyncio.run(store.close())


def _carry_out(order: Order) -> None:
    status = 1
    try:
        _count_statements(order.die_after)
        mailer = _Dying(Path(order.outbox)) if order.die_at_hand_over else Outbox(Path(order.outbox))
        store = open_store(order.url)
        users = StoredUsers(store, mailer, passwords=QuickHasher())
        if order.leaves_mail:
            users.leave_mail_to(lambda: None)
        asyncio.run(_operations(users, store, order.token)[order.operation]())
        status = ALIVE
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _operations(users: StoredUsers, store: Store, token: str) -> dict[str, Callable[[], Awaitable[object]]]:
    async def resend_together() -> None:
        await together(store, *(users.resend_confirmation(email) for email in CROWD))

    return {
        "register": partial(users.register, {"email": ALICE, "password": PASSWORD, "nickName": "Al"}),
        "resend": partial(users.resend_confirmation, ALICE),
        "confirm": partial(users.confirm_token, token),
        "deliver": users.deliver,
        "resend together": resend_together,
    }


class _Dying(Pile):
    """Dies before anybody can be told that a mail was taken."""

    async def send(self, message: Message) -> None:
        await super().send(message)
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _count_statements(most: int | None) -> None:
    """Have every connection to a database count its statements, all together, and die after so many."""
    import psycopg

    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if done == most:
            _die()

    class SqliteCursor(sqlite3.Cursor):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            super().execute(*arguments)
            count()
            return self

    class SqliteConnection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(SqliteCursor)

        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            return self.cursor().execute(*arguments)  # type: ignore[no-any-return]

    class PostgresCursor(psycopg.Cursor[Any]):
        def execute(self, *arguments: Any, **options: Any) -> Any:
            super().execute(*arguments, **options)
            count()
            return self

    sqlite3.connect = partial(sqlite3.connect, factory=SqliteConnection)  # type: ignore[assignment]
    psycopg.connect = partial(psycopg.connect, cursor_factory=PostgresCursor)  # type: ignore[assignment]
    if most == 0:
        _die()


if __name__ == "__main__":
    main()
