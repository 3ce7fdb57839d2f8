"""``together``: branches side by side; nothing outlives the step, and the first failure stops the others."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from blockwright import Event, Failure, Limits, block
from blockwright.engine.trace import StepBegins
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, failing, load, logged, look_away, run, steps

TIDY = """
    - together:
        - - try:
              - wait: 1 hour
            always:
              - wait: 2 seconds
              - log: tidy one
        - - try:
              - wait: 1 hour
            always:
              - log: tidy two
        - - wait: 5 seconds
          - fail: {code: 7, message: seven}
"""


@pytest.mark.parametrize("way", WAYS)
def test_branches_run_side_by_side_and_what_they_set_is_there_afterwards(way: Way) -> None:
    clock = ManualClock()
    text = steps("""
        - set: {n: 1}
        - together:
            - - wait: 3 seconds
              - set: {a: = n + 1}
            - - wait: 2 seconds
              - set: {b: = n + 2}
            - - log: only log
        - return: [= a, = b]
    """)
    assert run(load(text, clock=clock), way) == [2, 3]
    assert clock.passed == 3


@pytest.mark.parametrize("way", WAYS)
def test_the_first_failure_stops_the_others_and_waits_until_they_are_tidy(way: Way) -> None:
    clock = ManualClock()
    flow = load(steps(TIDY), clock=clock)
    assert logged(flow, way) == (7, ["tidy two", "tidy one"])
    assert clock.passed == 7
    failure = failing(flow, way)
    assert (failure.message, str(failure.place)) == ("seven", "flow.yaml:14:11")


@pytest.mark.parametrize("way", WAYS)
def test_only_the_first_of_two_failures_is_told(way: Way) -> None:
    text = steps("""
        - together:
            - - try: [wait: 1 hour]
                always: [fail: {code: 1, message: in tidying up}]
            - - wait: 1 second
              - fail: {code: 2, message: first}
          if it fails: {2: [return: handled]}
    """)
    assert run(load(text, clock=ManualClock()), way) == "handled"


@pytest.mark.parametrize("way", WAYS)
def test_what_branches_set_before_a_failure_stays_set(way: Way) -> None:
    text = steps("""
        - set: {a: 0, b: 0}
        - together:
            - - set: {a: 1}
              - wait: 1 hour
              - set: {a: 2}
            - - wait: 1 second
              - set: {b: 1}
              - fail: {code: 2, message: stop}
          if it fails: {2: ignore}
        - return: [= a, = b]
    """)
    assert run(load(text, clock=ManualClock()), way) == [1, 1]


@pytest.mark.parametrize("way", WAYS)
def test_a_run_whose_task_is_cancelled_tidies_up_in_all_branches_and_leaves_nothing_behind(way: Way) -> None:
    clock = ManualClock(jumps=False)
    flow = load(steps(TIDY), clock=clock)
    lines: list[str] = []

    async def application() -> int:
        watch = look_away if way == "watched" else None
        running = asyncio.ensure_future(flow.run_async(watch=watch, log=lambda text, _: lines.append(text)))
        await clock.advance(1)
        running.cancel()
        await clock.advance(1)
        assert not running.done(), "it waits for what tidies up"
        await clock.advance(1)
        with pytest.raises(asyncio.CancelledError):
            await running
        return len(asyncio.all_tasks())

    assert asyncio.run(application()) == 1
    assert lines == ["tidy two", "tidy one"]


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_is_cancelled_again_does_not_even_tidy_up(way: Way) -> None:
    clock = ManualClock(jumps=False)
    flow = load(steps(TIDY), clock=clock)
    lines: list[str] = []

    async def application() -> int:
        watch = look_away if way == "watched" else None
        running = asyncio.ensure_future(flow.run_async(watch=watch, log=lambda text, _: lines.append(text)))
        for _ in range(2):
            await clock.advance(1)
            running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return len(asyncio.all_tasks())

    assert asyncio.run(application()) == 1
    assert lines == ["tidy two"]


@pytest.mark.parametrize("watched", [False, True])
def test_ctrl_c_tidies_up_in_all_branches(watched: bool, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    text = steps("""
        - together:
            - - try: [log: begun, wait: 1 hour]
                always: [wait: 1 millisecond, log: tidy one]
            - - for each: n
                in: [2, 3]
                at once: 2
                do:
                  - try: [wait: 1 hour]
                    always: [log: 'tidy ${n}']
    """).replace("[log: begun, wait: 1 hour]", "[{log: begun}, {wait: 1 hour}]").replace(
        "[wait: 1 millisecond, log: tidy one]", "[{wait: 1 millisecond}, {log: tidy one}]"
    )  # fmt: skip
    script.write_text(
        textwrap.dedent(f"""
            from blockwright import Runtime
            runtime = Runtime(log=lambda text, _: print(text, flush=True))
            flow = runtime.load_text({text!r})
            try:
                flow.run(watch={"print_nothing" if watched else "None"})
            except KeyboardInterrupt:
                print("interrupted", flush=True)
        """).replace("print_nothing", "lambda _: None"),
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[0].splitlines()
    assert sorted(rest[:-1]) == ["tidy 2", "tidy 3", "tidy one"]
    assert rest[-1] == "interrupted"


@pytest.mark.parametrize("way", WAYS)
def test_a_thousand_branches_are_wide_and_not_deep(way: Way) -> None:
    branches = "".join(f"      - - wait: 1 second\n        - set: {{a{n}: {n}}}\n" for n in range(1_000))
    flow = load(f"flow: wide\nsteps:\n  - together:\n{branches}  - return: = a7 + a999\n", clock=ManualClock())
    assert run(flow, way) == 1_006
    with pytest.raises(Failure, match="a run may have 900 branches and rounds side by side, no more"):
        flow.run(limits=Limits(branches=900), watch=look_away if way == "watched" else None)


@pytest.mark.parametrize("way", WAYS)
def test_together_in_rounds_at_once_in_together(way: Way) -> None:
    clock = ManualClock()
    text = steps("""
        - set: {base: 10}
        - together:
            - - for each: n
                in: [1, 2, 3]
                at once: 2
                collect as: sums
                each gives: = a + b
                do:
                  - together:
                      - - wait: 1 second
                        - set: {a: = n + base}
                      - - wait: 2 seconds
                        - set: {b: = n * 2}
            - - wait: 1 second
              - set: {c: 5}
        - return: [= sums, = c]
    """)
    assert run(load(text, clock=clock), way) == [[13, 16, 19], 5]
    assert clock.passed == 4


@pytest.mark.parametrize("way", WAYS)
def test_functions_and_other_flows_are_called_in_branches(way: Way) -> None:
    text = (
        steps("""
        - together:
            - - double: {n: 3}
                save as: a
            - - double later: {n: 4}
                save as: b
        - return: [= a, = b]
    """)
        + "functions:\n  double:\n    inputs: {n: number}\n    steps:\n      - return: = n * 2\n"
        + "  double later:\n    inputs: {n: number}\n    steps:\n      - wait: 1 second\n      - return: = n * 2\n"
    )
    assert run(load(text, clock=ManualClock()), way) == [6, 8]


DIVE = """\
flow: dive
inputs: {depth: number}
steps:
  - down: {left: = depth}
    save as: found
  - return: = found
