"""``retry``: how often, after how long, for which failures."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright import Block, Failure, Limits, block
from blockwright.failure import Code
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, failing, load, logged, run, steps


class Stubborn:
    """A block that fails so many times before it gives how often it was called."""

    def __init__(self, fails: int, code: Code = "busy", details: object = None) -> None:
        self.calls = 0
        self.times: list[float] = []
        self.clock: ManualClock | None = None

        def insist() -> int:
            """Fails, and some time does not."""
            self.calls += 1
            if self.clock is not None:
                self.times.append(self.clock.passed)
            if self.calls <= fails:
                raise Failure(code, f"try {self.calls}", details)
            return self.calls

        made: Callable[[], int] = insist
        failures: dict[Code, str] = {"busy": "It is busy.", 7: "Seven.", "hurt": "It hurts."}
        self.block: Block[..., object] = block("insist", failures=failures, transient=["busy"])(made)


def insisting(plan: str, more: str = "") -> str:
    return steps(f"""
        - insist:
          save as: calls
          retry: {{{plan}}}
          {more}
        - return: = calls
    """)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fails", [0, 1, 3])
def test_a_step_is_tried_again_until_it_succeeds(fails: int, way: Way) -> None:
    stubborn = Stubborn(fails)
    assert run(load(insisting("more tries: 3"), stubborn.block), way) == fails + 1
    assert stubborn.calls == fails + 1


@pytest.mark.parametrize("way", WAYS)
def test_handlers_see_the_last_tries_failure_where_it_happened(way: Way) -> None:
    stubborn = Stubborn(9)
    failure = failing(load(insisting("more tries: 3"), stubborn.block), way)
    assert (failure.code, failure.message, str(failure.place)) == ("busy", "try 4", "flow.yaml:3:5")
    assert stubborn.calls == 4

    stubborn = Stubborn(9)
    handled = load(insisting("more tries: 2", "if it fails: {busy: [return: '${failure.message}']}"), stubborn.block)
    assert run(handled, way) == "try 3"


@pytest.mark.parametrize("way", WAYS)
def test_other_codes_are_not_tried_again(way: Way) -> None:
    for code, plan, calls in (
        (7, "more tries: 5", 1),
        (7, "more tries: 5, only for: [7]", 6),
        ("busy", "more tries: 5, only for: [7]", 1),
        ("hurt", "more tries: 5, only for: [7, hurt]", 6),
        ("busy", "more tries: 0", 1),
    ):
        stubborn = Stubborn(99, code)
        assert failing(load(insisting(plan), stubborn.block), way).code == code
        assert stubborn.calls == calls, plan


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 6),
    st.integers(0, 8),
    st.integers(0, 100),
    st.sampled_from([None, 1, 1.5, 2, 1000]),
    st.sampled_from([None, 0, 1, 30, 400]),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=8, max_size=8),
    st.sampled_from([None, 0, -3, 7, Decimal("2.5"), 10**30, "9", True, [1]]),
)
def test_it_is_never_tried_more_often_and_waits_as_long_as_the_page_says(
    more: int,
    fails: int,
    wait: int,
    growing: float | None,
    at_most: int | None,
    chances: list[float],
    after: object,
) -> None:
    longest = 10 * 365 * 24 * 60 * 60 if at_most is None else at_most
    least = float(after) if type(after) in (int, Decimal) and after > 0 else 0.0  # type: ignore[operator,arg-type]
    waits = [
        min(max(min(wait * (growing or 1) ** n, longest) * (0.5 + chances[n] / 2), least), longest) for n in range(8)
    ]
    plan = f"more tries: {more}, wait: {wait} seconds"
    plan += f", growing: {growing}" if growing else ""
    plan += f", at most: {at_most} seconds" if at_most is not None else ""
    for way in WAYS:
        drawn = iter(chances)
        clock = ManualClock(chance=lambda drawn=drawn: next(drawn))  # type: ignore[misc]
        stubborn = Stubborn(fails, details={"retry after": after})
        stubborn.clock = clock
        ending, _ = logged(load(insisting(plan), stubborn.block, clock=clock), way)
        assert ending == (fails + 1 if fails <= more else "busy")
        assert stubborn.calls == min(fails, more) + 1
        between = [later - before for before, later in zip(stubborn.times, stubborn.times[1:], strict=False)]
        assert between == pytest.approx(waits[: len(between)], rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("way", WAYS)
def test_no_wait_stays_none_however_often_it_grows(way: Way) -> None:
    clock = ManualClock()
    stubborn = Stubborn(1_200)
    plan = "more tries: 1200, wait: 0 seconds, growing: 1000"
    assert run(load(insisting(plan), stubborn.block, clock=clock), way) == 1_201
    assert clock.passed == 0


@pytest.mark.parametrize("way", WAYS)
def test_waits_without_a_longest_one_end_at_ten_years(way: Way) -> None:
    for tries, plan, passed in (
        (5, "wait: 1 second, growing: 1000", 1 + 1000 + 1000**2 + 2 * 315_360_000),
        (200, "wait: 1 second, growing: 1000, at most: 1 minute", 1 + 199 * 60),
    ):
        clock = ManualClock(chance=lambda: 1.0)
        stubborn = Stubborn(tries)
        assert run(load(insisting(f"more tries: {tries}, {plan}"), stubborn.block, clock=clock), way) == tries + 1
        assert clock.passed == passed


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("plan", "column"),
    [
        ("more tries: = n", 27),
        ("more tries: 2, wait: = n", 36),
        ("more tries: 2, wait: 1 second, growing: = n", 55),
        ("more tries: 2, wait: 1 second, at most: = n", 55),
    ],
)
def test_a_plan_that_makes_no_sense_is_a_bad_value_before_the_first_try(plan: str, column: int, way: Way) -> None:
    stubborn = Stubborn(0)
    text = insisting(plan).replace("flow: test flow\n", "flow: test flow\ninputs: {n: anything}\n")
    for value in ("no", None, -1, True):
        failure = failing(load(text, stubborn.block), way, {"n": value})
        assert (failure.code, str(failure.place)) == ("bad value", f"flow.yaml:6:{column}")
    assert stubborn.calls == 0


@pytest.mark.parametrize("way", WAYS)
def test_tries_are_paid_for(way: Way) -> None:
    stubborn = Stubborn(10**9)
    text = insisting("more tries: = 1e30", "if it fails: {anything else: [return: handled]}")
    failure = failing(load(text, stubborn.block, limits=Limits(steps=500)), way)
    assert failure.code == "too many steps"
    assert stubborn.calls < 500


@pytest.mark.parametrize("way", WAYS)
def test_what_is_always_done_is_done_once_after_all_tries(way: Way) -> None:
    stubborn = Stubborn(2)
    text = steps("""
        - try:
            - log: try
            - insist
          retry: {more tries: 2}
          if it fails: {anything else: [log: handled]}
          always: [log: tidy]
        - try:
            - try: [insist, fail: {code: 7, message: a}]
              always: [log: inner]
          retry: {more tries: 1, only for: [7]}
          if it fails: {7: [log: handled 7]}
    """)
    lines = logged(load(text, stubborn.block), way)[1]
    assert lines == ["try", "try", "try", "tidy", "inner", "inner", "handled 7"]


@pytest.mark.parametrize("way", WAYS)
def test_a_failure_in_a_function_is_tried_again_and_its_place_is_exact(way: Way) -> None:
    text = """\
