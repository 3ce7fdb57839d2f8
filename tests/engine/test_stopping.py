"""Whatever stops a step, and when: every ``always`` comes to its end, once, no handler is asked, nothing is left."""

from __future__ import annotations

import asyncio
import contextvars
import decimal
import itertools
import textwrap
import threading
from collections.abc import Coroutine

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from blockwright import Failure, Flow, FlowError, Limits, block
from blockwright.engine.clock import sleep
from blockwright.expressions import evaluating
from blockwright.expressions.caps import Caps
from blockwright.services.current import Login
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, load, logged, look_away, steps

TIDYING = "\n    always:\n      - wait: 5 seconds\n      - log: tidy\n"


def inside(text: str, by: int) -> str:
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * by)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("first", "second"),
    [("1 hour", "3 seconds"), ("2 seconds", "3 seconds"), ("3 seconds", "3 seconds"), ("3 seconds", "2 seconds")],
)
@pytest.mark.parametrize("body", ["log: body", "wait: 1 hour"])
def test_always_comes_to_its_end_though_time_limits_pass_meanwhile(
    way: Way, first: str, second: str, body: str
) -> None:
    clock = ManualClock()
    text = steps(f"""
        - try:
            - try:
                - try:
                    - {body}
                  always:
                    - wait: 5 seconds
                    - log: tidy
              time limit: {first}
              if it fails: {{timed out: [log: inner]}}
            - wait: 1 hour
          time limit: {second}
          if it fails: {{timed out: [log: outer]}}
        - return: done
    """)
    ending, lines = logged(load(text, clock=clock), way)
    assert (ending, [line for line in lines if line != "body"]) == ("done", ["tidy", "outer"])


@pytest.mark.parametrize("way", WAYS)
def test_always_comes_to_its_end_though_a_step_beside_it_fails(way: Way) -> None:
    text = steps("""
        - together:
            - - try: [log: body]
                always: [wait: 5 seconds, log: tidy]
              - log: never
            - - wait: 3 seconds
              - fail: {code: 7, message: seven}
    """).replace("[wait: 5 seconds, log: tidy]", "[{wait: 5 seconds}, {log: tidy}]")
    clock = ManualClock()
    assert logged(load(text, clock=clock), way) == (7, ["body", "tidy"])
    assert clock.passed == 5


SLOW = """
    - try:
        - try: [{body}]
          always:
            - wait: 5 seconds
            - try: [fail: {{code: 7, message: seven}}]
              if it fails: {{7: [log: tidy]}}
            - wait: 5 seconds
            - log: all is tidy
      always:
        - log: outer
    - log: never
"""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("body", "cancelled_at", "ends_at", "lines"),
    [
        ("log: body", [1], 10, ["body", "tidy", "all is tidy", "outer"]),
        ("log: body", [1, 7], 7, ["body", "tidy", "outer"]),
        ("log: body", [1, 2], 2, ["body", "outer"]),
        ("wait: 20 seconds", [1], 11, ["tidy", "all is tidy", "outer"]),
        ("wait: 20 seconds", [1, 3], 3, ["outer"]),
    ],
)
def test_who_cancels_waits_for_always_and_who_cancels_again_does_not(
    way: Way, body: str, cancelled_at: list[int], ends_at: int, lines: list[str]
) -> None:
    clock = ManualClock(jumps=False)
    flow = load(steps(SLOW.format(body=body)), clock=clock)
    told: list[str] = []

    async def application() -> None:
        watch = look_away if way == "watched" else None
        running = asyncio.ensure_future(flow.run_async(watch=watch, log=lambda text, _: told.append(text)))
        for moment in cancelled_at:
            await clock.advance(moment - clock.passed)
            running.cancel()
        await clock.advance(0)
        while not running.done():
            await clock.advance(1)
        with pytest.raises(asyncio.CancelledError):
            await running
        assert clock.passed == ends_at

    asyncio.run(application())
    assert told == lines


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("around", "ending"),
    [
        ("try: [nothing]\n  if it fails: {7: [{wait: 10 days}, {log: handled}]}", 7),
        ("try: [nothing]\n  retry: {more tries: 9, wait: 1 second, only for: [7]}", 7),
        ("for each: n\n  in: [1, 2, 3]\n  collect failures as: failed\n  do: [nothing]", 7),
        ("for each: n\n  in: [1, 2, 3]\n  at once: 2\n  collect failures as: failed\n  do: [nothing]", "timed out"),
    ],
)
def test_a_step_that_is_stopped_does_not_go_on_because_its_always_fails(way: Way, around: str, ending: object) -> None:
    always = "{try: [{wait: 1 hour}], always: [{wait: 1 second}, {fail: {code: 7, message: seven}}]}"
    limited = steps("- try:\n" + inside("- " + around.replace("nothing", always), 4) + "\n  time limit: 5 seconds")
    clock = ManualClock()
    assert logged(load(limited, clock=clock), way) == (ending, [])
    assert clock.passed == 6

    clock = ManualClock(jumps=False)
    flow, told = load(steps("- " + around.replace("nothing", always)), clock=clock), list[str]()

    async def application() -> object:
        watch = look_away if way == "watched" else None
        running = asyncio.ensure_future(flow.run_async(watch=watch, log=lambda text, _: told.append(text)))
        await clock.advance(1)
        running.cancel()
        await clock.advance(2)
        return await running

    with pytest.raises((Failure, asyncio.CancelledError)):
        asyncio.run(application())
    assert told == []


