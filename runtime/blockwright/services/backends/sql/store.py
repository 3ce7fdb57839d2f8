"""A store in an SQL database: each transaction runs as a whole in a thread of the store.

So it belongs to no event loop (every run of a flow may have its own), it is never left half done when a run is
cancelled, and waiting for a disk, a server or a lock holds up nobody's loop.
"""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from blockwright.failure import Failure
from blockwright.services.backends.sql.problems import explain, timed_out, wrong_version
from blockwright.services.backends.sql.schema import HEAD
from blockwright.services.backends.sql.sessions import Driver, Session
from blockwright.services.backends.sql.workers import Desk, Job, Workers

if TYPE_CHECKING:
    from blockwright.services.backends.store import Tables

T = TypeVar("T")
Work: TypeAlias = Callable[["Tables"], T]

GRACE = 10.0
"""Seconds that a call may take beyond its timeout, which is for waiting, before it is given up."""
UPGRADE_GRACE = 3600.0
"""The same for making and upgrading tables."""
MOST_TRIES = 20
"""How often a transaction is begun that meets others again and again."""


class SqlStore:
    """A store in the database that a driver reaches. Any number may share one database."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._lock = threading.Lock()
        self._crew: _Crew | None = None

    async def read(self, work: Work[T]) -> T:
        def reading(job: Job[Session], desk: Desk[Session], deadline: float) -> T:
            return self._transact(work, job, desk, deadline, writes=False)

        return await self._in_thread(reading, self._driver.place.timeout + GRACE, writes=False)

    async def change(self, work: Work[T]) -> T:
        def changing(job: Job[Session], desk: Desk[Session], deadline: float) -> T:
            return self._transact(work, job, desk, deadline, writes=True)

        while True:
            try:
                return await self._in_thread(changing, self._driver.place.timeout + GRACE, writes=True)
            except _NothingThere:
                await self.upgrade()

    async def upgrade(self) -> tuple[str, str]:
        def upgrading(_job: Job[Session], desk: Desk[Session], _deadline: float) -> tuple[str, str]:
            from blockwright.services.backends.sql.upgrading import upgrade

            desk.drop()
            return upgrade(self._driver)

        return await self._in_thread(upgrading, self._driver.place.timeout + UPGRADE_GRACE, writes=True)

    async def close(self) -> None:
        with self._lock:
            crew, self._crew = self._crew, None
        if crew is not None:
            await asyncio.to_thread(crew.end)

    async def _in_thread(
        self, run: Callable[[Job[Session], Desk[Session], float], T], patience: float, *, writes: bool
    ) -> T:
        deadline = time.monotonic() + self._driver.place.timeout
        job = self._submit(lambda job, desk: run(job, desk, deadline), writes=writes)
        try:
            async with asyncio.timeout(patience) as limit:
                return cast(T, await asyncio.wrap_future(job.future))
        except TimeoutError:
            if not limit.expired():
                raise
            job.give_up()
            raise timed_out(self._driver.place) from None

    def _submit(self, work: Callable[[Job[Session], Desk[Session]], object], *, writes: bool) -> Job[Session]:
        with self._lock:
            if self._crew is not None and self._crew.process != os.getpid():
                self._crew.end.detach()
                _left_behind.append(self._crew)
                self._crew = None
            if self._crew is None:
                self._crew = _Crew(self._driver, self)
            workers = self._crew.writers if writes else self._crew.readers
            return workers.submit(work)

    def _transact(self, work: Work[T], job: Job[Session], desk: Desk[Session], deadline: float, *, writes: bool) -> T:
        tries = 0
        while True:
            tries += 1
            try:
                return self._try(work, job, desk, deadline, writes=writes)
            except _Ended as ended:
                again = tries < MOST_TRIES and time.monotonic() < deadline
                if not (again and self._driver.is_passing(ended.error)):
                    raise explain(ended.error, self._driver.place) from None
            except (self._driver.error, OSError, ValueError) as error:
                raise explain(error, self._driver.place) from None
            time.sleep(random.uniform(0, 0.005 * tries))

    def _try(self, work: Work[T], job: Job[Session], desk: Desk[Session], deadline: float, *, writes: bool) -> T:
        session = self._begin(desk, deadline, writes=writes)
        if session is None:
            return _try_on_nothing(work, writes=writes)
        try:
            result = work(session.tables)
        except self._driver.error as error:
            self._take_back(session, desk)
            raise _Ended(error) from error
        except BaseException:
            self._take_back(session, desk)
            raise
        if job.given_up:
            self._take_back(session, desk)
            raise timed_out(self._driver.place)
        try:
            session.commit()
        except self._driver.error:
            self._take_back(session, desk)
            raise
        return result

    def _begin(self, desk: Desk[Session], deadline: float, *, writes: bool) -> Session | None:
        """A connection in whose transaction the tables are as this release knows them; None when there are none."""
        if desk.session is not None and desk.session.is_stale():
            desk.drop()
        if desk.session is None and not self._driver.is_there():
            return None
        used_before = desk.session is not None
        session = desk.open(deadline)
        try:
            version = session.begin(deadline - time.monotonic(), writes=writes)
        except self._driver.error as error:
            if not self._take_back(session, desk) and used_before:
                return self._begin(desk, deadline, writes=writes)
            raise _Ended(error) from error
        except Failure:
            self._take_back(session, desk)
            raise
        if version == HEAD:
            return session
        self._take_back(session, desk)
        if version is None:
            return None
        raise wrong_version(version, self._driver.place)

    @staticmethod
    def _take_back(session: Session, desk: Desk[Session]) -> bool:
        usable = session.roll_back()
        if not usable:
            desk.drop()
        return usable


def _try_on_nothing(work: Work[T], *, writes: bool) -> T:
    """Do the work as if there were an empty database. A change is to be done again when there is one; what it raises
    makes none."""
    from blockwright.services.backends.memory import MemoryTables

    result = work(MemoryTables())
    if writes:
        raise _NothingThere
    return result


class _NothingThere(Exception):
    """There is no database yet for a change that could be done on an empty one."""


class _Ended(Exception):
    """A transaction ended with an error, and nothing of it was done."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


class _Crew:
    """The threads of a store, in the process that started them. They end with the store, and with the process."""

    def __init__(self, driver: Driver, store: SqlStore) -> None:
        self.process = os.getpid()
        self.readers: Workers[Session] = Workers("blockwright-read", driver.readers, driver.idle, driver.connect)
        self.writers: Workers[Session] = Workers("blockwright-write", driver.writers, driver.idle, driver.connect)
        self.end = weakref.finalize(store, _stop, self.readers, self.writers)


def _stop(*workers: Workers[Session]) -> None:
    for each in workers:
        each.stop()


_left_behind: list[_Crew] = []
"""Crews of a parent process: closing their connections here would close them there."""
