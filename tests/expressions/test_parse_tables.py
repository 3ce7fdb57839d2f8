"""The tables that the parser reads are those of the grammar."""

from __future__ import annotations

import logging
from io import StringIO

import lark

from blockwright.expressions import builder
from blockwright.expressions.build_tables import GRAMMAR, STARTS, TABLES, tables


def test_the_tables_are_up_to_date() -> None:
    assert TABLES.read_text(encoding="utf-8") == tables(), "run: python -m blockwright.expressions.build_tables"


def test_the_grammar_has_no_conflict_but_how_far_an_open_end_reaches() -> None:
    """All conflicts are between going on and stopping after `if … else`, `for … return` and the like, and in
    `instance of list <`; going on, which lark chooses, is right in each."""
    out = StringIO()
    handler = logging.StreamHandler(out)
    lark.logger.addHandler(handler)
    lark.logger.setLevel(logging.DEBUG)
    try:
        lark.Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic", start=list(STARTS), debug=True)
    except lark.exceptions.GrammarError:
        pass
    finally:
        lark.logger.removeHandler(handler)
        lark.logger.setLevel(logging.CRITICAL)
    conflicts = [line for line in out.getvalue().splitlines() if "conflict" in line]
    assert all("Shift/Reduce" in line for line in conflicts)


def test_every_production_that_makes_something_has_a_builder() -> None:
    text = GRAMMAR.read_text(encoding="utf-8")
    aliases = {
        line.partition("->")[2].strip() for line in text.splitlines() if "->" in line and not line.startswith("//")
    }
    named = {alias.rpartition("->")[2].strip() for alias in aliases}
    assert all(callable(getattr(builder, name)) for name in named)
