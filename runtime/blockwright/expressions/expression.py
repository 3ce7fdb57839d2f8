"""Expressions: parsed once, checked, evaluated often."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache
from types import CodeType
from typing import Literal as OneOf
from typing import TypeAlias, cast

from blockwright.expressions.infer import Facts, Inferred
from blockwright.expressions.infer import infer as infer_types
from blockwright.expressions.lending import can_be_lent
from blockwright.expressions.names import Names
from blockwright.expressions.parser import Start, parse_tree
from blockwright.expressions.python import HELPERS, Position, emit
from blockwright.expressions.python.lent import (
    CALM_LENT,
    CALM_LENT_HELPERS,
    LENT_HELPERS,
    LIGHT_LENT,
    LIGHT_LENT_HELPERS,
    can_run_lent,
    leaving,
)
from blockwright.expressions.python.light import LIGHT_HELPERS, is_light
from blockwright.expressions.python.writing import At
from blockwright.expressions.reads import free_names
from blockwright.expressions.running import FILENAME, Function, calculating, raise_failure, run, run_standard, running
from blockwright.expressions.sugar import IN_FEEL
from blockwright.expressions.tokenizer import BEGINNINGS
from blockwright.expressions.tree import FunctionDefinition, Literal, Name, Node, walk
from blockwright.expressions.types import Type
from blockwright.expressions.values import Value, fail, give, take
from blockwright.failure import TOO_MANY_STEPS, Failure

Errors: TypeAlias = OneOf["raise", "null"]

_WORTH_KEEPING = 2_000
"""Characters up to which ``evaluate`` remembers what it has read."""
_NO_TYPES: Mapping[str, Type] = {}
_NO_GLOBALS: Mapping[str, object] = {}


class Expression:
    """An expression that was read and whose names are all known.

    ``text`` is what was written, ``tree`` its syntax tree, ``reads`` the names it reads from outside.
    """

    __slots__ = (
        *("reads", "text", "tree"),
        *("_facts", "_keeps", "_lent", "_light", "_null", "_strict", "_sugared"),
    )

    def __init__(self, text: str, tree: Node, reads: frozenset[str], sugared: str = "") -> None:
        self.text = text
        self.tree = tree
        self.reads = reads
        self._sugared = sugared
        self._facts: tuple[dict[str, Type], Facts] | None = None
        self._keeps: bool | None = None
        self._lent: Function | OneOf[False] | None = None
        self._light: Function | None = None
        self._strict: Function | None = None
        self._null: Function | None = None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def infer(self, types: Mapping[str, Type] = _NO_TYPES) -> Inferred:
        """The type of the value when names have these types, and what can never work. Other names may be anything."""
        return self._known(types).inferred

    def evaluate(self, scope: Mapping[str, object] | None = None, errors: Errors = "raise") -> object:
        """The value of the expression, with the values of its names taken from ``scope``.

        Python values go in and come out: None, bool, int, Decimal, str, dates and times, lists and dicts (floats go in
        by their text). A mistake raises Failure with code ``bad value`` and its place; with ``errors="null"`` it gives
        null, as the DMN specification says. Past its limits an evaluation raises Failure under both.

        Nothing in the scope is changed, and nothing that comes out is shared with it. A value of another kind is
        refused, unless the expression passes it by: entries of objects that it does not look at may go unseen.
        """
        lent = self._lent
        if lent is None:
            lent = self._lent = self._made_for_lending()
        if lent and errors == "raise" and type(scope) is dict:
            try:
                return lent(scope)
            except Exception as error:
                # As in ``value``. A budget that was spent once is not spent again.
                if type(error) is Failure and error.code == TOO_MANY_STEPS:
                    raise_failure(error)
        return give(self.value(self._entering(scope or {}), errors))

    def evaluate_with_warnings(self, scope: Mapping[str, object] | None = None) -> tuple[object, tuple[str, ...]]:
        """The value as the DMN specification has it, where mistakes are null, and a sentence for each mistake."""
        value, warnings = self._standard(self._entering(scope or {}))
        return give(value), warnings

    def value(self, scope: Mapping[str, Value], errors: Errors = "raise") -> Value:
        """As ``evaluate``, for values that are FEEL's own already (functions among them), and giving such a value."""
        if errors == "null":
            return self._standard(scope)[0]
        light = self._light
        if light is not None:
            try:
                return light(scope)
            except Exception:
                # Something is rare, or wrong: prepared for, it is worked out, or said where and what it is.
                pass
        return self._strictly(scope)

    def _strictly(self, scope: Mapping[str, Value]) -> Value:
        function = self._strict or self._prepared()
        try:
            return run(function, scope)
        except Exception as error:
            return self._after(error, scope)

    def _after(self, error: Exception, scope: Mapping[str, Value]) -> Value:
        """What follows an exception: a try with better words where a name had no value, else its failure."""
        if type(error) is not KeyError or self.reads <= scope.keys():
            raise_failure(error)
        return self._strictly(_Scope(scope))

    def _standard(self, scope: Mapping[str, Value]) -> tuple[Value, tuple[str, ...]]:
        if self._sugared:
            return None, (f"`{self._sugared}` is not FEEL; {IN_FEEL[self._sugared]}",)
        if self._null is None:
            namespace = HELPERS.copy()
            self._null = _function(
                self._code(FILENAME, self._position, _NO_TYPES, namespace, typed=False)[0], namespace
            )
        try:
            return run_standard(self._null, scope if self.reads <= scope.keys() else _Scope(scope))
        except Exception as error:
            raise_failure(error)

    def to_python(
        self,
        types: Mapping[str, Type],
        name: Callable[[str, Position], ast.expr],
        place: Callable[[int, int], Position],
        constants: MutableMapping[str, object] | None = None,
    ) -> ast.expr:
        """The expression as a Python expression, valid in the body of a function or a coroutine.

        ``name`` writes the value of a name of the scope; ``place`` says where a stretch of the text stands in the
        source, so that a failure's place can be read from a traceback. The globals it needs are ``HELPERS``; numbers
        that Python's code cannot hold are put into ``constants``, if given, as further globals. Values of names are
        taken to be of their ``types``. Whoever runs it has set the decimal context to ``CONTEXT``.
        """
        return emit(self.tree, self._known(types), self.reads, name, place, typed=True, constants=constants)

    def function(
        self,
        filename: str,
        place: Callable[[int, int], Position],
        types: Mapping[str, Type] = _NO_TYPES,
        globals: Mapping[str, object] = _NO_GLOBALS,
    ) -> Function:
        """The expression as a function of a scope of values, compiled under a file name, with further globals.

        Nothing is converted on the way in and out, and the caller sets the decimal context (see ``evaluating``).
        """
        namespace = HELPERS.copy()
        namespace.update(globals)
        return _function(self._code(filename, place, types, namespace, typed=True)[0], namespace)

    def _prepared(self) -> Function:
        """The function for strict evaluation; if it is light code, the light one is made with it."""
        constants: dict[str, object] = {}
        code, body = self._code(FILENAME, self._position, _NO_TYPES, constants, typed=True)
        if is_light(body):
            self._light = _function(code, {**LIGHT_HELPERS, **constants})
        function = self._strict = _function(code, HELPERS.copy() | constants)
        return function

    def _made_for_lending(self) -> Function | OneOf[False]:
        """The function of Python's values, which gives such a value; False where there can be none."""
        if self._keeps_values():
            return False
        constants: dict[str, object] = {}
        code, body = self._code(FILENAME, self._position, _NO_TYPES, constants, typed=True, lent=True)
        if not can_run_lent(body):
            return False
        if is_light(body, LIGHT_LENT):
            return _function(code, {**LIGHT_LENT_HELPERS, **constants})
        if is_light(body, CALM_LENT, computes=True):
            return calculating(_function(code, {**CALM_LENT_HELPERS, **constants}))
        return running(_function(code, {**LENT_HELPERS, **constants}))

    def _code(
        self,
        filename: str,
        place: Callable[[int, int], Position],
        types: Mapping[str, Type],
        constants: MutableMapping[str, object],
        *,
        typed: bool,
        lent: bool = False,
    ) -> tuple[CodeType, ast.expr]:
        """The code of a function of a scope, and its body; numbers that code cannot hold are put into ``constants``."""

        def name(read: str, position: Position) -> ast.expr:
            where = position._asdict()
            return ast.Subscript(
                ast.Name("scope", ast.Load(), **where), ast.Constant(read, **where), ast.Load(), **where
            )

        facts = self._known(types)
        body = emit(self.tree, facts, self.reads, name, place, typed=typed, lent=lent, constants=constants)
        if lent:
            body = leaving(body, self.tree, facts, At(place(0, len(self.text))))
        where = place(0, len(self.text))._asdict()
        arguments = ast.arguments([], [ast.arg("scope", **where)], None, [], [], None, [])
        return compile(ast.Expression(ast.Lambda(arguments, body, **where)), filename, "eval"), body

    def _known(self, types: Mapping[str, Type]) -> Facts:
        relevant = {name: types[name] for name in self.reads if name in types}
        if self._facts is None or self._facts[0] != relevant:
            self._facts = relevant, infer_types(self.tree, self.reads, relevant)
        return self._facts[1]

    def _entering(self, scope: Mapping[str, object]) -> Mapping[str, Value]:
        """The values of names: as they lie there if they can be lent, else taken."""
        if not self._keeps_values():
            for name in self.reads:
                value = scope.get(name)
                if not (value is None or (type(value) is str and len(value) < 1000) or can_be_lent(value)):
                    break
            else:
                return cast("Mapping[str, Value]", scope)
        return {name: take(scope[name], name) for name in self.reads if name in scope}

    def _keeps_values(self) -> bool:
        """Whether something of the scope may be kept: by a function, which keeps the values it was made with."""
        if self._keeps is None:
            self._keeps = any(isinstance(piece, FunctionDefinition) for piece in walk(self.tree))
        return self._keeps

    def _position(self, start: int, end: int) -> Position:
        """Places in the text itself, columns counted in characters."""
        if "\n" not in self.text:
            return Position(1, start, 1, end)
        line, column = _line_and_column(self.text, start)
        end_line, end_column = _line_and_column(self.text, end)
        return Position(line, column, end_line, end_column)