functions:
  down:
    inputs: {left: number}
    steps:
      - set: {found: 0}
      - if: = left > 1
        then:
          - together:
              - - down: {left: = left - 1}
                  save as: found
              - - log: beside
      - return: = found + 1
"""


@pytest.mark.parametrize("way", WAYS)
def test_recursion_through_branches_goes_as_deep_as_the_limit_and_no_deeper(way: Way) -> None:
    flow = load(DIVE)
    assert run(flow, way, {"depth": 63}) == 63
    failure = failing(flow, way, {"depth": 64})
    assert (failure.code, str(failure.place)) == ("too deep", "flow.yaml:15:19")


@pytest.mark.parametrize("way", WAYS)
def test_depth_is_each_branchs_own(way: Way) -> None:
    text = (
        steps("""
        - together:
            - - down: {left: 3}
            - - down: {left: 3}
            - - down: {left: 3}
        - return: done
    """)
        + "functions:\n  down:\n    inputs: {left: number}\n    steps:\n      - wait: 1 second\n"
        + "      - if: = left > 1\n        then: [down: {left: = left - 1}]\n"
    )
    assert run(load(text, clock=ManualClock(), limits=Limits(depth=4)), way) == "done"
    assert failing(load(text, clock=ManualClock(), limits=Limits(depth=3)), way).code == "too deep"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("steps_allowed", [100, 1_000, 5_000])
def test_branches_share_the_steps_of_the_run(steps_allowed: int, way: Way) -> None:
    text = steps("""
        - together:
            - - repeat: 1000
                do: [log: a]
            - - repeat: 1000
                do: [log: b]
            - - repeat: 1000
                do: [{wait: 1 second}, {log: c}]
        - return: done
    """)
    needed = 1 + 1 + 3 + 1 + 2 * 1000 * 2 + 1000 * 3
    ending, lines = logged(load(text, clock=ManualClock(), limits=Limits(steps=steps_allowed)), way)
    assert ending == "too many steps"
    assert len(lines) <= steps_allowed / 2 + 1
    assert logged(load(text, clock=ManualClock(), limits=Limits(steps=needed)), way)[0] == "done"
    assert logged(load(text, clock=ManualClock(), limits=Limits(steps=needed - 1)), way)[0] == "too many steps"


@pytest.mark.parametrize("way", WAYS)
def test_every_branch_has_steps_for_tidying_up_when_the_run_is_out_of_them(way: Way) -> None:
    text = steps("""
        - together:
            - - try: [wait: 1 hour]
                always:
                  - repeat: 5
                    do: [log: one]
            - - try:
                  - while: = true
                    do: [log: count]
                always:
                  - repeat: 5
                    do: [log: two]
    """)
    ending, lines = logged(load(text, clock=ManualClock(), limits=Limits(steps=500)), way)
    assert ending == "too many steps"
    assert (lines.count("one"), lines.count("two")) == (5, 5)


@pytest.mark.parametrize("way", WAYS)
def test_blocks_that_do_not_wait_hold_up_nobody(way: Way) -> None:
    met = threading.Barrier(3, timeout=30)

    @block("meet")
    def meet() -> None:
        """Come back when three have come."""
        met.wait()

    text = (
        steps("""
        - together:
            - - meet
            - - meet twice
            - - meet at once
        - return: met
    """)
        + "functions:\n  meet twice:\n    steps:\n      - meet\n"
        + "  meet at once:\n    steps:\n      - wait: 0 seconds\n      - meet\n"
    )
    assert run(load(text, meet), way) == "met"


def test_events_of_branches_are_told_as_they_happen() -> None:
    events: list[Event] = []
    text = steps("""
        - together:
            - - wait: 2 seconds
              - log: late
            - - wait: 1 second
              - log: early
    """)
    load(text, clock=ManualClock()).run(watch=events.append)
    assert [(event.of.name, event.of.place.line) for event in events if isinstance(event, StepBegins)] == [
        ("together", 3),
        ("wait", 4),
        ("wait", 6),
        ("log", 7),
        ("log", 5),
    ]


@block("who is it")
def who_is_it() -> str:
    """Fails in Python."""
    raise ValueError("nobody")


@pytest.mark.parametrize("way", WAYS)
def test_the_cause_of_a_failure_in_a_branch_is_kept_with_its_traceback(way: Way) -> None:
    failure = failing(load(steps("- together:\n    - - who is it\n    - - wait: 1 hour"), who_is_it), way)
    assert (failure.code, failure.block, str(failure.place)) == ("unexpected", "who is it", "flow.yaml:4:11")
    assert isinstance(failure.__cause__, ValueError)
    last = failure.__cause__.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    assert last is not None
    assert last.tb_frame.f_code.co_name == "who_is_it"


def test_a_compiled_branch_shows_the_authors_line_in_the_traceback() -> None:
    with pytest.raises(Failure) as failed:
        load(steps("- together:\n    - - who is it\n    - - wait: 1 hour"), who_is_it).run()
    lines = []
    traceback = failed.value.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename.endswith("flow.yaml"):
            lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    assert lines == [3, 4]
