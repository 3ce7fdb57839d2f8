"""Tasks that belong together: all of them are over when their group is.

Unlike ``asyncio.TaskGroup``, this one stops its tasks in their order, raises the first failure as it is, takes notice
of a task that is cancelled by what it waits for, and does not forget that it was cancelled itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable

from blockwright.engine.stopping import SOFTLY


async def all_of(work: Iterable[Coroutine[object, object, object]]) -> None:
    """Run coroutines side by side. The first failure cancels the others, waits for their end, and is then raised."""
    failures: list[BaseException] = []
    tasks = [asyncio.create_task(_noting(each, failures)) for each in work]
    waiting = set(tasks)
    stopped: asyncio.CancelledError | None = None
    is_ending = False
    while waiting:
        try:
            when = asyncio.ALL_COMPLETED if is_ending else asyncio.FIRST_EXCEPTION
            _, waiting = await asyncio.wait(waiting, return_when=when)
        except asyncio.CancelledError as error:
            stopped = error
            waiting = {task for task in waiting if not task.done()}
            is_ending = False  # to be cancelled once more reaches the tasks, too
        if waiting and not is_ending:
            is_ending = True
            for task in tasks:
                task.cancel(SOFTLY if stopped is None else next(iter(stopped.args), None))
    try:
        if stopped is not None:
            raise stopped
        if failures:
            raise failures[0]
    finally:
        _look_at(tasks)
        failures.clear()
        del stopped, tasks  # what is raised holds this frame


def _look_at(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Tell asyncio that the failures of these tasks were not overlooked."""
    for task in tasks:
        if not task.cancelled():
            task.exception()


async def _noting(work: Coroutine[object, object, object], failures: list[BaseException]) -> None:
    try:
        await work
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and not task.cancelling():
            failures.append(error)
            raise _GivenUp from error
        raise
    except Exception as error:
        failures.append(error)
        raise
    except BaseException as error:
        failures.append(error)
        raise _GivenUp from error


class _GivenUp(Exception):
    """A task was cancelled by what it waited for, and not by its group, or is to end the whole process: nobody waits
    for a cancelled task's failure, and asyncio leaves its loop at once for the others."""
