"""``check_flow`` finds nothing in flows as they should be, and the smallest run in which an engine breaks a promise."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from hypothesis import given, settings
from hypothesis.vendor.pretty import pretty

from blockwright import Flow, Runtime, block
from blockwright.catalogue import AnyBlock
from blockwright.engine import interpreter, meaning
from blockwright.engine.interpreter import _Steps
from blockwright.engine.retrying import Retrying
from blockwright.engine.run import Placed, Run
from blockwright.engine.side_by_side import Skipped, rounds_at_once
from blockwright.expressions.values import Value
from blockwright.language import program as p
from blockwright.language.checker import Arising
from blockwright.testing import (
    Answers,
    BrokenPromise,
    Checked,
    Fails,
    GeneratedFlow,
    Gives,
    check_flow,
    check_run,
    flows,
)
from tests.language.checking import BLOCKS

FLOWS = sorted((Path(__file__).parents[2] / "flows").glob("*.yaml"))


@block("fetch", failures={404: "Nothing is there.", "busy": "Come back later."}, transient=["busy"])
async def fetch(name: str) -> str:
    """Get something from far away."""
    raise AssertionError(f"no block is called, not for {name}")


def loaded(steps: str, head: str = "", *more: AnyBlock) -> Flow:
    text = f"flow: under test\n{head}steps:\n{steps}"
    return Runtime(blocks=[*BLOCKS, fetch, *more], log=lambda _text, _place: None).load_text(text)


BUSY = """\
  - for each: name
    in: = names
    at once: 3
    collect failures as: missing
    collect as: found
    each gives: = text
    do:
      - fetch: {name: = name}
        save as: text
        retry: {more tries: 2, wait: 1 minute, growing: 3}
        time limit: 10 seconds
  - try:
      - ask: {question: why}
        save as: answer
      - together:
          - [ask: {question: who}]
          - - try: [fetch: {name: a}, wait: 3 days]
              always: [log: away from there]
    if it fails:
      3102, 404: ignore
    always:
      - set: {count so far: = count(found)}
      - log: ${count so far} found
  - return: [= found, = missing]
"""
NAMES = "inputs: {names: list of text}\n"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_our_own_flows_keep_every_promise(path: Path) -> None:
    check_flow(Runtime(users="memory:", mail="memory:").load(path), examples=30)


def test_a_flow_that_waits_retries_and_runs_side_by_side_keeps_every_promise() -> None:
    check_flow(loaded(BUSY, NAMES), examples=60)


def test_no_block_is_called_and_no_service_is_asked() -> None:
    check_flow(loaded("  - fetch: {name: a}\n    save as: b\n  - return: = b\n"), examples=20)


@pytest.mark.parametrize("steps", ["  - return: = names[1]\n", "  - log: ${count(names)}\n"])
def test_a_flow_without_blocks_is_checked_too(steps: str) -> None:
    check_flow(loaded(steps, NAMES), examples=30)


def test_flows_that_call_flows_keep_every_promise(tmp_path: Path) -> None:
    called = """\
flow: called
inputs: {name: text}
returns: text
failures: {404: Nothing is there.}
steps:
  - fetch: {name: = name}
    save as: text
    if it fails: {busy: [return: later]}
  - return: = text
