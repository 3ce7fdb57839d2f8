"""How fast a flow's text becomes nodes, against PyYAML's CSafeLoader on the same text.

Run with ``python -m benchmarks.yaml_load``. The rounds of both alternate, so that a busy machine slows both alike.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable

import yaml

from blockwright.language.source import Source, parse_nodes

_STEP = """\
  - resend confirmation email:
      user identity: = user {n}
      note for the log: "asked by ${{user {n}}} at 12:30 # by hand"
    retry: {{more tries: 3, wait: 1 second, growing: 2, only for: [rate limited, unavailable]}}
    time limit: 10 seconds
    if it fails:
      3102:
        - return: ${{user {n}}} has already confirmed the address
      3103, 3104:
        - fail: {{code: 3103, message: Turn on the option first}}
      anything else:
        - log: step {n} failed with ${{failure.code}}, and the run goes on
    save as: answer {n}  # kept for the summary
"""


def flow_text(steps: int) -> str:
    """A flow of so many steps, thirteen lines each."""
    head = "flow: resend to many\nabout: A flow for measuring.\n\nsteps:\n"
    return head + "".join(_STEP.format(n=number) for number in range(1, steps + 1))


def measure(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median time of each piece of work in milliseconds, its rounds alternating with the others'."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, call in work.items():
            gc.collect()
            start = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


def main(steps: int = 1000, rounds: int = 9) -> None:
    text = flow_text(steps)
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    found = measure(
        {
            loader.__name__: lambda: yaml.load(text, loader),
            "parse_nodes": lambda: parse_nodes(Source("flow.yaml", text)),
        },
        rounds,
    )
    base = found[loader.__name__]
    print(f"{steps} steps, {text.count(chr(10))} lines, {len(text) // 1000} kB, median of {rounds} rounds")
    for name, median in found.items():
        print(f"  {name:12} {median:7.1f} ms   {median / base:4.2f}x")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
