"""Branches and rounds side by side: nothing outlives its step, and the first failure stops the others."""

from __future__ import annotations

import asyncio
import contextvars
import math
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from blockwright.engine import threads
from blockwright.engine.group import all_of
from blockwright.engine.run import failure_value
from blockwright.expressions.budget import MORE

if TYPE_CHECKING:
    from blockwright.engine.run import Placed, Run
    from blockwright.expressions.values import Value

T = TypeVar("T")


class Skipped:
    """What a round gives that has nothing to collect: it was left by ``next round``, or it failed."""


SKIPPED = Skipped()


async def together(run: Run, branches: Iterable[Callable[[Run], Coroutine[object, object, object]]]) -> None:
    """Run branches side by side, each on a part of the run's budget. The first failure cancels the others, waits until
    they have tidied up, and is then raised."""

    async def one(branch: Callable[[Run], Coroutine[object, object, object]]) -> None:
        own = run.branch()
        if own.end_of_time < math.inf:
            MORE.set(own.check_time)  # an expression that is past it ends this branch, whose `always` may go on
        try:
            await branch(own)
        finally:
            own.join()

    run.heed()
    work = list(branches)
    run.begin_branches(len(work))
    try:
        await all_of(one(branch) for branch in work)
    finally:
        run.end_branches(len(work))


async def rounds_at_once(
    run: Run,
    items: list[Value],
    at_once: int,
    work: Callable[[Run, Value], Awaitable[Value | Skipped]],
    failed: Callable[[Run, Exception], Placed] | None,
) -> tuple[list[Value], list[Value]]:
    """A round for each item, at most ``at_once`` of them at a time, begun in the order of the list.

    Gives what the rounds gave and, where ``failed`` says what an exception means, the failures of those that failed;
    both in the order of the list.
    """
    width = min(at_once, len(items))
    given: list[Value | Skipped] = [SKIPPED] * len(items)
    failures: list[Value] = [None] * len(items) if failed else []
    waiting = iter(enumerate(items))

    async def worker(own: Run) -> None:
        try:
            for index, item in waiting:
                if failed is None:
                    given[index] = await work(own, item)
                    continue
                try:
                    given[index] = await work(own, item)
                except Exception as error:
                    failures[index] = kept_failure(own, failed(own, error), item, index + 1)
        except BaseException:
            deque(waiting, maxlen=0)  # begin no more, even where a block took no notice of being stopped
            raise

    if width == 1:
        await worker(run)
    elif width:
        await together(run, [worker] * width)
    kept = [each for each in given if not isinstance(each, Skipped)]
    return kept, [each for each in failures if each is not None]


def kept_failure(run: Run, failure: Placed, item: Value, number: int) -> Value:
    """A failed round as ``collect failures as`` keeps it; a failure that nothing may keep is raised again."""
    if failure.ends_run or run.is_stopped:
        raise failure
    return {**failure_value(failure), "item": item, "round": number}


async def in_thread(run: Run, function: Callable[..., T], /, *inputs: object, **named: object) -> T:
    """Call something that does not wait in a thread of its own, so that it holds up nobody.

    A thread cannot be stopped: who is cancelled meanwhile waits for its end, and only then is cancelled. What has not
    begun by then, because all threads were at work, never begins.
    """
    run.heed()
    call = _Call(partial(contextvars.copy_context().run, function, *inputs, **named))
    working = asyncio.get_running_loop().run_in_executor(run.threads(), call)
    threads.note(cast("asyncio.Future[object]", working))
    try:
        given, error = await asyncio.shield(working)
    except asyncio.CancelledError:
        if call.is_given_up():
            working.cancel()
            raise
        while not working.done():
            try:
                await asyncio.wait([working])
            except asyncio.CancelledError:
                continue
        raise
    if error is None:
        return cast("T", given)
    try:
        raise error
    finally:
        del error


class _Call:
    """A call for a thread. It gives what was raised instead of raising it, as no future takes every exception."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self._is_wanted = True
        self._has_begun = False
        self._lock = threading.Lock()

    def is_given_up(self) -> bool:
        """See to it that the call does not begin any more; whether that is still possible."""
        with self._lock:
            self._is_wanted = False
            return not self._has_begun

    def __call__(self) -> tuple[object, BaseException | None]:
        with self._lock:
            self._has_begun = self._is_wanted
        if not self._has_begun:
            return None, None
        try:
            return self._call(), None
        except BaseException as error:
            return None, error