flow: places
steps:
  - outer: {n: 1}
    retry: {more tries: 2, wait: 1 second, only for: [bad value, too deep]}
functions:
  outer:
    inputs: {n: number}
    steps:
      - together:
          - - inner: {n: = n}
          - - wait: 1 second
  inner:
    inputs: {n: number}
    steps:
      - for each: m
        in: [1, 2]
        at once: 2
        do:
          - log: ${1 /  (n - 1)}
"""
    clock = ManualClock()
    failure = failing(load(text, clock=clock), way)
    assert (failure.code, str(failure.place)) == ("bad value", "flow.yaml:19:20")
    assert failure.flow == "places"


@pytest.mark.parametrize("way", WAYS)
def test_fail_again_in_a_nested_handler_passes_on_what_it_was_given(way: Way) -> None:
    text = steps("""
        - try:
            - fail: {code: 1, message: first}
          if it fails:
            1:
              - try:
                  - together:
                      - - log: ${failure.code}
                        - try: [fail: {code: 2, message: second}]
                          if it fails:
                            2:
                              - log: ${failure.code}
                              - fail again
                      - - wait: 1 hour
                if it fails:
                  2:
                    - log: ${failure.message}
              - log: ${failure.message}
              - fail again
    """)
    assert logged(load(text, clock=ManualClock()), way) == (1, ["1", "2", "second", "first"])


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_tried_again_once_the_whole_run_is_out_of_time(way: Way) -> None:
    clock, calls = ManualClock(), list[float]()

    @block("take long", failures={"timed out": "It took too long."})
    def take_long() -> None:
        """Take a hundred seconds."""
        calls.append(clock.passed)
        clock.passed += 100

    text = steps("""
        - try:
            - take long
            - repeat: 1
              do: [log: a]
          retry: {more tries: 3, only for: [timed out]}
    """)
    flow = load(text, take_long, clock=clock, limits=Limits(steps=100, seconds=60))
    assert failing(flow, way).message == "the run took longer than the 1 minute it may take"
    assert calls == [0]
