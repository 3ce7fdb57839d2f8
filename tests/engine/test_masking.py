"""A secret stays one wherever it turns up: in logs, failures, what caused them, and traces."""

from __future__ import annotations

import asyncio
import traceback
from decimal import Decimal
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright import Event, Failure, InputsError, block
from blockwright.catalogue import SECRET
from blockwright.engine.secrets import HEAD, MASK, Secrets
from blockwright.engine.trace import RunBegins, StepBegins, StepFails
from tests.engine.kit import WAYS, Way, load

SECRET_WORDS = 'correct "horse"\nbattery/staple'


@block("open the safe", failures={1: "It is stuck."})
def open_the_safe(password: Annotated[str, SECRET], how: str) -> None:
    """Open it."""
    if how == "fail":
        raise Failure(1, f"{password} does not work", {"tried": [password]}) from ValueError(password)
    if how == "break":
        raise ValueError(f"cannot read {password!r}")


FLOW = """\
flow: open it
inputs:
  password: {type: text, secret: true}
  how: text
steps:
  - log: trying ${password} now
  - try it: {word: = password}
    save as: answer
  - open the safe: {password: = answer, how: = how}
  - return: = answer
functions:
  try it:
    inputs: {word: anything}
    steps:
      - return: '= word'
"""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", ["work", "fail", "break"])
def test_a_secret_is_in_nothing_that_leaves_a_run_but_its_result(way: Way, how: str) -> None:
    said: list[str] = []
    seen: list[Event] = []
    gave = None
    try:
        gave = load(FLOW, open_the_safe).run(
            {"password": SECRET_WORDS, "how": how},
            log=lambda text, _place: said.append(text),
            watch=seen.append if way == "watched" else None,
        )
    except Failure as failure:
        said += traceback.format_exception(failure)
        said.append(repr(failure.to_dict()))
        said.append(repr(failure.__context__))
    assert gave == (SECRET_WORDS if how == "work" else None)
    assert said[0] == f"trying {MASK} now"
    whole = repr(seen) + "".join(said)
    for part in ("horse", "battery", "staple"):
        assert part not in whole
    if way == "watched":
        assert f"'password': '{MASK}'" in repr(seen)


def test_what_is_wrong_with_a_secret_input_of_a_flow_is_said_without_it() -> None:
    text = "flow: f\ninputs:\n  pin: {type: number, secret: true, choices: [1234, 5678]}\nsteps:\n  - log: = pin\n"
    for wrong in ("secret words", 1235):
        with pytest.raises(InputsError) as refused:
            load(text).run({"pin": wrong})
        assert str(wrong) not in str(refused.value)


def test_a_secret_of_the_file_itself_is_known_before_it_is_used() -> None:
    lines: list[str] = []
    text = "flow: f\nsteps:\n  - set: {p: hunter22}\n  - log: = p\n  - open the safe: {password: hunter22, how: work}\n"
    load(text, open_the_safe).run(log=lambda line, _place: lines.append(line))
    assert lines == [MASK]


@block("look at it")
def look_at_it(what: Annotated[object, SECRET]) -> None:
    """Look at it."""


@block("make a key")
def make_a_key(of: str) -> Annotated[str, SECRET]:
    """Make one."""
    return f"{of}-key"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("step", "word"),
    [
        ("keep it: {it: = word}", "word"),
        ("look at it: {what: = word}", "word"),
        ("make a key: {of: = word}\n    save as: word", "word-key"),
    ],
)
def test_what_is_given_to_a_secret_input_or_comes_from_a_secret_result_is_secret_from_then_on(
    way: Way, step: str, word: str
) -> None:
    lines: list[str] = []
    seen: list[Event] = []
    text = (
        "flow: f\ninputs: {given: text}\nsteps:\n  - set: {word: = given}\n"
        f"  - {step}\n  - log: = word\n  - fail: {{code: 7, message: = word, details: [= word]}}\n"
        "functions:\n  keep it:\n    inputs: {it: {type: text, secret: true}}\n    steps: [log: = it]\n"
    )
    with pytest.raises(Failure) as failed:
        load(text, look_at_it, make_a_key).run(
            {"given": "word"},
            log=lambda line, _place: lines.append(line),
            watch=seen.append if way == "watched" else None,
        )
    assert lines == [MASK] * len(lines)
    assert (failed.value.message, failed.value.details) == (MASK, [MASK])
    assert word not in "".join(repr(each) for each in seen if isinstance(each, StepFails))


