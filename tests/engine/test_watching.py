"""Who watches a run sees each step as it happens, and changes nothing by looking."""

from __future__ import annotations

import pytest

from blockwright import Event, Failure, block
from blockwright.engine.manual_clock import ManualClock
from blockwright.engine.trace import (
    KINDS,
    BranchBegins,
    BranchEnds,
    RoundBegins,
    RunBegins,
    RunEnds,
    StepBegins,
    StepFails,
    StepGives,
    StepStops,
    TryBegins,
    WaitBegins,
)
from tests.engine.kit import load

FLOW = """\
flow: watched
inputs: {n: number}
steps:
  - set: {m: = n}
  - double: {number: = m}
    save as: m
  - try:
      - until: = m > 3
        do:
          - set: {m: = m + 1}
      - fail: {code: 7, message: no, details: [= m]}
    if it fails:
      7:
        - return: {list: [= m]}
functions:
  double:
    inputs: {number: number}
    steps:
      - return: = number * 2
"""


def test_a_watcher_sees_every_step_in_order() -> None:
    seen: list[Event] = []
    load(FLOW).run({"n": 1}, watch=seen.append)
    assert [(KINDS[type(each)], each.of.name, each.of.place.line, each.of.depth) for each in seen] == [
        ("run begins", "watched", 1, 0),
        ("step begins", "set", 4, 1),
        ("step ends", "set", 4, 1),
        ("step begins", "double", 5, 1),
        ("step begins", "return", 19, 2),
        ("step gives", "return", 19, 2),
        ("step ends", "return", 19, 2),
        ("step gives", "double", 5, 1),
        ("step ends", "double", 5, 1),
        ("step begins", "try", 7, 1),
        ("step begins", "until", 8, 2),
        ("round begins", "until", 8, 2),
        ("step begins", "set", 10, 3),
        ("step ends", "set", 10, 3),
        ("round begins", "until", 8, 2),
        ("step begins", "set", 10, 3),
        ("step ends", "set", 10, 3),
        ("step ends", "until", 8, 2),
        ("step begins", "fail", 11, 2),
        ("step fails", "fail", 11, 2),
        ("step begins", "return", 14, 2),
        ("step gives", "return", 14, 2),
        ("step ends", "return", 14, 2),
        ("step ends", "try", 7, 1),
        ("run ends", "watched", 1, 0),
    ]
    assert [each.value for each in seen if isinstance(each, StepGives)] == [2, 2, {"list": [4]}]
    assert [each.inputs for each in seen if isinstance(each, StepBegins) and each.inputs] == [{"number": 1}]
    assert seen[0] == RunBegins(seen[0].of, 0.0, {"n": 1})
    assert isinstance(seen[-1], RunEnds)
    assert seen[-1].value == {"list": [4]}


def test_activities_know_their_run_and_what_is_around_them() -> None:
    seen: list[Event] = []
    load(FLOW).run({"n": 1}, watch=seen.append)
    begun = {each.of.id: each.of for each in seen}
    assert list(begun) == list(range(1, len(begun) + 1)), "they are counted as they begin"
    assert len({each.of.run for each in seen}) == 1
    around = {of.place.line: begun[of.parent].name for of in begun.values() if of.parent}
    assert around == {
        4: "watched",
        5: "watched",
        19: "double",
        7: "watched",
        8: "try",
        10: "until",
        11: "try",
        14: "try",
    }


def test_times_are_those_of_the_runs_clock() -> None:
    seen: list[Event] = []
    text = "flow: patience\nsteps:\n  - wait: 1 hour\n  - log: done\n"
    load(text, clock=ManualClock()).run(watch=seen.append)
    assert [(KINDS[type(each)], each.of.name, each.of.began, each.at) for each in seen] == [
        ("run begins", "patience", 0, 0),
        ("step begins", "wait", 0, 0),
        ("wait begins", "wait", 0, 0),
        ("step ends", "wait", 0, 3600),
        ("step begins", "log", 3600, 3600),
        ("step ends", "log", 3600, 3600),
        ("run ends", "patience", 0, 3600),
    ]


def test_tries_and_waits_are_told_with_how_many_there_may_be() -> None:
    seen: list[Event] = []
    text = (
        "flow: again\nsteps:\n  - fail: {code: 7, message: no}\n"
        "    retry: {more tries: 2, wait: 10 seconds, only for: [7]}\n    if it fails: {7: ignore}\n"
    )
    load(text, clock=ManualClock(chance=lambda: 1.0)).run(watch=seen.append)
    assert [(each.number, each.total) for each in seen if isinstance(each, TryBegins)] == [(1, 3), (2, 3), (3, 3)]
    assert [each.seconds for each in seen if isinstance(each, WaitBegins)] == [10, 10]
    new = [(each.of.name, each.is_new) for each in seen if isinstance(each, StepFails)]
    assert new == [("fail", True)] * 3 + [("retry", False)]