def parse(
    text: str,
    names: Names | Iterable[str] = (),
    *,
    types: Mapping[str, Type] = _NO_TYPES,
    unknown_names: bool = False,
    start: Start = "start",
    sugar: bool = True,
) -> Expression:
    """Read an expression in which these names are known, besides the built-in functions.

    Raises SyntaxProblem (UnknownName, for a name that nobody knows), with the stretch of the text that is wrong, one
    sentence, and mostly a mend. ``types`` adds names of types for ``instance of`` and parameters. ``unknown_names``
    lets unknown names pass; evaluated, they are a mistake. ``start="unary_tests"`` reads a cell of a decision table.
    ``sugar=False`` reads FEEL alone, without what is ours: ``is``, ``is empty``, ``not in``, and flows' names of types.
    """
    known = names if isinstance(names, Names) else Names(names)
    if start == "start" and (simple := _name_or_number(text, known)) is not None:
        return simple
    parsed = parse_tree(text, known, types, start, sugar)
    if parsed.scoped or parsed.unknown or start == "unary_tests":
        reads = free_names(parsed.tree, known, lenient=unknown_names)
    else:
        reads = known.known & parsed.used
    return Expression(text, parsed.tree, reads, parsed.sugared)


def evaluate(text: str, scope: Mapping[str, object] | None = None, errors: Errors = "raise") -> object:
    """Read an expression and evaluate it, with the values of its names taken from ``scope``.

    ``errors="null"`` evaluates as the DMN specification says: mistakes, and names that nobody knows, are null.
    """
    read = _parsed if len(text) < _WORTH_KEEPING else _parsed.__wrapped__
    return read(text, frozenset(scope or ()), errors == "null").evaluate(scope, errors)


def _name_or_number(text: str, names: Names) -> Expression | None:
    """The expression of a text that is one known name or one whole number: the commonest of all."""
    word = text.strip()
    start = text.find(word)
    if word in names.known and word not in BEGINNINGS:
        return Expression(text, Name(start, start + len(word), word), frozenset((word,)))
    if word.isascii() and word.isdigit() and len(word) <= 34:
        return Expression(text, Literal(start, start + len(word), int(word)), frozenset())
    return None


@lru_cache(maxsize=512)
def _parsed(text: str, names: frozenset[str], standard: bool) -> Expression:
    return parse(text, names, unknown_names=standard, sugar=not standard)


def _function(code: CodeType, namespace: dict[str, object]) -> Function:
    function: Function = eval(code, namespace | {"__builtins__": {}})
    return function


class _Scope(dict[str, Value]):
    """The values of names. To read one that was not given is a mistake."""

    def __missing__(self, name: str) -> Value:
        return fail(f'there is no value for "{name}"')


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1)
