"""A failure's place is exact to the character, however the value is written."""

from __future__ import annotations

import pytest

from tests.engine.kit import WAYS, Way, failing, load

WRITTEN = {
    "plain": ("  - return: = 1 + 10 / zero", "10 / zero"),
    "behind letters that are not ASCII": ('  - return: = "größe 😀 " + upper case(thing)', "upper case"),
    "in single quotes": ("  - return: '= \"it''s\" + upper case(thing)'", "upper case"),
    "in double quotes": ('  - return: "= \\"\\u00fc\\" + upper case(thing)"', "upper case"),
    "in a text": ("  - return: größer ${1 / zero} als", "1 / zero"),
    "twice in a text": ("  - return: ${zero} ü ${zero} ${1 / zero}", "1 / zero"),
    "in a quoted text": ("  - return: 'it''s ${1 / zero}'", "1 / zero"),
    "in a text without a value": ("  - return: ü ${nothing} here", "nothing"),
    "on a line of its own": ("  - return:\n      = 1 / zero", "1 / zero"),
    "folded": ("  - return: >-\n      = 1 +\n      2 / zero", "2 / zero"),
    "literal": ("  - return: |-\n      = 1 +\n        2 / zero", "2 / zero"),
    "over lines without a sign": ("  - return: = 1 +\n      2 / zero", "2 / zero"),
    "over lines in quotes": ('  - return: "= 1 +\n      2 / zero"', "2 / zero"),
    "in a list": ("  - return: [1, = 1 / zero, 3]", "1 / zero"),
    "in an object": ("  - return:\n      a: {b: [= 1 / zero]}", "1 / zero"),
    "as a condition": ("  - if: = thing\n    then:\n      - return: 1\n  - return: 2", "thing"),
    "as a condition without a value": ("  - if: = nothing\n    then:\n      - return: 1\n  - return: 2", "nothing"),
    "as the items of a loop": ("  - for each: one\n    in: = thing\n    do:\n      - log: x\n  - return: 1", "thing"),
    "as an end of a count": (
        "  - count: one\n    from: 1\n    to: = nothing\n    do:\n      - log: x\n  - return: 1",
        "nothing",
    ),
    "as a message": ("  - fail: {code: 7, message: = thing}", "thing"),
    "as a code": ("  - fail: {code: = nothing, message: no}", "nothing"),
    "as a number of rounds": ("  - repeat: = 1 - 2 + zero\n    do:\n      - log: x\n  - return: 1", "1 - 2"),
}

FLOW = """flow: places
inputs:
  thing: anything
  zero: number
  nothing: anything, optional
steps:
{written}
"""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("written", "culprit"), WRITTEN.values(), ids=WRITTEN)
def test_a_failure_points_at_what_failed(written: str, culprit: str, way: Way) -> None:
    text = FLOW.format(written=written)
    failure = failing(load(text), way, {"thing": 7, "zero": 0})
    assert failure.code == "bad value"
    assert failure.place is not None
    line = text.splitlines()[failure.place.line - 1]
    assert line[failure.place.column - 1 :].startswith(culprit), str(failure)
