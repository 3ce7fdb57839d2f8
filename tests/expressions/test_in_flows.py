"""One expression, three ways to work it out: alone, in a run that is watched, and in line in a compiled flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from blockwright import Failure, FlowError, Runtime
from blockwright.expressions import parse
from blockwright.expressions.types import ANYTHING, ListOf, ObjectOf, Type
from blockwright.expressions.values import give
from tests.expressions.generated import Scope, expressions, scopes


class Place(NamedTuple):
    """A form of a flow in which an expression stands in the file's last line or near it, with its line and column."""

    steps: str
    line: int
    column: int


FORMS = {
    "returned": Place("  - return: |-\n      = {}\n", 2, 9),
    "set": Place("  - set:\n      result: |-\n        = {}\n  - return: = result\n", 3, 11),
    "in a loop": Place(
        "  - set: {{result: null}}\n"
        "  - repeat: 2\n"
        "    do:\n"
        "      - set:\n"
        "          result: |-\n"
        "            = {}\n"
        "  - return: = result\n",
        6,
        15,
    ),
}
"""What stands below ``steps:``, the line there that the expression is in, and the column where it begins."""


def flow_text(form: Place, text: str, types: Mapping[str, Type]) -> tuple[str, int]:
    """A flow with an expression, and the line of the file that the expression is in."""
    inputs = "".join(f"  {name}: {type_name(of)}\n" for name, of in types.items())
    head = f"flow: f\ninputs:\n{inputs}steps:\n"
    return head + form.steps.format(text), head.count("\n") + form.line


def type_name(of: Type) -> str:
    """A type as an author writes it. Lists may hold null, which ``list of number`` does not say."""
    match of:
        case ListOf() | ObjectOf():
            return "list" if isinstance(of, ListOf) else "object"
    return str(of).replace("days and time duration", "duration") if "list" not in str(of) else "anything"


def outcome(work: Callable[[], object]) -> tuple[str, ...]:
    """The value, or the failure and its column and line."""
    try:
        return "gives", repr(work())
    except Failure as failure:
        line, column = (failure.place.line, failure.place.column) if failure.place else (0, 0)
        return "fails", str(failure.code), failure.message, str(line), str(column)


@given(expressions(), scopes(), st.sampled_from(sorted(FORMS)))
@settings(max_examples=150, deadline=None)
@example("1 + total / 0", Scope({"total": 1}, {"total": ANYTHING}), "in a loop")
@example('if total > 3 then user identity else "é" + total', Scope({"total": 1, "user identity": "a"}, {}), "set")
@example("first-name is not empty and total not in [1, 2]", Scope({"first-name": "a", "total": 3}, {}), "returned")
@example("first-name is empty or is paid is 3", Scope({"first-name": None, "is paid": True}, {}), "returned")
def test_an_expression_gives_the_same_alone_watched_and_compiled(text: str, scope: Scope, form: str) -> None:
    inputs = {name: give(value) for name, value in scope.values.items()}
    types = {name: scope.types.get(name, ANYTHING) for name in inputs}
    source, line = flow_text(FORMS[form], text, types)
    try:
        flow = Runtime().load_text(source, "f.yaml")
    except FlowError:
        event("refused")
        return
    compiled = outcome(lambda: flow.run(inputs))
    watched = outcome(lambda: flow.run(inputs, watch=lambda _: None))
    assert compiled == watched
    expression = parse(text, inputs)
    alone = [outcome(lambda: expression.evaluate(inputs)) for _ in range(2)]
    event(compiled[0])
    if alone[0][0] == "fails":
        column = int(alone[0][4]) + FORMS[form].column - 1
        alone = [(*each[:3], str(line), str(column)) for each in alone]
    assert [compiled, compiled] == alone


@given(expressions(), scopes())
@settings(max_examples=150, deadline=None)
def test_standard_mode_differs_only_where_strict_mode_fails(text: str, scope: Scope) -> None:
    expression = parse(text, scope.values)
    strict = outcome(lambda: expression.evaluate(scope.values))
    standard = outcome(lambda: expression.evaluate(scope.values, errors="null"))
    if strict[0] == "gives" or strict[1] != "bad value":
        assert standard == strict
    else:
        assert standard[1] != "bad value"
    if standard[0] == "gives":
        _, warnings = expression.evaluate_with_warnings(scope.values)
        assert strict[2] in warnings if strict[0] == "fails" else warnings == ()


@pytest.mark.parametrize("text", ["1 / 0", '"a" + 1', "if 1 then 2 else 3", "[1, 2].x", '@"soon"'])
def test_a_mistake_is_a_failure_in_strict_mode_and_the_first_warning_in_standard_mode(text: str) -> None:
    expression = parse(text)
    with pytest.raises(Failure) as failure:
        expression.evaluate()
    assert expression.evaluate_with_warnings()[1][0] == failure.value.message
