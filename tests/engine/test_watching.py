"""Who watches a run sees each step as it happens, and changes nothing by looking."""

from __future__ import annotations

from blockwright import Event, Failure, block
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
    assert [(each.kind, each.step, each.place.line, each.depth) for each in seen] == [
        ("begins", "set", 4, 1),
        ("begins", "double", 5, 1),
        ("begins", "return", 19, 2),
        ("gives", "return", 19, 2),
        ("gives", "double", 5, 1),
        ("begins", "try", 7, 1),
        ("begins", "until", 8, 2),
        ("begins", "set", 10, 3),
        ("begins", "set", 10, 3),
        ("begins", "fail", 11, 2),
        ("fails", "fail", 11, 2),
        ("begins", "return", 14, 2),
        ("gives", "return", 14, 2),
    ]
    assert [each.value for each in seen if each.kind == "gives"] == [2, 2, {"list": [4]}]


def test_what_a_watcher_does_with_what_it_sees_changes_nothing() -> None:
    flow = load(FLOW)

    def spoil(event: Event) -> None:
        if isinstance(event.value, dict):
            event.value["list"].append("spoilt")
        if event.failure is not None:
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
    assert [each.value for each in seen if each.kind == "gives"] == [None, None, "done"]


def test_a_watcher_that_fails_is_no_failure_that_the_flow_could_handle() -> None:
    def refuse(event: Event) -> None:
        if event.step == "log":
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
