"""Tokens to syntax tree: a table-driven LALR(1) parser over the tables made from ``grammar.lark``.

The driver is short because the tables do the work. Its one liberty: runs of reductions that make nothing (a number is a
primary is a postfix is an instance …) are remembered by where they lead, which spares two thirds of the steps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal as OneOf
from typing import NamedTuple

from blockwright.expressions import builder
from blockwright.expressions.names import Names
from blockwright.expressions.problems import SyntaxProblem
from blockwright.expressions.tokenizer import END, Mode, Tokenizer
from blockwright.expressions.tree import InstanceOf, Node, Parameter, Part, parts
from blockwright.expressions.type_names import parts_of_type
from blockwright.expressions.types import Type

LONGEST = 100_000
"""Characters of one expression."""
DEEPEST = 100
"""Levels of one tree: what recursion below can always bear."""

Start = OneOf["start", "unary_tests"]


class Parsed(NamedTuple):
    """A tree, and what the tokenizer noticed on the way."""

    tree: Node
    used: set[str]
    unknown: list[tuple[str, int, int]]
    scoped: bool
    sugared: str


def parse_tree(
    text: str, names: Names, types: Mapping[str, Type], start: Start = "start", sugar: bool = False
) -> Parsed:
    """The syntax tree of a text. A SyntaxProblem says where it is no expression, and what to write instead."""
    if len(text) > LONGEST:
        raise SyntaxProblem(f"the expression is longer than {LONGEST:,} characters", LONGEST, len(text))
    tokens = Tokenizer(text, names, types, sugar)
    tree, reductions = parse_tokens(tokens, start)
    if reductions > DEEPEST:
        _check_depth(tree)
    return Parsed(tree, tokens.used, tokens.unknown, tokens.scoped, tokens.sugared)


def parse_tokens(tokens: Tokenizer, start: Start) -> tuple[Node, int]:
    """The tree of the tokens, and in how many steps it was made."""
    tables = _tables()
    rows, modes, rules, leads = tables.rows, tables.modes, tables.rules, tables.leads
    state, last = tables.starts[start]
    states = [state]
    values: list[object] = []
    starts: list[int] = []
    ends: list[int] = []
    reductions = 0
    while True:
        row = rows[state]
        tokens.advance(modes[state], row)
        kind = tokens.kind
        while (action := row.get(kind)) is not None and action < 0:
            made, size, build = rules[~action]
            if build is not None:
                reductions += 1
                begin = len(values) - size
                value = build(starts[begin], ends[-1], *values[begin:])
                del values[begin:], starts[begin + 1 :], ends[begin:-1]
                values.append(value)
            del states[-size:]
            here = states[-1]
            lead = leads.get((here, made, kind))
            if lead is None:
                lead = leads[here, made, kind] = _lead(tables, here, made, kind)
            state = lead
            states.append(state)
            row = rows[state]
        if action is None:
            if kind == END and state == last:
                return values[0], reductions  # type: ignore[return-value]
            raise _explained(tokens, modes[state], row, values, starts)
        states.append(action)
        state = action
        values.append(tokens.value)
        starts.append(tokens.start)
        ends.append(tokens.end)


def _explained(
    tokens: Tokenizer, mode: Mode, row: Mapping[str, int], values: list[object], starts: list[int]
) -> SyntaxProblem:
    # Imported here because its many patterns are needed only where something is wrong.
    from blockwright.expressions.slips import Stuck, explain

    return explain(Stuck(tokens, mode, row, values, starts))


def _lead(tables: _Tables, here: int, made: str, kind: str) -> int:
    """The state after a part was made at ``here``, past all reductions that make nothing before ``kind`` is taken."""
    state = tables.rows[here][made]
    while (action := tables.rows[state].get(kind)) is not None and action < 0:
        made, size, build = tables.rules[~action]
        if build is not None or size != 1:
            break
        state = tables.rows[here][made]
    return state


def _check_depth(tree: Node) -> None:
    waiting: list[tuple[Part | Type, Part, int]] = [(tree, tree, 1)]
    while waiting:
        piece, place, depth = waiting.pop()
        if depth > DEEPEST:
            raise SyntaxProblem(
                "the expression is nested too deeply", place.start, place.end, "split it, giving names to its parts"
            )
        if isinstance(piece, Part):
            waiting.extend((part, part, depth + 1) for part in parts(piece))
            if isinstance(piece, InstanceOf | Parameter) and piece.type is not None:
                waiting.append((piece.type, piece, depth + 1))
        else:
            waiting.extend((part, place, depth + 1) for part in parts_of_type(piece))


Build = Callable[..., object]


class _Tables(NamedTuple):
    starts: Mapping[str, tuple[int, int]]
    modes: list[Mode]
    rules: list[tuple[str, int, Build | None]]
    rows: list[dict[str, int]]
    leads: dict[tuple[int, str, str], int]


@cache
def _tables() -> _Tables:
    data = json.loads(Path(__file__).with_name("tables.json").read_text(encoding="utf-8"))
    return _Tables(
        starts={name: (first, last) for name, (first, last) in data["starts"].items()},
        modes=[Mode(mode) for mode in data["modes"]],
        rules=[(made, size, None if name is None else getattr(builder, name)) for made, size, name in data["rules"]],
        rows=data["rows"],
        leads={},
    )
