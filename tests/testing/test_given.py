"""What a test gives is there when its flow runs: users, settings, roles, who is logged in, the time, and answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from blockwright import Runtime
from blockwright.language.diagnostics import Finding
from blockwright.testing.collecting import collect
from tests.language.checking import unmarked
from tests.testing.kit import FullTill, run_tests, said

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


def test_what_is_given_is_worked_out_at_the_time_of_the_test(tmp_path: Path) -> None:
    flow = """
    flow: a
    steps:
      - get current user:
        save as: user
      - return: [= user.created, = user.lastLogin]
    """
    test = """
    given:
      clock: 2026-07-25T10:00:00Z
      users: [{email: ann@example.com, created: '= today() - duration("P1D")'}]
      logged in: ann@example.com
    expect: {returns: [1784851200000, 1784973600000]}
    """

    assert said(tmp_path, flow, test) == ""


@pytest.mark.parametrize(
    "steps",
    [
        "- ask: {question: hunter2}",
        "- together: [[ask: {question: hunter2}], [wait: 3 days]]",
        "- for each: question\n    in: [hunter2]\n    at once: 2\n    do: [ask: {question: = question}]",
        "- try: [ask: {question: hunter2}]\n    always: [ring]",
        "- try: [ask: {question: hunter2}]\n    if it fails: {anything else: ignore}",
        "- ask: {question: hunter2}\n    retry: {more tries: 3, only for: [unexpected]}",
    ],
)
def test_a_block_that_never_answers_is_given_up_with_a_word(tmp_path: Path, steps: str) -> None:
    assert said(tmp_path, f"flow: a\nsteps:\n  {steps}", "expect: {log: [a]}", patience=0.01).split("\n")[-2:] == [
        f"flow:{6 + steps.count(chr(10)) - 1}: `ask` was called and never answers, "
        "so the run was given up after 10 milliseconds",
        '    ask: {question: "…"}',
    ]


def test_nobody_waits_a_second_time_for_a_block_that_never_answers(tmp_path: Path) -> None:
    test = "- it: waits\n  expect: {}"

    (outcome,) = run_tests(tmp_path, "flow: a\nsteps:\n  - ask", test, patience=0.01)

    assert (outcome.passed, outcome.steps) == (False, frozenset())


def test_tidying_up_may_take_for_ever_too(tmp_path: Path) -> None:
    steps = "- try: [ask]\n    always: [ask: {question: again}]"

    shown = said(tmp_path, f"flow: a\nsteps:\n  {steps}", "expect: {}", patience=0.01)

    assert shown.count("`ask` was called and never answers") == 2


def test_a_time_limit_is_over_before_anybody_loses_patience(tmp_path: Path) -> None:
    flow = "flow: a\nsteps:\n  - ask\n    time limit: 3 days"

    assert said(tmp_path, flow.replace("- ask", "- ask:"), "expect: {fails: timed out, time passed: 3 days}") == ""


STATUSES = "there are ENABLED, DISABLED, EMAIL_CONFIRMATION_PENDING, GUEST"


@pytest.mark.parametrize(
    ("given", "message", "mend"),
    [
        ("{users: [{email: a@b.cd, userStatus: «AWAY»}]}", "AWAY is no status of a user", STATUSES),
        (
            "{users: [{email: a@b.cd, userStatus: «ENABELD»}]}",
            "ENABELD is no status of a user",
            "did you mean ENABLED?",
        ),
        ("{users: [«{email: nobody}»]}", "nobody cannot be used as an email address", None),
        ("{users: [{email: a@b.cd}, «{email: A@b.cd}»]}", "", None),
        (
            "{settings: {«emailConfirmationRequird»: yes}}",
            "there is no setting called `emailConfirmationRequird`",
            "did you mean `emailConfirmationRequired`?",
        ),
        ("{settings: {«colour»: red}}", "there is no setting called `colour`", None),
        ("{settings: {resendSeconds: «soon»}}", "The setting resendSeconds is a whole number", None),
        ("{roles: {staff: «[nobody@example.com]»}}", "There is no user nobody@example.com", None),
        (
            "{logged in: «nobody@example.com»}",
            "nobody can be logged in as nobody@example.com, who is not there",
            None,
        ),
        ("{clock: '= «date(2026, 13, 1)»'}", "what is given here cannot be worked out: ", None),
        (
            "{blocks: {find user: {gives: null, takes: «4000 days»}}}",
            "an answer takes from 0 seconds to ten years",
            None,
        ),
        (
            "{blocks: {find user: [{gives: null}, {gives: null, takes: «4000 days»}]}}",
            "an answer takes from 0 seconds to ten years",
            None,
        ),
        ("{blocks: {find user: {gives: null, takes: '= «-duration(\"PT1S\")»'}}}", "an answer takes from 0 ", None),
        ("{users: [{email: a@b.cd, age: '= «1 / (1 - 1)»'}]}", "what is given here cannot be worked out: ", None),
    ],
)
def test_what_cannot_be_given_is_found_before_any_test_runs(
    tmp_path: Path, given: str, message: str, mend: str | None
) -> None:
    (finding,) = found(tmp_path, f"given: {given}\n    expect: {{}}")

    assert finding.message.startswith(message)
    assert mend is None or finding.mend == mend


def test_all_that_cannot_be_given_is_found_at_once(tmp_path: Path) -> None:
    given = "{settings: {«nam»: yes, resendSeconds: «-1»}}\n    expect: {users: [{email: a@b.cd, userStatus: «AWAY»}]}"

    assert len(found(tmp_path, f"given: {given}")) == 3


def found(folder: Path, test: str) -> list[Finding]:
    """What is found in a file with such a test; ``«`` and ``»`` mark where."""
    steps = "if: = now() > now()\n    then: [find user: {identity: a@b.cd}]"
    text, spans = unmarked(f"flow: a\nsteps:\n  - {steps}\ntests:\n  - it: is tried\n    {test}\n")
    path = folder / "flow.yaml"
    path.write_text(text, encoding="utf-8")
    findings = collect([path], Runtime()).findings
    assert [each.span for each in findings] == spans, "\n".join(map(str, findings))
    return findings


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