def test_a_watcher_sees_no_input_that_is_secret_whatever_it_is() -> None:
    seen: list[Event] = []
    secret = "{type: yes or no, secret: true}"
    text = (
        f"flow: f\ninputs: {{sure: {secret}}}\nsteps:\n  - look at it: {{what: = sure}}\n"
        "  - keep it: {it: = sure}\nfunctions:\n"
        f"  keep it:\n    inputs: {{it: {secret}}}\n    steps: [look at it: {{what: '= [it]'}}]\n"
    )
    load(text, look_at_it).run({"sure": True}, watch=seen.append)
    shown = [each.inputs for each in seen if isinstance(each, RunBegins | StepBegins)]
    assert shown == [{"sure": MASK}, {"what": MASK}, {"it": MASK}, {"what": MASK}]


@pytest.mark.parametrize("way", WAYS)
def test_that_a_secret_is_written_in_the_file_hides_no_cause_which_does_not_tell_it(way: Way) -> None:
    text = """\
flow: f
steps:
  - open the safe: {password: hunter22, how: work}
  - wait: 1 hour
    time limit: 1 millisecond
"""
    with pytest.raises(Failure) as failure:
        load(text, open_the_safe).run(watch=(lambda _: None) if way == "watched" else None)
    assert (failure.value.code, type(failure.value.__cause__)) == ("timed out", asyncio.CancelledError)


def test_the_token_of_who_is_logged_in_is_secret() -> None:
    lines: list[str] = []
    text = "flow: f\ninputs: {t: text}\nsteps:\n  - log: '[${t}]'\n"
    load(text).run({"t": "token-1"}, user_token="token-1", log=lambda line, _place: lines.append(line))
    assert lines == [f"[{MASK}]"]


@given(st.lists(st.text(min_size=4), min_size=1, max_size=5), st.text(), st.text())
def test_no_text_holds_a_secret_once_it_is_masked(secrets: list[str], before: str, after: str) -> None:
    masks = Secrets()
    masks.note(list(secrets))
    for secret in secrets:
        shown = masks.text(before + secret + after)
        assert not any(each in piece for piece in shown.split(MASK) for each in secrets)


@given(st.text(min_size=HEAD + 1), st.integers(HEAD))
def test_a_secret_that_was_cut_off_is_masked_too(secret: str, length: int) -> None:
    masks = Secrets()
    masks.note(secret)
    assert secret[:HEAD] not in masks.text(f"{secret[:length]}…").split(MASK)


def test_values_are_masked_at_any_depth_numbers_and_names_of_entries_too() -> None:
    masks = Secrets()
    masks.note({"card": {"number": 4111, "rate": Decimal("0.25")}, "owner": "ann"})
    shown = masks.value({"list": [4111, 4112, Decimal("0.25"), "ann", "annika"], "x4111": True, "password": "abc"})
    assert shown == {"list": [MASK, 4112, MASK, MASK, "annika"], f"x{MASK}": True, "password": MASK}


def test_of_objects_only_the_entries_that_are_secret_are_kept() -> None:
    masks = Secrets()
    masks.note({"name": "somebody", "token": "abcdef"}, ["token"])
    assert masks.text("somebody has abcdef") == f"somebody has {MASK}"


def test_many_secrets_are_found_as_well_as_few() -> None:
    masks = Secrets()
    masks.note([f"secret number {number}" for number in range(1000)])
    assert masks.text("this is secret number 999, is it?") == f"this is {MASK}, is it?"
