"""What a test expects is held against the run, and what differs is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.kit import run_tests, said

GREET = """
flow: greet
inputs: {name: text, times: {type: number, default: 1}}
steps:
  - if: = times < 1
    then:
      - fail: {code: too few, message: nobody is greeted 0 times, details: {times: = times}}
  - log: greeting ${name}
  - log: done
  - return: {hello: = name, numbers: [1, = times], sure: true}
"""
WITH = "with: {name: Ann}\n"


@pytest.mark.parametrize(
    "expect",
    [
        "{}",
        "{returns: {hello: Ann, numbers: [1, 1], sure: true}}",
        "{returns: {sure: true, numbers: [1, 1.0], hello: Ann}}",
        "{returns: '= {hello: \"Ann\", numbers: [1, 2 - 1], sure: 1 < 2}'}",
        "{returns: {hello: '${\"A\"}nn', numbers: [= 1, 1], sure: true}}",
        "{log: [greeting Ann, done]}",
        "{log has: [done]}",
        "{log has: []}",
        "{emails to: [], never calls: [shout], calls: [], users: []}",
        "{time passed: 0 seconds}",
    ],
)
def test_a_test_passes_when_all_is_as_expected(tmp_path: Path, expect: str) -> None:
    assert said(tmp_path, GREET, f"{WITH}expect: {expect}") == ""


def test_a_value_that_differs_is_shown_as_yaml(tmp_path: Path) -> None:
    assert said(tmp_path, GREET, f"{WITH}expect: {{returns: {{hello: Bob, numbers: [1, 2], sure: true}}}}") == (
        "flow:13: `returns` is not as expected\n"
        "    - hello: Bob\n"
        "    + hello: Ann\n"
        "      numbers:\n"
        "      - 1\n"
        "    - - 2\n"
        "    + - 1\n"
        "      sure: true"
    )


def test_a_yes_is_no_1_and_a_text_is_no_number(tmp_path: Path) -> None:
    flow = "flow: a\nsteps:\n  - return: [true, '1']\n"

    assert said(tmp_path, flow, "expect: {returns: [1, 1]}") == (
        'flow:6: `returns` is not as expected\n    - - 1\n    - - 1\n    + - true\n    + - "1"'
    )


def test_of_long_values_only_the_surroundings_of_what_differs_are_shown(tmp_path: Path) -> None:
    flow = "flow: a\nsteps:\n  - return: = for i in 1..50 return i\n"
    numbers = ", ".join(map(str, [*range(1, 26), 0, *range(27, 51)]))

    shown = said(tmp_path, flow, f"expect: {{returns: [{numbers}]}}")

    assert shown.split("\n")[1:] == [
        "      …",
        "      - 23",
        "      - 24",
        "      - 25",
        "    - - 0",
        "    + - 26",
        "      - 27",
        "      - 28",
        "      - 29",
        "      …",
    ]


def test_a_failure_that_nobody_expected_is_shown_in_the_flow(tmp_path: Path) -> None:
    assert said(
        tmp_path, GREET, "with: {name: Ann, times: 0}\nexpect: {returns: {hello: Ann, numbers: [], sure: true}}"
    ) == (
        "flow:6: the flow failed with too few: nobody is greeted 0 times\n"
        "      |\n"
        "    6 |       - fail: {code: too few, message: nobody is greeted 0 times, details: {times: = times}}\n"
        "      |         ^\n"
        "      details: {times: 0}"
    )


@pytest.mark.parametrize(
    "fails",
    [
        "too few",
        "{code: too few}",
        "{code: too few, message: nobody is greeted 0 times}",
        "{code: too few, details: {times: 0}}",
    ],
)
def test_a_failure_that_is_expected(tmp_path: Path, fails: str) -> None:
    assert said(tmp_path, GREET, f"with: {{name: Ann, times: 0}}\nexpect: {{fails: {fails}, log: []}}") == ""


def test_a_failure_that_is_another(tmp_path: Path) -> None:
    test = "with: {name: Ann, times: 0}\nexpect: {fails: {code: too few, message: not at all}}"

    assert said(tmp_path, GREET, test).split("\n")[:4] == [
        "flow:13: the flow failed in another way",
        "      code: too few",
        "    - message: not at all",
        "    + message: nobody is greeted 0 times",
    ]


def test_a_failure_that_does_not_come(tmp_path: Path) -> None:
    assert said(tmp_path, GREET, f"{WITH}expect: {{fails: too few}}") == (
        "flow:13: the flow should fail with too few, and it did not\n"
        "    it returned {hello: Ann, numbers: [1, 1], sure: true}"
    )


def test_what_a_block_breaks_with_is_shown(tmp_path: Path) -> None:
    shown = said(tmp_path, "flow: a\nsteps: [break]", "expect: {}")

    assert "flow:2: the flow failed with unexpected: " in shown
    assert "cause: ValueError: broken by purpose" in shown


def test_lines_of_the_log(tmp_path: Path) -> None:
    assert said(tmp_path, GREET, f"{WITH}expect: {{log: [done]}}") == (
        "flow:13: `log` is not as expected\n    + - greeting Ann\n      - done"
    )
    assert said(tmp_path, GREET, f"{WITH}expect: {{log has: [done, greeting Ann]}}") == (
        "flow:13: the log does not have the line “greeting Ann” after the lines before it\n"
        "      greeting Ann\n"
        "      done"
    )
    assert said(tmp_path, "flow: a\nsteps: [return]", "expect: {log has: [b]}") == (
        "flow:5: the log does not have the line “b”\n      nothing was logged"
    )


RESEND = """
flow: resend
inputs: {to: list of text}
steps:
  - for each: one
    in: = to
    do:
      - resend confirmation email: {user identity: = one}
