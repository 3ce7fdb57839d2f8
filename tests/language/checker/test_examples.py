"""The tests that authors write into a flow are checked like calls of it."""

from __future__ import annotations

import pytest

from tests.language.checking import findings, only

FLOW = """\
flow: a
inputs: {name: text, times: {type: number, default: 1}}
steps:
  - return: ${name} ${times}
tests:
  - «it»: works
    with: WITH
    expect: EXPECT
"""


def with_(given: str = "{name: b}", expect: str = "{returns: b 1}") -> str:
    marked = FLOW.replace("WITH", given).replace("EXPECT", expect)
    return marked if "»" not in given + expect else marked.replace("«it»", "it")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{times: 2}", "this test gives no value for `name`"),
        ("{}", "this test gives no value for `name`"),
        ("{«nam»: b}", "the flow has no input called `nam`"),
        ("{name: b, «colour»: red}", "the flow has no input called `colour`"),
        ("{name: b, times: «often»}", "`times` must be a number"),
        ("{name: «= name»}", "`name` must be a text"),
    ],
)
def test_inputs_of_a_test(given: str, message: str) -> None:
    assert only(with_(given)).message == message


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("{returns: «= 1»}", "`returns` must be anything"),
        ("{fails: «[1]»}", "`fails` must be a number or a text or an object"),
        ("{log: «b»}", "`log` must be a list"),
        ("{emails to: «[[1]]»}", "`emails to` must be a list of text"),
        ("{emails to: «a@b.c»}", "`emails to` must be a list of text"),
        ("{«returns»: b, fails: 3}", "a flow that fails returns nothing"),
    ],
)
def test_what_a_test_expects(expect: str, message: str) -> None:
    assert only(with_(expect=expect)).message == message


@pytest.mark.parametrize(
    "expect", ["{}", "{returns: null}", "{fails: 3102}", "{fails: {code: 3102}}", "{log: [a], emails to: [b@c.d]}"]
)
def test_what_a_test_may_expect(expect: str) -> None:
    text = with_(expect=expect).replace("«", "").replace("»", "")

    assert findings(text) == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [("{users: «{a: b}»}", "`users` must be a list of object"), ("{settings: «[a]»}", "`settings` must be an object")],
)
def test_what_is_given_before_a_test(given: str, message: str) -> None:
    text = "flow: a\nsteps: [do it]\ntests:\n  - it: works\n    given: GIVEN\n    expect: {}\n"

    assert only(text.replace("GIVEN", given)).message == message
