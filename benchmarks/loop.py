"""The loop benchmark: 10,000 rounds of one `if` on a number, one `set` with arithmetic, one call of a trivial block."""

from __future__ import annotations

import asyncio
import time

from benchmarks.measure import ratio, report
from blockwright import Event, Flow, Runtime, block
from blockwright.engine.trace import StepBegins

ROUNDS = 10_000

FLOW = """
flow: {name}
inputs:
  rounds: number
steps:
  - set: {{total: 0, big: 0}}
  - count: number
    from: 1
    to: = rounds
    do:
      - if: = number > 5000
        then:
          - set: {{big: = number}}
      - set: {{total: = total + number * 2}}
      - {block}:
          number: = number
  - return: = total + big
"""


@block("note a number")
def note_a_number(number: int) -> None:
    """Does nothing with a number."""


@block("wait for a number")
async def wait_for_a_number(number: int) -> None:
    """Does nothing with a number, asynchronously."""


def plain(rounds: int) -> int:
    """The same loop, written by hand."""
    note = note_a_number.function
    total = big = 0
    for number in range(1, rounds + 1):
        if number > 5000:
            big = number
        total = total + number * 2
        note(number)
    return total + big


async def plain_await(rounds: int) -> int:
    """The same loop with `await`, written by hand."""
    wait = wait_for_a_number.function
    total = big = 0
    for number in range(1, rounds + 1):
        if number > 5000:
            big = number
        total = total + number * 2
        await wait(number)
    return total + big


def main() -> None:
    runtime = Runtime(blocks=[note_a_number, wait_for_a_number])
    flow = runtime.load_text(FLOW.format(name="count numbers", block="note a number"), "loop.yaml")
    waiting = runtime.load_text(FLOW.format(name="count and wait", block="wait for a number"), "wait.yaml")
    given = {"rounds": ROUNDS}
    assert flow.run(given) == plain(ROUNDS) == waiting.run(given)
    measured = ratio(lambda: flow.run(given), lambda: plain(ROUNDS))
    report("loop, synchronous block", "plain Python", measured, "2, at most 4")
    report(
        "loop, asynchronous block",
        "plain await",
        ratio(lambda: waiting.run(given), lambda: asyncio.run(plain_await(ROUNDS))),
        "2, at most 4",
    )
    watched = ratio(lambda: flow.run(given, watch=_look_away), lambda: flow.run(given), clock=time.process_time)
    report("loop, watched (the interpreter)", "not watched", watched, "no aim")
    print(f"  a step of a watched run: {watched[0] / _steps(flow, given) * 1e6:.1f} µs (at most 5)")


def _look_away(event: Event) -> None:
    """Watches, and does nothing with what it sees."""


def _steps(flow: Flow, given: dict[str, object]) -> int:
    """How many steps a run takes, as a watcher counts them."""
    events: list[Event] = []
    flow.run(given, watch=events.append)
    return sum(isinstance(event, StepBegins) for event in events)


if __name__ == "__main__":
    main()
