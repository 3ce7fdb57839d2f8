"""Work on the tables as transactions: wholly or not at all, begun again when it met others, several at once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from blockwright.failure import Failure
from blockwright.services.backends.sql.problems import explain, timed_out, wrong_version
from blockwright.services.backends.sql.schema import HEAD
from blockwright.services.backends.sql.sessions import Driver, Session, SharedSession
from blockwright.services.backends.sql.workers import Desk, Job, Outcome

if TYPE_CHECKING:
    from blockwright.services.backends.store import Tables

T = TypeVar("T")
Work: TypeAlias = Callable[["Tables"], T]

MOST_TRIES = 20
"""How often a transaction is begun that meets others again and again."""


class NothingThere(Exception):
    """There is no database yet for a change that could be done on an empty one."""


class Transactor:
    """How the threads of a store do what they are given, in the database that a driver reaches."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def do(self, work: Work[T], job: Job[Session], desk: Desk[Session], *, writes: bool) -> T:
        """Do work in a transaction of its own. Fails with ``unavailable``; raises ``NothingThere`` for a change that
        needs a database first."""
        tries = 0
        while True:
            tries += 1
            try:
                return self._try(work, job, desk, writes=writes)
            except _Ended as ended:
                again = tries < MOST_TRIES and time.monotonic() < job.deadline
                if not (again and self._driver.is_passing(ended.error)):
                    raise explain(ended.error, self._driver.place) from None
            except (self._driver.error, OSError, ValueError) as error:
                raise explain(error, self._driver.place) from None
            time.sleep(random.uniform(0, 0.005 * tries))

    def share(self, jobs: Sequence[Job[Session]], desk: Desk[Session]) -> list[Outcome] | None:
        """Do changes one after the other in one transaction, which costs one wait for the disk. What one of them raises
        takes back that one. None, nothing being changed, when the whole cannot be done: then each is to be done alone,
        and fails alone.
        """
        if len(jobs) < 2:
            return None
        with suppress(Exception):
            session = self._begin(desk, min(job.deadline for job in jobs), writes=True)
            if session is None:
                return None
            shared = cast(SharedSession, session)  # as the driver promises where changes are done together
            outcomes = [self._part(job, shared) for job in jobs]
            if not any(job.given_up for job in jobs):
                session.commit()
                return outcomes
        if desk.session is not None:
            self._take_back(desk.session, desk)
        return None

    def _part(self, job: Job[Session], session: SharedSession) -> Outcome:
        assert job.part is not None
        session.begin_part()
        try:
            result = job.part(session)
        except (self._driver.error, OSError, ValueError):
            raise
        except BaseException as error:
            session.take_back_part()
            return None, error
        session.end_part()
        return result, None

    def _try(self, work: Work[T], job: Job[Session], desk: Desk[Session], *, writes: bool) -> T:
        session = self._begin(desk, job.deadline, writes=writes)
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
        raise NothingThere
    return result


class _Ended(Exception):
    """A transaction ended with an error, and nothing of it was done."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error
