"""How what goes wrong in a block, an expression or a step arrives at handlers and at the application."""

from __future__ import annotations

import copy
import enum
import pickle
from decimal import Decimal

import pytest

from blockwright import Failure, Flow, block
from blockwright.failure import Code
from tests.engine.kit import WAYS, Way, failing, load, look_away, run


class Odd(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not even this can be said")


class Number(enum.IntEnum):
    SEVEN = 7


class OwnFailure(Failure):
    def __init__(self) -> None:
        super().__init__(7, "of a class of its own")


RAISED: dict[str, Exception] = {
    "declared": Failure(7, "seven came", {"at": Decimal("1.5")}),
    "own class": OwnFailure(),
    "enum": Failure(Number.SEVEN, "as an enum"),
    "undeclared": Failure(8, "nobody knows eight"),
    "engine's": Failure("bad value", "not declared by the block"),
    "final": Failure("too many steps", "pretended"),
    "error": ValueError("a Python error"),
    "silent": KeyError(),
    "unsayable": Odd(),
    "stop": StopIteration("enough"),
    "recursion": RecursionError("deep"),
    "memory": MemoryError(),
    "unhashable code": Failure([7], "a list"),  # type: ignore[arg-type]
    "message no text": Failure(7, 7),  # type: ignore[arg-type]
    "group": ExceptionGroup("several", [ValueError("one"), KeyError("two")]),
}


@block("raise", failures={7: "Seven came."})
def raise_it(which: str) -> None:
    """Raise an error."""
    raise RAISED[which]


@block("raise later", failures={7: "Seven came."})
async def raise_later(which: str) -> None:
    """Raise an error in a coroutine."""
    raise RAISED[which]


PASSED_ON = """\
flow: pass on
inputs:
  which: text
steps:
  - {label}:
      which: = which
"""
HANDLED = """\
flow: handle
inputs:
  which: text
steps:
  - try:
      - {label}:
          which: = which
    if it fails:
      7:
        - return: seven ${{failure.message}}
      unexpected:
        - return: unexpected
"""


@pytest.fixture(params=["raise", "raise later"])
def label(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def passing_on(label: str) -> Flow:
    return load(PASSED_ON.format(label=label), raise_it, raise_later)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("which", "code", "message"),
    [
        ("declared", 7, "seven came"),
        ("own class", 7, "of a class of its own"),
        ("enum", 7, "as an enum"),
        ("message no text", 7, "7"),
        ("undeclared", "unexpected", "`{label}` failed with a code it does not declare: 8: nobody knows eight"),
        ("unhashable code", "unexpected", "`{label}` failed with a code it does not declare: [7]: a list"),
        (
            "engine's",
            "unexpected",
            "`{label}` failed with a code it does not declare: bad value: not declared by the block",
        ),
        ("final", "unexpected", "`{label}` failed with a code it does not declare: too many steps: pretended"),
        ("error", "unexpected", "`{label}` stopped with an error it does not declare: ValueError: a Python error"),
        ("silent", "unexpected", "`{label}` stopped with an error it does not declare: KeyError"),
        (
            "unsayable",
            "unexpected",
            "`{label}` stopped with an error it does not declare: Odd: Odd that cannot be shown",
        ),
        (
            "group",
            "unexpected",
            "`{label}` stopped with an error it does not declare: ExceptionGroup: several (2 sub-exceptions)",
        ),
        ("recursion", "too deep", "this is nested too deeply to be worked out"),
        ("memory", "too big", "there is not enough memory for this"),
    ],
)
def test_what_a_block_raises_is_a_failure_of_that_block(
    label: str, way: Way, which: str, code: Code, message: str
) -> None:
    failure = failing(passing_on(label), way, {"which": which})
    assert (failure.code, failure.message) == (code, message.format(label=label))
    assert (failure.block, failure.flow, str(failure.place)) == (label, "pass on", "flow.yaml:5:5")
    if code != 7:
        assert failure.__cause__ is RAISED[which]


@pytest.mark.parametrize("way", WAYS)
def test_a_stop_iteration_of_a_synchronous_block_is_one_among_errors(way: Way) -> None:
    text = PASSED_ON.format(label="raise") + "  - raise later: {which: declared}\n"
    failure = failing(load(text, raise_it, raise_later), way, {"which": "stop"})
    assert failure.message == "`raise` stopped with an error it does not declare: StopIteration: enough"
    assert str(failure.place) == "flow.yaml:5:5"


@pytest.mark.parametrize("way", WAYS)
def test_handlers_take_what_a_block_raises(label: str, way: Way) -> None:
    flow = load(HANDLED.format(label=label), raise_it, raise_later)
    assert run(flow, way, {"which": "declared"}) == "seven seven came"
    assert run(flow, way, {"which": "enum"}) == "seven as an enum"
    assert run(flow, way, {"which": "undeclared"}) == "unexpected"
    assert run(flow, way, {"which": "error"}) == "unexpected"


@pytest.mark.parametrize("way", WAYS)
def test_a_block_that_runs_a_flow_answers_for_its_failures(way: Way) -> None:
    inner = load("flow: inner\ninputs: {code: number}\nsteps:\n  - fail: {code: = code, message: inside}\n")

    @block("run inside", failures={7: "Seven came."})
    def run_inside(code: int) -> object:
        """Run another flow."""
        return inner.run({"code": code}, watch=look_away if way == "watched" else None)

    outer = load("flow: outer\ninputs: {c: number}\nsteps:\n  - log: x\n  - run inside: {code: = c}\n", run_inside)
    failure = failing(outer, way, {"c": 7})
    assert (failure.code, failure.message, failure.flow, failure.block) == (7, "inside", "outer", "run inside")
    assert str(failure.place) == "flow.yaml:5:5"
    assert isinstance(failure.__cause__, Failure)
    assert (failure.__cause__.flow, str(failure.__cause__.place)) == ("inner", "flow.yaml:4:5")
    failure = failing(outer, way, {"c": 8})
    assert (failure.code, failure.block, str(failure.place)) == ("unexpected", "run inside", "flow.yaml:5:5")
    assert isinstance(failure.__cause__, Failure)
    assert failure.__cause__.code == 8


GAVE = [
    (3.5, "`give` promises a whole number, and gave the number 3.5"),
    ("three", '`give` promises a number, and gave the text "three"'),
    (True, "`give` promises a number, and gave true"),
    (None, "`give` promises a number, and gave nothing"),
    (float("nan"), "`give` gave something no flow can hold: the value is NaN, which is not a number"),
    (object, "`give` gave something no flow can hold: the value is of the Python type type, which flows do not know"),
    ({1: 2}, "`give` gave something no flow can hold: the value has the key 1, and keys are texts"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("gave", "message"), GAVE)
def test_a_block_that_breaks_its_word_is_unexpected(gave: object, message: str, way: Way) -> None:
    @block("give")
    def give() -> int:
        """Give something."""
        return gave  # type: ignore[return-value]

    failure = failing(load("flow: f\nsteps:\n  - give:\n    save as: x\n  - return: = x\n", give), way)
    assert (failure.code, failure.message) == ("unexpected", message)
    assert (failure.block, str(failure.place)) == ("give", "flow.yaml:3:5")


@pytest.mark.parametrize("way", WAYS)
def test_a_failure_survives_pickling_and_tells_its_place_as_data(way: Way) -> None:
    failure = failing(passing_on("raise"), way, {"which": "declared"})
    for twin in (pickle.loads(pickle.dumps(failure)), copy.copy(failure)):
        assert type(twin) is Failure
        assert twin.to_dict() == failure.to_dict()
    assert failure.to_dict() == {
        "message": "seven came",
        "code": 7,
        "details": {"at": Decimal("1.5")},
        "file": "flow.yaml",
        "line": 5,
        "column": 5,
        "flow": "pass on",
        "block": "raise",
    }
    assert list(failure.to_dict())[:2] == ["message", "code"]


@pytest.mark.parametrize("way", WAYS)
def test_fail_again_passes_on_the_same_failure(way: Way) -> None:
    flow = load(
        "flow: again\nsteps:\n  - try:\n      - raise: {which: declared}\n    if it fails:\n      7:\n"
        "        - try:\n            - fail: {code: 9, message: no}\n          if it fails:\n            9: ignore\n"
        "        - fail again\n",
        raise_it,
    )
    failure = failing(flow, way)
    assert (failure.code, failure.block, str(failure.place)) == (7, "raise", "flow.yaml:4:9")


def test_details_that_no_flow_can_hold_are_kept_as_text() -> None:
    @block("fall", failures={7: "It fell."})
    def fall() -> None:
        """Fall with strange details."""
        raise Failure(7, "fell", {"a set": {1}})

    text = "flow: f\nsteps:\n  - try:\n      - fall\n    if it fails:\n      7:\n        - return: = failure.details\n"
    assert [run(load(text, fall), way) for way in WAYS] == ["{'a set': {1}}"] * 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("given", "code"), [("7", 7), ("-7", -7), (7, 7), (Decimal("7.00"), 7), ("not found", "not found"), ("٣", "٣")]
)
def test_a_code_that_is_worked_out_is_the_one_that_a_handler_names(given: object, code: Code, way: Way) -> None:
    flow = load("flow: f\ninputs: {c: text or number}\nsteps:\n  - fail: {code: = c, message: no}\n")
    found = failing(flow, way, {"c": given}).code
    assert (found, type(found)) == (code, type(code))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("given", [1.5, ""])
def test_what_is_no_code_is_a_bad_value(given: object, way: Way) -> None:
    flow = load("flow: f\ninputs: {c: text or number}\nsteps:\n  - fail: {code: = c, message: no}\n")
    failure = failing(flow, way, {"c": given})
    assert failure.code == "bad value"
    assert str(failure.place) == "flow.yaml:4:20"
