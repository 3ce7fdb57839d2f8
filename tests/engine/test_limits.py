"""Every run ends: by its steps, by its depth, by the size of its values, and at the same place however it runs."""

from __future__ import annotations

import pytest

from blockwright import Failure, Limits, block
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, failing, load, logged, look_away, run, steps

ENDLESS = {
    "while": "  - while: = n > 0\n    do:\n      - set: {n: = n + 1}\n",
    "until": "  - until: = n < 0\n    do:\n      - set: {n: = n + 1}\n",
    "count": "  - count: i\n    from: 1\n    to: 1e30\n    do:\n      - set: {n: = n + 1}\n",
    "count by fractions": "  - count: i\n    from: 1\n    to: 1e30\n    by: 0.5\n    do:\n      - set: {n: = n + 1}\n",
    "repeat": "  - repeat: = 1e30\n    do:\n      - set: {n: = n + 1}\n",
}
INSIDE = {
    "for each": "  - for each: one\n    in: [1, 2, 3]\n    do:\n{inner}\n",
    "try": "  - try:\n{inner}\n    if it fails:\n      anything else:\n        - return: handled\n",
    "nothing": "{inner}",
}
HEAD = "flow: endless\nsteps:\n  - set: {n: 1}\n"


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line + "\n" for line in text.splitlines())


@pytest.mark.parametrize("loop", ENDLESS)
@pytest.mark.parametrize("inside", INSIDE)
def test_an_endless_loop_ends_at_the_same_place_both_ways(loop: str, inside: str) -> None:
    inner = ENDLESS[loop] if inside == "nothing" else indented(ENDLESS[loop], 4)
    flow = load(HEAD + INSIDE[inside].replace("{inner}", inner.rstrip("\n")) + "\n", limits=Limits(steps=500))
    compiled, watched = (failing(flow, way) for way in WAYS)
    assert compiled.code == watched.code == "too many steps"
    assert compiled.message == "the run took more than the 500 steps it may take"
    assert compiled.place == watched.place
    assert compiled.place is not None
    assert flow_line(HEAD + INSIDE[inside].replace("{inner}", inner), compiled.place.line).startswith(
        f"- {loop.split(' ')[0]}"
    )


def flow_line(text: str, line: int) -> str:
    return text.splitlines()[line - 1].strip()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("limits", [Limits(steps=100), Limits(steps=100, seconds=60), Limits(steps=101, seconds=60)])
def test_always_runs_when_the_steps_are_used_up_but_not_for_ever(way: Way, limits: Limits) -> None:
    noted: list[int] = []

    @block("note a number")
    def note_a_number(number: int) -> None:
        """Keep a number."""
        noted.append(number)

    text = (
        "flow: tidy up\nsteps:\n  - set: {n: 0}\n  - try:\n      - while: = n >= 0\n        do:\n"
        "          - set: {n: = n + 1}\n    always:\n      - note a number: {number: -1}\n"
        "      - while: = n >= 0\n        do:\n          - note a number: {number: = n}\n"
    )
    assert failing(load(text, note_a_number, limits=limits), way).code == "too many steps"
    assert noted[0] == -1
    assert 100 < len(noted) < 1_000, "a thousand steps of grace"


@pytest.mark.parametrize("way", WAYS)
def test_steps_are_counted_per_round_and_per_call(way: Way) -> None:
    text = (
        "flow: count them\ninputs: {times: number}\nsteps:\n  - repeat: = times\n    do:\n      - log: a\n      - one\n"
        "functions:\n  one:\n    steps:\n      - log: b\n"
    )
    flow = load(text, limits=Limits(steps=1 + 1 + 10 * (1 + 2 + 1 + 1)))
    assert run(flow, way, {"times": 10}) is None
    assert failing(flow, way, {"times": 11}).code == "too many steps"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seconds", [None, 60.0])
@pytest.mark.parametrize(
    "around", ["together: [[{endless}], [log: a]]", "for each: x\n  in: [1, 2, 3]\n  at once: 2\n  do: [{endless}]"]
)
def test_always_around_steps_side_by_side_has_steps_left_when_they_used_them_up(
    way: Way, seconds: float | None, around: str
) -> None:
    around = around.replace("{endless}", "{while: true, do: [set: {n: 1}]}")
    text = steps("- try:\n" + indented("- " + around, 4) + "  always:\n    - repeat: 3\n      do: [log: tidy]")
    flow = load(text, limits=Limits(steps=100, seconds=seconds), clock=ManualClock())
    ending, lines = logged(flow, way)
    assert (ending, [line for line in lines if line != "a"]) == ("too many steps", ["tidy"] * 3)


@pytest.mark.parametrize("way", WAYS)
def test_always_has_no_more_steps_left_because_others_had_not_used_theirs(way: Way) -> None:
    waiting = "[{repeat: 3, do: [wait: 1 second]}], " * 20
    text = steps(f"""
        - try:
            - together: [{waiting}[{{while: true, do: [set: {{n: 1}}]}}]]
          always:
            - while: true
              do: [log: tidy]
    """)
    ending, lines = logged(load(text, limits=Limits(steps=100_000), clock=ManualClock()), way)
    assert ending == "too many steps"
    assert 100 < len(lines) < 1_000, "a thousand steps of grace"


