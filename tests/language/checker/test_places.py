"""Statements that leave something stand inside of it, and not where they could not work."""

from __future__ import annotations

import pytest

from tests.language.checking import findings, flow, only


@pytest.mark.parametrize("word", ["stop loop", "next round"])
def test_leaving_a_loop_outside_of_one(word: str) -> None:
    found = only(flow(f"- «{word}»"))

    assert (found.message, found.mend) == (f"`{word}` stands outside a loop", "use it inside a loop only")
    only(flow(f"- if: = 1 > 2\n  then: [«{word}»]"))
    only(flow("- repeat: 2\n  do: [greet]\n- log: a", functions=f"greet: {{steps: [«{word}»]}}"))


@pytest.mark.parametrize("word", ["stop loop", "next round"])
def test_a_loop_is_not_left_out_of_always(word: str) -> None:
    found = only(flow(f"- repeat: 2\n  do:\n    - try: [do it]\n      always: [«{word}»]"))

    assert (found.message, found.mend) == (
        f"`{word}` cannot leave `always`, which runs to its end",
        "move it out of `always`",
    )
    only(
        flow(
            f"- repeat: 2\n  do:\n    - try: [do it]\n      always:\n        - if: = 1 > 2\n          then: [«{word}»]"
        )
    )


@pytest.mark.parametrize(
    "steps",
    [
        "- try: [do it]\n  always: [«return»: 1]",
        "- try: [do it]\n  always:\n    - repeat: 2\n      do: [«return»: 1]",
        "- try: [do it]\n  always:\n    - do it:\n      if it fails: {anything else: [«return»: 1]}",
    ],
)
def test_a_flow_does_not_return_out_of_always(steps: str) -> None:
    assert only(flow(steps)).message == "`return` cannot leave `always`, which runs to its end"


@pytest.mark.parametrize(
    "steps",
    [
        "- «fail again»",
        "- try: [«fail again»]\n  if it fails: {anything else: ignore}",
        "- try: [do it]\n  always: [«fail again»]",
        "- do it:\n  if it fails: {anything else: [do it]}\n- «fail again»",
    ],
)
def test_a_failure_is_passed_on_in_handlers_only(steps: str) -> None:
    found = only(flow(steps))

    assert (found.message, found.mend) == ("`fail again` stands outside a handler", "use it inside a handler only")


@pytest.mark.parametrize(
    "steps",
    [
        "- repeat: 2\n  do:\n    - try: [do it]\n      always:\n        - repeat: 2\n          do: [stop loop]",
        "- repeat: 2\n  do:\n    - try: [stop loop]\n      always: [do it]",
        "- repeat: 2\n  do:\n    - do it:\n      if it fails: {anything else: [next round]}",
        "- try: [return: 1]\n  always: [do it]",
        "- do it:\n  if it fails:\n    anything else:\n      - repeat: 2\n        do: [fail again]",
        "- do it:\n  if it fails:\n    anything else:\n      - try: [fail again]\n        always: [do it]",
        "- do it:\n  if it fails:\n    anything else:\n      - try: [do it]\n        always: [fail again]",
        "- try: [do it]\n  always: [fail: {code: 1, message: a}]",
        "- try:\n    - try: [do it]\n      always: [do it]\n    - return: 1\n  always: [do it]",
    ],
)
def test_what_leaves_something_inside_of_it(steps: str) -> None:
    assert findings(flow(steps)) == ()
