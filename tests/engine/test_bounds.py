"""A run is bounded in time, in the size of its values, in its log, its branches and its calls; each limit is said."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest

from blockwright import Failure, Limits, block
from blockwright.engine.limits import GRACE
from blockwright.engine.manual_clock import ManualClock
from blockwright.failure import ENGINE_CODES, FINAL_CODES
from tests.engine.kit import WAYS, Way, failing, load, look_away, run

FOREVER = "  - while: true\n    do:\n      - set: {n: = 1 + 1}\n"
HANDLED = (
    "  - try:\n      - set: {a: '= number(\"7\")'}\n{inner}    if it fails:\n"
    "      anything else: ignore\n  - return: it went on\n"
)


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("steps", "seconds"),
    [
        (FOREVER, 0.05),
        ("  - wait: 10 days\n", 60.0),
        ("  - set: {n: '= count(for a in 1..900, b in 1..900, c in 1..900 return 1)'}\n", 0.05),
        ("  - for each: x\n    in: [1, 2]\n    at once: 2\n    do: [wait: 10 days]\n", 60.0),
    ],
)
def test_a_run_ends_when_its_time_is_over_whatever_it_does(way: Way, steps: str, seconds: float) -> None:
    clock = None if seconds < 1 else ManualClock()
    limits = Limits(seconds=seconds, steps=10**9, expression_steps=10**9)
    flow = load("flow: f\nsteps:\n" + HANDLED.replace("{inner}", indented(steps)), limits=limits, clock=clock)
    began = time.monotonic()
    failure = failing(flow, way)
    assert failure.code == "timed out"
    said = "1 minute" if seconds > 1 else "50 milliseconds"
    assert failure.message == f"the run took longer than the {said} it may take"
    assert time.monotonic() - began < 5


@block("pause")
async def pause() -> None:
    """Wait for a watched flow of its own."""
    await INNER.run_async(watch=look_away)


@block("pause unwatched")
async def pause_unwatched() -> None:
    """Wait for a compiled flow of its own."""
    await INNER.run_async()


TIME = ManualClock()
INNER = load("flow: inner\nsteps:\n  - wait: 10 days\n", clock=TIME)
NAP = "functions:\n  nap:\n    steps:\n      - log: a\n      - wait: 10 days\n"


@pytest.mark.parametrize(
    ("steps", "place", "blames"),
    [
        ("  - log: a\n  - wait: 10 days\n", "flow.yaml:4:5", None),
        ("  - log: a\n  - if: = 1 < 2\n    then:\n      - pause\n", "flow.yaml:6:9", "pause"),
        ("  - pause unwatched\n", "flow.yaml:3:5", "pause unwatched"),
        ("  - repeat: 2\n    do:\n      - nap\n" + NAP, "flow.yaml:10:9", None),
        ("  - together:\n    - - wait: 10 days\n    - - pause\n", "flow.yaml:3:5", None),
        ("  - for each: n\n    in: [1, 2]\n    at once: 2\n    do:\n      - wait: 10 days\n", "flow.yaml:3:5", None),
        ("  - for each: n\n    in: [1]\n    at once: 2\n    do:\n      - wait: 10 days\n", "flow.yaml:7:9", None),
        (
            "  - fail: {code: 1, message: m}\n    retry: {more tries: 2, wait: 10 days, only for: [1]}\n",
            "flow.yaml:4:13",
            None,
        ),
        ("  - wait: 10 days\n    time limit: 20 days\n", "flow.yaml:3:5", None),
        ("  - try:\n      - wait: 10 days\n    always:\n      - log: a\n", "flow.yaml:4:9", None),
        ("  - try:\n      - wait: 10 days\n    always:\n      - log: a\n      - wait: 9 days\n", "flow.yaml:7:9", None),
        (
            "  - wait: 10 days\n    time limit: 1 second\n    if it fails:\n      timed out: [wait: 9 days]\n",
            "flow.yaml:6:19",
            None,
        ),
    ],
)
def test_a_run_out_of_time_says_where_it_was_waiting_in_the_same_way_both_ways(
    steps: str, place: str, blames: str | None
) -> None:
    flow = load("flow: f\nsteps:\n" + steps, pause, pause_unwatched, clock=TIME, limits=Limits(seconds=60))
    compiled, watched = (failing(flow, way) for way in WAYS)
    assert (compiled.code, str(compiled.place), compiled.block) == ("timed out", place, blames)
    assert (watched.code, watched.place, watched.block) == (compiled.code, compiled.place, compiled.block)
    assert (watched.message, watched.flow) == (compiled.message, compiled.flow)


@pytest.mark.parametrize("way", WAYS)
def test_what_always_waits_for_has_a_few_seconds_and_no_more(way: Way) -> None:
    clock = ManualClock()
    text = (
        "flow: f\nsteps:\n  - try:\n      - wait: 10 days\n    always:\n      - try:\n          - wait: 1 second\n"
        "          - tell: {what: tidied}\n          - wait: 10 days\n        always:\n          - wait: 10 days\n"
    )
    told: list[str] = []

    @block("tell")
    def tell(what: str) -> None:
        """Tell it."""
        told.append(what)

    assert failing(load(text, tell, clock=clock, limits=Limits(seconds=60)), way).code == "timed out"
    assert told == ["tidied"]
    assert 60 + GRACE <= clock.passed < 60 + GRACE + 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("takes", [61, 66])
def test_nothing_begins_side_by_side_once_even_the_grace_of_a_run_is_over(way: Way, takes: int) -> None:
    clock, lines = ManualClock(), list[str]()

    @block("take long")
    def take_long() -> None:
        """Take a little more than a minute."""
        clock.passed += takes

    text = "flow: f\nsteps:\n  - take long\n  - together: [[log: a], [log: b]]\n  - wait: 1 second\n"
    flow = load(text, take_long, limits=Limits(seconds=60), clock=clock)
    with pytest.raises(Failure, match="the run took longer than the 1 minute it may take"):
        flow.run(log=lambda line, _place: lines.append(line), watch=look_away if way == "watched" else None)
    assert lines == (["a", "b"] if takes == 61 else [])


def test_whoever_cancels_a_run_with_a_time_is_heard() -> None:
    async def cancel() -> None:
        task = asyncio.create_task(
            load("flow: f\nsteps:\n  - wait: 10 days\n", limits=Limits(seconds=1000)).run_async()
        )
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())


@pytest.mark.parametrize("way", WAYS)
def test_a_run_within_its_time_is_not_disturbed(way: Way) -> None:
    text = "flow: f\nsteps:\n  - repeat: 3000\n    do: [set: {n: 1}]\n  - wait: 30 seconds\n  - return: done\n"
    assert run(load(text, clock=ManualClock(), limits=Limits(seconds=31)), way) == "done"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("set: {t: '${t}${t}'}", "a text may have 1,000 characters, and this would have 1,200"),
        ("set: {t: = t + t}", "a text can have 1,000 characters at most"),
        ("set: {t: '= string join([t, t])'}", "a text can have 1,000 characters at most"),
        ('set: {t: \'= replace(t, "a", "bbb")\'}', "a text can have 1,000 characters at most"),
        ("set: {l: '= append(l, 1)'}", "a list can have 20 items at most"),
        ("set: {l: '= concatenate(l, l)'}", "a list can have 20 items at most"),
        ("set: {l: '= for a in l, b in l return a'}", "a list can have 20 items at most"),
        ("set: {l: '= for a in 1..30 return a'}", "a range of more than 20 values is too long to go through"),
        ("set: {o: '= context put(o, \"k\", 1)'}", "an object can have 20 entries at most"),
        (
            "give much: {}\n    save as: l",
            "`give much` gave something no flow can hold: the value has more than 20 items",
        ),
    ],
)
def test_values_grow_to_the_limit_of_the_run_and_no_further(way: Way, step: str, message: str) -> None:
    @block("give much")
    def give_much() -> list[int]:
        """Give it."""
        return [1] * 21

    entries = ", ".join(f"k{number}: 1" for number in range(20))
    text = (
        f"flow: f\ninputs: {{t: text}}\nsteps:\n  - set: {{t: = t, l: [{', '.join('1' * 20)}], o: {{{entries}}}}}\n"
        f"  - {step}\n  - log: '${{t}} ${{count(l)}} ${{o.k1}}'\n"
    ).replace("set: {t: = t, ", "set: {")
    text = text.replace("inputs: {t: text}", "inputs: {start: text}").replace("set: {l:", "set: {t: = start, l:")
    flow = load(text, give_much)
    with pytest.raises(Failure) as failed:
        flow.run(
            {"start": "a" * 600}, limits=Limits(text=1000, items=20), watch=look_away if way == "watched" else None
        )
    assert message in failed.value.message


@pytest.mark.parametrize("way", WAYS)
def test_a_log_has_so_many_lines_and_always_a_few_more(way: Way) -> None:
    lines: list[str] = []
    text = (
        "flow: f\nsteps:\n  - try:\n      - while: true\n        do:\n          - log: '${number(\"7\")}'\n"
        "    if it fails:\n      anything else: ignore\n    always:\n      - log: tidied\n"
    )
    flow = load(text)
    with pytest.raises(Failure) as failed:
        flow.run(
            limits=Limits(log_lines=7),
            log=lambda line, _place: lines.append(line),
            watch=look_away if way == "watched" else None,
        )
    assert (failed.value.code, str(failed.value.place)) == ("too many log lines", "flow.yaml:6:13")
    assert failed.value.message == "a run may write 7 lines into its log, no more"
    assert lines == ["7"] * 7 + ["tidied"]


@pytest.mark.parametrize("way", WAYS)
def test_always_writes_a_few_more_lines_and_not_for_ever(way: Way) -> None:
    lines: list[str] = []
    endless = "      - while: true\n        do:\n          - log: line\n"
    flow = load(f"flow: f\nsteps:\n  - try:\n{endless}    always:\n{endless}", limits=Limits(log_lines=7))
    with pytest.raises(Failure, match="a run may write 7 lines into its log, no more"):
        flow.run(log=lambda line, _place: lines.append(line), watch=look_away if way == "watched" else None)
    assert 50 < len(lines) < 200, "a hundred lines of grace"


@pytest.mark.parametrize("way", WAYS)
def test_only_so_many_branches_may_be_side_by_side_those_inside_counted(way: Way) -> None:
    text = (
        "flow: f\ninputs: {n: number, list: list}\nsteps:\n  - for each: x\n    in: = list\n    at once: = n\n    do:\n"
        "      - together:\n          - [wait: 1 second]\n          - [wait: 1 second]\n"
    )
    flow = load(text, clock=ManualClock(), limits=Limits(branches=12))
    assert run(flow, way, {"n": 4, "list": list(range(20))}) is None
    assert run(flow, way, {"n": 4, "list": list(range(20))}) is None, "what is over is not counted"
    failure = failing(flow, way, {"n": 5, "list": list(range(20))})
    assert failure.code == "too many branches"
    assert failure.message == "a run may have 12 branches and rounds side by side, no more"
    assert failure.place is not None
    assert failure.place.line == 8


@pytest.mark.parametrize("way", WAYS)
def test_only_so_many_calls_may_be_waited_for(way: Way) -> None:
    @block("fetch", failures={1: "No."})
    async def fetch(number: int) -> None:
        """Fetch it; no even ones."""
        await asyncio.sleep(0)
        if number % 2 == 0:
            raise Failure(1, "no")

    @block("refuse", failures={1: "No."})
    def refuse() -> None:
        """Refuse it."""
        raise Failure(1, "no")

    text = (
        "flow: f\ninputs: {n: number}\nsteps:\n  - for each: x\n    in: = for i in 1..20 return i\n    at once: = n\n"
        "    do:\n      - try: [fetch: {number: = x}]\n        if it fails:\n          anything else: ignore\n"
        "      - try: [refuse]\n        if it fails: {1: ignore}\n"
    )
    flow = load(text, fetch, refuse, limits=Limits(calls=4))
    assert run(flow, way, {"n": 4}) is None
    failure = failing(flow, way, {"n": 5})
    assert (failure.code, failure.place and failure.place.line) == ("too many calls", 8)
    assert failure.message == "a run may wait for 4 calls of blocks at a time, no more"


@pytest.mark.parametrize("way", WAYS)
def test_a_run_may_have_limits_of_its_own(way: Way) -> None:
    flow = load("flow: f\nsteps:\n  - repeat: 100\n    do: [log: a]\n")
    watch = look_away if way == "watched" else None
    with pytest.raises(Failure, match="more than the 50 steps"):
        flow.run(limits=Limits(steps=50), watch=watch)
    assert flow.run(watch=watch) is None


def test_what_ends_a_run_is_not_among_what_a_flow_can_fail_with() -> None:
    text = (
        "flow: f\ninputs: {n: number}\nsteps:\n  - repeat: = n\n    do:\n      - log: a\n      - together:\n"
        "          - - wait: 1 second\n          - - nap\nfunctions:\n  nap:\n    steps:\n      - wait: 1 second\n"
    )
    flow = load(text, limits=Limits(seconds=60, steps=10))
    assert flow.failures == {"bad value", "too deep"}
    assert failing(flow, "compiled", {"n": 10}).code in FINAL_CODES


def test_the_page_on_flows_names_every_code_of_the_engine_and_says_which_end_a_run() -> None:
    page = (Path(__file__).parents[2] / "docs" / "flows.md").read_text("utf-8")
    handled, ending = re.findall(r"\*\*(?:The engine's own codes|What ends a run)\*\*.*?\n\n", page, re.DOTALL)
    quoted = [set(re.findall(r"`([^`]+)`", each)) for each in (handled, ending)]
    assert quoted[0] - {"blockwright check"} == ENGINE_CODES.keys() - FINAL_CODES
    assert quoted[1] - {"always", "failures"} == FINAL_CODES | {"timed out"}
