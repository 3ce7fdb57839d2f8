"""Threads of their own for a database, each with its own connection, so that a stuck database holds up nothing else.

They are daemons: a program can end while a server does not answer. A thread that has nothing to do for a while closes
its connection and ends.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

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
    """A piece of work that waits or runs."""

    def __init__(self, work: Callable[[Job[S], Desk[S]], object]) -> None:
        self.future: Future[object] = Future()
        self.given_up = False
        self._work = work
        self._desk: Desk[S] | None = None
        self._lock = threading.Lock()

    def run(self, desk: Desk[S]) -> None:
        """Do the work, unless nobody waits for it any more."""
        if not self.future.set_running_or_notify_cancel():
            return
        with self._lock:
            self._desk = desk
        try:
            result = self._work(self, desk)
        except BaseException as error:
            self._leave(desk)
            self.future.set_exception(error)
        else:
            self._leave(desk)
            self.future.set_result(result)

    def give_up(self) -> None:
        """Have the work fail as soon as can be, and change nothing any more."""
        self.given_up = True
        self.future.cancel()
        with self._lock:
            session = self._desk.session if self._desk is not None else None
            if session is not None:
                session.abort()

    def _leave(self, desk: Desk[S]) -> None:
        with self._lock:
            self._desk = None
        if self.given_up:
            desk.drop()


class Workers(Generic[S]):
    """At most ``size`` threads, which end after ``idle`` seconds without work."""

    def __init__(self, name: str, size: int, idle: float, connect: Callable[[float], S]) -> None:
        self._name = name
        self._size = size
        self._idle = idle
        self._connect = connect
        self._changed = threading.Condition()
        self._jobs: deque[Job[S]] = deque()
        self._waiting = 0
        self._serving: set[threading.Thread] = set()
        self._leaving: set[threading.Thread] = set()
        self._stopped = False

    def submit(self, work: Callable[[Job[S], Desk[S]], object]) -> Job[S]:
        """Have work done by the next thread that is free."""
        job = Job(work)
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
        return job

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
        while (job := self._next()) is not None:
            job.run(desk)
            del job
        desk.drop()
        with self._changed:
            self._leaving.discard(threading.current_thread())

    def _next(self) -> Job[S] | None:
        with self._changed:
            while not self._jobs:
                woken = not self._stopped and self._wait()
                if not woken and not self._jobs:
                    self._serving.discard(threading.current_thread())
                    self._leaving.add(threading.current_thread())
                    return None
            return self._jobs.popleft()

    def _wait(self) -> bool:
        self._waiting += 1
        try:
            return self._changed.wait(self._idle)
        finally:
            self._waiting -= 1
