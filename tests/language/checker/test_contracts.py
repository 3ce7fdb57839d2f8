"""What a flow says that it returns and fails with is held against its steps, and used wherever it is called."""

from __future__ import annotations

import pytest

from blockwright.catalogue import Catalogue
from blockwright.engine.library import Library
from blockwright.expressions.types import NOTHING, TEXT, ListOf
from blockwright.language.program import Contract
from blockwright.language.source import Source
from tests.language.checking import BLOCKS, all_of, failures, findings, only, program


def contract(text: str) -> Contract:
    return Library(Catalogue(BLOCKS)).load(Source("no-folder/flow.yaml", text)).program.contract


def test_a_promise_is_a_type_alone_or_with_words_about_it() -> None:
    alone = contract("flow: a\nreturns: text\nsteps:\n  - return: b\n")
    with_words = contract("flow: a\nreturns: {type: list of text, about: Some words.}\nsteps:\n  - return: [b]\n")
    nothing = contract("flow: a\nreturns: nothing\nsteps:\n  - log: b\n")

    assert alone.returns is not None
    assert (alone.returns.type, alone.returns.about) == (TEXT, "")
    assert with_words.returns is not None
    assert (with_words.returns.type, with_words.returns.about) == (ListOf(TEXT), "Some words.")
    assert nothing.returns is not None
    assert nothing.returns.type == NOTHING


def test_declared_codes_have_a_sentence_and_may_be_transient() -> None:
    declared = contract("""\
flow: a
failures:
  3102: Asked before.
  not now: {about: Try later., transient: true}
  3104: Nobody is there.
steps:
  - ask: {question: why}
""").failures

    assert declared is not None
    assert {code: (each.about, each.transient) for code, each in declared.items()} == {
        3102: ("Asked before.", False),
        "not now": ("Try later.", True),
        3104: ("Nobody is there.", False),
    }


def test_a_value_of_another_type_than_the_promised_one_is_found() -> None:
    found = only("flow: a\nreturns: number\nsteps:\n  - return: «hello»\n")
    assert "must be a number" in found.message

    found = only("flow: a\nreturns: number\ninputs: {b: text}\nsteps:\n  - return: = «b»\n")
    assert found.message == "`return` must be a number, and this is a text"


def test_plain_characters_are_read_by_the_promised_type() -> None:
    (step,) = program("flow: a\nreturns: text\nsteps:\n  - return: 0123\n").main.body
    assert "0123" in repr(step)

    (step,) = program("flow: a\nreturns: yes or no\nsteps:\n  - return: yes\n").main.body
    assert "value=True" in repr(step)


@pytest.mark.parametrize("steps", ["  - log: b\n", "  - if: = true = true\n    then: [return: c]\n"])
def test_a_promised_value_has_to_come_in_the_end(steps: str) -> None:
    found = only(f"flow: a\nreturns: «text»\nsteps:\n{steps}")

    assert found.message == "the flow promises text, and may come to its end without a `return`"


@pytest.mark.parametrize("of", ["text, optional", "anything", "nothing"])
def test_a_flow_that_may_give_nothing_may_come_to_its_end(of: str) -> None:
    assert findings(f"flow: a\nreturns: {of}\nsteps:\n  - log: b\n") == ()


def test_a_flow_that_promises_nothing_returns_nothing() -> None:
    assert only("flow: a\nreturns: nothing\nsteps:\n  - return: «b»\n").rule == "types"
    assert findings("flow: a\nreturns: nothing\nsteps:\n  - return\n") == ()


def test_the_promise_of_a_flow_is_not_that_of_its_functions() -> None:
    text = "flow: a\nreturns: number\nsteps:\n  - b\n    \n  - return: 1\nfunctions:\n  b: {steps: [return: text]}\n"
    assert findings(text) == ()


def test_a_code_that_is_not_declared_is_found_where_it_comes_from() -> None:
    found = only(
        """\
flow: a
failures: {3102: Asked before., 3104: Nobody is there.}
steps:
  - log: b
  - if: = 1 = 1
    then:
      - «ask: {question: why}»
""".replace("«ask: {question: why}»", "«ask»: {question: why}")
    )

    assert found.message == "this can fail with not now, which the flow does not declare"
    assert found.mend == "handle it, or add to `failures:` a line `not now: …`"
    assert (found.severity, found.rule) == ("error", "undeclared")


def test_what_is_handled_needs_no_declaring() -> None:
    text = """\
flow: a
failures: {}
steps:
  - ask: {question: why}
    if it fails:
      3102, 3104, not now: ignore
"""
    assert findings(text) == ()


