"""Generated flows are made of everything that the language has; what it gets one day, they have to get, too."""

from __future__ import annotations

import itertools

from hypothesis import given, settings

from blockwright.expressions.types import TYPE_NAMES
from blockwright.language import document as d
from blockwright.language import steps as s
from blockwright.testing import GeneratedFlow, flows
from blockwright.testing.properties.writing.flows import WrittenFlow, random_flow
from tests.meaning.anatomy import found_in, keys_of
from tests.meaning.blocks import BLOCKS

PARTS = {
    **s.STATEMENTS,
    "a flow": d.Document,
    "an input": d.InputWritten,
    "a function": d.FunctionWritten,
    "`returns`": d.ReturnsWritten,
    "a declared failure": d.DeclaredWritten,
    "`retry`": s.Retry,
    "a case": s.When,
    "a failure": s.FailureWritten,
}
KEYS = set().union(*(keys_of(part, name) for name, part in PARTS.items())) - {"a flow: tests"}
BESIDE = {f"a step beside which stands: {each}" for each in s.MODIFIERS}
FORMS = {
    *(f"a handler for: {each}" for each in ("a code", "several codes", "anything else")),
    *(f"an input of type: {each}" for each in TYPE_NAMES),
    *(f"an input of type: {each}" for each in ("list of text", "text or number", "text, optional")),
    *(f"a word alone: {each}" for each in ("stop loop", "next round", "fail again", "return", "a call")),
    *(f"a duration as: {each}" for each in ("words", "PT", "an expression", "a template")),
    *(f"a value as: {each}" for each in ("null", "true", "a number", "words", "a list", "an object", "an expression")),
    *(f"a text with: {each}" for each in ("${", "$${")),
    *(f"a call of: {each}" for each in ("a block", "a function", "a function, by itself", "another flow")),
    "flows in a circle",
    "a handler that is: ignore",
    "an input that is its type",
    "a declared failure that is its sentence",
    "`returns` that is its type",
    "`returns`: nothing",
    "`failures`: {}",
}
"""What docs/flows.md has, and its keys do not tell."""


def test_a_few_hundred_generated_flows_have_everything_that_can_be_written() -> None:
    left = KEYS | BESIDE | FORMS
    for seed in itertools.count():
        left -= set(found_in(random_flow(seed, BLOCKS)))
        if not left:
            break
        assert seed < 400, f"not generated: {sorted(left)}"


def test_flows_that_hypothesis_makes_have_every_statement_and_all_that_may_stand_beside_one() -> None:
    left = {f"a step: {each}" for each in s.STATEMENTS} | BESIDE

    @settings(max_examples=100, derandomize=True, database=None)
    @given(flows())
    def look(generated: GeneratedFlow) -> None:
        left.difference_update(found_in(WrittenFlow(generated.text, generated.others, generated.inputs)))

    look()
    assert not left