"""
    tmp_path.joinpath("called.yaml").write_text(called, "utf-8")
    path = tmp_path / "calls.yaml"
    path.write_text("flow: calls\nsteps:\n  - called: {name: a}\n    save as: b\n  - return: = b\n", "utf-8")

    check_flow(Runtime(blocks=[fetch]).load(path), examples=30)


def broken(flow: Flow, *, examples: int = 60, **more: object) -> BrokenPromise:
    with pytest.raises(BrokenPromise) as caught:
        check_flow(flow, examples=examples, **more)  # type: ignore[arg-type]
    return caught.value


def test_a_try_too_many_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(self: Retrying, failure: Placed) -> None:
        self.tried += 1
        if self.tried > 3 or failure.code not in self._codes:
            raise failure

    monkeypatch.setattr(Retrying, "failed", failed)
    found = broken(loaded("  - fetch: {name: a}\n    retry: {more tries: 1}\n"), promises=["retries_within_tries"])

    assert "took 3 tries, and may take 2" in str(found)
    assert list(found.checked.answers.of) == ["fetch"]
    assert {type(each) for each in found.checked.answers.of["fetch"]} == {Fails}


def test_a_try_after_a_failure_that_is_none_of_its_codes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(self: Retrying, failure: Placed) -> None:
        self.tried += 1
        if self.tried >= self.most:
            raise failure

    monkeypatch.setattr(Retrying, "failed", failed)
    found = broken(loaded("  - fetch: {name: a}\n    retry: {more tries: 1}\n"), promises=["retries_within_tries"])

    assert "the `retry` at flow.yaml:4:13 tried again after 404, which is none of its codes" in str(found)


def test_what_should_always_run_and_does_not_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def forgetful(self: _Steps, step: p.Try) -> object:
        signal = await self._handled(step)
        await self.body(step.always)
        return signal

    monkeypatch.setattr(_Steps, "_try", forgetful)
    steps = "  - try:\n      - ask: {question: a}\n    always:\n      - log: tidy\n"
    found = broken(loaded(steps), promises=["always_runs_once"])

    assert "`always` of the `try` at flow.yaml:3:5 ran 0 times" in str(found)


def test_a_code_that_was_not_announced_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = loaded("  - ask: {question: a}\n")
    monkeypatch.setattr(Arising, "of", lambda _self, _flow: frozenset([3102, "not now"]))

    found = broken(flow, promises=["fails_as_announced"])
    assert "it failed with 3104, which it was not known to" in str(found)
    assert found.checked.answers == Answers({"ask": [Fails(3104)]})


def test_something_unexpected_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(value: object) -> str:
        raise ZeroDivisionError(value)

    monkeypatch.setattr(meaning, "logged", wrong)
    found = broken(loaded("  - log: = names\n", NAMES), promises=["never_unexpected"])

    assert found.checked.inputs == {"names": []}
    assert "it ended in `unexpected`" in str(found)


def test_a_broken_contract_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "returned", lambda _type, value: value)
    flow = loaded("  - return: = b\n", "inputs: {b: anything}\nreturns: number\n")

    found = broken(flow, promises=["keeps_its_contract"])
    assert "it promises number, and gave None" in str(found)


def test_two_ways_of_running_that_differ_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def eager(self: _Steps, step: p.Set) -> None:
        for name, _ in step.values:
            self.variables[name] = 5

    monkeypatch.setattr(_Steps, "_set", eager)
    found = broken(loaded("  - set: {a: = count(names)}\n  - return: = a\n", NAMES))

    assert found.promise == "means_the_same_watched"
    assert "it returned 0; but watched, it returned 5" in str(found)


def test_a_result_that_depends_on_at_once_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    @block("next in line")
    async def next_in_line(name: str) -> str:
        """Whatever comes out depends on who came before."""
        raise AssertionError(name)

    steps = """\
  - for each: name
    in: [a, b, c]
    at once: 3
    collect as: found
    each gives: = text
    do:
      - next in line: {name: = name}
        save as: text
  - return: = found
"""
    flow = loaded(steps, "", next_in_line)
    check_flow(flow, examples=20)

    monkeypatch.setattr("blockwright.testing.properties.at_once.one_at_a_time", _only_first)
    found = broken(flow, promises=["at_once_does_not_matter"])
    assert "but with one round at a time" in str(found)


ROUNDS = """\
  - for each: name
    in: [a, b, c, d]
    at once: 3
    collect failures as: missing
    collect as: found
    each gives: = text
    do:
      - fetch: {name: = name}
        save as: text
        retry: {more tries: 1}
      - log: found ${name}
  - return: [= found, = missing]
