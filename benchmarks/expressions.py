"""Expressions beside Python written by hand, with Decimal for numbers; parsing beside lark's own parser; other engines.

"types known" is the expression as a function of values whose types are known, as a flow runs it. "value" is a parsed
expression that knows no types, and gets values of its own kind; "evaluate" gets any of Python's values, which it checks
where it looks at them, and gives copies, in which whole Decimals are int.
"text" is ``evaluate(text, scope)``, which remembers what it has read, as the other engines do not.
"""

from __future__ import annotations

import decimal
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from lark import Lark, Token
from lark.lexer import Lexer

from benchmarks import measure
from benchmarks.measure import report
from benchmarks.rivals import rivals
from blockwright.expressions import Names, Position, evaluate, evaluating, parse
from blockwright.expressions.build_tables import GRAMMAR
from blockwright.expressions.parser import parse_tokens
from blockwright.expressions.tokenizer import END, Mode, Tokenizer
from blockwright.expressions.types import NUMBER, TEXT, ListOf, ObjectOf, Type
from blockwright.expressions.values import CONTEXT, take

ratio = partial(measure.ratio, clock=time.process_time)

ROUNDS = 2_000
PARSED = 100
TRIED = 20
SCOPE: dict[str, object] = {
    "price": Decimal("9.99"),
    "quantity": 3,
    "tax rate": Decimal("0.19"),
    "status": "pending",
    "user identity": "alice@yourmail.com",
    "items": [{"price": Decimal(n) + Decimal("0.5"), "name": f"item {n}"} for n in range(1, 21)],
}
TYPES: dict[str, Type] = {
    "price": NUMBER,
    "quantity": NUMBER,
    "tax rate": NUMBER,
    "status": TEXT,
    "user identity": TEXT,
    "items": ListOf(ObjectOf((("price", NUMBER), ("name", TEXT)))),
}


ByHand = Callable[[Mapping[str, Any]], object]
"""Python that takes its values as they come, as people write it."""


class Case(NamedTuple):
    text: str
    by_hand: ByHand


CASES = [
    Case("price * quantity * (1 + tax rate)", lambda s: s["price"] * s["quantity"] * (1 + s["tax rate"])),
    Case(
        'if status = "pending" then "resend" else "skip"',
        lambda s: "resend" if s["status"] == "pending" else "skip",
    ),
    Case(
        "count(items[price > 10]) > 2",
        lambda s: len([item for item in s["items"] if item["price"] > 10]) > 2,
    ),
    Case(
        'string length(user identity) > 3 and contains(user identity, "@")',
        lambda s: len(s["user identity"]) > 3 and "@" in s["user identity"],
    ),
    Case("for x in items return x.price * 2", lambda s: [x["price"] * 2 for x in s["items"]]),
    Case('contains(user identity, "@")', lambda s: "@" in s["user identity"]),
]


def main() -> None:
    names = Names(SCOPE)
    values = {name: take(value) for name, value in SCOPE.items()}
    for case in CASES:
        print(case.text)
        expression = parse(case.text, names)
        typed = expression.function("<benchmark>", _place, TYPES)
        hand = _times(case.by_hand, values)
        with evaluating(10**12):
            report("  types known", "by hand", ratio(_times(typed, values), hand), "aim 1.5, at most 4")
        report("  value", "by hand", ratio(_times(expression.value, values), hand), "aim 1.5, at most 4")
        report("  evaluate", "by hand", ratio(_times(expression.evaluate, SCOPE), hand), "aim 1.5, at most 4")
        parsing = ratio(_parsing(case.text, names), _lark(case.text, names))
        report(f"  parse, {PARSED} times", "lark", parsing, "15 ms, at most 3")
        _beside_others(case)


def _beside_others(case: Case) -> None:
    def text(scope: Mapping[str, object]) -> object:
        return evaluate(case.text, scope)

    for rival in rivals(case.text, SCOPE, evaluate(case.text, SCOPE)):
        if isinstance(rival.work, str):
            print(f"  {rival.name}: {rival.work}")
        else:
            both = _times(text, SCOPE, TRIED), _times(rival.work, SCOPE, TRIED)
            report(f"  text, {TRIED} times", rival.name, ratio(*both, rounds=5), "below 1")


def _times(function: ByHand, scope: Mapping[str, object], rounds: int = ROUNDS) -> Callable[[], None]:
    def act() -> None:
        with decimal.localcontext(CONTEXT):
            for _ in range(rounds):
                function(scope)

    return act


def _parsing(text: str, names: Names) -> Callable[[], None]:
    def act() -> None:
        for _ in range(PARSED):
            parse(text, names)

    return act


def _lark(text: str, names: Names) -> Callable[[], None]:
    """Lark's parser with the tokens that ours reads from the text, already made."""
    recorded = Recorder(text, names, {})
    parse_tokens(recorded, "start")

    class Recorded(Lexer):
        def __init__(self, _conf: object) -> None:
            pass

        def lex(self, _text: object) -> Iterator[Token]:  # type: ignore[override]
            return iter(tokens)

    lark = Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer=Recorded, start=["start", "unary_tests"])
    terminals = {terminal.pattern.value: terminal.name for terminal in lark.terminals}
    tokens = [Token(terminals.get(kind, kind), text) for kind in recorded.kinds]

    def act() -> None:
        for _ in range(PARSED):
            lark.parse(text, start="start")

    return act


class Recorder(Tokenizer):
    """Notes the kinds of the tokens that it reads."""

    def __init__(self, text: str, names: Names, types: Mapping[str, Type]) -> None:
        super().__init__(text, names, types)
        self.kinds: list[str] = []

    def advance(self, mode: Mode, row: Mapping[str, int]) -> None:
        super().advance(mode, row)
        if self.kind != END:
            self.kinds.append(self.kind)


def _place(start: int, end: int) -> Position:
    return Position(1, start, 1, end)


if __name__ == "__main__":
    main()
