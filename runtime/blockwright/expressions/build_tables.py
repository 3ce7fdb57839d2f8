"""Make ``tables.json`` from ``grammar.lark``: ``python -m blockwright.expressions.build_tables``.

Building LALR(1) tables takes lark a tenth of a second and its import as much again; reading them takes two
milliseconds. So this runs when the grammar changes, and the parser reads the result; only whoever changes the grammar
needs lark, which the extra ``dev`` brings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from lark import Lark
from lark.lexer import Lexer, Token
from lark.parsers.lalr_analysis import Shift

from blockwright.expressions.tokenizer import END, Mode

STARTS = ("start", "unary_tests")
GRAMMAR = Path(__file__).with_name("grammar.lark")
TABLES = Path(__file__).with_name("tables.json")


def main() -> None:
    """Write the tables beside the grammar."""
    TABLES.write_text(tables(), encoding="utf-8")


def tables() -> str:
    """The tables as JSON, one state a line.

    ``rows``: for every state, what each kind of token or part leads to: n to go to state n, -n-1 to reduce by rule n.
    ``modes``: how the tokenizer reads in that state. ``rules``: what a rule makes, of how many parts, by which builder.
    ``starts``: the first and the last state of each start symbol.
    """
    lark = Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer=_NoLexer, start=list(STARTS))
    table = lark.parser.parser._parse_table
    signs = {terminal.name: terminal.pattern.value for terminal in lark.terminals}
    # Lark numbers states as it happens to meet them; ours are numbered in the order of a walk, so that equal grammars
    # give equal files.
    numbers = {table.start_states[start]: number for number, start in enumerate(STARTS)}
    rules: dict[str, int] = {}
    rows: list[dict[str, int]] = []
    for state in _in_order(numbers):
        named = {END if name == "$END" else signs.get(name, name): step for name, step in table.states[state].items()}
        row = {}
        for name, (action, target) in sorted(named.items()):
            if action is Shift:
                row[name] = numbers.setdefault(target, len(numbers))
            else:
                made = json.dumps([target.origin.name, len(target.expansion), target.alias])
                row[name] = ~rules.setdefault(made, len(rules))
        rows.append(row)
    starts = {start: [numbers[table.start_states[start]], numbers[table.end_states[start]]] for start in STARTS}
    return "".join(
        (
            '{"starts": ' + json.dumps(starts),
            ',\n"modes": ' + json.dumps([_mode(row) for row in rows]),
            ',\n"rules": [\n' + ",\n".join(rules),
            '],\n"rows": [\n' + ",\n".join(map(json.dumps, rows)) + "]}\n",
        )
    )


def _in_order(numbers: dict[int, int]) -> Iterator[int]:
    """The states in the order of their numbers, those included that are numbered meanwhile."""
    done = 0
    while done < len(numbers):
        yield list(numbers)[done]
        done += 1


def _mode(row: dict[str, int]) -> Mode:
    if "KEY" in row:
        return Mode.FIELD if "TYPE" in row else Mode.KEY
    for kind in ("MEMBER", "BIND", "TYPE", "ARGUMENT"):
        if kind in row:
            return Mode[kind]
    return Mode.OPERAND if "NAME" in row else Mode.AFTER


class _NoLexer(Lexer):
    """Lark needs some lexer to build; the tokens come from our own."""

    def __init__(self, _conf: object) -> None:
        pass

    def lex(self, _lexer_state: object, _parser_state: object) -> Iterator[Token]:
        return iter(())


if __name__ == "__main__":
    main()
