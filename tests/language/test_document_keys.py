"""No key is ever ignored: one that is not known is found at every level, and one that is known means something.

The second half walks every field of every model. It puts something impossible there and asks the checker to notice, so
a key that somebody adds and forgets cannot stay silent.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

import pytest

from blockwright.language import document as d
from blockwright.language import steps as s
from blockwright.language.cases import written as w
from blockwright.language.diagnostics import Finding
from blockwright.language.shape import Part
from tests.language.checking import findings, flow, only

Data: TypeAlias = str | int | list["Data"] | dict[str, "Data"]

STATEMENTS = {
    "set": "set: {a: 1}",
    "if": "if: = 1 > 2\n  then: [do it]",
    "choose": "choose: [{when: = 1 > 2, do: [do it]}]",
    "for each": "for each: a\n  in: [1]\n  do: [do it]",
    "count": "count: a\n  from: 1\n  to: 2\n  do: [do it]",
    "repeat": "repeat: 2\n  do: [do it]",
    "while": "while: = 1 > 2\n  do: [do it]",
    "until": "until: = 1 > 2\n  do: [do it]",
    "stop loop": "stop loop:",
    "next round": "next round:",
    "fail again": "fail again:",
    "try": "try: [do it]",
    "together": "together: [[do it]]",
    "wait": "wait: 1 second",
    "return": "return: 1",
    "fail": "fail: {code: 1, message: a}",
    "log": "log: a",
}
OTHERS = {
    "a flow": "flow: a\nsteps: [do it]\n«colour»: red\n",
    "an input": flow("- do it", "name: {type: text, «colour»: red}"),
    "`returns`": "flow: a\nreturns: {type: text, «colour»: red}\nsteps: [return: b]\n",
    "a declared failure": "flow: a\nfailures: {1: {about: b, «colour»: red}}\nsteps: [fail: {code: 1, message: c}]\n",
    "a function": flow("- do it", functions="greet: {steps: [do it], «colour»: red}"),
    "a test": "flow: a\nsteps: [do it]\ntests: [{it: b, expect: {}, «colour»: red}]\n",
    "`given`": "flow: a\nsteps: [do it]\ntests: [{it: b, expect: {}, given: {«colour»: red}}]\n",
    "`expect`": "flow: a\nsteps: [do it]\ntests: [{it: b, expect: {«colour»: red}}]\n",
    "`retry`": flow("- do it:\n  retry: {more tries: 3, «colour»: red}"),
    "`fail`": flow("- fail: {code: 1, message: a, «colour»: red}"),
    "a case of `choose`": flow("- choose: [{when: = 1 > 2, do: [do it], «colour»: red}]"),
}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_unknown_key_of_a_statement_is_found(statement: str) -> None:
    found = only(flow(f"- {STATEMENTS[statement]}\n  «colour»: red"))

    assert found.message == f"`colour` does not belong to `{statement}`"


def test_every_statement_is_tried() -> None:
    assert STATEMENTS.keys() == s.STATEMENTS.keys()


@pytest.mark.parametrize("part", OTHERS)
def test_an_unknown_key_is_found_at_every_level(part: str) -> None:
    assert only(OTHERS[part]).message == f"`colour` does not belong to {part}"


def test_an_unknown_key_beside_a_block_is_a_second_block() -> None:
    assert only(flow("- do it:\n  «colour»: red")).message == "`colour` stands beside `do it`, so it is no input of it"


STEP: dict[str, Data] = {"log": "a"}
STEPS: list[Data] = [STEP]
FAILING: Data = {"anything else": STEPS}


def in_steps(step: Data) -> Data:
    return {"flow": "a", "steps": [step]}


def in_inputs(written: Data) -> Data:
    return {"flow": "a", "inputs": {"b": written}, "steps": [{"log": "${b}"}]}


def in_functions(function: Data) -> Data:
    return {"flow": "a", "steps": ["b"], "functions": {"b": function}}


def in_tests(test: Data) -> Data:
    return {"flow": "a", "steps": STEPS, "tests": [test]}


def in_given(given: Data) -> Data:
    return in_tests({"it": "b", "expect": {}, "given": given})


Place: TypeAlias = Callable[[Data], Data]

PLACES: dict[type[Part], tuple[dict[str, Data], Place]] = {
    s.Call: ({"do it": {}}, in_steps),
    s.Set: ({"set": {"b": 1}}, in_steps),
    s.If: ({"if": "= 1 > 2", "then": STEPS}, in_steps),
    s.Choose: ({"choose": [{"when": "= 1 > 2", "do": STEPS}]}, in_steps),
    s.ForEach: ({"for each": "b", "in": [1], "do": STEPS}, in_steps),
    s.Count: ({"count": "b", "from": 1, "to": 2, "do": STEPS}, in_steps),
    s.Repeat: ({"repeat": 2, "do": STEPS}, in_steps),
    s.While: ({"while": "= 1 > 2", "do": STEPS}, in_steps),
    s.Until: ({"until": "= 1 > 2", "do": STEPS}, in_steps),
    s.StopLoop: ({"stop loop": ""}, lambda step: in_steps({"repeat": 2, "do": [step]})),
    s.NextRound: ({"next round": ""}, lambda step: in_steps({"repeat": 2, "do": [step]})),
    s.FailAgain: ({"fail again": ""}, lambda step: in_steps({"do it": {}, "if it fails": {"anything else": [step]}})),
    s.Try: ({"try": ["do it"], "if it fails": FAILING}, in_steps),
    s.Together: ({"together": [STEPS]}, in_steps),
    s.Wait: ({"wait": "1 second"}, in_steps),
    s.Return: ({"return": 1}, in_steps),
    s.Fail: ({"fail": {"code": 1, "message": "b"}}, in_steps),
    s.Log: ({"log": "b"}, in_steps),
    s.Retry: (
        {"more tries": 1, "wait": "1 second", "only for": ["unexpected"]},
        lambda retry: in_steps({"do it": {}, "retry": retry}),
    ),
    s.When: ({"when": "= 1 > 2", "do": STEPS}, lambda case: in_steps({"choose": [case]})),
    s.FailureWritten: ({"code": 1, "message": "b"}, lambda failure: in_steps({"fail": failure})),
    d.InputWritten: ({"type": "text"}, in_inputs),
    d.FunctionWritten: ({"steps": STEPS}, in_functions),
    d.ReturnsWritten: ({"type": "text"}, lambda of: {"flow": "a", "returns": of, "steps": [{"return": "b"}]}),
    d.DeclaredWritten: ({"about": "b"}, lambda code: {"flow": "a", "failures": {"c": code}, "steps": STEPS}),
    w.CaseWritten: ({"it": "b", "expect": {"log": ["a"]}}, in_tests),
    w.GivenWritten: ({}, lambda given: in_tests({"it": "b", "expect": {}, "given": given})),
    w.AnswerWritten: ({"gives": "b"}, lambda answer: in_given({"blocks": {"do it": answer}})),
    w.FailureMeant: ({"code": "unexpected"}, lambda failure: in_given({"blocks": {"do it": {"fails": failure}}})),
    w.ExpectedWritten: ({}, lambda expected: in_tests({"it": "b", "expect": expected})),
    d.Document: ({"flow": "a", "steps": STEPS}, lambda document: document),
}
"""For each model, what it needs at least, and where in a flow it stands."""

FOR_PEOPLE = {"about", "note", "it"}
"""Keys whose text nobody but a reader needs; nothing can be wrong with it."""

TEXTS_BY_NAME = {"failures"}
"""Keys below which such texts stand, each under a name."""

WRONG = "= nobody knows this name"
POISONS: tuple[Data, ...] = (
    WRONG,
    [{"log": WRONG}],
    [[{"log": WRONG}]],
    [{"when": WRONG, "do": STEPS}],
    {"b": WRONG},
    {"b": {"type": WRONG}},
    {"b": {"steps": [{"log": WRONG}]}},
    {"anything else": [{"log": WRONG}]},
    {"more tries": WRONG},
    {"code": WRONG, "message": "b"},
    {"returns": WRONG},
    {"users": WRONG},
    {"do it": {"gives": WRONG}},
    [{"do it": {"b": WRONG}}],
    [{"it": "b", "expect": {"returns": WRONG}}],
)
"""One of these is what a key takes, but for the name nobody knows; the others have the wrong shape for it."""

SHAPE = {"shape", "unknown-key", "missing-key"}
"""Rules of the document's reader, which come before the checker."""