def test_rounds_are_told_with_how_many_there_will_be() -> None:
    seen: list[Event] = []
    text = (
        "flow: rounds\nsteps:\n  - for each: x\n    in: [1, 2]\n    do: [log: a]\n"
        "  - repeat: 1e30\n    do: [stop loop]\n  - while: true\n    do: [stop loop]\n"
    )
    load(text).run(watch=seen.append)
    rounds = [(each.of.name, each.number, each.total) for each in seen if isinstance(each, RoundBegins)]
    assert rounds == [("for each", 1, 2), ("for each", 2, 2), ("repeat", 1, None), ("while", 1, None)]


def test_rounds_side_by_side_are_branches_and_those_that_are_stopped_say_so() -> None:
    seen: list[Event] = []
    text = (
        "flow: rounds\nsteps:\n  - for each: x\n    in: [1, 2]\n    at once: 2\n    do:\n"
        "      - if: = x = 2\n        then: [fail: {code: 7, message: no}]\n      - wait: 1 minute\n"
    )
    with pytest.raises(Failure):
        load(text, clock=ManualClock()).run(watch=seen.append)
    begun = [(each.of.name, each.number, each.total) for each in seen if isinstance(each, BranchBegins)]
    assert begun == [("round 1", 1, 2), ("round 2", 2, 2)]
    ended = {
        each.of.name: (each.failure and each.failure.code, each.was_stopped)
        for each in seen
        if isinstance(each, BranchEnds)
    }
    assert ended == {"round 1": (None, True), "round 2": (7, False)}
    assert [each.of.name for each in seen if isinstance(each, StepStops)] == ["wait"]
    names = {each.of.id: each.of.name for each in seen}
    assert {
        each.of.depth - begun_at.of.depth
        for begun_at in seen
        if isinstance(begun_at, BranchBegins)
        for each in seen
        if isinstance(each, StepBegins) and each.of.parent == begun_at.of.id
    } == {1}
    waits = next(each for each in seen if isinstance(each, WaitBegins))
    assert names[waits.of.parent or 0] == "round 1"
    assert isinstance(seen[-1], RunEnds)
    assert seen[-1].failure is not None


def test_what_a_watcher_does_with_what_it_sees_changes_nothing() -> None:
    flow = load(FLOW)

    def spoil(event: Event) -> None:
        if isinstance(event, StepGives) and isinstance(event.value, dict):
            event.value["list"].append("spoilt")
        if isinstance(event, StepFails):
            event.failure.code = 8
            assert isinstance(event.failure.details, list)
            event.failure.details.append("spoilt")

    assert flow.run({"n": 1}, watch=spoil) == {"list": [4]}


def test_a_value_too_big_to_be_copied_is_not_shown_and_does_not_fail_the_run() -> None:
    text = (
        "flow: nest\nsteps:\n  - set: {l: []}\n  - repeat: 150\n    do:\n      - set: {l: [= l]}\n  - whole:\n"
        "    save as: l\n  - return: done\nfunctions:\n  whole:\n    steps:\n      - set: {l: []}\n"
        "      - repeat: 150\n        do:\n          - set: {l: [= l]}\n      - return: = l\n"
    )
    seen: list[Event] = []
    assert load(text).run(watch=seen.append) == "done"
    assert [each.value for each in seen if isinstance(each, StepGives)] == [None, None, "done"]


def test_a_watcher_that_fails_is_no_failure_that_the_flow_could_handle() -> None:
    told: list[str] = []

    def refuse(event: Event) -> None:
        told.append(event.of.name)
        if event.of.name == "log":
            raise Failure(7, "the watcher's own")

    @block("look")
    def look() -> None:
        """Look."""

    text = "flow: f\nsteps:\n  - try:\n      - log: a\n      - fail: {code: 7, message: no}\n    if it fails:\n"
    text += "      7:\n        - return: handled\n"
    try:
        gave: object = load(text, look).run(watch=refuse)
    except Failure as failure:
        gave = failure.message
    assert gave == "the watcher's own"
    assert told == ["f", "try", "log"], "it is told no more"


def test_a_call_is_told_with_the_inputs_that_were_worked_out_before_one_that_fails() -> None:
    seen: list[Event] = []
    text = (
        "flow: f\ninputs: {n: number}\nsteps:\n  - add: {one: = n, other: = 1 / n, third: = n}\nfunctions:\n"
        "  add:\n    inputs: {one: number, other: number, third: number}\n    steps: [log: never]\n"
    )
    with pytest.raises(Failure):
        load(text).run({"n": 0}, watch=seen.append)
    assert [each.inputs for each in seen if isinstance(each, StepBegins)] == [{"one": 0}]
