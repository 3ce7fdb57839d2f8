"""Rounds side by side: 10,000 items, 100 at once, each awaiting a trivial coroutine; a million steps in branches."""

from __future__ import annotations

import asyncio
import time
import tracemalloc

from benchmarks.measure import ratio, report
from blockwright import Limits, Runtime, block

ITEMS = 10_000
AT_ONCE = 100

FLOW = """
flow: rounds at once
inputs:
  items: list of number
steps:
  - for each: number
    in: = items
    at once: {at_once}
    collect as: results
    each gives: = result
    do:
      - fetch a number: {{number: = number}}
        save as: result
  - return: = results
"""

STEPS = """
flow: many steps
inputs:
  rounds: number
steps:
  - for each: part
    in: [1, 2, 3, 4]
    at once: 4
    do:
      - set: {total: 0}
      - count: number
        from: 1
        to: = rounds
        do:
          - set: {total: = total + number}
"""


@block("fetch a number")
async def fetch_a_number(number: int) -> int:
    """Lets others go on, then gives the number."""
    await asyncio.sleep(0)
    return number


async def by_hand(items: list[int]) -> list[int]:
    """The same with a semaphore, as it is usually written."""
    fetch = fetch_a_number.function
    allowed = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> int:
        async with allowed:
            return await fetch(number)

    return await asyncio.gather(*(one(number) for number in items))


def main() -> None:
    runtime = Runtime(blocks=[fetch_a_number], limits=Limits(steps=10_000_000))
    flow = runtime.load_text(FLOW.format(at_once=AT_ONCE), "at_once.yaml")
    items = list(range(ITEMS))
    assert flow.run({"items": items}) == asyncio.run(by_hand(items)) == items
    measured = ratio(lambda: flow.run({"items": items}), lambda: asyncio.run(by_hand(items)))
    report("at once, 10,000 items", "asyncio and a semaphore", measured, "1.2, at most 2")

    many = runtime.load_text(STEPS, "many.yaml")
    seconds: dict[int, float] = {}
    peaks: dict[int, int] = {}
    for rounds in (25_000, 125_000):
        start = time.perf_counter()
        many.run({"rounds": rounds})
        seconds[rounds] = time.perf_counter() - start
        tracemalloc.start()
        many.run({"rounds": rounds // 10})
        peaks[rounds] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    more = seconds[125_000] / seconds[25_000]
    print(f"  a million steps in branches: {seconds[125_000]:.2f} s, {more:.1f} times as long as a fifth of them (5)")
    print(f"  memory of five times the steps: {peaks[125_000] / peaks[25_000]:.2f} times as much (1)")


if __name__ == "__main__":
    main()
