"""Values of steps as Python expressions, with a check only where the types do not make it needless."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from blockwright.engine import meaning
from blockwright.engine.compiler.builder import RUN, At
from blockwright.engine.limiting import TimeLimit, pause
from blockwright.engine.retrying import Retrying
from blockwright.engine.run import failure_value
from blockwright.engine.side_by_side import SKIPPED, in_thread, kept_failure, rounds_at_once, together
from blockwright.engine.stopping import to_its_end
from blockwright.engine.unit import catching, caught
from blockwright.expressions import HELPERS
from blockwright.expressions.types import LIST, NOTHING, NUMBER, TEXT, YES_OR_NO, Type, either, fits
from blockwright.expressions.values import INT_LIMIT
from blockwright.failure import Failure
from blockwright.language import program as p
from blockwright.language.checker.values import type_of_value

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock, Input
    from blockwright.engine.unit import Unit
    from blockwright.expressions import Position
    from blockwright.language.diagnostics import Span

GLOBALS: Mapping[str, object] = {
    **HELPERS,
    "_condition": meaning.condition,
    "_items": meaning.items,
    "_number": meaning.number,
    "_rounds": meaning.rounds,
    "_counting": meaning.counting,
    "_piece": meaning.piece,
    "_joined": meaning.joined,
    "_logged": meaning.logged,
    "_code": meaning.code,
    "_message": meaning.message,
    "_details": meaning.details,
    "_asked": meaning.asked,
    "_returned": meaning.returned,
    "_block_input": meaning.block_input,
    "_block_result": meaning.block_result,
    "_secret_asked": meaning.secret_asked,
    "_secret_block_input": meaning.secret_block_input,
    "_secret_block_result": meaning.secret_block_result,
    "_seconds": meaning.seconds,
    "_width": meaning.width,
    "_tries": meaning.tries,
    "_growth": meaning.growth,
    "_pause": pause,
    "_TimeLimit": TimeLimit,
    "_Retrying": Retrying,
    "_together": together,
    "_rounds_at_once": rounds_at_once,
    "_in_thread": in_thread,
    "_kept_failure": kept_failure,
    "_to_its_end": to_its_end,
    "_catching": catching,
    "_SKIPPED": SKIPPED,
    "_type": type,
    "_int": int,
    "_caught": caught,
    "_failed": Failure,
    "_failure_value": failure_value,
    "_Exception": Exception,
}

PLAIN = either([TEXT, YES_OR_NO, NOTHING])

CONDITION = ("_condition", YES_OR_NO)
ITEMS = ("_items", LIST)
A_NUMBER = ("_number", NUMBER)
PIECE = ("_piece", TEXT)
LOGGED = ("_logged", TEXT)
MESSAGE = ("_message", TEXT)
CODE = ("_code", TEXT)
DETAILS = ("_details", PLAIN)
ROUNDS = ("_rounds", None)
WIDTH = ("_width", None)
TRIES = ("_tries", None)
GROWTH = ("_growth", None)
SECONDS = ("_seconds", None)
"""What a step may need of a value: the check, and the type that makes it needless, if one does."""


class Values:
    """Emits the values of one file. ``constants`` are the objects that its code refers to by name."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.constants: dict[str, object] = {}

    def at(self, span: Span) -> At:
        return At(self._unit.position(span))

    def value(self, value: p.Value, names: Mapping[str, str]) -> ast.expr:
        """A value of a step; ``names`` are the Python locals that hold the variables."""
        at = self.at(value.span)
        match value:
            case p.Constant(value=constant):
                return self.constant(at, constant)
            case p.Computed():
                return self._computed(value, names)
            case p.Joined(parts=parts):
                pieces = [
                    at.constant(part) if isinstance(part, str) else self.needed(part, PIECE, names) for part in parts
                ]
                return at.call("_joined", *pieces)
            case p.Listed(items=items):
                return at.listed([self.value(item, names) for item in items])
            case p.Grouped(entries=entries):
                return at.grouped([(name, self.value(entry, names)) for name, entry in entries])

    def needed(self, value: p.Value, need: tuple[str, Type | None], names: Mapping[str, str]) -> ast.expr:
        """A value in the form that a step needs it."""
        check, enough = need
        emitted = self.value(value, names)
        if enough is not None and fits(type_of_value(value), enough) is True:
            return emitted
        return self.at(value.span).call(check, emitted)

    def constant(self, at: At, value: object) -> ast.expr:
        """A value known before the run: in the code where Python can write it, else an object that it refers to."""
        if value is None or isinstance(value, bool | str) or (isinstance(value, int) and abs(value) < INT_LIMIT):
            return at.constant(value)
        name = f"_k{len(self.constants)}"
        self.constants[name] = value
        return at.load(name)

    def returned(self, step: p.Return, names: Mapping[str, str]) -> ast.expr:
        """What a flow or function gives."""
        emitted = self.value(step.value, names)
        if step.wanted is None or fits(type_of_value(step.value), step.wanted) is True:
            return emitted
        at = self.at(step.value.span)
        return at.call("_returned", self.constant(at, step.wanted), emitted)

    def asked(self, argument: p.Argument, names: Mapping[str, str]) -> ast.expr:
        """An input for a flow or function."""
        value, of = argument.value, argument.input
        emitted = self.value(value, names)
        if of.secret:
            at = self.at(value.span)
            return at.call("_secret_asked", at.load(RUN), self.constant(at, of), emitted)
        if not of.choices and fits(type_of_value(value), of.type) is True:
            return emitted
        at = self.at(value.span)
        return at.call("_asked", self.constant(at, of), emitted)

    def block_input(self, argument: p.Argument, names: Mapping[str, str]) -> ast.expr:
        """An input for a block: Python's own value."""
        value, of = argument.value, argument.input
        at = self.at(value.span)
        emitted = self.value(value, names)
        if of.secret:
            return at.call("_secret_block_input", at.load(RUN), self.constant(at, of), emitted)
        found = type_of_value(value)
        checked = of.choices or fits(found, of.type) is not True
        if not checked and fits(found, PLAIN) is True:
            return emitted
        careful = self._careful("_block_input", at, of)
        if not checked and found == NUMBER:
            if isinstance(value, p.Constant) and type(value.value) is int:
                return emitted
            return at.choice(at.is_int(at.named("_v", emitted)), at.load("_v"), careful(at.load("_v")))
        return careful(emitted)

    def block_result(self, at: At, block: AnyBlock, result: ast.expr) -> ast.expr:
        """What a block gave, as a value of the language."""
        if block.result_secret:
            return at.call("_secret_block_result", at.load(RUN), self.constant(at, block), result)
        careful = self._careful("_block_result", at, block)
        if block.result != NUMBER:
            return careful(result)
        plain = at.both(at.is_int(at.named("_v", result)), at.is_between(-INT_LIMIT, "_v", INT_LIMIT))
        return at.choice(plain, at.load("_v"), careful(at.load("_v")))

    def _careful(self, check: str, at: At, of: Input | p.Asked | AnyBlock) -> Callable[[ast.expr], ast.expr]:
        return lambda value: at.call(check, self.constant(at, of), value)

    def _computed(self, value: p.Computed, names: Mapping[str, str]) -> ast.expr:
        def name(read: str, position: Position) -> ast.expr:
            return At(position).load(names[read])

        return value.expression.to_python(value.types(), name, self._unit.placer(value))