"""
TWO = """
given:
  users:
    - {email: ann@example.com, userStatus: EMAIL_CONFIRMATION_PENDING}
    - {email: bob@example.com, userStatus: EMAIL_CONFIRMATION_PENDING}
with: {to: [bob@example.com, ann@example.com]}
"""


@pytest.mark.parametrize(
    "expect",
    [
        "{emails to: [bob@example.com, ann@example.com]}",
        "{emails to: {ann@example.com: [], bob@example.com: confirm YOUR email address}}",
        "{emails to: {ann@example.com: [Hello, works once], bob@example.com: 'http://localhost'}}",
        "{calls: [resend confirmation email, resend confirmation email: {user identity: ann@example.com}]}",
    ],
)
def test_mails_as_expected(tmp_path: Path, expect: str) -> None:
    assert said(tmp_path, RESEND, f"{TWO}expect: {expect}") == ""


def test_mails_that_are_others(tmp_path: Path) -> None:
    assert said(tmp_path, RESEND, f"{TWO}expect: {{emails to: [ann@example.com, bob@example.com]}}").startswith(
        "flow:15: `emails to` is not as expected\n"
    )
    assert said(tmp_path, RESEND, f"{TWO}expect: {{emails to: {{ann@example.com: []}}}}") == (
        'flow:15: `emails to` is not as expected\n      - "ann@example.com"\n    + - "bob@example.com"'
    ).replace('"', "")


def test_words_that_are_in_no_mail_are_shown_with_the_mail(tmp_path: Path) -> None:
    expect = "{emails to: {ann@example.com: [Hello, Welcome home], bob@example.com: []}}"

    shown = said(tmp_path, RESEND, f"{TWO}expect: {expect}").split("\n")

    assert shown[:3] == [
        "flow:15: no mail to ann@example.com has the words “Welcome home”",
        "      Subject: Confirm your email address for My app",
        "      Hello,",
    ]


def test_calls_that_are_others(tmp_path: Path) -> None:
    test = f"{TWO}expect: {{calls: [resend confirmation email: {{user identity: ann@example.com}}]}}"

    assert said(tmp_path, RESEND, test) == (
        "flow:15: `calls` is not as expected\n"
        "    + - resend confirmation email:\n"
        "    +     user identity: bob@example.com\n"
        "      - resend confirmation email:\n"
        "          user identity: ann@example.com"
    )


def test_calls_that_should_not_be(tmp_path: Path) -> None:
    test = "with: {to: [ann@example.com]}\nexpect: {fails: 3104, never calls: [resend confirmation email]}"

    assert said(tmp_path, RESEND, test) == (
        "flow:11: `resend confirmation email` was called once, and should not be\n"
        "      resend confirmation email: {user identity: ann@example.com}"
    )


def test_time_that_passes(tmp_path: Path) -> None:
    flow = "flow: a\nsteps:\n  - wait: 3 days\n"

    assert said(tmp_path, flow, "expect: {time passed: 3 days}") == ""
    assert said(tmp_path, flow, "expect: {time passed: '= duration(\"P2D\")'}") == (
        "flow:6: `time passed` is not as expected\n    - 2 days\n    + 3 days"
    )


def test_waits_before_further_tries_are_as_long_as_they_can_be(tmp_path: Path) -> None:
    flow = """
    flow: a
    steps:
      - charge: {card: '1'}
        retry: {more tries: 3, wait: 1 second, growing: 2}
    """

    assert (
        said(tmp_path, flow, "given: {blocks: {charge: {fails: busy}}}\nexpect: {fails: busy, time passed: 7 seconds}")
        == ""
    )


SIGN_UP = """
flow: sign up
inputs: {email: text}
steps:
  - register user: {user: {email: = email, password: correct horse, age: 40}}