@pytest.mark.parametrize("way", WAYS)
def test_steps_side_by_side_in_an_always_leave_no_more_steps_to_what_comes_after(way: Way) -> None:
    text = steps("""
        - try:
            - try: [wait: 1 hour]
              always:
                - together: [[log: a], [log: b]]
          time limit: 5 seconds
          if it fails: {timed out: ignore}
        - repeat: 20
          do: [log: c]
    """)
    flows = [load(text, limits=Limits(steps=most), clock=ManualClock()) for most in (49, 48)]
    assert [logged(flow, way)[0] for flow in flows] == [None, "too many steps"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("around", ["- body", "- together: [[body], [set: {b: 1}]]"])
def test_always_has_steps_left_when_time_was_over_in_an_expression(way: Way, around: str) -> None:
    clock = ManualClock()

    @block("take long")
    def take_long() -> None:
        """Take a little more than a minute."""
        clock.passed += 62

    late = "[take long, {set: {a: '= count(for i in 1..5000 return i)'}}]"
    text = steps(around.replace("body", f"{{try: {late}, always: [{{repeat: 3, do: [log: tidy]}}]}}"))
    flow = load(text, take_long, limits=Limits(steps=100, seconds=60), clock=clock)
    assert logged(flow, way) == ("timed out", ["tidy"] * 3)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seconds", [None, 60.0])
def test_a_run_may_take_all_its_steps_and_not_one_more(way: Way, seconds: float | None) -> None:
    flow = load("flow: count them\nsteps:\n  - repeat: 10\n    do: [log: a]\n")
    watch = look_away if way == "watched" else None
    enough = 2 + 10 * 2
    assert flow.run(watch=watch, limits=Limits(steps=enough, seconds=seconds)) is None
    with pytest.raises(Failure, match=f"the run took more than the {enough - 1} steps it may take"):
        flow.run(watch=watch, limits=Limits(steps=enough - 1, seconds=seconds))


@pytest.mark.parametrize("way", WAYS)
def test_calls_may_be_as_deep_as_the_limit_and_no_deeper(way: Way) -> None:
    text = (
        "flow: dive\ninputs: {depth: number}\nsteps:\n  - down: {left: = depth}\n    save as: found\n"
        "  - return: = found\nfunctions:\n  down:\n    inputs: {left: number}\n    steps:\n"
        "      - if: = left > 1\n        then:\n"
        "          - if: = left > 1\n            then:\n"
        "              - if: = left > 1\n                then:\n"
        "                  - for each: one\n                    in: [1]\n                    do:\n"
        "                      - down: {left: = left - 1}\n                        save as: found\n"
        "                  - return: = found + 1\n"
        "      - return: 1\n"
    )
    flow = load(text)
    assert run(flow, way, {"depth": 63}) == 63
    failure = failing(flow, way, {"depth": 64})
    assert (failure.code, str(failure.place)) == ("too deep", "flow.yaml:20:25")
    assert failure.message == "functions and flows may call one another 64 levels deep, no deeper"


@pytest.mark.parametrize("way", WAYS)
def test_a_flow_deeper_than_python_can_go_fails_as_too_deep(way: Way) -> None:
    text = (
        "flow: dive\nsteps:\n  - try:\n      - down\n    if it fails:\n      too deep:\n        - return: it was deep\n"
        "functions:\n  down:\n    steps:\n      - down\n"
    )
    assert run(load(text, limits=Limits(depth=5_000)), way) == "it was deep"


@pytest.mark.parametrize("way", WAYS)
def test_values_cannot_grow_for_ever(way: Way) -> None:
    text = "flow: grow\nsteps:\n  - set: {t: aaaaaaaaaa}\n  - while: = true\n    do:\n      - set: {t: '${t}${t}'}\n"
    failure = failing(load(text), way)
    assert (failure.code, str(failure.place)) == ("too big", "flow.yaml:6:18")


@pytest.mark.parametrize("way", WAYS)
def test_a_result_too_deep_to_be_given_fails_where_the_flow_begins(way: Way) -> None:
    text = "flow: nest\nsteps:\n  - set: {l: []}\n  - repeat: 150\n    do:\n      - set: {l: [= l]}\n  - return: = l\n"
    flow = load(text)
    failure = failing(flow, way)
    assert (failure.code, str(failure.place)) == ("too big", "flow.yaml:1:7")


@pytest.mark.parametrize("way", WAYS)
def test_numbers_that_grow_too_large_are_bad_values(way: Way) -> None:
    text = "flow: square\nsteps:\n  - set: {n: 10}\n  - repeat: 20\n    do:\n      - set: {n: = n * n}\n"
    failure = failing(load(text), way)
    assert (failure.code, str(failure.place)) == ("bad value", "flow.yaml:6:20")


def test_no_handler_is_asked_about_the_end_of_a_run() -> None:
    text = (
        "flow: end\nsteps:\n  - try:\n      - while: = true\n        do:\n          - set: {n: = 1 + 1}\n"
        "    if it fails:\n      anything else:\n        - return: handled\n"
    )
    for watch in (None, look_away):
        with pytest.raises(Failure, match="too many steps"):
            load(text, limits=Limits(steps=50)).run(watch=watch)


@pytest.mark.parametrize("way", WAYS)
def test_the_expressions_of_a_run_share_one_limit(way: Way) -> None:
    text = (
        "flow: look at many\ninputs: {times: number}\nsteps:\n  - repeat: = times\n    do:\n"
        "      - set: {n: = count(for i in 1..100 return i)}\n"
    )
    flow = load(text, limits=Limits(expression_steps=1_000))
    assert run(flow, way, {"times": 2}) is None
    failure = failing(flow, way, {"times": 100})
    assert (failure.code, failure.place.line if failure.place else None) == ("too many steps", 6)
