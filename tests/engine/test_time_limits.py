"""``time limit``: each try has its own, what waits is stopped, what tidies up runs."""

from __future__ import annotations

import asyncio

import pytest

from blockwright import Block, Failure, block
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, failing, load, logged, run, steps


def late(seconds: str = "1 hour", limit: str = "10 seconds", more: str = "") -> str:
    return steps(f"""
        - set: {{n: 1}}
        - pause: {{how long: {seconds}}}
          time limit: {limit}
          {more}
        - return: done
    """) + "functions:\n  pause:\n    inputs: {how long: text}\n    steps:\n      - wait: = how long\n"  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_takes_too_long_fails_at_its_limit(way: Way) -> None:
    clock = ManualClock()
    failure = failing(load(late(), clock=clock), way)
    assert (failure.code, str(failure.place)) == ("timed out", "flow.yaml:5:5")
    assert failure.message == "this took longer than its time limit of 10 seconds"
    assert clock.passed == 10


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("seconds", "limit", "ends"),
    [
        ("9.9 seconds", "10 seconds", "done"),
        ("10 seconds", "10 seconds", "timed out"),
        ("0 seconds", "0 seconds", "timed out"),
        ("1 second", "3650 days", "done"),
        ("3649 days", "3650 days", "done"),
        ("3650 days", "3649 days", "timed out"),
    ],
)
def test_limits_of_every_length(seconds: str, limit: str, ends: str, way: Way) -> None:
    assert logged(load(late(seconds, limit), clock=ManualClock()), way)[0] == ends


@pytest.mark.parametrize("way", WAYS)
def test_a_limit_of_nothing_is_past_before_the_step_is_done_even_where_it_never_waits(way: Way) -> None:
    flow = load(steps("- log: a\n  time limit: 0 seconds\n  if it fails: {timed out: [return: late]}"))
    assert logged(flow, way) == ("late", ["a"])


@pytest.mark.parametrize("way", WAYS)
def test_handlers_see_that_it_timed_out(way: Way) -> None:
    flow = load(late(more="if it fails: {timed out: [return: '${failure.code}, ${n}']}"), clock=ManualClock())
    assert run(flow, way) == "timed out, 1"


@pytest.mark.parametrize("way", WAYS)
def test_each_try_has_the_limit_and_a_try_around_them_bounds_all(way: Way) -> None:
    clock = ManualClock(chance=lambda: 0.0)
    flow = load(late(more="retry: {more tries: 3, wait: 2 seconds}"), clock=clock)
    assert failing(flow, way).code == "timed out"
    assert clock.passed == 4 * 10 + 3 * 1

    clock = ManualClock(chance=lambda: 0.0)
    text = steps("""
        - try:
            - wait: 1 hour
              time limit: 10 seconds
              retry: {more tries: 9, wait: 2 seconds}
          time limit: 25 seconds
    """)
    failure = failing(load(text, clock=clock), way)
    assert (failure.code, str(failure.place), clock.passed) == ("timed out", "flow.yaml:7:5", 25)


@pytest.mark.parametrize("way", WAYS)
def test_the_inner_of_two_limits_is_its_own(way: Way) -> None:
    clock = ManualClock()
    text = steps("""
        - try:
            - wait: 1 hour
              time limit: 5 seconds
              if it fails: {timed out: [log: inner]}
            - wait: 1 hour
          time limit: 8 seconds
          if it fails: {timed out: [log: outer]}
        - return: done
    """)
    assert logged(load(text, clock=clock), way) == ("done", ["inner", "outer"])
    assert clock.passed == 8


@pytest.mark.parametrize("way", WAYS)
def test_always_runs_to_its_end_after_the_limit(way: Way) -> None:
    clock = ManualClock()
    text = steps("""
        - try:
            - try:
                - wait: 1 hour
              always:
                - wait: 3 seconds
                - log: tidy
          time limit: 10 seconds
    """)
    assert logged(load(text, clock=clock), way) == ("timed out", ["tidy"])
    assert clock.passed == 13


@block("time out", failures={"timed out": "The service took too long."})
async def time_out(details: str = "the service's") -> None:
    """Say of its own accord that it timed out."""
    raise Failure("timed out", "the service took too long", details)


@block("break down")
def break_down() -> None:
    """Raise what Python raises when a socket times out."""
    raise TimeoutError("socket")


@block("break down later")
async def break_down_later() -> None:
    """The same after a while."""
    await asyncio.sleep(0)
    raise TimeoutError("socket")


@block("give up")
async def give_up() -> None:
    """Wait for something that somebody else cancelled."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.cancel()
    await future


@pytest.mark.parametrize("way", WAYS)
def test_a_block_that_times_out_by_itself_is_not_taken_for_the_limit(way: Way) -> None:
    failure = failing(load(steps("- time out:\n  time limit: 1 minute"), time_out), way)
    assert (failure.message, failure.details, failure.block) == (
        "the service took too long",
        "the service's",
        "time out",
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("of", [break_down, break_down_later])
def test_pythons_own_timeouts_are_not_taken_for_the_limit(of: Block[..., object], way: Way) -> None:
    failure = failing(load(steps(f"- {of.label}:\n  time limit: 1 minute"), of), way)
    assert (failure.code, failure.block) == ("unexpected", of.label)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("around", ["- give up:\n  time limit: 1 minute", "- together: [[give up], [wait: 1 hour]]"])
def test_a_block_that_waits_for_what_was_cancelled_ends_the_run_as_cancelled(around: str, way: Way) -> None:
    lines: list[str] = []
    text = f"- try:\n    {around.replace(chr(10), chr(10) + '    ')}\n  always: [log: tidy]"
    flow = load(steps(text), give_up, clock=ManualClock())
    with pytest.raises(asyncio.CancelledError):
        flow.run(watch=None if way == "compiled" else (lambda _: None), log=lambda text, _: lines.append(text))
    assert lines == ["tidy"]


@pytest.mark.parametrize("way", WAYS)
def test_loops_are_left_and_values_returned_through_a_limit_and_a_retry(way: Way) -> None:
    text = steps("""
        - set: {seen: ''}
        - for each: n
          in: [1, 2, 3, 4, 5]
          do:
            - try:
                - if: = n = 2
                  then: [next round]
                - if: = n = 4
                  then: [stop loop]
                - set: {seen: '${seen}${n}'}
                - for each: m
                  in: [1, 2]
                  do:
                    - stop loop
              time limit: 1 minute
              retry: {more tries: 2, wait: 1 second, only for: [timed out]}
        - try:
            - return: = seen
          time limit: 1 minute
          retry: {more tries: 2, only for: [timed out]}
    """)
    assert run(load(text, clock=ManualClock()), way) == "13"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("given", [5, None, "P1M", "-1 second", "soon"])
def test_a_limit_that_is_no_duration_is_a_bad_value(given: object, way: Way) -> None:
    flow = load("flow: f\ninputs: {n: anything}\nsteps:\n  - log: a\n    time limit: = n\n")
    failure = failing(flow, way, {"n": given})
    assert (failure.code, str(failure.place)) == ("bad value", "flow.yaml:5:19")


@pytest.mark.parametrize("way", WAYS)
def test_what_a_step_set_before_its_limit_stays_set(way: Way) -> None:
    text = steps("""
        - set: {n: 1}
        - try:
            - set: {n: 2}
            - wait: 1 hour
            - set: {n: 3}
          time limit: 1 second
          if it fails: {timed out: ignore}
        - return: = n
    """)
    assert run(load(text, clock=ManualClock()), way) == 2
