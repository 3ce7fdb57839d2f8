"""Blocks that do not wait run in threads where others run beside them: what they know and raise, how they end."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Executor

import pytest

import blockwright.engine.threads as of_runtime
from blockwright import Flow, Runtime, block
from blockwright.engine.threads import Threads
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, failing, load, look_away, run, steps

USER: contextvars.ContextVar[str] = contextvars.ContextVar("user")


@block("who")
def who() -> str:
    """The user and the kind of thread."""
    return f"{USER.get()}, {'main' if threading.current_thread() is threading.main_thread() else 'thread'}"


@block("take odd names")
def take_odd_names(run: int, function: int = 2, call: int = 3) -> int:
    """Inputs whose names could get mixed up with the engine's own."""
    return run * 100 + function * 10 + call


@block("stop iterating")
def stop_iterating() -> int:
    """Raises what no future takes."""
    raise StopIteration("enough")


ASIDE = """
    - together:
        - - {step}
            save as: found
        - - wait: 1 second
    - return: = found
"""


def aside(step: str) -> str:
    return steps(ASIDE.format(step=step))


@pytest.mark.parametrize("way", WAYS)
def test_a_block_in_a_thread_knows_the_callers_context(way: Way) -> None:
    USER.set("alice")
    assert run(load(aside("who:"), who, clock=ManualClock()), way) == "alice, thread"
    alone = steps("- who:\n  save as: found\n- wait: 1 second\n- return: = found")
    assert run(load(alone, who, clock=ManualClock()), way) == "alice, main"


@pytest.mark.parametrize("way", WAYS)
def test_inputs_of_every_name_arrive(way: Way) -> None:
    step = "take odd names: {run: 7, call: 4}"
    assert run(load(aside(step), take_odd_names, clock=ManualClock()), way) == 724
    text = aside("f: {run: 7, call: 5}") + (
        "functions:\n  f:\n    inputs: {run: number, call: number}\n    steps:\n      - return: = run * 10 + call\n"
    )
    assert run(load(text, clock=ManualClock()), way) == 75


@pytest.mark.parametrize("way", WAYS)
def test_whatever_a_block_raises_in_a_thread_arrives(way: Way) -> None:
    failure = failing(load(aside("stop iterating:"), stop_iterating, clock=ManualClock()), way)
    assert (failure.code, failure.block, str(failure.place)) == ("unexpected", "stop iterating", "flow.yaml:4:11")
    assert "StopIteration: enough" in failure.message
    text = (
        aside("f:") + "functions:\n  f:\n    steps:\n      - stop iterating:\n        save as: n\n      - return: = n\n"
    )
    failure = failing(load(text, stop_iterating, clock=ManualClock()), way)
    assert (failure.code, str(failure.place)) == ("unexpected", "flow.yaml:11:9")


@pytest.mark.parametrize("way", WAYS)
def test_who_is_cancelled_waits_for_the_thread_and_begins_no_other(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_runtime, "MOST", 2)
    begun, go_on = threading.Semaphore(0), threading.Event()
    called: list[int] = []

    @block("work")
    def work(n: int) -> None:
        """Work until it is told to stop."""
        called.append(n)
        begun.release()
        assert go_on.wait(30)

    text = steps("""
        - for each: n
          in: [1, 2, 3, 4]
          at once: 4
          do:
            - try:
                - work: {n: = n}
              always:
                - log: tidy
    """)
    flow, lines = load(text, work), list[str]()

    async def application() -> None:
        watch = look_away if way == "watched" else None
        running = asyncio.ensure_future(flow.run_async(watch=watch, log=lambda text, _: lines.append(text)))
        for _ in range(2):
            await asyncio.to_thread(begun.acquire)
        for _ in range(3):
            running.cancel()
            for _ in range(20):
                await asyncio.sleep(0)
        assert not running.done()
        assert lines == ["tidy"] * 2, "those that never began"
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(application())
    assert sorted(called) == [1, 2]
    assert lines == ["tidy"] * 4


