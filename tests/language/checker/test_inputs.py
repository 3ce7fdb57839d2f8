"""What flows and functions ask for: types, defaults, examples and choices."""

from __future__ import annotations

import pytest

from blockwright.expressions import types as t
from blockwright.language import program as p
from tests.language.checking import all_of, findings, flow, only, program


def asked(written: str) -> p.Asked:
    """The one input of a flow."""
    (found,) = program(flow("- return: = x", f"x: {written}")).main.inputs
    return found


@pytest.mark.parametrize(
    ("written", "type_", "is_required"),
    [
        ("text", t.TEXT, True),
        ("number", t.NUMBER, True),
        ("yes or no", t.YES_OR_NO, True),
        ("date", t.DATE, True),
        ("time", t.TIME, True),
        ("date and time", t.DATE_AND_TIME, True),
        ("duration", t.DURATION, True),
        ("list", t.LIST, True),
        ("list of text", t.ListOf(t.TEXT), True),
        ("list of text or number", t.ListOf(t.either([t.TEXT, t.NUMBER])), True),
        ("object", t.OBJECT, True),
        ("anything", t.ANYTHING, True),
        ("text or number", t.either([t.TEXT, t.NUMBER]), True),
        ("text, optional", t.optional(t.TEXT), False),
        ("{type: text, default: a}", t.TEXT, False),
    ],
)
def test_a_type(written: str, type_: t.Type, is_required: bool) -> None:
    found = asked(f"'{written}'" if written == "text, optional" else written)

    assert (found.type, found.is_required) == (type_, is_required)


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("txt", "did you mean `text`?"),
        ("Text", "did you mean `text`?"),
        ("numbr", "did you mean `number`?"),
        ("text, maybe", "only `, optional` may follow a type"),
        ("list of txt", None),
        ("boolean", None),
        ("text or", None),
    ],
)
def test_what_is_not_a_type(written: str, mend: str | None) -> None:
    found = only(flow("- return: = x", f"x: «{written}»"))

    assert found.message == f"`{written}` is not a type"
    assert found.mend is not None
    assert found.mend == mend or (mend is None and found.mend.startswith("the types are `text`, `number`, `yes or no`"))


def test_a_type_of_many_words_is_refused_before_it_is_read() -> None:
    assert only(flow("- return: = x", f"x: «{'list of ' * 10_000}text»")).rule == "unknown-type"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{type: text, default: 0123}", "0123"),
        ("{type: text, default: NO}", "NO"),
        ("{type: number, default: 1.50}", "1.50"),
        ("{type: yes or no, default: no}", "False"),
        ("{type: date, default: 2026-01-31}", "Date(year=2026, month=1, day=31)"),
        ("{type: list of number, default: [1, 2]}", "[1, 2]"),
        ("{type: object, default: {a: 1, b: [c]}}", "{'a': 1, 'b': ['c']}"),
        ("{type: anything, default: 5}", "5"),
        ("{type: 'text, optional', default: null}", "None"),
    ],
)
def test_a_default_is_read_by_its_type(written: str, value: str) -> None:
    assert str(asked(written).default) == value


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{type: number, default: «abc»}", "the default of `x` must be a number"),
        ("{type: number, default: «'1'»}", "the default of `x` must be a number"),
        ("{type: number, default: «= 1 + 1»}", "the default of `x` must be a number"),
        ("{type: text, default: «'${y}'»}", "the default of `x` must be a text"),
        ("{type: date, default: «2026-02-30»}", "the default of `x` must be a date"),
        ("{type: list of number, default: «[1, a]»}", "the default of `x` must be a list of number"),
        ("{type: list of number, default: «1»}", "the default of `x` must be a list of number"),
        ("{type: text, default: «[a]»}", "the default of `x` must be a text"),
        ("{type: anything, default: «{a: = b}»}", "the default of `x` must be anything"),
        ("{type: number, example: «abc»}", "the example of `x` must be a number"),
        ("{type: number, choices: [1, «b», 3]}", "a choice of `x` must be a number"),
        ("{type: text, choices: [a, b], default: «c»}", "the default of `x` is not one of its choices"),
        ("{type: text, choices: [a, b], example: «c»}", "the example of `x` is not one of its choices"),
        ("{type: text, default: «null»}", ""),
    ],
)
def test_a_constant_of_the_wrong_type(written: str, message: str) -> None:
    if message:
        assert only(flow("- return: = x", f"x: {written}")).message == message
    else:
        assert asked(written.replace("«", "").replace("»", "")).default == "null"


def test_everything_that_is_wrong_with_inputs_and_steps_comes_at_once() -> None:
    marked = "flow: a\ninputs:\n  x: «txt»\n  y: {type: number, default: «a»}\nsteps:\n  - «aks»\n"

    assert len(all_of(marked)) == 3


def test_functions_are_held_to_the_same() -> None:
    functions = "greet:\n  inputs: {name: «txt»}\n  steps: [log: = name]"

    assert only(flow("- greet: {name: a}", functions=functions)).rule == "unknown-type"


def test_a_text_about_an_input_and_its_example_are_kept() -> None:
    found = asked("{type: text, about: Who it is., example: alice}")

    assert (found.about, found.example) == ("Who it is.", "alice")


def test_names_of_inputs_that_differ_too_little() -> None:
    found = findings("flow: a\ninputs: {user name: text, User name: text}\nsteps:\n  - log: = user name\n")

    assert [each.rule for each in found] == ["name"]
