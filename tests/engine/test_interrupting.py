"""Ctrl-C, in a process of its own, at every kind of wait: tidy at the first, in a hurry at the second."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.engine.kit import WAYS, Way, steps

SCRIPT = """
import asyncio, sys, threading, time
from blockwright import Runtime, block, Limits

@block("pause")
async def pause() -> None:
    "Wait for ever."
    print("begun", flush=True)
    await asyncio.Event().wait()

@block("work")
def work() -> None:
    "Work in a thread for a while."
    print("begun", flush=True)
    time.sleep(0.3)

@block("begin")
def begin() -> None:
    "Say that it begins."
    print("begun", flush=True)

runtime = Runtime(blocks=[pause, work, begin], log=lambda text, _: print(text, flush=True))
flow = runtime.load_text({text!r})
try:
    flow.run(watch={watch}, limits=Limits(seconds={seconds}))
except KeyboardInterrupt:
    print("interrupted", flush=True)
print(sorted(each.name for each in threading.enumerate() if not each.name.startswith("blockwright")), flush=True)
"""

WAITS = {
    "wait": "[begin, {wait: 1 hour}]",
    "block": "[pause]",
    "retry": "[begin, {fail: {code: 7, message: m}, retry: {more tries: 1, wait: 1 hour, only for: [7]}}]",
    "time limit": "[begin, {wait: 1 hour, time limit: 30 minutes}]",
    "together": "[{together: [[{wait: 1 hour}], [begin, {wait: 1 hour}]]}]",
    "at once": "[{for each: n, in: [1, 2], at once: 2, do: [{if: = n = 2, then: [begin]}, {wait: 1 hour}]}]",
    "thread": "[{together: [[{wait: 1 hour}], [work]]}]",
    "always": "[{try: [{set: {a: 1}}], always: [begin, {wait: 1 second}, {log: inner is tidy}]}]",
}


def interrupted(folder: Path, text: str, way: Way, seconds: object, after: list[str]) -> list[str]:
    """What a process says that is interrupted each time it has said one of these things."""
    script = folder / "script.py"
    watch = "(lambda _: None)" if way == "watched" else "None"
    script.write_text(textwrap.dedent(SCRIPT.format(text=text, watch=watch, seconds=seconds)), encoding="utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in after:
            while not said or said[-1] != line:
                said.append(process.stdout.readline().rstrip("\n"))
                assert said[-1], said
            process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[0].splitlines()
    return [*said, *rest]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", WAITS)
def test_ctrl_c_stops_what_waits_and_always_runs(kind: str, way: Way, tmp_path: Path) -> None:
    text = steps("""
        - try: BODY
          if it fails: {anything else: [log: handled]}
          always:
            - log: tidying
            - wait: 50 milliseconds
            - log: tidy
        - log: never
    """).replace("BODY", WAITS[kind]).replace("[log: handled]", "[{log: handled}]")  # fmt: skip
    said = interrupted(tmp_path, text, way, None if kind == "wait" else 3600, ["begun"])
    inner = ["inner is tidy"] if kind == "always" else []
    assert said == ["begun", *inner, "tidying", "tidy", "interrupted", "['MainThread']"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["wait", "together", "at once"])
def test_a_second_ctrl_c_does_not_wait_for_always(kind: str, way: Way, tmp_path: Path) -> None:
    text = steps("""
        - try: BODY
          always:
            - try:
                - log: tidying
                - wait: 1 hour
                - log: never
              always: [log: the innermost]
        - log: never
    """).replace("BODY", WAITS[kind]).replace("[log: the innermost]", "[{log: the innermost}]")  # fmt: skip
    said = interrupted(tmp_path, text, way, None, ["begun", "tidying"])
    assert said == ["begun", "tidying", "the innermost", "interrupted", "['MainThread']"]
