"""What a test gives is there when its flow runs: users, settings, roles, who is logged in, the time, and answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.kit import FullTill, said

PAY = """
flow: pay
inputs: {cards: list of text}
steps:
  - set: {receipts: []}
  - for each: card
    in: = cards
    do:
      - charge: {card: = card, amount: 5}
        save as: receipt
        if it fails:
          declined:
            - set: {receipts: '= append(receipts, failure.message)'}
            - next round
          anything else: ignore
      - set: {receipts: '= append(receipts, receipt.number)'}
  - return: = receipts
"""


def test_answers_come_in_their_order_and_the_last_one_stays(tmp_path: Path) -> None:
    test = """
    given:
      blocks:
        charge:
          - gives: {number: one}
          - fails: declined
          - gives: {number: three, amount: 5}
    with: {cards: [a, b, c, d]}
    expect: {returns: [one, The card is declined., three, three]}
    """

    assert said(tmp_path, PAY, test) == ""


def test_an_answer_may_be_meant_for_certain_inputs(tmp_path: Path) -> None:
    test = """
    given:
      blocks:
        charge:
          - {when: {card: b}, fails: {code: declined, message: Not b.}}
          - gives: {number: another}
          - {when: {card: c, amount: 5}, gives: {number: c}}
    with: {cards: [a, b, c, b, a]}
    expect:
      returns: [another, Not b., c, Not b., another]
      calls: [charge: {card: a}, charge: {card: b, amount: 5}, charge, charge, charge]
    """

    assert said(tmp_path, PAY, test) == ""


def test_a_call_without_an_answer_fails_the_test_whatever_the_flow_makes_of_it(tmp_path: Path) -> None:
    test = """
    given: {blocks: {charge: {when: {card: a}, gives: {number: one}}}}
    with: {cards: [b]}
    expect: {}
    """

    assert said(tmp_path, PAY, test) == (
        "flow:18: `charge` was called, and no answer is meant for these inputs\n    charge: {card: …, amount: 5}"
    ).replace("{card: …, amount: 5}", '{card: "…", amount: 5}')


def test_a_block_whose_service_is_not_there_needs_answers_only_when_it_is_called(tmp_path: Path) -> None:
    assert said(tmp_path, PAY, "with: {cards: []}\nexpect: {returns: []}") == ""
    assert said(tmp_path, PAY, "with: {cards: [a]}\nexpect: {}").startswith(
        "flow:18: `charge` was called, and there is neither an answer nor a service for it\n"
    )


def test_an_application_lends_its_own_services(tmp_path: Path) -> None:
    test = "with: {cards: [a]}\nexpect: {returns: [took 5], calls: [charge: {card: a}]}"

    assert said(tmp_path, PAY, test, services=[FullTill()]) == ""


def test_what_is_secret_is_never_shown(tmp_path: Path) -> None:
    test = "with: {cards: [hunter2]}\nexpect: {calls: [charge: {card: hunter3}]}"

    assert said(tmp_path, PAY, test, services=[FullTill()]) == (
        "flow:20: `calls` is not as expected\n      what is secret in them differs"
    )


def test_an_answer_may_take_its_time(tmp_path: Path) -> None:
    flow = """
    flow: a
    steps:
      - charge: {card: a}
        time limit: 5 seconds
    """
    test = "given: {blocks: {charge: {gives: {number: one}, takes: 4 seconds}}}\nexpect: {time passed: 4 seconds}"

    assert said(tmp_path, flow, test) == ""
    assert (
        said(
            tmp_path,
            flow,
            test.replace("takes: 4", "takes: 6").replace("{time", "{fails: timed out, time").replace("4 s", "5 s"),
        )
        == ""
    )


def test_answers_of_blocks_that_do_not_wait(tmp_path: Path) -> None:
    flow = """
    flow: a
    steps:
      - ring
      - shout: {words: hello}
        save as: loud
      - return: = loud
    """

    assert said(tmp_path, flow, "expect: {returns: HELLO}") == ""
    assert said(tmp_path, flow, "given: {blocks: {shout: {gives: hush}, ring: {}}}\nexpect: {returns: hush}") == ""
    assert said(tmp_path, flow, "given: {blocks: {ring: {fails: unexpected}}}\nexpect: {fails: unexpected}") == ""


def test_the_clock_stands_where_it_is_set(tmp_path: Path) -> None:
    flow = "flow: a\nsteps:\n  - wait: 1 hour\n  - return: = string(now())\n"

    test = "given: {clock: 2026-07-25T10:00:00Z}\nexpect: {returns: '2026-07-25T11:00:00Z'}"
    assert said(tmp_path, flow, test) == ""


@pytest.mark.parametrize(
    "clock", ["2026-07-25", "2026-07-25T00:00:00", "2026-07-25T02:00:00+02:00", "'= date(2026, 7, 24 + 1)'"]
)
def test_the_time_is_that_of_utc_unless_it_says_another_zone(tmp_path: Path, clock: str) -> None:
    flow = """
    flow: a
    steps:
      - return: = now() = date and time("2026-07-25T00:00:00Z")
    """

    assert said(tmp_path, flow, f"given: {{clock: {clock}}}\nexpect: {{returns: true}}") == ""


def test_users_settings_roles_and_who_is_logged_in(tmp_path: Path) -> None:
    flow = """
    flow: a
    steps:
      - get current user:
        save as: user
      - get users by role: {role name: staff}
        save as: staff
      - return: [= user.email, = user.userStatus, = user.name, = count(staff)]
    """
    test = """
    given:
      users: [{email: ann@example.com, name: Ann}, {email: bob@example.com, roles: [staff]}]
      roles: {staff: [ann@example.com], boss: []}
      settings: {emailConfirmationRequired: no}
      logged in: ann@example.com
    expect: {returns: [ann@example.com, ENABLED, Ann, 2]}
    """

    assert said(tmp_path, flow, test) == ""


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{users: [{email: a@b.cd, userStatus: AWAY}]}", "flow:5: AWAY is no status of a user; there are ENABLED, "),
        ("{users: [{email: nobody}]}", "flow:5: "),
        ("{settings: {emailConfirmationRequird: yes}}", "flow:5: There is no setting called emailConfirmationRequird"),
        ("{roles: {staff: [nobody@example.com]}}", "flow:5: "),
        ("{logged in: nobody@example.com}", "flow:5: nobody can be logged in as nobody@example.com, who is not there"),
        ("{clock: '= date(2026, 13, 1)'}", "flow:4: what is given here cannot be worked out: "),
    ],
)
def test_what_cannot_be_given_is_said_where_it_is_written(tmp_path: Path, given: str, message: str) -> None:
    shown = said(tmp_path, "flow: a\nsteps: [return]", f"given: {given}\nexpect: {{}}")

    assert shown.startswith(message)
    assert "\n" not in shown


def test_inputs_are_read_by_their_types_and_may_be_expressions(tmp_path: Path) -> None:
    flow = """
    flow: a
    inputs: {code: text, day: date, many: {type: list of number, default: [1]}, sure: yes or no}
    steps:
      - return: [= code, = day + duration("P1D"), = sum(many), = sure]
    """
    test = """
    with: {code: 0123, day: 2026-01-31, many: [1, = 1 + 1], sure: yes}
    expect: {returns: ['0123', '= date("2026-02-01")', 3, true]}
    """

    assert said(tmp_path, flow, test) == ""
