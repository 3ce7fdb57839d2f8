"""``blockwright expr``: one expression, worked out."""

from __future__ import annotations

from collections.abc import Sequence

from blockwright.cli.reading import read_pairs, read_value
from blockwright.cli.showing import show_failure, show_findings
from blockwright.cli.stopping import OK
from blockwright.cli.terminal import say
from blockwright.expressions import SyntaxProblem, parse
from blockwright.failure import Failure
from blockwright.language.diagnostics import Finding, FlowError
from blockwright.language.showing import as_json, as_text
from blockwright.language.source import Source


def evaluate_text(text: str, variables: Sequence[str], *, json: bool) -> int:
    """Print the value of an expression; gives the exit code."""
    source = Source("expression", text)
    try:
        values = read_variables(variables)
        value = parse(text, values).evaluate(values)
    except FlowError as error:
        return show_findings(error.findings, "the value of a variable cannot be read", as_data=json)
    except SyntaxProblem as problem:
        return show_findings([_finding(problem, source)], "the expression is wrong", as_data=json)
    except Failure as failure:
        return show_failure(failure, as_data=json, source=source)
    if json:
        say(as_json(value))
    elif value is not None:
        say(as_text(value))
    return OK


def read_variables(variables: Sequence[str]) -> dict[str, object]:
    """The values of ``name=value``, as they follow ``-v``. Raises CallError and FlowError."""
    return {name: read_value(f"-v {name}", typed) for name, typed in read_pairs(variables, "-v").items()}


def _finding(problem: SyntaxProblem, source: Source) -> Finding:
    span = source.span(problem.start, max(problem.end, problem.start))
    return source.finding(span, problem.message, problem.mend, rule="expression")
