"""Types that are known are checked: constants, expressions, conditions, loops, results, texts."""

from __future__ import annotations

import pytest

from blockwright.expressions import types as t
from blockwright.language import program as p
from tests.language.checking import all_of, findings, flow, only, program


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("- if: «total»\n  then: [do it]", "the condition of `if` must be yes or no, not the text “total”"),
        ("- if: = «total»\n  then: [do it]", "the condition of `if` must be yes or no, and this is a number"),
        ("- if: «[a]»\n  then: [do it]", "the condition of `if` must be yes or no, and this is a list of text"),
        ("- if:«»\n  then: [do it]", "the condition of `if` has no value"),
        ("- if: «null»\n  then: [do it]", "the condition of `if` must be yes or no, not the text “null”"),
        ("- choose: [{when: «a», do: [do it]}]", "the condition of `when` must be yes or no, not the text “a”"),
        ("- while: = «total»\n  do: [do it]", "the condition of `while` must be yes or no, and this is a number"),
        ("- until: «done»\n  do: [do it]", "the condition of `until` must be yes or no, not the text “done”"),
        ("- for each: x\n  in: «all»\n  do: [do it]", "`in` must be a list, not the text “all”"),
        ("- for each: x\n  in: = «total»\n  do: [do it]", "`in` must be a list, and this is a number"),
        ("- count: x\n  from: «one»\n  to: 2\n  do: [do it]", "`from` must be a number, not the text “one”"),
        ('- count: x\n  from: 1\n  to: = «"2"»\n  do: [do it]', "`to` must be a number, and this is a text"),
        ("- count: x\n  from: 1\n  to: 2\n  by: «yes»\n  do: [do it]", "`by` must be a number, not the text “yes”"),
        ("- count: x\n  from: 1\n  to: 2\n  by: «0»\n  do: [do it]", "counting by 0 never gets anywhere"),
        ("- repeat: «often»\n  do: [do it]", "`repeat` must be a number, not the text “often”"),
        ("- repeat: «2.5»\n  do: [do it]", "`repeat` takes a whole number from 0 up"),
        ("- repeat: = «-1»\n  do: [do it]", "`repeat` takes a whole number from 0 up"),
        ("- fail: {code: «[1]», message: a}", "`code` must be a number or a text, and this is a list of number"),
        ("- fail: {code: = «null», message: a}", "`code` must be a number or a text, and this is nothing"),
        ("- fail: {code: «2.5», message: a}", "`2.5` is not a code"),
        ("- fail: {code: «'!'», message: a}", "`!` is not a code"),
        ("- fail: {code: 1, message: «{a: 1}»}", "`message` must be a text, and this is an object"),
        ("- fail: {code: 1, message: = «total»}", "`message` must be a text, and this is a number"),
        ("- log:«»", "`log` has no value"),
        ("- log: ${«null»}", "there is never a value to put into the text here"),
        ("- set: {gone: null}\n- log: it is ${«gone»}", "there is never a value to put into the text here"),
    ],
)
def test_a_value_of_the_wrong_type(steps: str, message: str) -> None:
    assert only(flow(f"- log: = total\n{steps}", "total: number")).message == message


@pytest.mark.parametrize(
    "expression",
    [
        "total + «»",
        "total * name",
        "name + total",
        "total > name",
        "-name",
        "name and done",
        "total.x",
        "upper case(total)",
    ],
)
def test_an_expression_that_can_never_work(expression: str) -> None:
    inputs = "{total: number, name: text, done: yes or no}"
    steps = f"- log: = {expression.replace('«»', '[1]')}\n- log: ${{total}} ${{name}} ${{done}}"
    found = findings(f"flow: a\ninputs: {inputs}\nsteps:\n  - " + steps.removeprefix("- ").replace("\n", "\n  "))

    assert [each.rule for each in found] == ["types"]
    assert found[0].span.line == 4


def test_a_type_is_followed_through_variables_loops_and_results() -> None:
    only(flow('- set: {a: = total}\n- set: {b: = a}\n- log: = «b + "x"»', "total: number"))
    only(flow("- for each: x\n  in: [1, 2]\n  do: [log: = upper case(«x»)]"))
    only(flow("- for each: x\n  in: [a, b]\n  do: [log: = «x * 2»]"))
    only(flow("- for each: x\n  in: = names\n  do:\n    - repeat: = «x»\n      do: [do it]", "names: list of text"))
    only(flow("- count: x\n  from: 1\n  to: 2\n  do: [log: = upper case(«x»)]"))
    only(flow("- add up: {numbers: [1]}\n  save as: sum of all\n- ask: {question: = «sum of all»}"))
    only(flow("- set: {a: {b: [1, 2]}}\n- ask: {question: = «a.b»}"))
    only(flow("- set: {a: 'hello ${total}'}\n- repeat: = «a»\n  do: [do it]", "total: number"))


def test_a_variable_may_hold_all_that_it_is_given() -> None:
    given = "- set: {a: 1}\n- if: = total > 1\n  then: [set: {a: x}]\n"

    assert findings(flow(given + "- ask: {question: = a}\n- log: = a * 2", "total: number")) == ()
    assert only(flow(given + "- if: = «a»\n  then: [do it]", "total: number")).message.endswith("a number or a text")


def test_a_step_that_sets_an_input_widens_its_type() -> None:
    assert findings(flow("- log: = a + 1\n- set: {a: done}\n- ask: {question: = a}", "a: number")) == ()
    assert only(flow("- log: = a + 1\n- set: {a: 2}\n- ask: {question: = «a»}", "a: number")).rule == "types"
    assert findings(flow("- do it:\n  save as: a\n- ask: {question: = a}\n- log: = a", "a: number")) == ()


