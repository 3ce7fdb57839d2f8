"""``for each … at once``: rounds side by side, in workers that pull items; results in the order of the list."""

from __future__ import annotations

import asyncio
import gc
import itertools
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright import Failure, Limits, block
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, failing, load, logged, look_away, run, steps

SQUARES = """\
flow: squares
inputs: {items: list of number, width: number}
steps:
  - for each: n
    in: = items
    at once: = width
    collect as: squares
    each gives: = square
    collect failures as: failed
    do:
      - look at: {n: = n}
        save as: square
  - return: [= squares, = failed]
"""


class Looking:
    """A block that takes as long as a schedule says, and knows how many of it were at work at once."""

    def __init__(self, turns: list[int] | None = None, sevens_fail: bool = False) -> None:
        self.most = 0
        self.begun: list[int] = []
        working = 0
        schedule = itertools.cycle(turns or [0])

        @block("look at", failures={7: "Seven."})
        async def look_at(n: int) -> int:
            """Square a number, after some turns of the event loop."""
            nonlocal working
            self.begun.append(n)
            working += 1
            self.most = max(self.most, working)
            try:
                for _ in range(next(schedule)):
                    await asyncio.sleep(0)
            finally:
                working -= 1
            if sevens_fail and n % 7 == 0:
                raise Failure(7, f"no {n}")
            return n * n

        self.block = look_at


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 30), max_size=12),
    st.integers(1, 15),
    st.lists(st.integers(0, 4), min_size=1, max_size=8),
)
def test_results_do_not_depend_on_how_many_run_at_once_nor_on_how_long_they_take(
    items: list[int], width: int, turns: list[int]
) -> None:
    good = [n * n for n in items if n % 7]
    bad = [(7, f"no {n}", n, number) for number, n in enumerate(items, 1) if n % 7 == 0]
    for way in WAYS:
        looking = Looking(turns, sevens_fail=True)
        result = run(load(SQUARES, looking.block), way, {"items": items, "width": width})
        assert isinstance(result, list)
        squares, failed = result
        assert squares == good
        assert [(each["code"], each["message"], each["item"], each["round"]) for each in failed] == bad
        assert looking.most <= width
        assert looking.begun == items


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("items", "width", "most"), [(10, 3, 3), (3, 100, 3), (0, 5, 0), (1, 5, 1), (4, 1, 1)])
def test_so_many_rounds_run_at_once_and_no_more(items: int, width: int, most: int, way: Way) -> None:
    looking = Looking([2])
    assert run(load(SQUARES, looking.block), way, {"items": list(range(items)), "width": width}) == [
        [n * n for n in range(items)],
        [],
    ]
    assert looking.most == most


@pytest.mark.parametrize("way", WAYS)
def test_ten_thousand_rounds_need_no_ten_thousand_tasks(way: Way) -> None:
    most = 0

    @block("look at")
    async def look_at(n: int) -> int:
        """Count the tasks there are."""
        nonlocal most
        if n % 100 == 0:
            most = max(most, len(asyncio.all_tasks()))
        await asyncio.sleep(0)
        return n

    text = SQUARES.replace("    collect failures as: failed\n", "").replace(", = failed", "")
    flow = load(text, look_at)
    assert run(flow, way, {"items": list(range(10_000)), "width": 50}) == [list(range(10_000))]
    assert most <= 52


@pytest.mark.parametrize("way", WAYS)
def test_a_failure_stops_the_other_rounds_and_begins_no_more(way: Way) -> None:
    clock = ManualClock()
    text = steps("""
        - for each: n
          in: [1, 2, 3, 4, 5]
          at once: 3
          do:
            - log: begin ${n}
            - try:
                - wait: ${n} seconds
                - if: = n = 2
                  then: [fail: {code: 7, message: two}]
              always:
                - log: tidy ${n}
    """)
    flow = load(text, clock=clock)
    ending, lines = logged(flow, way)
    assert ending == 7
    assert lines == ["begin 1", "begin 2", "begin 3", "tidy 1", "begin 4", "tidy 2", "tidy 4", "tidy 3"]
    assert clock.passed == 2
    assert str(failing(flow, way).place) == "flow.yaml:11:20"


@pytest.mark.parametrize("way", WAYS)
def test_rounds_have_variables_of_their_own(way: Way) -> None:
    text = steps("""
        - set: {base: 100}
        - for each: n
          in: [3, 1, 2]
          at once: 3
          collect as: seen
          each gives: [= n, = mine, = last]
          do:
            - if: = n = 1
              then: [set: {last: one}]
            - set: {mine: = base + n}
            - wait: ${n} seconds
            - set: {mine: = mine + n}
        - return: = seen
    """)
    clock = ManualClock()
    assert run(load(text, clock=clock), way) == [[3, 106, None], [1, 102, "one"], [2, 104, None]]
    assert clock.passed == 3


