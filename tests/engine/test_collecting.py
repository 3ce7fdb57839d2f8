"""``collect as`` and ``collect failures as``, one round after the other and side by side."""

from __future__ import annotations

import pytest

from blockwright import Limits
from blockwright.testing import ManualClock
from tests.engine.kit import WAYS, Way, failing, load, logged, run, steps

SIDES = ["", "at once: 3"]


def collecting(do: str, gives: str = "= n * 10", items: str = "[1, 2, 3, 4]", side: str = "") -> str:
    return steps(f"""
        - for each: n
          in: {items}
          {side or "note: one after the other"}
          collect as: kept
          each gives: {gives}
          collect failures as: failed
          do:
            {do}
        - return: ['= kept', '= for f in failed return [f.code, f.message, f.block, f.details, f.item, f.round]']
    """)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("side", SIDES)
def test_what_rounds_give_and_how_they_fail_is_kept_in_the_order_of_the_list(side: str, way: Way) -> None:
    do = "- if: = n > 2\n              then: [fail: {code: = n, message: 'no ${n}', details: [= n]}]"
    text = collecting(do, side=side)
    assert run(load(text), way) == [[10, 20], [[3, "no 3", None, [3], 3, 3], [4, "no 4", None, [4], 4, 4]]]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("side", SIDES)
def test_a_value_that_cannot_be_given_is_a_failure_of_its_round(side: str, way: Way) -> None:
    text = collecting("- log: a", gives="= 1 / (n - 2)", side=side)
    kept, failed = run(load(text), way)  # type: ignore[misc]
    assert len(kept) == 3  # type: ignore[has-type]
    assert [(each[0], each[4], each[5]) for each in failed] == [("bad value", 2, 2)]  # type: ignore[has-type]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("side", SIDES)
def test_without_a_list_for_failures_a_value_that_cannot_be_given_fails_at_its_place(side: str, way: Way) -> None:
    text = collecting("- log: a", gives="= 1 / (n - 2)", side=side).replace("    collect failures as: failed\n", "")
    text = text[: text.index("  - return")]
    failure = failing(load(text.replace("    note: one after the other\n", "")), way)
    assert failure.code == "bad value"
    assert failure.place is not None
    assert text.replace("    note: one after the other\n", "").splitlines()[failure.place.line - 1].strip() == (
        "each gives: = 1 / (n - 2)"
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("side", SIDES)
def test_an_empty_list_gives_empty_lists(side: str, way: Way) -> None:
    text = collecting("- log: a", items="'= for i in [] return i'", side=side)
    assert run(load(text), way) == [[], []]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("side", SIDES)
def test_the_end_of_a_run_is_not_collected(side: str, way: Way) -> None:
    text = collecting("- repeat: 100\n              do: [log: a]", side=side)
    assert logged(load(text, limits=Limits(steps=150)), way)[0] == "too many steps"


@pytest.mark.parametrize("way", WAYS)
def test_a_loop_that_is_stopped_keeps_what_it_had(way: Way) -> None:
    text = collecting(
        "- if: = n = 1\n              then: [next round]\n            - if: = n = 4\n              then: [stop loop]"
    )
    assert run(load(text), way) == [[20, 30], []]


@pytest.mark.parametrize("way", WAYS)
def test_a_loop_that_fails_leaves_its_lists_as_they_were(way: Way) -> None:
    text = steps("""
        - set: {kept: before}
        - for each: n
          in: [1, 2]
          collect as: kept
          each gives: = 1 / (2 - n)
          do: [log: a]
          if it fails: {bad value: [return: = kept]}
        - return: none failed
    """)
    assert run(load(text), way) == "before"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("side", SIDES)
def test_failures_of_blocks_functions_and_limits_are_collected_with_their_codes(side: str, way: Way) -> None:
    text = steps(f"""
        - for each: n
          in: [1, 2, 3]
          {side or "note: one after the other"}
          collect failures as: failed
          do:
            - fall: {{n: = n}}
              time limit: 10 seconds
        - return: = for f in failed return [f.item, f.code]
    """) + (
        "functions:\n  fall:\n    inputs: {n: number}\n    steps:\n      - if: = n = 1\n"
        "        then: [wait: 1 minute]\n      - if: = n = 2\n        then: [log: '${1 / 0}']\n"
        "      - fail: {code: own, message: a}\n"
    )  # fmt: skip
    flow = load(text, clock=ManualClock())
    assert run(flow, way) == [[1, "timed out"], [2, "bad value"], [3, "own"]]


@pytest.mark.parametrize("way", WAYS)
def test_collecting_inside_of_collecting(way: Way) -> None:
    text = steps("""
        - for each: n
          in: [1, 2, 3]
          at once: 2
          collect as: rows
          each gives: = row
          do:
            - for each: m
              in: [1, 2]
              at once: 2
              collect as: row
              each gives: = n * m
              do:
                - wait: ${n} seconds
        - return: = rows
    """)
    assert run(load(text, clock=ManualClock()), way) == [[1, 2], [2, 4], [3, 6]]