@pytest.mark.parametrize("way", WAYS)
def test_what_waits_for_a_thread_is_given_up_at_once(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_runtime, "MOST", 1)
    begun, go_on = threading.Event(), threading.Event()

    @block("work")
    def work() -> None:
        """Work until it is told to stop."""
        begun.set()
        assert go_on.wait(30)

    runtime = Runtime(blocks=[work])
    flow = runtime.load_text(steps("- together:\n    - [work: {}]\n    - [wait: 0 seconds]"))

    async def application() -> None:
        watch = look_away if way == "watched" else None
        first = asyncio.ensure_future(flow.run_async(watch=watch))
        await asyncio.to_thread(begun.wait)
        second = asyncio.ensure_future(flow.run_async(watch=watch))
        for _ in range(20):
            await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        assert not first.done()
        go_on.set()
        await first

    asyncio.run(application())


@pytest.mark.parametrize("way", WAYS)
def test_a_time_limit_waits_for_the_thread_and_then_says_so(way: Way) -> None:
    begun, go_on = threading.Event(), threading.Event()

    @block("work")
    def work() -> int:
        """Work until the time is over."""
        begun.set()
        assert go_on.wait(30)
        return 1

    clock = ManualClock(jumps=False)
    flow = load(steps("- together:\n    - - work:\n        time limit: 5 seconds\n    - - log: a"), work, clock=clock)

    async def application() -> None:
        running = asyncio.ensure_future(flow.run_async(watch=look_away if way == "watched" else None))
        await asyncio.to_thread(begun.wait)
        assert clock.jump()
        assert clock.passed == 5
        for _ in range(20):
            await asyncio.sleep(0)
        assert not running.done()
        go_on.set()
        await running

    with pytest.raises(Exception, match="longer than its time limit of 5 seconds"):
        asyncio.run(application())


def test_blocks_that_run_flows_which_need_threads_never_wait_for_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_runtime, "MOST", 2)
    flows: dict[str, Flow] = {}

    @block("run inner")
    def run_inner(n: int) -> object:
        """Run a flow from within a block."""
        return flows["inner"].run({"n": n})

    @block("double")
    def double(n: int) -> int:
        """Twice a number."""
        return 2 * n

    loop = "steps:\n  - for each: m\n    in: [= {}, 2, 3]\n    at once: 3\n    collect as: all\n"
    loop += "    each gives: = got\n    do:\n"
    call = "      - {}: {{n: = m}}\n        save as: got\n  - return: = all\n"
    runtime = Runtime(blocks=[run_inner, double])
    flows["inner"] = runtime.load_text("flow: inner\ninputs: {n: number}\n" + loop.format("n") + call.format("double"))
    outer = runtime.load_text("flow: outer\n" + loop.format("1") + call.format("run inner"))
    assert outer.run() == [[2, 4, 6], [4, 4, 6], [6, 4, 6]]


def test_threads_are_made_when_they_are_needed_and_are_few() -> None:
    made: list[str] = []

    @block("note it")
    def note_it() -> None:
        """Note the thread."""
        made.append(threading.current_thread().name)

    text = "- for each: n\n  in: '= for i in 1..300 return i'\n  at once: 300\n  do: [note it]"
    before = threading.active_count()
    flow = load(steps(text), note_it)
    assert threading.active_count() == before
    assert run(flow, "compiled") is None
    assert len(made) == 300
    assert len(set(made)) <= of_runtime.MOST
    assert all(name.startswith("blockwright") for name in made)


def test_each_level_of_runs_has_its_own_threads() -> None:
    threads = Threads()
    first = threads.executor()
    assert threads.executor() is first

    def inside() -> Executor:
        return threads.executor()

    of_second: Callable[[], Executor] = inside
    second = first.submit(of_second).result()
    assert second is not first
    assert second.submit(inside).result() not in (first, second)
