"""What an application relies on: inputs checked, Python's own values out, threads, nesting, and being stopped."""

from __future__ import annotations

import asyncio
import datetime
import gc
import os
import pickle
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from blockwright import Failure, FlowError, InputsError, Place, Runtime, block
from tests.engine.kit import WAYS, Way, load, look_away, run

ASKING = """\
flow: ask
inputs:
  amount: number
  colour: {type: text, choices: [red, green]}
  day: date, optional
  size: {type: number, default: 3}
steps:
  - return: [= amount, = colour, = day, = size]
"""


@pytest.mark.parametrize("way", WAYS)
def test_everything_that_is_wrong_with_the_inputs_is_said_at_once(way: Way) -> None:
    with pytest.raises(InputsError) as refused:
        run(load(ASKING), way, {"colour": "blue", "size": "big", "dya": 1, "Amount": 2})
    assert len(refused.value.problems) == 5
    said = " / ".join(refused.value.problems)
    for word in ("needs `amount`", "did you mean `day`?", "did you mean `amount`?", "red", "`size` must be a number"):
        assert word in said
    assert str(refused.value) == "; ".join(refused.value.problems)
    assert pickle.loads(pickle.dumps(refused.value)).problems == refused.value.problems


def test_inputs_are_given_by_name() -> None:
    wrong: object
    for wrong in ([], "amount", 3):
        with pytest.raises(InputsError, match="inputs are given by name, as a dict"):
            load(ASKING).run(wrong)  # type: ignore[arg-type]
    with pytest.raises(InputsError, match="has no input called `1`"):
        load(ASKING).run({"amount": 1, "colour": "red", 1: 2})  # type: ignore[dict-item]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("given", "comes_back"),
    [
        (0.1, Decimal("0.1")),
        (2.0, 2),
        (Decimal("2.50"), Decimal("2.50")),
        (10**40, 10**40),
        (-(10**20), -(10**20)),
        (1.5e300, 15 * 10**299),
    ],
)
def test_numbers_are_exact_on_their_way_through(given: object, comes_back: object, way: Way) -> None:
    result = run(load(ASKING), way, {"amount": given, "colour": "red"})
    assert isinstance(result, list)
    assert (type(result[0]), result[0]) == (type(comes_back), comes_back)


@pytest.mark.parametrize("way", WAYS)
def test_dates_tuples_and_objects_come_back_as_pythons_own_values(way: Way) -> None:
    moment = datetime.datetime(2026, 2, 28, 23, 59, 59, 250_000, tzinfo=datetime.UTC)

    @block("look at")
    def look_at(day: datetime.date, span: datetime.timedelta, items: list[object]) -> object:
        """Look at values."""
        assert (type(day), type(span), type(items)) == (datetime.date, datetime.timedelta, list)
        return (day, span, *items)

    text = (
        "flow: times\ninputs: {day: date, moment: date and time, things: list}\nsteps:\n"
        "  - look at: {day: '= day + duration(\"P1D\")', span: '= duration(\"PT90M\")', items: = things}\n"
        "    save as: seen\n  - return: {seen: = seen, moment: = moment, year: = day.year}\n"
    )
    given = {"day": datetime.date(2026, 2, 28), "moment": moment, "things": ((1, 2), {"a": None})}
    assert run(load(text, look_at), way, given) == {
        "seen": [datetime.date(2026, 3, 1), datetime.timedelta(minutes=90), [1, 2], {"a": None}],
        "moment": moment,
        "year": 2026,
    }


def test_many_threads_share_one_flow_from_its_first_run_on(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    @block("pass by")
    def pass_by(number: int) -> int:
        """Give a number."""
        return number

    @block("pass by later")
    async def pass_by_later(number: int) -> int:
        """Give a number, after a while."""
        await asyncio.sleep(0)
        return number

    (tmp_path / "inner.yaml").write_text(
        "flow: inner\ninputs: {n: number}\nsteps:\n  - pass by: {number: = n}\n    save as: m\n  - return: = m * 2\n",
        encoding="utf-8",
    )
    text = (
        "flow: outer\ninputs: {n: number}\nsteps:\n  - set: {all: []}\n  - count: i\n    from: 1\n    to: 5\n    do:\n"
        "      - inner: {n: = n * i}\n        save as: m\n      - {block}: {number: = n}\n        save as: k\n"
        "      - set: {all: '= append(all, m + k)'}\n  - return: = all\n"
    )
    for label in ("pass by", "pass by later"):
        runtime = Runtime(blocks=[pass_by, pass_by_later])
        flow = runtime.load_text(text.replace("{block}", label), str(tmp_path / "outer.yaml"))

        def go(n: int) -> object:
            together.wait(timeout=30)
            return [flow.run({"n": n}) for _ in range(5)]  # noqa: B023

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(go, range(8)))
        assert found == [[[n * i * 2 + n for i in range(1, 6)]] * 5 for n in range(8)]


def test_many_threads_load_and_run_with_one_runtime(tmp_path: Path) -> None:
    for n in range(4):
        (tmp_path / f"f{n}.yaml").write_text(
            f"flow: f {n}\nsteps:\n  - log: x\n" + (f"  - f {n + 1}\n" if n < 3 else "  - return: end\n"), "utf-8"
        )
    runtime = Runtime(log=lambda _text, _place: None)

    def go(n: int) -> object:
        flow = runtime.load(tmp_path / f"f{n % 4}.yaml")
        flow.run()
        return sorted(map(str, flow.failures))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(go, range(24)))
    assert found == found[:4] * 6


