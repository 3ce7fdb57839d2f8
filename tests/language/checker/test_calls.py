"""Calls are checked: labels, inputs, what they ask for and what they give."""

from __future__ import annotations

import pytest

from blockwright.language import program as p
from tests.language.checking import all_of, findings, flow, only, program


def says(marked: str, message: str, mend: str | None) -> None:
    found = only(marked)

    assert (found.message, found.mend) == (message, mend)


@pytest.mark.parametrize(
    ("label", "near"),
    [
        ("aks", "ask"),
        ("Ask", "ask"),
        ("addup", "add up"),
        ("add-up", "add up"),
        ("lookup", "look up"),
        ("retrun", "return"),
        ("fro each", "for each"),
        ("gret", "greet"),
    ],
)
def test_an_unknown_label_gets_the_nearest_block_function_or_statement(label: str, near: str) -> None:
    marked = flow(f"- «{label}»\n- greet", functions="greet: {steps: [do it]}")

    says(marked, f"there is no block, function or flow called `{label}`", f"did you mean `{near}`?")


def test_a_label_that_is_like_no_other() -> None:
    says(
        flow("- «brew some tea»: {sugar: 2}"),
        "there is no block, function or flow called `brew some tea`",
        "`blockwright blocks` lists all there are",
    )


def test_the_inputs_of_an_unknown_block_are_still_read() -> None:
    assert len(all_of(flow("- «brew some tea»: {sugar: = «spoons»}"))) == 2


def test_an_unknown_input_gets_the_nearest_one_and_the_right_one_is_not_missed() -> None:
    says(flow("- ask: {«qestion»: a}"), "`ask` has no input called `qestion`", "did you mean `question`?")
    says(flow("- ask: {«Question»: a}"), "`ask` has no input called `Question`", "did you mean `question`?")


def test_an_unknown_input_that_is_like_no_other() -> None:
    says(
        flow("- paint: {colour: red, «smell»: bad}"),
        "`paint` has no input called `smell`",
        "it has `colour`, `coats`, `glossy`",
    )
    says(flow("- do it: {«now»: = true}"), "`do it` has no input called `now`", "write `- do it` alone")


def test_the_value_of_an_unknown_input_is_still_read() -> None:
    assert len(all_of(flow("- do it: {«now»: = «nobody»}"))) == 2


def test_all_missing_inputs_are_named_at_once() -> None:
    functions = """\
        greet:
          inputs: {first: text, second: text, third: number}
          steps: [log: '${first} ${second} ${third}']
    """

    says(
        flow("- «greet»: {second: b}", functions=functions),
        "`greet` needs `first`, `third`",
        "- greet:\n    first: …\n    third: …",
    )
    says(flow("- «ask»"), "`ask` needs `question`", "- ask:\n    question: …")


def test_inputs_with_a_default_and_optional_ones_may_be_left_out() -> None:
    inputs = "{a: {type: text, default: x}, b: 'text, optional'}"
    functions = f"greet:\n  inputs: {inputs}\n  steps: [log: '${{a}} ${{b}}']"

    assert findings(flow("- greet\n- paint: {colour: red}", functions=functions)) == ()


def test_a_result_that_is_not_there_cannot_be_saved() -> None:
    says(
        flow("- tell: {message: a}\n  save as: «b»\n- return: = b"),
        "`tell` gives no value to save",
        "take `save as` out",
    )


def test_a_result_has_the_type_that_the_block_gives() -> None:
    assert only(flow("- ask: {question: a}\n  save as: b\n- return: = «b * 2»")).rule == "types"
    assert only(flow("- look up: {identity: a}\n  save as: b\n- return: = b.«nme»")).mend == "did you mean `name`?"
    assert findings(flow("- do it:\n  save as: b\n- return: = b * 2")) == ()


def test_choices_are_checked_where_the_value_is_known() -> None:
    says(flow("- paint: {colour: «rod»}"), "`colour` cannot be “rod”", "did you mean `red`?")
    says(
        flow('- paint: {colour: = «"puce"»}'),
        "`colour` cannot be “puce”",
        "choose one of `red`, `green`, `dark green`",
    )
    assert findings(flow("- paint: {colour: = colour}", "colour: text")) == ()


def test_choices_of_a_function_are_checked_too() -> None:
    functions = "pick:\n  inputs: {size: {type: text, choices: [small, large]}}\n  steps: [return: = size]"

    assert only(flow("- pick: {size: «lage»}", functions=functions)).mend == "did you mean `large`?"


