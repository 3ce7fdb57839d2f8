"""Time and chance come from the clock that a runtime is given, and from nowhere else."""

from __future__ import annotations

import asyncio
import datetime
import re
import socket
import threading
from functools import partial
from pathlib import Path

import pytest

import blockwright.engine
from blockwright import Failure, block
from blockwright.engine import manual_clock
from blockwright.engine.clock import LONGEST_ALARM, SystemClock, sleep
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, load, look_away, run, steps

ENGINE = Path(blockwright.engine.__file__).parent
THREE_DAYS = 3 * 24 * 60 * 60


def test_nothing_else_in_the_engine_reads_time_or_chance() -> None:
    reads = re.compile(
        r"\b(import (time|random|secrets|datetime)|from (time|random|secrets|datetime) import|asyncio\.sleep\(|"
        r"\.time\(\)|loop\.call_(later|at)\(|wait_for\(|asyncio\.timeout(_at)?\()"
    )
    own = {ENGINE / "clock.py", ENGINE / "manual_clock.py"}
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in sorted(ENGINE.rglob("*.py"))
        if path not in own
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if reads.search(line)
    ]
    assert [line for line in found if "at.wait_for(" not in line and "def wait_for(" not in line] == []


@pytest.mark.parametrize("way", WAYS)
def test_a_flow_reads_its_runs_clock(way: Way) -> None:
    clock = ManualClock(datetime.datetime(2030, 5, 6, 7, 8, tzinfo=datetime.UTC))
    flow = load(
        steps("""
            - wait: 3 days
            - return: ['= string(now())', '= string(today())']
        """),
        clock=clock,
    )
    assert run(flow, way) == ["2030-05-09T07:08:00Z", "2030-05-09"]
    assert clock.passed == THREE_DAYS


@pytest.mark.parametrize("way", WAYS)
def test_what_runs_beside_others_and_in_threads_reads_it_too(way: Way) -> None:
    clock = ManualClock(datetime.datetime(2030, 5, 6, tzinfo=datetime.UTC))
    text = steps("""
        - for each: n
          in: [1, 2]
          at once: 2
          collect as: days
          each gives: = day
          do:
            - day of today:
              save as: day
        - return: = days
    """)
    flow = load(text + "functions:\n  day of today:\n    steps:\n      - return: '= today().day'\n", clock=clock)
    assert run(flow, way) == [6, 6]


def test_a_test_may_move_the_clock_by_hand() -> None:
    clock = ManualClock(jumps=False)
    flow = load(steps("- wait: 1 hour\n- return: done"), clock=clock)

    async def application() -> object:
        running = asyncio.ensure_future(flow.run_async())
        await clock.advance(3_599)
        assert not running.done()
        await clock.advance(1)
        assert running.done()
        return await running

    assert asyncio.run(application()) == "done"
    assert clock.passed == 3_600


def test_it_moves_past_every_moment_that_is_waited_for_in_their_order() -> None:
    clock = ManualClock(jumps=False)
    lines: list[str] = []
    flow = load(
        steps("""
            - together:
                - - wait: 20 seconds
                  - log: twenty
                  - wait: 20 seconds
                  - log: forty
                - - wait: 30 seconds
                  - log: thirty
        """),
        clock=clock,
    )

    async def application() -> None:
        running = asyncio.ensure_future(flow.run_async(log=lambda text, _: lines.append(text)))
        await clock.advance(35)
        assert lines == ["twenty", "thirty"]
        await clock.advance(1_000)
        await running

    asyncio.run(application())
    assert lines == ["twenty", "thirty", "forty"]


def test_it_moves_when_everything_else_has_gone_on_as_far_as_it_can() -> None:
    @block("turn around")
    async def turn_around() -> None:
        """Let others go on many times."""
        for _ in range(3_000):
            await asyncio.sleep(0)

    @block("work")
    def work() -> None:
        """Work in a thread for a while."""
        threading.Event().wait(0.02)

    text = steps("""
        - together:
            - - turn around
              - wait: 10 seconds
              - log: turned around at ${string(now())}
            - - work
              - wait: 20 seconds
              - work
              - log: worked at ${string(now())}
              - wait: 5 seconds
    """)
    clock = ManualClock(datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC), jumps=False)
    flow, lines = load(text, turn_around, work, clock=clock), list[str]()

    async def application() -> None:
        running = asyncio.ensure_future(flow.run_async(log=lambda text, _: lines.append(text)))
        await clock.advance(24)
        assert not running.done()
        await clock.advance(1)
        assert running.done()
        await running

    asyncio.run(application())
    assert lines == ["turned around at 2030-01-01T00:00:10Z", "worked at 2030-01-01T00:00:20Z"]