def test_objects_may_have_different_entries_in_different_branches() -> None:
    steps = "- set: {a: {x: 1}}\n- if: = total > 1\n  then: [set: {a: {x: 1, y: 2}}]\n- log: = a.y"

    assert findings(flow(steps, "total: number")) == ()
    assert only(flow("- set: {a: {x: 1}}\n- log: = a.«y»")).mend == "it has `x`"


@pytest.mark.parametrize(
    "steps",
    [
        "- set: {a: []}\n- repeat: 3\n  do: [set: {a: '= append(a, 1)'}]\n- for each: x\n  in: = a\n  do: [log: = x]",
        "- set: {a: 1}\n- while: = a < 3\n  do:\n    - set: {b: = a}\n    - set: {a: = b + 1}",
        "- repeat: 3\n  do:\n    - set: {a: = b}\n    - set: {b: = c}\n    - set: {c: = a}\n- log: = a",
        "- set: {a: 1}\n- repeat: 9\n  do: [set: {a: [= a]}]\n- log: = a",
        "- set: {a: 1}\n- repeat: 9\n  do: [set: {a: {b: = a, c: = a, d: = a}}]\n- log: = a",
        "- repeat: 3\n  do:\n    - if: = a != null\n      then: [log: = a * 2]\n    - set: {a: 1}",
        '- log: = if total > 1 then total else "none"',
        "- log: = total / 0",
    ],
)
def test_types_that_grow_or_wait_for_one_another_are_settled(steps: str) -> None:
    assert findings(flow(f"{steps}\n- log: = total", "total: number")) == ()


def test_types_of_types_of_types_take_no_time() -> None:
    steps = ["- set: {a0: {x: 1, y: 2}}"]
    steps += [f"- set: {{a{n + 1}: {{x: = a{n}, y: = a{n}, z: [= a{n}, = a{n}]}}}}" for n in range(300)]

    assert findings(flow("\n".join([*steps, "- log: = a300"]))) == ()


@pytest.mark.parametrize(
    ("steps", "type_"),
    [
        ("- set: {a: 1}", t.NUMBER),
        ("- set: {a: yes}", t.TEXT),
        ("- set: {a: true}", t.YES_OR_NO),
        ("- set: {a: null}", t.NOTHING),
        ("- set: {a: 0123}", t.TEXT),
        ("- set: {a: = n > 1}", t.YES_OR_NO),
        ("- set: {a: '${n}'}", t.TEXT),
        ("- set: {a: [1, x]}", t.ListOf(t.either([t.NUMBER, t.TEXT]))),
        ("- set: {a: {b: = n}}", t.ObjectOf((("b", t.NUMBER),))),
        ("- set: {a: 1}\n- set: {a: x}", t.either([t.NUMBER, t.TEXT])),
        ("- for each: a\n  in: [1, 2]\n  do: [log: = a]\n- set: {b: 1}", t.NUMBER),
        ("- for each: a\n  in: = [n, 2]\n  do: [log: = a]\n- set: {b: 1}", t.NUMBER),
        ("- for each: a\n  in: = list of n\n  do: [log: = a]\n- set: {b: 1}", t.optional(t.NUMBER)),
        ("- ask: {question: x}\n  save as: a", t.TEXT),
        ("- do it:\n  save as: a", t.ANYTHING),
    ],
)
def test_the_type_of_a_variable(steps: str, type_: t.Type) -> None:
    inputs = "n: number\nlist of n: list of number"
    routine = program(flow(f"{steps}\n- log: ${{n}} ${{list of n}}", inputs)).main

    assert routine.scope.types["a"] == type_


def test_a_variable_that_may_not_be_set_yet_may_be_null() -> None:
    steps = "- if: = n > 1\n  then: [set: {a: 1}]\n- log: = a\n- set: {a: 2}\n- log: = a"
    logs = [step for step in program(flow(steps, "n: number")).main.body if isinstance(step, p.Log)]
    types = [step.text.type for step in logs if isinstance(step.text, p.Computed)]

    assert types == [t.optional(t.NUMBER), t.NUMBER]


def test_an_expression_that_is_only_a_literal_is_a_constant() -> None:
    (step,) = program(flow('- return: = "text"')).main.body

    assert isinstance(step, p.Return)
    assert isinstance(step.value, p.Constant)
    assert step.value.value == "text"


def test_text_without_expressions_is_a_constant() -> None:
    (step,) = program(flow("- return: 'a $${b} ${1 } c'")).main.body

    assert isinstance(step, p.Return)
    assert isinstance(step.value, p.Constant)
    assert step.value.value == "a ${b} 1 c"


def test_braces_without_a_dollar_around_a_name_are_pointed_out() -> None:
    found = only(flow("- log: «hello {name} and {others}»\n- log: = name", "name: text"))

    assert (found.severity, found.message) == ("warning", "`{name}` stays as it is written")
    assert found.mend == "write `${name}` to put the value of `name` there"
    assert findings(flow("- log: hello {somebody} and {date}")) == ()


def test_one_slip_makes_one_finding() -> None:
    slip = "- set: {a: = «nobody»}\n- log: = a * 2\n- log: ${a}\n- ask: {question: = a}\n- if: = a\n  then: [do it]"

    only(flow(slip))
    only(flow("- «aks»:\n  save as: a\n- log: = a * 2\n- if: = a\n  then: [do it]"))
    assert len(all_of(flow("- set: {a: '${«nobody»}'}\n- repeat: = a\n  do: [do it]"))) == 1


def test_a_built_in_function_is_a_value_too() -> None:
    assert findings(flow("- set: {a: = sum}\n- return: = a([1, 2])")) == ()
