"""Secret inputs and results are shown by no message and no trace."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

import pytest

from blockwright import Event, Runtime, block
from blockwright.catalogue import SECRET, AnyBlock
from blockwright.catalogue.schema import block_schema
from tests.engine.kit import WAYS, Way, failing, load

PASSWORD = "correct horse"


class Session(TypedDict):
    name: str
    token: Annotated[str, SECRET]


class Perhaps(TypedDict):
    name: str
    token: NotRequired[Annotated[str, SECRET]]


@block("open the safe")
def open_the_safe(password: Annotated[str, SECRET], hint: str = "") -> Session:
    """Open it."""
    return {"name": "ann", "token": password + hint}


@block("look for a token")
def look_for_a_token(in_the: str) -> Perhaps | None:
    """Look for it."""
    return {"name": in_the}


@block("make numbers")
def make_numbers(pin: Annotated[int, SECRET]) -> list[Annotated[int, SECRET]]:
    """Make them."""
    return [pin]


@block("break a promise")
def break_a_promise() -> Annotated[int, SECRET]:
    """Promise a number."""
    return PASSWORD  # type: ignore[return-value]


@block("make something open")
def make_something_open(what: str) -> str:
    """Make it."""
    return what


def test_a_block_says_which_inputs_and_results_are_secret() -> None:
    assert [each.secret for each in open_the_safe.inputs] == [True, False]
    secret: list[AnyBlock] = [open_the_safe, look_for_a_token, make_numbers, break_a_promise]
    assert [each.result_secret for each in secret] == [True] * 4
    assert not make_something_open.result_secret
    schema = block_schema(open_the_safe)
    assert schema["secretResult"] is True
    assert schema["inputs"]["properties"] == {  # type: ignore[index]
        "password": {"type": "string", "writeOnly": True},
        "hint": {"type": "string", "default": ""},
    }


def test_a_service_may_be_annotated_too() -> None:
    class Bell:
        pass

    def ring(*, bell: Annotated[Bell, "loud"]) -> None:
        """Ring it."""

    ring.__annotations__["bell"] = Annotated[Bell, "loud"]
    assert block("ring")(ring).services == {"bell": Bell}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            "open the safe: {password: '= if secret = null then secret else [secret]'}",
            "`password` must be text, and this is a list of text",
        ),
        ("make numbers: {pin: = secret}", "`pin` must be a number, and this is text"),
        ("make numbers: {pin: = string length(secret) / 7}", "`pin` must be a whole number, and this is a number"),
        ("break a promise:\n    save as: number", "`break a promise` promises a number, and gave text"),
    ],
)
def test_what_is_wrong_with_a_secret_is_said_without_it(way: Way, step: str, said: str) -> None:
    flow = load(
        f"flow: try it\ninputs: {{secret: anything}}\nsteps:\n  - {step}\n  - log: = secret\n",
        open_the_safe,
        make_numbers,
        break_a_promise,
    )

    failure = failing(flow, way, {"secret": PASSWORD})

    assert failure.message == said
    assert PASSWORD not in str(failure.to_dict())


def test_a_watcher_is_told_of_a_secret_that_it_was_given_and_not_what_it_is() -> None:
    seen: list[Event] = []
    flow = Runtime(blocks=[open_the_safe, make_something_open]).load_text(
        f"flow: try it\nsteps:\n  - open the safe: {{password: {PASSWORD}}}\n    save as: session\n"
        "  - make something open: {what: door}\n    save as: door\n"
    )

    flow.run(watch=seen.append)

    gives = [(event.step, event.value, event.secret) for event in seen if event.kind == "gives"]
    assert gives == [("open the safe", None, True), ("make something open", "door", False)]
    assert PASSWORD not in repr(seen)