"""


def test_accounts_afterwards(tmp_path: Path) -> None:
    test = """
    given: {users: [{email: bob@example.com, roles: [staff, owner], created: 2020-01-31}]}
    with: {email: ann@example.com}
    expect:
      users:
        - {email: ann@example.com, age: 40, password: correct horse, userStatus: EMAIL_CONFIRMATION_PENDING}
        - {email: bob@example.com, roles: [staff, owner], created: 2020-01-31, name: null}
    """

    assert said(tmp_path, SIGN_UP, test) == ""


def test_accounts_that_are_others(tmp_path: Path) -> None:
    test = """
    given: {users: [{email: bob@example.com}]}
    with: {email: ann@example.com}
    expect: {users: [{email: ann@example.com, age: 41, password: wrong}]}
    """

    assert said(tmp_path, SIGN_UP, test) == (
        "flow:9: `users` is not as expected\n"
        "      - email: ann@example.com\n"
        "    -   age: 41\n"
        '    -   password: "•••"\n'
        "    +   age: 40\n"
        "    +   password: another password\n"
        "    + - email: bob@example.com\n"
        "    +   userStatus: ENABLED"
    )


def test_what_is_expected_may_not_be_worked_out(tmp_path: Path) -> None:
    shown = said(tmp_path, GREET, f"{WITH}expect: {{returns: {{hello: Ann, numbers: [= 1 / (1 - 1)], sure: true}}}}")

    assert shown.startswith("flow:13: what is expected here cannot be worked out: ")


def test_every_test_has_a_world_of_its_own(tmp_path: Path) -> None:
    test = "- it: {0}\n  with: {{email: ann@example.com}}\n  expect: {{emails to: [ann@example.com]}}\n"

    outcomes = run_tests(tmp_path, SIGN_UP, test.format("first") + test.format("second"))

    assert [outcome.passed for outcome in outcomes] == [True, True]


def test_what_is_secret_is_shown_nowhere(tmp_path: Path) -> None:
    flow = """
    flow: a
    inputs: {email: text, pin: {type: text, secret: true}}
    steps:
      - register user: {user: {email: = email, password: '${pin}!'}}
        save as: user
      - log: it was ${pin}
      - return: {told: 'it was ${pin}', email: = user.email}
    """
    test = """
    given: {users: [{email: bob@example.com, password: swordfish}]}
    with: {email: ann@example.com, pin: hunter2hunter}
    expect:
      returns: {told: it was swordfish, email: bob@example.com}
      log: [it was hunter2hunter]
      log has: [hunter2hunter, more]
      emails to: {ann@example.com: hunter2hunter, bob@example.com: hunter2hunter}
      calls: [register user: {user: {email: eve@example.com, password: hunter2hunter!}}]
      users: [{email: ann@example.com, password: swordfish}, {email: bob@example.com, password: hunter2hunter}]
    """

    shown = said(tmp_path, flow, test)

    assert shown.count("is not as expected") == 5
    assert "hunter2" not in shown
    assert "swordfish" not in shown
    assert '-   told: "it was •••"' not in shown
    assert "- email: bob@example.com" in shown


def test_what_differs_only_in_what_is_secret_is_said_so(tmp_path: Path) -> None:
    flow = """
    flow: a
    inputs: {pin: {type: text, secret: true}}
    steps:
      - log: it was ${pin}
    """

    assert said(tmp_path, flow, "with: {pin: hunter2}\nexpect: {log: [it was hunter2]}") == (
        "flow:8: `log` is not as expected\n      what is secret in them differs"
    )
    assert said(tmp_path, flow, "with: {pin: hunter2}\nexpect: {log: [it was •••]}") == ""
