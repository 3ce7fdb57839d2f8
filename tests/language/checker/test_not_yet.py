"""Forms that can be written and do not run yet are refused, each with one clear sentence."""

from __future__ import annotations

import pytest

from tests.language.checking import findings, flow, only

FORMS = {
    "retry": "- do it:\n  «retry»: {more tries: 3}",
    "time limit": "- set: {a: 1}\n  «time limit»: 3 seconds\n- return: = a",
    "at once": "- for each: a\n  in: [1]\n  «at once»: 5\n  do: [log: = a]",
    "collect as": "- for each: a\n  in: [1]\n  «collect as»: all\n  do: [log: = a]\n- return: = all",
    "each gives": "- for each: a\n  in: [1]\n  «each gives»: = a + 1\n  do: [log: = a]",
    "collect failures as": "- for each: a\n  in: [1]\n  «collect failures as»: b\n  do: [do it]\n- return: = b",
    "wait": "- «wait»: 5 seconds",
    "together": "- «together»: [[do it], [set: {a: 1}]]\n- return: = a",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_does_not_run_yet(form: str) -> None:
    found = only(flow(FORMS[form]))

    assert found.message == f"`{form}` can be written but does not run in this version"
    assert found.mend == f"take `{form}` out until it does"
    assert found.rule == "not-yet"


@pytest.mark.parametrize("form", FORMS)
def test_a_handler_for_what_such_a_form_may_fail_with_is_not_held_against_it(form: str) -> None:
    first, *rest = FORMS[form].split("\n- ")

    only(flow("\n- ".join([first + "\n  if it fails: {timed out: ignore, 4711: ignore}", *rest])))


@pytest.mark.parametrize("form", FORMS)
def test_a_step_that_is_skipped_may_use_them(form: str) -> None:
    first = FORMS[form].split("\n- ")[0].replace("«", "").replace("»", "")

    assert findings(flow(first + "\n  skip: true\n- do it")) == ()


def test_what_stands_in_branches_side_by_side_is_checked_too() -> None:
    found = [each.message for each in findings(flow("- together: [[aks: {}]]\n- wait: = nobody"))]

    assert "there is no block, function or flow called `aks`" in found
    assert "there is no name `nobody` here" in found