def test_a_whole_number_is_asked_for_where_the_value_is_known() -> None:
    says(flow("- paint: {colour: red, coats: «1.5»}"), "`coats` must be a whole number", "write it without decimals")
    assert findings(flow("- paint: {colour: red, coats: 2.0}\n- paint: {colour: red, coats: = n}", "n: number")) == ()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("ask: {question: = «1»}", "`question` must be a text, and this is a number"),
        ("ask: {question: = «n + 1»}", "`question` must be a text, and this is a number"),
        ("ask: {question: «[a]»}", "`question` must be a text, and this is a list of text"),
        ("add up: {numbers: «1»}", "`numbers` must be a list of number, not the text “1”"),
        ("add up: {numbers: = «n»}", "`numbers` must be a list of number, and this is a number"),
        ("add up: {numbers: [1, «two»]}", "an item of `numbers` must be a number, not the text “two”"),
        ("add up: {numbers: «{a: 1}»}", "`numbers` must be a list of number, and this is an object"),
        ("add up: {numbers: [1], start: «abc»}", "`start` must be a number, not the text “abc”"),
        ("add up: {numbers: [1], start: «'2'»}", "`start` must be a number, not the text “2”"),
        ("add up: {numbers: [1], start: «'${n}'»}", "`start` must be a number, and this is a text"),
        ("paint: {colour: red, glossy: «maybe»}", "`glossy` must be yes or no, not the text “maybe”"),
        ("look up: {identity: = «true»}", "`identity` must be a number or a text, and this is yes or no"),
        ("ask: {question: = «null»}", "`question` must be a text, and this is nothing"),
        ("ask:\n    question:«»", "`question` has no value"),
    ],
)
def test_an_input_of_the_wrong_type(call: str, message: str) -> None:
    assert only(flow(f"- {call}\n- log: = n", "n: number")).message == message


def test_quotes_around_a_number_are_taken_off_in_the_mend() -> None:
    assert only(flow("- add up: {numbers: [1], start: «'2'»}")).mend == "take the quotes off: 2"


def test_an_expression_without_its_sign_gets_one_in_the_mend() -> None:
    found = only(flow("- add up: {numbers: «all of them»}\n- return: = all of them", "all of them: list of number"))

    assert found.mend == "an expression begins with `=`: `= all of them`"


@pytest.mark.parametrize(
    ("written", "value"),
    [("0123", "0123"), ("1.10", "1.10"), ("NO", "NO"), ("12:30", "12:30"), ("true", "true"), ("~", "~"), ("''", "")],
)
def test_a_text_keeps_the_characters_that_were_typed(written: str, value: str) -> None:
    assert constant(f"ask: {{question: {written}}}") == value


@pytest.mark.parametrize(
    ("written", "value"), [("yes", True), ("no", False), ("true", True), ("false", False), ("Yes", True), ("NO", False)]
)
def test_yes_and_no_are_understood_where_they_are_asked_for(written: str, value: bool) -> None:
    assert constant(f"paint: {{colour: red, glossy: {written}}}", 1) is value


@pytest.mark.parametrize(
    ("written", "value"), [("12", 12), ("12.0", 12), ("-1e2", -100), ("'12'", "12"), ("abc", "abc"), ("0123", "0123")]
)
def test_a_text_or_number_is_a_number_where_it_is_written_like_one(written: str, value: int | str) -> None:
    assert constant(f"look up: {{identity: {written}}}") == value


def constant(call: str, place: int = 0) -> object:
    """The value that the checker reads for an input of a call."""
    (step,) = program(flow(f"- {call}")).main.body
    assert isinstance(step, p.Call)
    value = step.arguments[place].value
    assert isinstance(value, p.Constant)
    return value.value


NEVER_CALLED = "a word of the language, so a function of that name could never be called"


def test_a_function_may_not_take_the_label_of_a_block() -> None:
    assert only(flow("- do it", functions="«ask»: {steps: [do it]}")).message == "`ask` is already the label of a block"


@pytest.mark.parametrize(
    ("functions", "message"),
    [
        ("«test flow»: {steps: [do it]}", "`test flow` is already the name of the flow"),
        ("«repeat»: {steps: [do it]}", f"`repeat` is {NEVER_CALLED}"),
        ("«save as»: {steps: [do it]}", f"`save as` is {NEVER_CALLED}"),
        ("a b: {steps: [do it]}\n«a-b»: {steps: [do it]}", "`a-b` differs from `a b` only by blanks and signs"),
    ],
)
def test_functions_whose_names_clash(functions: str, message: str) -> None:
    found = only(flow("- do it", functions=functions))

    assert (found.message, found.mend) == (message, "give the function another name")


def test_a_function_sees_its_own_names_only() -> None:
    found = only(flow("- set: {total: 1}\n- log: = total\n- greet", functions="greet: {steps: [return: = «total»]}"))

    assert found.message == "there is no name `total` here"
    assert found.mend == "a function knows its own names only: add `total` to its `inputs:`"


def test_functions_may_call_themselves_and_one_another() -> None:
    functions = """\
        even:
          inputs: {n: number}
          steps:
            - if: = n = 0
              then: [return: = true]
            - odd: {n: = n - 1}
              save as: answer
            - return: = answer
        odd:
          inputs: {n: number}
          steps:
            - if: = n = 0
              then: [return: = false]
            - even: {n: = n - 1}
              save as: answer
            - return: = answer
    """

    assert findings(flow("- even: {n: 10}\n  save as: answer\n- return: = answer", functions=functions)) == ()


def test_a_function_that_nobody_calls_is_pointed_out() -> None:
    found = only(flow("- do it", functions="«greet»: {steps: [do it]}"))

    assert (found.severity, found.message) == ("warning", "nothing calls the function `greet`")
    assert findings(flow("- greet:\n  skip: true\n- do it", functions="greet: {steps: [do it]}")) == ()
