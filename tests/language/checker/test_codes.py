"""What a flow can fail with is known, and a handler for what cannot arise is found."""

from __future__ import annotations

import pytest

from blockwright.failure import FINAL_CODES, Code
from tests.language.checking import all_of, failures, findings, flow, only

ASK = frozenset({3102, 3104, "not now", "unexpected"})
COMPUTING = frozenset({"bad value", "too big"})
CALLING = frozenset({"too deep"})


def says(marked: str, message: str, mend: str | None) -> None:
    found = only(marked)

    assert (found.message, found.mend, found.rule) == (message, mend, "unknown-code")


def test_a_code_that_a_block_does_not_have_gets_the_nearest_one() -> None:
    says(
        flow("- ask: {question: a}\n  if it fails: {«3120»: ignore}"),
        "3120 is not a code of `ask`",
        "did you mean 3102?",
    )
    says(
        flow("- ask: {question: a}\n  if it fails: {«not no»: ignore}"),
        "not no is not a code of `ask`",
        "did you mean not now?",
    )


def test_a_code_that_is_like_no_other_gets_all_there_are() -> None:
    says(
        flow("- ask: {question: a}\n  if it fails: {'3102, «77», 3104': ignore}"),
        "77 is not a code of `ask`",
        "it can fail with 3102, 3104, not now, unexpected",
    )


def test_several_steps_together_have_the_codes_of_each() -> None:
    tried = "- try:\n    - ask: {question: a}\n    - fail: {code: 7, message: b}\n  if it fails: "

    says(
        flow(tried + "{3102: ignore, «8»: ignore}"),
        "nothing here can fail with 8",
        "it can fail with 7, 3104, not now, unexpected",
    )


def test_a_handler_where_nothing_can_fail() -> None:
    says(
        flow("- set: {a: 1}\n  if it fails: {«bad value»: ignore}\n- return: = a"),
        "nothing here can fail, with bad value or at all",
        "take this handler out",
    )
    says(
        flow("- set: {a: 1}\n  if it fails: {«anything else»: ignore}\n- return: = a"),
        "nothing is left that this handler could be asked about",
        "take this handler out",
    )


def test_anything_else_where_nothing_is_left() -> None:
    codes = "3102, 3104, not now, unexpected"

    says(
        flow(f"- ask: {{question: a}}\n  if it fails: {{'{codes}': ignore, «anything else»: ignore}}"),
        "nothing is left that this handler could be asked about",
        "take this handler out",
    )


def test_a_handler_behind_one_for_anything_else() -> None:
    says(
        flow("- ask: {question: a}\n  if it fails: {anything else: ignore, «3102»: ignore}"),
        "`anything else` stands before this and takes 3102 as well",
        "put `anything else` last",
    )


def test_a_code_that_has_a_handler_already() -> None:
    says(
        flow("- ask: {question: a}\n  if it fails: {'3102, «3102»': ignore}"),
        "3102 has a handler already",
        "keep one of them",
    )
    says(
        flow(
            "- other flow\n  if it fails: {3: ignore, '4, «3»': ignore}".replace(
                "other flow", "fail: {code: = n, message: a}"
            ),
            "n: number",
        ),
        "3 has a handler already",
        "keep one of them",
    )


@pytest.mark.parametrize("code", sorted(FINAL_CODES))
def test_a_code_that_ends_the_run_has_no_handler(code: str) -> None:
    says(
        flow(f"- repeat: 3\n  do: [do it]\n  if it fails: {{«{code}»: ignore}}"),
        f"`{code}` ends the run; no handler is asked",
        "use `always:` to tidy up",
    )


@pytest.mark.parametrize("code", ["3102", "'3102'", "not now", "unexpected"])
def test_a_code_that_arises(code: str) -> None:
    assert findings(flow(f"- ask: {{question: a}}\n  if it fails: {{{code}: ignore}}")) == ()


