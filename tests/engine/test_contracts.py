"""Flows that promise something, and those that call them: what is known beforehand, and what is held to in the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from blockwright import Failure, Flow, FlowError, Runtime
from tests.engine.kit import WAYS, Way, failing, logged, run
from tests.language.checking import BLOCKS

LOOK = """\
flow: look for someone
inputs: {name: text}
returns: {type: list of text, about: The addresses.}
failures:
  3104: Nobody is registered.
  busy: {about: Come back later., transient: true}
steps:
  - if: = name = "busy"
    then: [fail: {code: busy, message: Come back.}]
  - if: = name = "nobody"
    then: [fail: {code: 3104, message: Nobody.}]
  - return: [= name]
"""


def caller(folder: Path, steps: str, *, called: str = LOOK) -> Flow:
    """A flow with these steps, beside a flow that promises something."""
    folder.joinpath("called.yaml").write_text(called, "utf-8")
    path = folder / "caller.yaml"
    path.write_text(f"flow: caller\nsteps:\n{steps}", "utf-8")
    return Runtime(blocks=BLOCKS).load(path)


def messages(folder: Path, steps: str, *, called: str = LOOK) -> list[str]:
    with pytest.raises(FlowError) as caught:
        caller(folder, steps, called=called)
    return [each.message for each in caught.value.findings]


@pytest.mark.parametrize("way", WAYS)
def test_a_promised_value_is_held_to_in_the_run(way: Way) -> None:
    flow = Runtime().load_text("flow: a\nreturns: number\ninputs: {b: anything}\nsteps:\n  - return: = b\n")

    assert run(flow, way, {"b": 5}) == 5
    failure = failing(flow, way, {"b": "five"})
    message = '`return` must give a number, and this is the text "five"'
    assert (failure.code, failure.message) == ("bad value", message)
    assert failure.place is not None
    assert (failure.place.line, failure.place.column) == (5, 15)
    assert failing(flow, way, {"b": None}).message == "`return` must give a number, and there is no value here"
    assert "bad value" in flow.failures


@pytest.mark.parametrize("way", WAYS)
def test_a_broken_promise_is_a_failure_that_the_flow_itself_may_handle(way: Way) -> None:
    text = """\
flow: a
returns: number
inputs: {b: anything}
steps:
  - return: = b
    if it fails: {bad value: [return: 7]}
"""
    assert run(Runtime().load_text(text), way, {"b": "five"}) == 7


def test_the_promised_type_is_known_where_a_flow_is_called(tmp_path: Path) -> None:
    steps = "  - look for someone: {name: a}\n    save as: found\n  - return: = found + 1\n"

    assert "list" in " ".join(messages(tmp_path, steps))


@pytest.mark.parametrize("way", WAYS)
def test_what_a_promising_flow_gives_can_be_used_as_it_promised(tmp_path: Path, way: Way) -> None:
    steps = "  - look for someone: {name: a}\n    save as: found\n  - return: = count(found) + 1\n"

    assert run(caller(tmp_path, steps), way) == 2


def test_a_flow_that_gives_nothing_has_nothing_to_save(tmp_path: Path) -> None:
    steps = "  - quiet\n    \n"
    quiet = "flow: quiet\nreturns: nothing\nsteps:\n  - log: a\n"

    assert caller(tmp_path, steps, called=quiet).run() is None
    assert messages(tmp_path, "  - quiet:\n    save as: b\n  - log: = b\n", called=quiet) == [
        "`quiet` gives no value to save"
    ]


def test_declared_codes_can_be_handled_where_a_flow_is_called_and_no_others(tmp_path: Path) -> None:
    flow = caller(tmp_path, "  - look for someone: {name: nobody}\n    if it fails: {3104: [return: nobody]}\n")
    assert flow.run() == "nobody"
    assert {"busy"} == flow.failures - {"bad value", "too big", "too deep", "too many steps"}

    assert messages(tmp_path, "  - look for someone: {name: a}\n    if it fails: {3105: ignore}\n") == [
        "nothing here can fail with 3105"
    ]


def test_a_declared_code_may_be_handled_though_nothing_gives_it_today(tmp_path: Path) -> None:
    called = "flow: careful\nfailures: {7: One day.}\nsteps:\n  - log: a\n"

    flow = caller(tmp_path, "  - careful:\n    if it fails: {7: ignore}\n", called=called)
    assert flow.run() is None


def test_a_code_that_comes_from_another_flow_has_to_be_declared_too(tmp_path: Path) -> None:
    caller(tmp_path, "  - log: a\n")
    path = tmp_path / "above.yaml"
    path.write_text("flow: above\nfailures: {busy: Later.}\nsteps:\n  - look for someone: {name: a}\n", "utf-8")

    with pytest.raises(FlowError) as caught:
        Runtime().load(path)

    (found,) = caught.value.findings
    assert found.message == "this can fail with 3104, which the flow does not declare"
    assert (found.file, found.span.line) == (str(path), 4)


def test_a_warning_about_a_contract_does_not_keep_a_flow_from_being_called(tmp_path: Path) -> None:
    caller(tmp_path, "  - log: a\n")
    path = tmp_path / "above.yaml"
    text = "flow: above\nfailures: {busy: Later., 3104: Nobody., 9: Nine.}\nsteps:\n  - look for someone: {name: a}\n"
    path.write_text(text, "utf-8")

    assert [each.message for each in Runtime().load(path).warnings] == ["nothing here fails with 9"]


def test_retrying_a_flow_takes_the_codes_that_it_declares_as_transient(tmp_path: Path) -> None:
    steps = "  - look for someone: {name: NAME}\n    retry: {more tries: 2}\n"
    tries: list[str] = []

    for name in ("busy", "nobody"):
        with pytest.raises(Failure):
            caller(tmp_path, steps.replace("NAME", name)).run(watch=lambda event: tries.append(str(event)))
        tries.append("the next name")

    called = caller(tmp_path, "  - careful:\n    retry: {more tries: 1}\n    if it fails: {7: ignore}\n", called=ONCE)
    assert called.run() is None


ONCE = "flow: careful\nfailures: {7: {about: Again., transient: true}}\nsteps:\n  - fail: {code: 7, message: a}\n"


def test_retrying_a_flow_without_transient_codes_is_refused(tmp_path: Path) -> None:
    called = "flow: careful\nfailures: {7: Never again.}\nsteps:\n  - fail: {code: 7, message: a}\n"

    assert messages(tmp_path, "  - careful:\n    retry: {more tries: 1}\n", called=called) == [
        "`careful` declares no code for which trying again could help"
    ]


FUNCTION = """\
flow: a
inputs: {b: anything}
steps:
  - twice: {n: = b}
    save as: c
    if it fails: {bad value: [return: handled], 7: [return: = failure.message]}
    retry: {more tries: 1}
  - return: = c
functions:
  twice:
    inputs: {n: anything}
    returns: number
    failures: {7: {about: It is seven., transient: true}}
    steps:
      - log: twice
      - if: = n = 7
        then: [fail: {code: 7, message: seven}]
      - return: = n
"""


@pytest.mark.parametrize("way", WAYS)
def test_a_function_is_held_to_its_promise_in_the_run(way: Way) -> None:
    flow = Runtime(blocks=BLOCKS).load_text(FUNCTION)

    assert logged(flow, way, {"b": 5}) == (5, ["twice"])
    assert logged(flow, way, {"b": "five"}) == ("handled", ["twice"])
    assert logged(flow, way, {"b": 7}) == ("seven", ["twice", "twice"])
