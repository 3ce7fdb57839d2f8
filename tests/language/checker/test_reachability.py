"""Steps that can never run are found, each list of steps once; steps that can, never."""

from __future__ import annotations

import pytest

from tests.language.checking import all_of, findings, flow, only

THROUGH_IF = "every way through the `if` before it leaves"
THROUGH_CHOOSE = "every way through the `choose` before it leaves"
THROUGH_STEP = "every way through the step before it leaves"
NEVER_ENDS = "the loop before it never ends"
NEVER_HOLDS = "its condition can never hold here"
ALWAYS_BEFORE = "a condition before it always holds"
WRONG_WAY = "`to` is on the wrong side of `from`, so there is no round"


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ("- return: 1\n- «log»: a\n- log: b", "`return` stands before it"),
        ("- fail: {code: 1, message: a}\n- «log»: a", "`fail` stands before it"),
        ("- repeat: 3\n  do:\n    - stop loop\n    - «log»: a", "`stop loop` stands before it"),
        ("- repeat: 3\n  do:\n    - next round\n    - «log»: a", "`next round` stands before it"),
        (
            "- do it:\n  if it fails:\n    anything else:\n      - fail again\n      - «log»: a",
            "`fail again` stands before it",
        ),
        ("- if: = a\n  then: [return: 1]\n  else: [return: 2]\n- «log»: a", THROUGH_IF),
        ("- choose: [{when: = a, do: [return: 1]}]\n  otherwise: [return: 2]\n- «log»: a", THROUGH_CHOOSE),
        ("- if: true\n  then: [return: 1]\n- «log»: a", THROUGH_IF),
        ("- while: true\n  do: [do it]\n- «log»: a", NEVER_ENDS),
        ("- until: = false\n  do: [do it]\n- «log»: a", NEVER_ENDS),
        ("- while: true\n  do: [return: 1]\n- «log»: a", NEVER_ENDS),
        ("- while: true\n  do:\n    - repeat: 2\n      do: [stop loop]\n- «log»: a", NEVER_ENDS),
        ("- try: [return: 1]\n  always: [do it]\n- «log»: a", THROUGH_STEP),
        ("- try: [return: = 1 / 2]\n  if it fails: {anything else: [return: 2]}\n- «log»: a", THROUGH_STEP),
        ("- try: [do it]\n  always: [fail: {code: 1, message: a}]\n- «log»: a", THROUGH_STEP),
        ("- if: no\n  then: [«log»: a]", NEVER_HOLDS),
        ("- if: = false\n  then: [«log»: a]\n  else: [log: b]", NEVER_HOLDS),
        ("- if: yes\n  then: [log: a]\n  else: [«log»: b]", ALWAYS_BEFORE),
        ("- choose:\n    - {when: yes, do: [log: a]}\n    - {when: = a, do: [«log»: b]}", NEVER_HOLDS),
        (
            "- choose:\n    - {when: = a, do: [log: a]}\n    - {when: yes, do: [log: b]}\n  otherwise: [«log»: b]",
            ALWAYS_BEFORE,
        ),
        ("- while: false\n  do: [«log»: a]", "the loop ends before its first round"),
        ("- until: = true\n  do: [«log»: a]", "the loop ends before its first round"),
        ("- repeat: 0\n  do: [«log»: a]", "it is repeated 0 times"),
        ("- for each: x\n  in: []\n  do: [«log»: = x]", "there is nothing in this list"),
        ("- for each: x\n  in: = []\n  do: [«log»: = x]", "there is nothing in this list"),
        ("- count: x\n  from: 3\n  to: 1\n  do: [«log»: = x]", WRONG_WAY),
        ("- count: x\n  from: = 1\n  to: 3\n  by: -1\n  do: [«log»: = x]", WRONG_WAY),
    ],
)
def test_a_step_that_can_never_run(steps: str, why: str) -> None:
    found = only(flow(f"- log: = a\n{steps}", "a: yes or no"))

    assert found.message == f"this step can never run, because {why}"


@pytest.mark.parametrize(
    "steps",
    [
        "- if: = a\n  then: [return: 1]\n- log: a",
        "- if: = a\n  then: [return: 1]\n  else: [log: b]\n- log: a",
        "- choose: [{when: = a, do: [return: 1]}]\n- log: a",
        "- for each: x\n  in: = [1]\n  do: [return: = x]\n- log: a",
        "- repeat: 3\n  do: [return: 1]\n- log: a",
        "- count: x\n  from: 3\n  to: 1\n  by: -1\n  do: [log: = x]\n- log: a",
        "- count: x\n  from: 1\n  to: 1\n  do: [log: = x]\n- log: a",
        "- while: true\n  do:\n    - if: = a\n      then: [stop loop]\n- log: a",
        "- while: true\n  do:\n    - do it:\n      if it fails: {anything else: [stop loop]}\n- log: a",
        "- while: true\n  do:\n    - try: [stop loop]\n      always: [do it]\n- log: a",
        "- until: = false\n  do: [fail: {code: 1, message: a}]\n  if it fails: {1: ignore}\n- log: a",
        "- try: [fail: {code: 1, message: a}]\n  if it fails: {1: [log: b]}\n- log: a",
        "- do it:\n  if it fails: {anything else: [return: 1]}\n- log: a",
        "- return: = 1 / 2\n  if it fails: {bad value: ignore}\n- log: a",
        "- return: 1\n  skip: true\n- log: a",
        "- if: = a\n  then: []\n  else: [return: 1]\n- log: a",
        "- if: no\n  then: [{log: a, skip: true}]\n- log: a",
        "- while: false\n  do: []\n- log: a",
    ],
)
def test_a_step_that_can_run(steps: str) -> None:
    assert findings(flow(f"- log: = a\n{steps}", "a: yes or no")) == ()


def test_what_stands_in_steps_that_never_run_is_checked_too() -> None:
    assert len(all_of(flow("- return: 1\n- «log»: = «nobody»\n- log: = «no one»"))) == 3


def test_dead_steps_are_found_in_each_list_of_steps() -> None:
    steps = "- if: = a\n  then:\n    - return: 1\n    - «log»: a\n  else:\n    - return: 2\n    - «log»: b\n- «log»: c"

    assert len(all_of(flow(steps, "a: yes or no"))) == 3