@pytest.mark.parametrize("way", WAYS)
def test_a_block_may_run_a_flow_and_runs_count_for_themselves(way: Way) -> None:
    inner = load("flow: inner\ninputs: {n: number}\nsteps:\n  - return: = n / 3\n")

    @block("run inside")
    def run_inside(n: int) -> Decimal:
        """Run another flow."""
        return inner.run({"n": n}, watch=look_away if way == "watched" else None)  # type: ignore[return-value]

    text = "flow: outer\nsteps:\n  - run inside: {n: 1}\n    save as: x\n  - return: = x + 1 / 3\n"
    assert run(load(text, run_inside), way) == Decimal("0." + "6" * 34)


STOPPED = """\
flow: stopped
steps:
  - try:
      - try:
          - wait for ever
        if it fails:
          anything else:
            - note: {what: handled}
      - note: {what: went on}
    always:
      - note: {what: tidied up}
  - note: {what: went on}
"""


@pytest.mark.parametrize("watch", [None, look_away])
def test_cancelling_a_run_stops_it_where_it_waits_and_runs_always(watch: object) -> None:
    noted: list[str] = []
    text = STOPPED.replace("- note:", "- keep:")

    @block("keep")
    async def keep(what: str) -> None:
        """Keep a word."""
        await asyncio.sleep(0)
        noted.append(what)

    async def application() -> None:
        waiting = asyncio.Event()

        @block("wait for ever")
        async def wait_for_ever() -> None:
            """Wait until somebody cancels."""
            waiting.set()
            await asyncio.Event().wait()

        flow = load(text, wait_for_ever, keep)
        task = asyncio.create_task(flow.run_async(watch=watch))  # type: ignore[arg-type]
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert not others

    asyncio.run(application())
    gc.collect()
    assert noted == ["tidied up"]


def test_a_run_that_is_given_up_before_it_ends_leaves_nothing_behind() -> None:
    @block("wait for ever")
    async def wait_for_ever() -> None:
        """Wait."""
        await asyncio.Event().wait()

    flow = load("flow: waits\nsteps:\n  - log: a\n  - wait for ever\n", wait_for_ever)

    async def application() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await flow.run_async()
        flow.run_async().close()

    asyncio.run(application())
    gc.collect()


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_stops_a_synchronous_run_and_runs_always(way: Way) -> None:
    noted: list[str] = []

    @block("wait for ever")
    def wait_for_ever() -> None:
        """Press Ctrl-C."""
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(30)

    @block("keep")
    def keep(what: str) -> None:
        """Keep a word."""
        noted.append(what)

    flow = load(STOPPED.replace("- note:", "- keep:"), wait_for_ever, keep)
    with pytest.raises(KeyboardInterrupt):
        run(flow, way)
    assert noted == ["tidied up"]


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_stops_a_waiting_run_and_runs_always(way: Way) -> None:
    noted: list[str] = []

    @block("wait for ever")
    async def wait_for_ever() -> None:
        """Press Ctrl-C."""
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    @block("keep")
    async def keep(what: str) -> None:
        """Keep a word."""
        await asyncio.sleep(0)
        noted.append(what)

    flow = load(STOPPED.replace("- note:", "- keep:"), wait_for_ever, keep)
    with pytest.raises(KeyboardInterrupt):
        run(flow, way)
    assert noted == ["tidied up"]


def test_the_log_goes_where_the_run_says_with_its_place() -> None:
    lines: list[tuple[str, Place]] = []
    flow = load("flow: talk\nsteps:\n  - log: one\n  - log: = 1 + 1\n  - log: [= 3, four]\n")
    flow.run(log=lambda text, place: lines.append((text, place)))
    assert [(text, str(place)) for text, place in lines] == [
        ("one", "flow.yaml:3:5"),
        ("2", "flow.yaml:4:5"),
        ('[3, "four"]', "flow.yaml:5:5"),
    ]


def test_without_a_say_the_log_goes_to_pythons_logging(caplog: pytest.LogCaptureFixture) -> None:
    flow = Runtime().load_text("flow: talk\nsteps:\n  - log: 100 % sure\n")
    with caplog.at_level("INFO", "blockwright.flow"):
        flow.run()
    assert [(record.getMessage(), record.place) for record in caplog.records] == [  # type: ignore[attr-defined]
        ("100 % sure", "flow.yaml:3:5")
    ]


def test_a_flow_says_what_it_is() -> None:
    flow = load("flow: say\nabout: What it is.\ninputs: {n: number}\nsteps:\n  - return: = 1 / n\n")
    assert (flow.name, flow.about, flow.path, flow.waits) == ("say", "What it is.", "flow.yaml", False)
    assert [each.name for each in flow.inputs] == ["n"]
    assert "bad value" in flow.failures
    assert flow.read_inputs({"n": "2"}) == {"n": 2}


def test_a_flow_that_is_wrong_is_refused_when_it_is_loaded() -> None:
    with pytest.raises(FlowError) as refused:
        load("flow: wrong\nsteps:\n  - retrun: 1\n")
    assert len(refused.value.findings) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_failing_run_raises_a_plain_failure(way: Way) -> None:
    with pytest.raises(Failure) as failed:
        run(load("flow: f\nsteps:\n  - fail: {code: 7, message: no, details: {at: = 0.5}}\n"), way)
    assert type(failed.value) is Failure
    assert failed.value.details == {"at": Decimal("0.5")}
    assert failed.value.__cause__ is None
