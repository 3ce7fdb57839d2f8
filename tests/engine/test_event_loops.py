"""A flow of synchronous blocks needs no event loop; one that waits runs in its own, or joins the caller's."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from blockwright import Failure, block
from tests.engine.kit import WAYS, Way, load, look_away, run


@block("look for a loop")
def look_for_a_loop() -> bool:
    """Whether an event loop is running here."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@block("wait a moment", failures={7: "It fell."})
async def wait_a_moment(word: str = "go on") -> str:
    """Wait for one turn of the event loop."""
    await asyncio.sleep(0)
    if word == "fall":
        raise Failure(7, "fell")
    return word


SYNCHRONOUS = """\
flow: synchronous
steps:
  - look:
    save as: found
  - return: = found
functions:
  look:
    steps:
      - look for a loop:
        save as: found
      - return: = found
  never called:
    steps:
      - wait a moment:
"""

WAITING = """\
flow: waiting
inputs:
  word: text
steps:
  - for each: letter
    in: [a, b]
    do:
      - pause: {word: = word}
        save as: last
  - return: = last
functions:
  pause:
    inputs: {word: text}
    steps:
      - wait a moment: {word: = word}
        save as: said
      - return: = said
"""


@pytest.mark.parametrize("way", WAYS)
def test_a_flow_of_synchronous_blocks_runs_without_an_event_loop(way: Way) -> None:
    flow = load(SYNCHRONOUS, look_for_a_loop, wait_a_moment)
    assert not flow.waits
    assert run(flow, way) is False


def test_no_event_loop_is_ever_made_for_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio, sys\n"
        "def refuse(*_args, **_options): raise AssertionError('an event loop was made')\n"
        "asyncio.new_event_loop = asyncio.run = asyncio.Runner = asyncio.BaseEventLoop.__init__ = refuse\n"
        "from blockwright import Runtime\n"
        "flow = Runtime().load_text('flow: f\\nsteps:\\n  - repeat: 2\\n    do:\\n      - log: a\\n  - return: 4\\n')\n"
        "print(flow.run(), flow.run(watch=lambda _: None))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "4 4\n"


@pytest.mark.parametrize("way", WAYS)
def test_a_waiting_flow_runs_in_a_loop_of_its_own(way: Way) -> None:
    flow = load(WAITING, wait_a_moment)
    assert flow.waits
    assert run(flow, way, {"word": "done"}) == "done"
    with pytest.raises(Failure) as failed:
        run(flow, way, {"word": "fall"})
    assert str(failed.value.place) == "flow.yaml:15:9"


@pytest.mark.parametrize("watch", [None, look_away])
def test_a_waiting_flow_joins_the_callers_loop(watch: object) -> None:
    flow = load(WAITING, wait_a_moment)

    async def application() -> list[object]:
        calls = [flow.run_async({"word": word}, watch=watch) for word in ("a", "b", "c")]  # type: ignore[arg-type]
        return await asyncio.gather(*calls)

    assert asyncio.run(application()) == ["a", "b", "c"]


def test_run_inside_a_running_loop_says_what_to_do_instead() -> None:
    waiting, synchronous = load(WAITING, wait_a_moment), load(SYNCHRONOUS, look_for_a_loop, wait_a_moment)

    async def application() -> object:
        with pytest.raises(RuntimeError) as refused:
            waiting.run({"word": "x"})
        assert str(refused.value) == (
            "`waiting` waits for its blocks, and an event loop is running here: `await flow.run_async(…)`"
        )
        assert synchronous.run() is True, "one that never waits may run anywhere"
        return await synchronous.run_async()

    assert asyncio.run(application()) is True
