"""The promises that `make fuzz` tries with millions of inputs, with a few; and every input that once broke one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright.expressions.functions import FUNCTIONS
from tests.fuzzing import seeds
from tests.fuzzing.choices import Choices
from tests.fuzzing.grammar import text
from tests.fuzzing.targets import TARGETS, check_expression

inputs = st.binary(max_size=200)

BROKEN_ONCE = [
    "[[1]][string length(user identity)]",
    "[[1]][string length(nobody)]",
    "started by((<= maybe), [1..10])",
    '[1, 2] = "a" or matches("a", "(?:(?:(?:(?:a{0}){1000}){1000}){1000}){1000}")',
    "count(distinct values(for i in 1..20000 return i * 2305843009213693951))",
    "count(mode(for i in 1..20000 return i * 2305843009213693951))",
    'null[starts with("a", count)]',
    "[null][1][is paid][starts with(user identity, count)]",
]
"""Inputs that a fuzzer, or somebody who thought like one, found."""


@pytest.mark.parametrize("name", TARGETS)
@given(inputs)
@settings(max_examples=100, deadline=None)
def test_a_promise_is_kept_whatever_comes(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(TARGETS.keys() - {"flow"}))
@given(st.binary(max_size=400))
@settings(max_examples=20_000, deadline=None, derandomize=True)
def test_a_promise_is_kept_thousands_of_times(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.parametrize("text", BROKEN_ONCE)
def test_what_broke_a_promise_once_keeps_it_now(text: str) -> None:
    check_expression(text, {"user identity": "a", "maybe": None, "count": 3, "is paid": True})


@pytest.mark.parametrize("seed", seeds.of("expression"), ids=lambda seed: seed[len(seeds.AS_IT_IS) :].decode())
def test_what_is_known_to_make_sense_keeps_the_promise(seed: bytes) -> None:
    TARGETS["expression"](seed)


def test_every_function_is_tried() -> None:
    tried = "\n".join(text(Choices(bytes([3, *data]))) for data in _many_inputs())
    assert [name for name in FUNCTIONS if name not in tried] == []


def _many_inputs() -> list[bytes]:
    return [
        bytes((first * 7 + place * second) % 256 for place in range(60)) for first in range(60) for second in range(60)
    ]