@pytest.mark.parametrize("way", WAYS)
def test_next_round_ends_that_round_and_collects_nothing_of_it(way: Way) -> None:
    text = steps("""
        - for each: n
          in: [1, 2, 3, 4]
          at once: 2
          collect as: odd
          each gives: = n
          do:
            - try:
                - if: = modulo(n, 2) = 0
                  then: [next round]
              time limit: 1 minute
              retry: {more tries: 1, only for: [timed out]}
            - for each: m
              in: [1, 2]
              do:
                - stop loop
        - return: = odd
    """)
    assert run(load(text, clock=ManualClock()), way) == [1, 3]


@pytest.mark.parametrize("way", WAYS)
def test_a_task_that_is_cancelled_stops_all_rounds(way: Way) -> None:
    clock = ManualClock(jumps=False)
    text = steps("""
        - for each: n
          in: = 1..100
          at once: 4
          do:
            - try: [wait: 1 hour]
              always: [log: 'tidy ${n}']
    """).replace("in: = 1..100", "in: '= for i in 1..100 return i'")
    flow, lines = load(text, clock=clock), list[str]()

    async def application() -> set[asyncio.Task[object]]:
        watch = look_away if way == "watched" else None
        running = asyncio.ensure_future(flow.run_async(watch=watch, log=lambda text, _: lines.append(text)))
        await clock.advance(1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(application()) == set()
    assert lines == ["tidy 1", "tidy 2", "tidy 3", "tidy 4"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("given_width", [0, -1, 1.5, "two", None, True])
def test_a_number_of_rounds_that_makes_no_sense_is_a_bad_value(given_width: object, way: Way) -> None:
    text = SQUARES.replace("width: number", "width: anything")
    failure = failing(load(text, Looking().block), way, {"items": [1], "width": given_width})
    assert (failure.code, str(failure.place)) == ("bad value", "flow.yaml:6:16")


@pytest.mark.parametrize("way", WAYS)
def test_rounds_share_the_steps_of_the_run_and_no_handler_collects_their_end(way: Way) -> None:
    text = steps("""
        - for each: n
          in: '= for i in 1..1000 return i'
          at once: 10
          collect failures as: failed
          do:
            - log: a
        - return: = failed
    """)
    needed = 1 + 2 + 1000 * 2
    assert run(load(text, limits=Limits(steps=needed)), way) == []
    ending, lines = logged(load(text, limits=Limits(steps=needed - 1)), way)
    assert ending == "too many steps"
    assert len(lines) == 999
    assert failing(load(text, limits=Limits(steps=50)), way).code == "too many steps"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("spare", [0, 1_000, 100_000, 1_000_000])
@pytest.mark.parametrize("width", [30, 700, 3_000])
def test_rounds_that_wait_keep_no_steps_from_the_others(way: Way, width: int, spare: int) -> None:
    text = "inputs: {items: list, width: number}\n" + steps("""
        - for each: n
          in: = items
          at once: = width
          do: [wait: 1 second]
        - return: done
    """).replace("[wait: 1 second]", "[{wait: 1 second}]")
    needed = 1 + 2 + 3_000 * 2
    flow = load(text, clock=ManualClock(), limits=Limits(steps=needed + spare))
    assert run(flow, way, {"items": list(range(3_000)), "width": width}) == "done"


@pytest.mark.parametrize("way", WAYS)
def test_blocks_that_do_not_wait_run_beside_one_another(way: Way) -> None:
    met = threading.Barrier(4, timeout=30)

    @block("look at")
    def look_at(n: int) -> int:
        """Come back when four have come."""
        met.wait()
        return n * n

    assert run(load(SQUARES, look_at), way, {"items": [1, 2, 3, 4], "width": 4}) == [[1, 4, 9, 16], []]


def test_a_run_leaves_no_garbage_that_holds_its_values() -> None:
    class Thing:
        """Something that a block holds on to while it fails."""

    alive = 0

    @block("look at", failures={7: "Seven."})
    async def look_at(n: int) -> int:
        """Fail with a large thing in the frame."""
        thing = Thing()
        await asyncio.sleep(0)
        assert thing is not None
        raise Failure(7, f"no {n}")

    flow = load(SQUARES.replace("    collect failures as: failed\n", "").replace(", = failed", ""), look_at)
    for _ in range(3):
        assert failing(flow, "compiled", {"items": [1, 2], "width": 2}).code == 7
    gc.collect()
    alive = sum(type(each).__name__ == "Thing" for each in gc.get_objects())
    assert alive == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("width", [1, 2])
def test_recursion_through_rounds_deeper_than_python_can_go_fails_as_too_deep(width: int, way: Way) -> None:
    text = steps("""
        - down
          if it fails: {too deep: [return: it was deep]}
    """).replace("- down\n", "- down:\n") + (
        f"functions:\n  down:\n    steps:\n      - for each: n\n        in: [1, 2]\n        at once: {width}\n"
        "        do:\n          - if: = n = 1\n            then: [down]\n"
    )
    assert run(load(text, limits=Limits(depth=2_000)), way) == "it was deep"
