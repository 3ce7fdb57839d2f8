"""Flows that mean harm end within their limits, in bounded memory, beside others that are served meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blockwright import Failure, Limits, Runtime
from blockwright.engine.limits import GRACE
from blockwright.engine.manual_clock import ManualClock
from tests.engine.kit import WAYS, Way, look_away

FLOWS = sorted((Path(__file__).parent / "hostile").glob("*.yaml"))
LIMITS = Limits(
    steps=20_000,
    expression_steps=100_000,
    depth=40,
    seconds=20,
    text=1_000_000,
    items=100_000,
    log_lines=1_000,
    branches=500,
)
"""What an application might allow strangers."""

CODES = {"too many steps", "too deep", "too big", "timed out", "too many log lines", "too many branches", "bad value"}
MOST_MEMORY = 150_000_000
"""Bytes that all of them together may add to a process."""

WELL_BEHAVED = """\
flow: well behaved
steps:
  - set: {sum: 0}
  - count: n
    from: 1
    to: 100
    do:
      - set: {sum: = sum + n}
  - return: = sum
"""


def end_of(flow_file: Path, way: Way) -> str:
    """The code with which a hostile flow ends; time jumps where it waits."""
    clock = ManualClock()
    flow = Runtime(limits=LIMITS, log=lambda _text, _place: None, clock=clock).load(flow_file)
    try:
        flow.run(watch=look_away if way == "watched" else None)
    except Failure as failure:
        assert clock.passed <= (LIMITS.seconds or 0) + GRACE + 1
        return str(failure.code)
    return "an end"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("flow_file", FLOWS, ids=lambda path: path.stem)
def test_a_hostile_flow_ends_within_its_limits(flow_file: Path, way: Way) -> None:
    assert end_of(flow_file, way) in CODES | {"an end"}


def test_all_of_them_leave_a_process_small_that_goes_on_serving_others() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.test_hostile"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told["codes"]) <= CODES | {"an end"}
    assert told["memory"] < MOST_MEMORY, told["worst"]
    assert told["served"] > len(FLOWS)
    assert told["wrong"] == 0


def main() -> None:
    """Run all hostile flows one after another, a well-behaved one all the while, and tell how it went."""
    good = Runtime().load_text(WELL_BEHAVED)
    good.run()
    before = memory()
    served: list[object] = []
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            served.append(good.run())
            is_over.wait(0.005)

    server = threading.Thread(target=serve)
    server.start()
    codes, worst, most = [], "", 0
    for flow_file in FLOWS:
        codes.append(end_of(flow_file, "compiled"))
        if memory() > most:
            worst, most = flow_file.stem, memory()
    is_over.set()
    server.join()
    wrong = sum(each != 5050 for each in served)
    print(json.dumps({"codes": codes, "memory": most - before, "worst": worst, "served": len(served), "wrong": wrong}))


def memory() -> int:
    """The most bytes that this process has had so far."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
