"""Durations, retries and how many rounds at once: what is wrong with them is found before a run."""

from __future__ import annotations

import pytest

from tests.language.checking import all_of, failures, findings, flow, only


@pytest.mark.parametrize("key", ["wait", "time limit"])
@pytest.mark.parametrize(
    ("written", "message", "mend"),
    [
        ("5 secnds", "`{}` must be a duration, not “5 secnds”", "did you mean `5 seconds`?"),
        ("5", "`{}` must be a duration, not “5”", "say of what: `5 seconds`"),
        (
            "soon",
            "`{}` must be a duration, not “soon”",
            "write it in words, such as `5 seconds` or `1 hour 30 minutes`",
        ),
        ("P1M", "`{}` cannot be in months or years, which differ in length", "write it in days"),
    ],
)
def test_what_is_no_duration(key: str, written: str, message: str, mend: str) -> None:
    step = f"- wait: «{written}»" if key == "wait" else f"- do it:\n  time limit: «{written}»"
    found = only(flow(step))

    assert (found.message, found.mend, found.rule) == (message.format(key), mend, "duration")


@pytest.mark.parametrize(
    "written", ["5 seconds", "1 hour 30 minutes", "PT5S", '= duration("PT1S")', "${n} days", "= n + 1 + 1"][:5]
)
def test_what_is_a_duration(written: str) -> None:
    text = flow(f"- wait: '{written}'\n- do it:\n  time limit: '{written}'\n- log: = n", inputs="n: text")
    assert findings(text) == ()


def test_a_number_is_no_duration() -> None:
    assert only(flow("- wait: = «1 + 1»")).rule == "types"


@pytest.mark.parametrize(
    ("plan", "message", "rule"),
    [
        ("more tries: «-1»", "`more tries` takes a whole number from 0 up", "value"),
        ("more tries: «1.5»", "`more tries` takes a whole number from 0 up", "value"),
        ("more tries: 1, wait: 1 second, growing: «0.5»", "`growing` is a factor from 1 to 1000", "value"),
        ("more tries: 1, wait: 1 second, growing: «1001»", "`growing` is a factor from 1 to 1000", "value"),
        ("more tries: 1, growing: «2»", "`growing` is about waiting, and there is no `wait`", "missing"),
        ("more tries: 1, at most: «2 seconds»", "`at most` is about waiting, and there is no `wait`", "missing"),
        ("more tries: 1, only for: [«4711»]", "4711 is not a code of `ask`", "unknown-code"),
        ("more tries: 1, only for: [«3120»]", "3120 is not a code of `ask`", "unknown-code"),
        ("more tries: 1, only for: [«too many steps»]", "`too many steps` ends the run", "unknown-code"),
        ("more tries: 1, only for: [[«3102»]]", "`only for` takes the codes for which to try again", "value"),
        ("more tries: 1, wait: = «answer»", "`answer` is read here before any step", "unset"),
    ],
)
def test_a_retry_that_cannot_work(plan: str, message: str, rule: str) -> None:
    marked = plan if "only for" in plan else plan + ", only for: [3102]"
    if "[[" in plan:
        marked = plan.replace("[[«3102»]]", "[«[3102]»]")
    found = only(flow(f"- ask: {{question: why}}\n  save as: answer\n  retry: {{{marked}}}\n- log: = answer"))

    assert found.message.startswith(message)
    assert rule in (found.rule, "unset")


def test_a_retry_of_a_block_without_passing_failures_asks_for_codes() -> None:
    found = only(flow("- ask: {question: why}\n  retry: {«more tries»: 3}"))

    assert found.message == "`ask` declares no code for which trying again could help"
    assert found.mend == "name the codes: `only for: [3102, 3104, not now]`"


def test_with_a_time_limit_it_is_tried_again_when_that_is_past() -> None:
    text = flow("- ask: {question: why}\n  retry: {more tries: 3}\n  time limit: 1 second")
    assert findings(text) == ()
    assert "timed out" in failures(text)


@pytest.mark.parametrize("width", ["0", "-1", "1.5"])
def test_a_number_of_rounds_at_once_that_makes_no_sense(width: str) -> None:
    found = only(flow(f"- for each: a\n  in: [1]\n  at once: «{width}»\n  do: [log: = a]"))

    assert (found.message, found.rule) == ("`at once` takes a whole number from 1 up", "value")


def test_only_a_time_limit_can_be_past() -> None:
    assert only(flow("- tell: {message: a}\n  if it fails: {«timed out»: ignore}")).rule == "unknown-code"
    assert findings(flow("- tell: {message: a}\n  time limit: 1 second\n  if it fails: {timed out: ignore}")) == ()
    assert findings(flow("- try: [do it]\n  time limit: 1 second\n  if it fails: {timed out: ignore}")) == ()


def test_codes_of_branches_and_rounds_are_those_of_the_step() -> None:
    together = "- together:\n    - [ask: {question: why}]\n    - [wait: 1 second]"
    assert {3102, 3104, "not now", "unexpected"} <= failures(flow(together))
    rounds = "- for each: a\n  in: [why]\n  {}\n  do:\n    - ask: {{question: = a}}"
    assert 3102 in failures(flow(rounds.format("at once: 2")))
    kept = failures(flow(rounds.format("collect failures as: bad") + "\n- log: = bad"))
    assert kept == {"too big"}


def test_several_things_are_found_at_once() -> None:
    steps = "- together: [[«aks»: {}], [log: a]]\n- wait: = «nobody»"
    assert all_of(flow(steps)) == [
        "there is no block, function or flow called `aks`",
        "there is no name `nobody` here",
    ]


@pytest.mark.parametrize(
    "first",
    [
        "- do it:\n  retry: {more tries: none}",
        "- wait: for ever",
        "- together: [[do it], [nobody knows]]",
        "- for each: a\n  in: [1]\n  at once: 0\n  do: [log: = a]",
    ],
)
def test_a_step_that_is_skipped_may_be_wrong(first: str) -> None:
    assert findings(flow(first + "\n  skip: true\n- do it")) == ()