"""
VALUES_ONLY = ROUNDS.replace("    collect failures as: missing\n", "").replace(", = missing", "")

Work: TypeAlias = Callable[[Run, Value], Awaitable[Value | Skipped]]
Failed: TypeAlias = Callable[[Run, Exception], Placed] | None
Collected: TypeAlias = tuple[list[Value], list[Value]]


def broken_at_once(
    steps: str,
    monkeypatch: pytest.MonkeyPatch,
    rounds: Callable[[Run, list[Value], int, Work, Failed], Awaitable[Collected]],
) -> str:
    """What is found in an engine whose rounds at once are run by ``rounds``."""
    flow = loaded(steps)
    check_flow(flow, examples=60)
    monkeypatch.setattr(interpreter, "rounds_at_once", rounds)
    return str(broken(flow, promises=["at_once_does_not_matter"]))


def test_collected_failures_in_the_order_in_which_they_came_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def as_they_come(run: Run, items: list[Value], at_once: int, work: Work, failed: Failed) -> Collected:
        came: list[Value] = []

        async def noted(own: Run, item: Value) -> Value | Skipped:
            try:
                return await work(own, item)
            finally:
                came.append(item)

        kept, failures = await rounds_at_once(run, items, at_once, noted, failed)
        return kept, sorted(failures, key=lambda each: came.index(cast("dict[str, Value]", each)["item"]))

    assert "but with one round at a time, it returned" in broken_at_once(ROUNDS, monkeypatch, as_they_come)


def test_collected_values_in_the_order_in_which_they_came_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def as_they_come(run: Run, items: list[Value], at_once: int, work: Work, failed: Failed) -> Collected:
        came: list[Value] = []

        async def noted(own: Run, item: Value) -> Value | Skipped:
            given = await work(own, item)
            if not isinstance(given, Skipped):
                came.append(given)
            return given

        _, failures = await rounds_at_once(run, items, at_once, noted, failed)
        return came, failures

    assert "but with one round at a time, it returned" in broken_at_once(VALUES_ONLY, monkeypatch, as_they_come)


def test_a_round_too_few_is_found_though_others_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_few(run: Run, items: list[Value], at_once: int, work: Work, failed: Failed) -> Collected:
        return await rounds_at_once(run, items[:3] if at_once > 1 else items, at_once, work, failed)

    assert "but with one round at a time" in broken_at_once(ROUNDS, monkeypatch, too_few)


def test_a_failure_that_ends_the_loop_only_with_rounds_at_once_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(run: Run, items: list[Value], at_once: int, work: Work, failed: Failed) -> Collected:
        return ([], []) if at_once > 1 else await rounds_at_once(run, items, at_once, work, failed)

    found = broken_at_once(VALUES_ONLY, monkeypatch, never)
    assert re.search(r"(404|busy) ends one of its loops only with one round at a time|but with one round", found)


def test_a_flow_that_asks_what_time_it_is_may_depend_on_at_once() -> None:
    steps = "  - for each: a\n    in: [1, 2]\n    at once: 2\n    do: [wait: 1 hour]\n  - return: = now()\n"
    check_flow(loaded(steps), examples=5)


def _only_first(program: p.Program) -> p.Program:
    return replace(program, main=replace(program.main, body=program.main.body[1:]))


def test_an_application_adds_promises_and_answers_of_its_own() -> None:
    flow = loaded("  - ask: {question: a}\n    save as: b\n  - return: = b\n")

    def never_empty(checked: Checked) -> str | None:
        return "it returned an empty text" if checked.compiled.value == "" else None

    found = broken(flow, more=[never_empty], promises=[])
    assert found.promise == "never_empty"
    assert str(found) == (
        "`under test` (flow.yaml) breaks a promise, never empty: it returned an empty text\n"
        "  in flow.yaml\n"
        "    flow: under test\n    steps:\n      - ask: {question: a}\n        save as: b\n      - return: = b\n"
        "  with the inputs\n    none\n"
        "  where blocks answer\n    ask gives ''\n"
        "  which shows it again\n"
        "    check_run(flow, {}, Answers({'ask': [Gives('')]}), promises={'never_empty': never_empty})"
    )
    assert not hasattr(found, "__notes__")
    with pytest.raises(BrokenPromise, match="it returned an empty text"):
        check_run(flow, {}, Answers({"ask": [Gives("")]}), promises={"never_empty": never_empty})
    checked = check_run(flow, {}, Answers({"ask": [Gives("yes")]}))
    assert checked.compiled.value == checked.watched.value == "yes"


def test_answers_follow_one_another_as_a_block_is_called_again() -> None:
    flow = loaded("  - fetch: {name: a}\n    save as: b\n    retry: {more tries: 3}\n  - return: = b\n")
    answers = Answers({"fetch": [Gives("here"), Fails("busy"), Fails("busy")]})

    checked = check_run(flow, {}, answers)
    assert checked.compiled.value == "here"
    assert 1 <= len(checked.compiled.calls) <= 3

    steady = Answers({"fetch": [Fails("busy")]}, steady=True)
    failed = check_run(flow, {}, steady).compiled
    assert failed.failure is not None
    assert (failed.failure.code, len(failed.calls)) == ("busy", 4)


def test_the_same_call_makes_the_same_runs() -> None:
    def runs() -> list[object]:
        seen: list[object] = []

        def note(checked: Checked) -> None:
            seen.append((checked.inputs, checked.answers))

        check_flow(loaded("  - ask: {question: '= names[1]'}\n", NAMES), more=[note], examples=20)
        return seen

    assert runs() == runs()


def test_what_is_shown_of_answers_makes_them_again() -> None:
    answers = Answers(
        {"fetch": [Gives(Decimal("1.5")), Gives([], 3.0), Fails(404, {"a": None}), Fails("busy", takes=1.0)]}
    )

    assert eval(repr(answers)) == answers
    assert repr(answers) == (
        "Answers({'fetch': [Gives(Decimal('1.5')), Gives([], takes=3.0), "
        "Fails(404, details={'a': None}), Fails('busy', takes=1.0)]})"
    )


def test_a_generated_flow_is_shown_as_its_author_would_have_written_it() -> None:
    seen: list[GeneratedFlow] = []

    @settings(max_examples=1, database=None, derandomize=True)
    @given(flows())
    def look(generated: GeneratedFlow) -> None:
        seen.append(generated)

    look()
    assert pretty(seen[0]).startswith("flow: main flow\nsteps:\n  - set:\n")


def test_nothing_is_left_in_the_folder_of_the_application(tmp_path: Path) -> None:
    code = (
        "from blockwright import Runtime\n"
        "from blockwright.testing import check_flow\n"
        "text = 'flow: a\\ninputs: {b: text, c: number}\\nsteps: [return: = b]\\n'\n"
        "check_flow(Runtime().load_text(text), examples=20)\n"
    )
    tmp_path.joinpath("app.py").write_text(code, "utf-8")
    subprocess.run([sys.executable, "-B", "app.py"], cwd=tmp_path, check=True)

    assert [each.name for each in tmp_path.iterdir()] == ["app.py"]


def test_what_needs_hypothesis_says_so_and_the_rest_works_without() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from blockwright.testing import ManualClock\n"
        "from blockwright.testing import check_flow\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "blockwright[testing]"' in done.stderr
    assert "check_flow needs Hypothesis" in done.stderr
