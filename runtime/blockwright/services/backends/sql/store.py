"""A store in an SQL database: each transaction runs as a whole in a thread of the store.

So it belongs to no event loop (every run of a flow may have its own), it is never left half done when a run is
cancelled, and waiting for a disk, a server or a lock holds up nobody's loop.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
import weakref
from collections.abc import Callable
from typing import TypeVar, cast

from blockwright.services.backends.sql.problems import timed_out
from blockwright.services.backends.sql.sessions import Driver, Session
from blockwright.services.backends.sql.transactions import NothingThere, Transactor, Work
from blockwright.services.backends.sql.workers import Desk, Job, Workers

T = TypeVar("T")

GRACE = 10.0
"""Seconds that a call may take beyond its timeout, which is for waiting, before it is given up."""
UPGRADE_GRACE = 3600.0
"""The same for making and upgrading tables."""


class SqlStore:
    """A store in the database that a driver reaches. Any number may share one database."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._transactor = Transactor(driver)
        self._lock = threading.Lock()
        self._crew: _Crew | None = None

    async def read(self, work: Work[T]) -> T:
        do = self._transactor.do
        return cast(T, await self._in_thread(lambda job, desk: do(work, job, desk, writes=False), GRACE, writes=False))

    async def change(self, work: Work[T]) -> T:
        do = self._transactor.do

        def alone(job: Job[Session], desk: Desk[Session]) -> T:
            return do(work, job, desk, writes=True)

        def part(session: Session) -> T:
            return work(session.tables)

        while True:
            try:
                return cast(T, await self._in_thread(alone, GRACE, part, writes=True))
            except NothingThere:
                await self.upgrade()

    async def upgrade(self) -> tuple[str, str]:
        def upgrading(_job: Job[Session], desk: Desk[Session]) -> tuple[str, str]:
            from blockwright.services.backends.sql.upgrading import upgrade

            desk.drop()
            return upgrade(self._driver)

        return cast(tuple[str, str], await self._in_thread(upgrading, UPGRADE_GRACE, writes=True))

    async def close(self) -> None:
        with self._lock:
            crew, self._crew = self._crew, None
        if crew is not None:
            await asyncio.to_thread(crew.end)

    async def _in_thread(
        self,
        work: Callable[[Job[Session], Desk[Session]], object],
        grace: float,
        part: Callable[[Session], object] | None = None,
        *,
        writes: bool,
    ) -> object:
        place = self._driver.place
        job = Job(work, part, time.monotonic() + place.timeout)
        self._submit(job, writes=writes)
        too_late = job.loop.call_later(place.timeout + grace, lambda: job.give_up(timed_out(place)))
        try:
            return await job.answer
        finally:
            too_late.cancel()

    def _submit(self, job: Job[Session], *, writes: bool) -> None:
        with self._lock:
            if self._crew is not None and self._crew.process != os.getpid():
                self._crew.end.detach()
                _left_behind.append(self._crew)
                self._crew = None
            if self._crew is None:
                self._crew = _Crew(self._driver, self._transactor, self)
            workers = self._crew.writers if writes else self._crew.readers
            workers.submit(job)


class _Crew:
    """The threads of a store, in the process that started them. They end with the store, and with the process."""

    def __init__(self, driver: Driver, transactor: Transactor, store: SqlStore) -> None:
        self.process = os.getpid()
        share = transactor.share
        self.readers: Workers[Session] = Workers("blockwright-read", driver.readers, driver.idle, driver.connect, share)
        self.writers: Workers[Session] = Workers(
            "blockwright-write", driver.writers, driver.idle, driver.connect, share, driver.together
        )
        self.end = weakref.finalize(store, _stop, self.readers, self.writers)


def _stop(*workers: Workers[Session]) -> None:
    for each in workers:
        each.stop()


_left_behind: list[_Crew] = []
"""Crews of a parent process: closing their connections here would close them there."""
