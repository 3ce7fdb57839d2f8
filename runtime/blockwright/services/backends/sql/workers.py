"""Threads of their own for a database, each with its own connection, so that a stuck database holds up nothing else.

They are daemons: a program can end while a server does not answer. A thread that has nothing to do for a while closes
its connection and ends.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Generic, Protocol, TypeAlias, TypeVar

from blockwright.failure import Failure

FAREWELL = 2.0
"""Seconds that closing waits for calls that still run."""


class Connected(Protocol):
    """A connection, as far as a thread cares."""

    def close(self) -> None:
        """Close it; never raises."""
        ...

    def abort(self) -> None:
        """Make what it does just now fail. May be called by any thread; never raises."""
        ...


S = TypeVar("S", bound=Connected)

Outcome: TypeAlias = tuple[object, BaseException | None]
"""What work came to: its result, or what it raised."""


class Desk(Generic[S]):
    """What one thread works with: its connection, made when it is first asked for."""

    def __init__(self, connect: Callable[[float], S]) -> None:
        self._connect = connect
        self.session: S | None = None

    def open(self, deadline: float) -> S:
        """The connection of this thread."""
        if self.session is None:
            self.session = self._connect(deadline)
        return self.session

    def drop(self) -> None:
        """Close the connection, so that the next call makes another."""
        session, self.session = self.session, None
        if session is not None:
            session.close()


class Job(Generic[S]):
    """A piece of work that waits or runs. ``answer`` is for who asked for it, in the loop where he waits.

    ``part`` is what it does in a transaction that others share; None for what must be done alone.
    """

    def __init__(
        self,
        work: Callable[[Job[S], Desk[S]], object],
        part: Callable[[S], object] | None,
        deadline: float,
    ) -> None:
        self.work = work
        self.part = part
        self.deadline = deadline
        self.given_up = False
        self.loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[object] = self.loop.create_future()
        self._desk: Desk[S] | None = None
        self._lock = threading.Lock()

    def sit_down(self, desk: Desk[S]) -> bool:
        """Begin with the work, unless nobody waits for it any more."""
        if self.answer.done():
            return False
        with self._lock:
            self._desk = desk
        return True

    def get_up(self) -> None:
        """End the work. What was given up may have been stopped in its middle, so its connection is closed."""
        with self._lock:
            desk, self._desk = self._desk, None
        if self.given_up and desk is not None:
            desk.drop()

    def give_up(self, failure: Failure) -> None:
        """Answer with a failure now, have the work fail as soon as can be, and change nothing any more."""
        if self.answer.done():
            return
        self.given_up = True
        self.answer.set_exception(failure)
        with self._lock:
            session = self._desk.session if self._desk is not None else None
            if session is not None:
                session.abort()


class Workers(Generic[S]):
    """At most ``size`` threads, which end after ``idle`` seconds without work.

    ``share`` does the parts of up to ``together`` jobs that wait at the same time, in one transaction; it gives None,
    having changed nothing, when each is to be done alone.
    """

    def __init__(
        self,
        name: str,
        size: int,
        idle: float,
        connect: Callable[[float], S],
        share: Callable[[Sequence[Job[S]], Desk[S]], Sequence[Outcome] | None],
        together: int = 1,
    ) -> None:
        self._name = name
        self._size = size
        self._idle = idle
        self._connect = connect
        self._share = share
        self._together = together
        self._changed = threading.Condition()
        self._jobs: deque[Job[S]] = deque()
        self._waiting = 0
        self._serving: set[threading.Thread] = set()
        self._leaving: set[threading.Thread] = set()
        self._stopped = False

    def submit(self, job: Job[S]) -> None:
        """Have a job done by the next thread that is free."""
        with self._changed:
            if self._stopped:
                raise RuntimeError("these threads have ended")
            self._jobs.append(job)
            if self._waiting >= len(self._jobs):
                self._changed.notify()
            elif len(self._serving) < self._size:
                thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
                self._serving.add(thread)
                thread.start()

    def stop(self) -> None:
        """Finish what waits, close the connections and end, within a bounded time."""
        with self._changed:
            self._stopped = True
            threads = [*self._serving, *self._leaving]
            self._changed.notify_all()
        deadline = time.monotonic() + FAREWELL
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _serve(self) -> None:
        desk = Desk(self._connect)
        while jobs := self._next():
            self._do(jobs, desk)
            del jobs
        desk.drop()
        with self._changed:
            self._leaving.discard(threading.current_thread())

    def _next(self) -> list[Job[S]]:
        """The job that waits longest, and those behind it that may be done with it; none when it is time to end."""
        with self._changed:
            while not self._jobs:
                woken = not self._stopped and self._wait()
                if not woken and not self._jobs:
                    self._serving.discard(threading.current_thread())
                    self._leaving.add(threading.current_thread())
                    return []
            jobs = [self._jobs.popleft()]
            if jobs[0].part is not None:
                while self._jobs and self._jobs[0].part is not None and len(jobs) < self._together:
                    jobs.append(self._jobs.popleft())
            return jobs

    def _wait(self) -> bool:
        self._waiting += 1
        try:
            return self._changed.wait(self._idle)
        finally:
            self._waiting -= 1

    def _do(self, jobs: Sequence[Job[S]], desk: Desk[S]) -> None:
        if len(jobs) > 1 and self._do_together(jobs, desk):
            return
        for job in jobs:
            if job.sit_down(desk):
                try:
                    outcome: Outcome = job.work(job, desk), None
                except BaseException as error:
                    outcome = None, error
                job.get_up()
                _answer([job], [outcome])

    def _do_together(self, jobs: Sequence[Job[S]], desk: Desk[S]) -> bool:
        sitting = [job for job in jobs if job.sit_down(desk)]
        outcomes = self._share(sitting, desk)
        for job in sitting:
            job.get_up()
        if outcomes is not None:
            _answer(sitting, outcomes)
        return outcomes is not None


def _answer(jobs: Sequence[Job[S]], outcomes: Sequence[Outcome]) -> None:
    """Bring the answers to those who wait for them. Each loop is woken once: that costs more than all else here."""
    for loop in dict.fromkeys(job.loop for job in jobs):
        answers = [(job.answer, *outcome) for job, outcome in zip(jobs, outcomes, strict=True) if job.loop is loop]
        with suppress(RuntimeError):  # the loop is closed, and nobody waits there any more
            loop.call_soon_threadsafe(_give, answers)


def _give(answers: Sequence[tuple[asyncio.Future[object], object, BaseException | None]]) -> None:
    for answer, result, error in answers:
        if answer.done():
            continue
        if error is None:
            answer.set_result(result)
        else:
            answer.set_exception(error)