@pytest.mark.parametrize(("key", "message"), [("2.5", "`2.5` is not a code"), ("'!'", "`!` is not a code")])
def test_what_is_not_a_code(key: str, message: str) -> None:
    messages = [each.message for each in findings(flow(f"- ask: {{question: a}}\n  if it fails: {{{key}: ignore}}"))]

    assert message in messages


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        ("- return: 1", set()),
        ("- set: {a: = n}\n- return: = a", set()),
        ("- return: = n + 1", COMPUTING),
        ("- return: ${n}", COMPUTING),
        ("- log: = n", set()),
        ("- log: = for x in [1] return x", COMPUTING),
        ("- return: = things", {"too big"}),
        ("- if: = n > 1\n  then: [do it]", COMPUTING | {"unexpected"}),
        ("- if: = maybe\n  then: [do it]", {"bad value", "unexpected"}),
        ("- if: = sure\n  then: [do it]", {"unexpected"}),
        ("- ask: {question: a}", ASK),
        ("- ask: {question: = name}", ASK),
        ("- ask: {question: = anything}", ASK | COMPUTING),
        ("- paint: {colour: = name}", {"bad value", "unexpected"}),
        ("- paint: {colour: red, coats: = n}", {"bad value", "unexpected"}),
        ("- repeat: 3\n  do: [do it]", {"unexpected"}),
        ("- repeat: = n\n  do: [do it]", {"unexpected", "bad value"}),
        ("- for each: x\n  in: = names\n  do: [log: = x]", set()),
        ("- for each: x\n  in: = anything\n  do: [log: a]", {"bad value"}),
        ("- count: x\n  from: 1\n  to: = n\n  do: [log: a]", set()),
        ("- count: x\n  from: 1\n  to: 2\n  by: = n\n  do: [log: a]", {"bad value"}),
        ("- while: = sure\n  do: [log: a]", set()),
        ("- fail: {code: 7, message: a}", {7}),
        ("- fail: {code: '7', message: a}", {7}),
        ("- fail: {code: = 7, message: a}", {7}),
        ("- fail: {code: oh no, message: a, details: = things}", {"oh no", "too big"}),
        ("- fail: {code: = n, message: a}", {None, "bad value"}),
        ("- fail: {code: 7, message: = anything}", {7, "bad value"}),
        ("- ask: {question: a}\n  if it fails: {3102: ignore}", ASK - {3102}),
        ("- ask: {question: a}\n  if it fails: {anything else: ignore}", set()),
        ("- ask: {question: a}\n  if it fails: {3102: [fail again], anything else: ignore}", {3102}),
        ("- ask: {question: a}\n  if it fails: {anything else: [fail again]}", ASK),
        ("- ask: {question: a}\n  if it fails: {3102: [fail: {code: 9, message: a}]}", ASK - {3102} | {9}),
        ("- try: [ask: {question: a}]\n  always: [do it]", ASK),
        ("- try: [do it]\n  if it fails: {unexpected: ignore}\n  always: [fail: {code: 9, message: a}]", {9}),
        ("- fail: {code: = n, message: a}\n  if it fails: {3: ignore}", {None, "bad value"}),
        ("- fail: {code: = n, message: a}\n  if it fails: {3: [fail again], anything else: ignore}", {3}),
        ("- repeat: 3\n  do: [do it]\n  if it fails: {anything else: ignore}", set()),
        ("- greet", {7} | CALLING),
        ("- greet:\n  if it fails: {7: ignore, too deep: ignore}", set()),
        ("- greet and ask", {7} | CALLING | ASK),
        ("- around", {8, 9} | CALLING),
        ("- do it\n  ".rstrip(), {"unexpected"}),
    ],
)  # fmt: skip
def test_what_a_flow_can_fail_with(steps: str, codes: set[Code | None]) -> None:
    inputs = """\
        n: number
        name: text
        names: list of text
        sure: yes or no
        maybe: yes or no, optional
        things: list of anything
        anything: anything
    """
    functions = """\
        greet: {steps: [fail: {code: 7, message: a}]}
        greet and ask: {steps: [ask: {question: a}, greet]}
        around:
          steps:
            - there
            - fail: {code: 8, message: a}
        there:
          steps:
            - around
            - fail: {code: 9, message: a}
    """

    assert failures(flow(steps, inputs, functions)) == codes


def test_handlers_nest() -> None:
    steps = """\
        - try:
            - try:
                - ask: {question: a}
              if it fails:
                3102: [fail: {code: 1, message: a}]
                3104: [fail again]
            - do it
          if it fails:
            1: ignore
            3104: ignore
            not now: ignore
            unexpected: ignore
            «3102»: ignore
    """

    says(flow(steps), "nothing here can fail with 3102", "take this handler out")


def test_fail_again_in_an_inner_try_passes_on_the_failure_of_the_handler_around_it() -> None:
    steps = """\
        - ask: {question: a}
          if it fails:
            3102:
              - try: [fail again]
                if it fails: {3102: ignore, «3104»: ignore}
    """

    assert only(flow(steps)).message == "nothing here can fail with 3104"


def test_codes_of_functions_are_known_where_they_are_called() -> None:
    functions = "greet: {steps: [fail: {code: 7, message: a}]}"

    says(
        flow("- greet:\n  if it fails: {7: ignore, «77»: ignore}", functions=functions),
        "nothing here can fail with 77",
        "it can fail with too deep",
    )


def test_all_findings_come_at_once_wrong_codes_too() -> None:
    marked = flow("- «aks»\n- ask: {question: a}\n  if it fails: {«77»: ignore}\n- log: = «nobody»")

    assert len(all_of(marked)) == 3


def test_what_is_wrong_is_not_held_against_its_handlers() -> None:
    assert only(flow("- «aks»:\n  if it fails: {77: ignore, anything else: ignore}")).rule == "unknown-block"
    assert only(flow("- log: = «nobody»\n  if it fails: {bad value: ignore}")).rule == "unknown-name"


def test_a_code_by_which_the_engine_ends_a_run_is_not_for_flows() -> None:
    found = only(flow("- fail: {code: «too many steps», message: a}"))
    assert found.message == "`too many steps` is how the engine ends a run; no handler would ever see it"
    assert found.mend == "choose a code of your own"