@pytest.mark.parametrize("way", WAYS)
def test_a_flow_that_tidies_up_for_a_cancelled_task_asks_its_handlers(way: Way) -> None:
    watch = look_away if way == "watched" else None
    text = "- try:\n    - {}fail: {{code: 7, message: seven}}\n  if it fails: {{7: [return: handled]}}"
    flows = [load(steps(text.format(each))) for each in ("", "wait: 1 millisecond\n    - ")]

    async def application(flow: Flow) -> object:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return await flow.run_async(watch=watch)
        return "never"

    async def cancelled(flow: Flow) -> object:
        task = asyncio.create_task(application(flow))
        await asyncio.sleep(0)
        task.cancel()
        return await task

    assert [asyncio.run(cancelled(flow)) for flow in flows] == ["handled", "handled"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("then", ["wait: 3 hours", "together: [[{log: never}], [{log: never}]]", "retry"])
def test_a_block_that_takes_no_notice_stops_at_the_next_wait(way: Way, then: str) -> None:
    clock, calls = ManualClock(), list[int]()

    @block("take no notice", failures={7: "Seven."})
    async def take_no_notice(fails: bool = False) -> None:
        """Wait for a minute of the run's clock, whoever stops it."""
        calls.append(1)
        try:
            await sleep(clock, 60)
        except asyncio.CancelledError:
            await sleep(clock, 60)
        if fails:
            raise Failure(7, "seven")

    call = "take no notice: {fails: true}\n      retry: {more tries: 3, only for: [7]}"
    steps_of_it = f"    - {call}\n" if then == "retry" else f"    - take no notice\n    - {then}\n    - log: never\n"
    text = steps("- try:\n" + steps_of_it + "  time limit: 5 seconds\n  always: [log: tidy]").replace(
        "[log: tidy]", "[{log: tidy}]"
    )
    ending, lines = logged(load(text, take_no_notice, clock=clock), way)
    assert (ending, lines) == (7 if then == "retry" else "timed out", ["tidy"])
    assert (len(calls), clock.passed) == (1, 65)


@pytest.mark.parametrize("way", WAYS)
def test_rounds_at_once_begin_no_more_though_a_block_takes_no_notice(way: Way) -> None:
    seen: list[int] = []

    @block("take no notice", failures={7: "Seven."})
    async def take_no_notice(n: int) -> None:
        """Fail with one number, and go on with others whoever stops it."""
        seen.append(n)
        for _ in range(3):
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue
        if n == 2:
            raise Failure(7, "seven")

    text = steps("- for each: n\n  in: [1, 2, 3, 4, 5, 6, 7, 8]\n  at once: 3\n  do:\n    - take no notice: {n: = n}")
    assert logged(load(text, take_no_notice), way)[0] == 7
    assert seen in ([1, 2, 3], [1, 2, 3, 4])


@block("leave")
async def leave() -> None:
    """End the whole process."""
    raise SystemExit(3)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", [True, False])
def test_what_ends_the_process_leaves_when_the_others_have_tidied_up(way: Way, first: bool) -> None:
    tidying = "[{try: [{wait: 1 hour}], always: [{wait: 1 second}, {log: tidy}]}]"
    branches = ["[leave]", tidying] if first else [tidying, "[leave]"]
    flow, told = load(steps(f"- together: [{', '.join(branches)}]"), leave, clock=ManualClock()), list[str]()
    with pytest.raises(SystemExit):
        flow.run(watch=look_away if way == "watched" else None, log=lambda text, _: told.append(text))
    assert told == ["tidy"]


def test_a_run_that_is_given_up_leaves_the_context_alone_in_which_that_happens() -> None:
    flow = load(steps("- wait: 1 hour"))
    clock, caps, token = ManualClock(), Caps(text=1_000), "the token of another session"

    async def begin() -> Coroutine[object, None, object]:
        running = flow.run_async(limits=Limits(seconds=60, text=5))
        contextvars.copy_context().run(running.send, None)
        return running

    with evaluating(100, clock.now, lambda: None, caps), Login(token), decimal.localcontext() as numbers:
        before = dict(contextvars.copy_context())
        with asyncio.Runner(loop_factory=clock.new_loop) as runner:
            running = runner.run(begin())
            running.close()
        after = dict(contextvars.copy_context())
        assert decimal.getcontext() is numbers
    assert {name: value for name, value in after.items() if before.get(name) is not value} == {}


class World:
    """Blocks of all kinds, which know how many of their calls are under way."""

    def __init__(self) -> None:
        self.inside = 0
        lock = threading.Lock()

        def count(by: int) -> None:
            with lock:
                self.inside += by

        @block("pause", failures={7: "Seven."}, transient=[7])
        async def pause(turns: int, fails: bool = False) -> int:
            """Let others go on for some turns."""
            count(1)
            try:
                for _ in range(turns):
                    await asyncio.sleep(0)
                if fails:
                    raise Failure(7, "seven")
                return turns
            finally:
                count(-1)

        @block("work", failures={7: "Seven."}, transient=[7])
        def work(fails: bool = False) -> None:
            """Work without waiting."""
            count(1)
            try:
                if fails:
                    raise Failure(7, "seven")
            finally:
                count(-1)

        self.blocks = (pause, work)


@st.composite
def bodies(draw: st.DrawFn, numbers: itertools.count[int], depth: int = 0) -> list[str]:
    """Lines of some steps; what each ``try`` begins and ends is logged."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 2))):
        kind = draw(st.sampled_from(_SIMPLE if depth == 3 else _SIMPLE + _NESTED))
        number = next(numbers)
        if kind in _SIMPLE:
            lines.append(f"- {kind}")
            continue
        one, other = (draw(bodies(numbers, depth + 1)) for _ in range(2))
        if kind == "together":
            lines += ["- together:", *_nested("- ", one, 4), *_nested("- ", other, 4)]
        elif kind == "at once":
            lines += [f"- for each: n{number}", "  in: [1, 2, 3]", "  at once: 2"]
            lines += ["  collect failures as: " + f"f{number}"] * draw(st.booleans())
            lines += ["  do:", *_nested("", one, 4)]
        else:
            tried = ["- try:", f"    - log: begin {number}", *_nested("", one, 4), "  always:"]
            tried += ["    - try:", *_nested("", other, 8), "      always:", f"        - log: end {number}"]
            if kind == "always and more":
                tried = ["- try:", *_nested("", tried, 4)]
                tried += [draw(st.sampled_from(["  time limit: 1 second", "  retry: {more tries: 2, wait: 1 second}"]))]
                tried += ["  if it fails: {anything else: ignore}"] * draw(st.booleans())
            lines += tried
    return lines


_SIMPLE = ["pause: {turns: 1}", "pause: {turns: 3}", "pause: {turns: 1, fails: true}", "work", "work: {fails: true}"]
_SIMPLE += ["wait: 1 second", "wait: 0 seconds"]
_NESTED = ["together", "at once", "always", "always and more"]


def _nested(mark: str, lines: list[str], by: int) -> list[str]:
    own = [" " * len(mark) + line for line in lines]
    return [" " * by + line for line in [mark + own[0][len(mark) :], *own[1:]]]


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(WAYS))
def test_a_run_that_is_cancelled_at_any_moment_ends_tidily(data: st.DataObject, way: Way) -> None:
    world, clock = World(), ManualClock()
    lines = data.draw(bodies(itertools.count()))
    text = "flow: f\nsteps:\n" + "".join(f"  {line}\n" for line in lines)
    try:
        flow = load(text, *world.blocks, clock=clock)
    except FlowError:
        assume(False)
    is_over, turns = False, 0
    while not is_over and turns < 60:
        told: list[str] = []
        with asyncio.Runner(loop_factory=clock.new_loop) as runner:
            is_over = runner.run(_cancelled_after(flow, turns, way, told))
        begun = sorted(line.removeprefix("begin ") for line in told if line.startswith("begin"))
        ended = sorted(line.removeprefix("end ") for line in told if line.startswith("end"))
        assert begun == ended, text
        assert world.inside == 0, text
        turns += 1


async def _cancelled_after(flow: Flow, turns: int, way: Way, told: list[str]) -> bool:
    watch = look_away if way == "watched" else None
    running = asyncio.ensure_future(flow.run_async(watch=watch, log=lambda text, _: told.append(text)))
    for _ in range(turns):
        await asyncio.sleep(0)
    is_over = running.done()
    running.cancel()
    await asyncio.wait([running])
    assert asyncio.all_tasks() == {asyncio.current_task()}
    if not running.cancelled() and running.exception() is not None:
        assert isinstance(running.exception(), Failure)
    return is_over