def test_a_code_that_a_handler_brings_in_is_found_in_the_handler() -> None:
    found = only("""\
flow: a
failures: {3102: Asked before., not now: Later.}
steps:
  - try:
      - ask: {question: why}
    if it fails:
      3104:
        - «fail»: {code: 7, message: no}
""")
    assert found.message == "this can fail with 7, which the flow does not declare"


def test_a_code_that_is_only_known_in_the_run_cannot_be_declared() -> None:
    found = only("flow: a\nfailures: {7: Seven.}\ninputs: {b: number}\nsteps:\n  - «fail»: {code: = b, message: c}\n")

    assert found.message == "this can fail with any code, which the flow does not declare"
    assert found.mend == "write the code out"


def test_codes_that_any_flow_may_fail_with_need_no_declaring_and_others_of_the_engine_do() -> None:
    assert findings("flow: a\nfailures: {}\ninputs: {b: number}\nsteps:\n  - log: = 1 / b\n") == ()

    limited = "flow: a\nfailures: {}\nsteps:\n  - ask: {question: c}\n    time limit: 1 second\n"
    assert "timed out" in " ".join(each.message for each in findings(limited))


def test_a_declared_code_that_cannot_arise_is_pointed_out() -> None:
    found = only("flow: a\nfailures:\n  «7»: Seven.\nsteps:\n  - log: b\n")

    assert (found.message, found.severity) == ("nothing here fails with 7", "warning")


def test_a_declared_code_is_among_what_a_flow_can_fail_with() -> None:
    assert failures("flow: a\nfailures: {7: Seven.}\nsteps:\n  - log: b\n") >= {7}


def test_slips_in_contracts_are_found() -> None:
    assert "is not a type" in only("flow: a\nreturns: «txt»\nsteps:\n  - return: b\n").message
    assert only("flow: a\nreturns:« »\nsteps:\n  - return: b\n".replace("« »", "«»")).rule == "shape"
    assert all_of("flow: a\nfailures:\n  «too many steps»: Too many.\nsteps:\n  - log: b\n")[0].startswith(
        "`too many steps` is how the engine ends a run"
    )
    assert only("flow: a\nfailures:\n  «7»:\nsteps:\n  - log: b\n").message == "nothing says what 7 means"
    assert (
        "does not belong to a declared failure"
        in only("flow: a\nfailures:\n  7: {about: b, «transent»: true}\nsteps:\n  - log: b\n").message
    )
    assert "is not a code" in all_of("flow: a\nfailures:\n  «7 !»: Seven.\nsteps:\n  - log: b\n")[0]


FUNCTION = """\
flow: a
steps:
  - b:
    save as: c
  - return: = c
functions:
  b:
"""


def test_a_function_is_held_to_what_it_promises_as_a_flow_is() -> None:
    assert findings(FUNCTION + "    returns: number\n    failures: {}\n    steps: [return: 1]\n") == ()

    found = only(FUNCTION + "    returns: number\n    steps: [return: «hello»]\n")
    assert "must be a number" in found.message
    found = only(FUNCTION + "    returns: «text»\n    steps: [log: b]\n")
    assert found.message == "the function promises text, and may come to its end without a `return`"
    steps = "    steps:\n      - «ask»: {question: why}\n      - return: 1\n"
    found = only(FUNCTION + "    failures: {3104: None., not now: Later.}\n" + steps)
    assert found.message == "this can fail with 3102, which the function does not declare"
    found = only(FUNCTION + "    failures: {«7»: Seven.}\n    steps: [return: 1]\n")
    assert (found.severity, found.message) == ("warning", "nothing here fails with 7")


def test_what_a_function_promises_is_known_where_it_is_called() -> None:
    words = "    returns: list of text\n    failures: {7: Seven.}\n    steps:\n      - fail: {code: 7, message: c}\n"
    assert "list" in only(FUNCTION.replace("= c", "= «c + 1»") + words).message

    handled = FUNCTION.replace("  - return", "    if it fails: {«8»: ignore}\n  - return") + words
    assert only(handled).message == "nothing here can fail with 8"

    found = only(FUNCTION.replace("save as: c", "save as: «c»") + "    returns: nothing\n    steps: [log: b]\n")
    assert found.message == "`b` gives no value to save"

    retried = FUNCTION.replace("  - return", "    retry: {«more tries»: 1}\n  - return") + words
    assert only(retried).message == "`b` declares no code for which trying again could help"


def test_a_declared_code_of_a_function_may_be_handled_and_declared_above() -> None:
    text = (
        FUNCTION.replace("steps:", "failures: {8: Eight.}\nsteps:", 1)
        + "    failures: {8: Eight.}\n    steps: [fail: {code: 8, message: c}]\n"
    )
    assert findings(text) == ()
    assert 8 in failures(text)