def cases() -> list[tuple[type[Part], str]]:
    """Every key that an author can write of every model."""
    return [(part, key) for part in PLACES for key in sorted(part.author_keys)]


def found_with(part: type[Part], values: dict[str, Data]) -> list[Finding]:
    """What is wrong with a flow in which a model has these values."""
    least, place = PLACES[part]
    text = json.dumps(place({**least, **values})).replace('""', "")
    return [each for each in findings(text) if each.severity == "error"]


def test_everything_is_right_without_poison() -> None:
    assert {part: found_with(part, {}) for part in PLACES} == {part: [] for part in PLACES}


@pytest.mark.parametrize(
    ("part", "key"), cases(), ids=lambda value: value if isinstance(value, str) else value.__name__
)
def test_a_key_is_used_or_refused(part: type[Part], key: str) -> None:
    silent = [poison for poison in POISONS if not found_with(part, {key: poison})]

    texts = [
        each for each in POISONS if isinstance(each, dict) and all(isinstance(text, str) for text in each.values())
    ]
    assert silent == ([WRONG] if key in FOR_PEOPLE else texts if key in TEXTS_BY_NAME else [])


def is_seen_by_the_checker(part: type[Part], key: str) -> bool:
    """Whether the checker, and not only the document's reader, looks at what stands under a key."""
    rules = {each.rule for poison in POISONS for each in found_with(part, {key: poison})}
    return bool(rules - SHAPE)


def test_the_checker_looks_at_every_key_but_texts_for_people_names_and_skip() -> None:
    unseen = {key for part, key in cases() if not is_seen_by_the_checker(part, key)}

    assert unseen == FOR_PEOPLE | TEXTS_BY_NAME | NAMES | {"flow", "skip", "secret", "transient", "never calls"}


NAMES = {"save as", "for each", "count", "collect as", "collect failures as"}


@pytest.mark.parametrize(("part", "key"), [case for case in cases() if case[1] in NAMES], ids=str)
def test_the_checker_looks_at_every_name(part: type[Part], key: str) -> None:
    messages = [each.message for each in found_with(part, {key: "failure"})]

    assert "`failure` is the name of what a handler is given" in messages


def test_every_model_is_tried() -> None:
    models = {value for module in (s, d, w) for value in vars(module).values() if isinstance(value, type)}

    assert {each for each in models if issubclass(each, Part) and each.author_keys} <= {
        *PLACES,
        Part,
        s.StepPart,
        s.Bare,
        w.CasesDocument,
    }