def test_it_says_so_when_time_cannot_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manual_clock, "_MOST_TURNS", 500)
    clock = ManualClock(jumps=False)

    async def turn_around() -> None:
        while True:
            await asyncio.sleep(0)

    async def application() -> None:
        turning = asyncio.create_task(turn_around())
        try:
            await clock.advance(1)
        finally:
            turning.cancel()

    with pytest.raises(RuntimeError, match="goes on and on without waiting for the clock"):
        asyncio.run(application())
    assert clock.passed == 0


def test_it_does_not_jump_while_a_thread_is_at_work() -> None:
    clock = ManualClock()
    go_on = threading.Event()

    @block("work")
    def work() -> int:
        """Work in a thread until it is told to go on."""
        threading.Timer(0.02, go_on.set).start()
        assert go_on.wait(10)
        return int(clock.passed)

    text = steps("""
        - together:
            - - work:
                save as: passed
            - - wait: 1 day
        - return: = passed
    """)
    assert run(load(text, work, clock=clock), "compiled") == 0


def test_it_rings_alarms_in_the_order_in_which_they_were_set_and_none_that_was_cancelled() -> None:
    clock, rung = ManualClock(), list[int]()
    alarms = [clock.call_later(5, partial(rung.append, number)) for number in range(20)]
    clock.call_later(1, lambda: rung.append(-1)).cancel()
    alarms[7].cancel()

    assert clock.jump()
    assert (clock.passed, rung) == (5, [0])
    while clock.jump():
        pass
    assert rung == [number for number in range(20) if number != 7]


def test_it_never_goes_back() -> None:
    clock, seen = ManualClock(), list[float]()
    clock.call_later(1, lambda: seen.append(clock.passed))
    clock.passed = 5

    assert clock.jump()
    assert (clock.passed, seen) == (5, [5])


def test_it_does_not_jump_while_there_is_something_to_read() -> None:
    clock = ManualClock()
    here, there = socket.socketpair()

    async def application() -> float:
        loop = asyncio.get_running_loop()
        read: asyncio.Future[float] = loop.create_future()
        clock.call_later(60, lambda: None)

        def receive() -> None:
            loop.remove_reader(here)
            read.set_result(clock.passed)

        loop.add_reader(here, receive)
        there.send(b"a")
        return await read

    with here, there, asyncio.Runner(loop_factory=clock.new_loop) as runner:
        assert runner.run(application()) == 0


def test_a_clock_that_is_moved_by_hand_stands_still_while_nothing_happens() -> None:
    clock = ManualClock(jumps=False)

    async def application() -> float:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[float] = loop.create_future()
        clock.call_later(60, lambda: None)
        elsewhere = threading.Timer(0.02, lambda: loop.call_soon_threadsafe(lambda: done.set_result(clock.passed)))
        elsewhere.start()
        passed = await done
        elsewhere.join()
        return passed

    with asyncio.Runner(loop_factory=clock.new_loop) as runner:
        assert runner.run(application()) == 0


def test_chance_is_the_clocks() -> None:
    assert [ManualClock().random() for _ in range(2)] == [ManualClock().random()] * 2
    assert ManualClock(chance=lambda: 0.25).random() == 0.25
    assert 0 <= SystemClock().random() < 1


def test_a_long_wait_looks_at_the_clock_again() -> None:
    asked: list[float] = []

    class Watched(ManualClock):
        def jump(self) -> bool:
            before = self.passed
            jumped = super().jump()
            asked.append(self.passed - before)
            return jumped

    clock = Watched()
    with asyncio.Runner(loop_factory=clock.new_loop) as runner:
        runner.run(sleep(clock, 2.5 * LONGEST_ALARM))
    assert asked == [LONGEST_ALARM, LONGEST_ALARM, LONGEST_ALARM / 2]


def test_the_machines_own_clock_goes_forward_and_knows_its_zone() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is not None
    before = clock.monotonic()
    asyncio.run(sleep(clock, 0))
    assert clock.monotonic() >= before
    flow = load(steps("- wait: 1 millisecond\n- wait: 0 seconds\n- return: done"), clock=clock)
    assert run(flow, "compiled") == "done"
    assert flow.run(watch=look_away) == "done"


def test_an_application_may_hand_in_a_loop_of_its_clocks() -> None:
    clock = ManualClock()
    flow = load(steps("- wait: 3 days\n- fail: {code: 7, message: late}"), clock=clock)
    with asyncio.Runner(loop_factory=clock.new_loop) as runner, pytest.raises(Failure, match="late"):
        runner.run(flow.run_async())
    assert clock.passed == THREE_DAYS
