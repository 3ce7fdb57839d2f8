"""One case: values for its inputs, the expressions it depends on in order, then the expression itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypedDict

from blockwright.expressions import Names, SyntaxProblem, parse
from blockwright.expressions.functions.calling import conversions, invoke
from blockwright.expressions.type_names import FEEL_TYPES
from blockwright.expressions.types import ANYTHING, FunctionOf, ListOf, ObjectOf, Type
from blockwright.expressions.values import Function, Value, admits, is_number
from blockwright.failure import Failure
from tests.conformance.typed import Typed, read_typed, write_typed

Definition = str | dict[str, object]
"""A type as a case writes it: a name, or ``{"type"}``, ``{"components"}``, ``{"function"}``, with ``"collection"``."""


class Dependency(TypedDict):
    name: str
    kind: str
    expression: str
    type: str | None
    requires: list[str]


class Case(TypedDict):
    id: str
    expression: str
    requires: list[str]
    inputs: dict[str, Typed]
    input_types: dict[str, str]
    dependencies: list[Dependency]
    types: dict[str, dict[str, object]]
    result_type: str | None
    expected: Typed


class Result(TypedDict, total=False):
    id: str
    value: Typed
    error: str


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file, one JSON line each."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            case: Case = json.loads(line)
            yield case


def passes(case: Case) -> bool:
    """Whether a case gives what it expects: the kit compares numbers to eight places."""
    try:
        return _alike(_Model(case).result(), read_typed(case["expected"]))
    except SyntaxProblem:
        return case["expected"]["type"] == "null"
    except Exception:
        return False


def _alike(got: Value, expected: Value) -> bool:
    if is_number(got) and is_number(expected):
        return abs(Decimal(str(got)) - Decimal(str(expected))) <= Decimal("1e-8")
    if type(got) is not type(expected):
        return False
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(_alike, got, expected))
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(_alike(got[key], expected[key]) for key in got)
    return got == expected or write_typed(got) == write_typed(expected)


def run_case(case: Case, *, sugar: bool = False) -> Result:
    """Evaluate a case under the standard's error policy. A text that is not FEEL has no value, as the kit has it."""
    try:
        return {"id": case["id"], "value": write_typed(_Model(case, sugar).result())}
    except SyntaxProblem:
        return {"id": case["id"], "value": {"type": "null"}}
    except Exception as error:
        return {"id": case["id"], "error": f"{type(error).__name__}: {error}"}


class _Model:
    """The decision model that a case comes from, as far as the case shows it."""

    def __init__(self, case: Case, sugar: bool = False) -> None:
        self.case = case
        self.sugar = sugar
        self.types = {name: self._type(of) for name, of in case["types"].items()}
        self.known = {name: self._input(name, typed) for name, typed in case["inputs"].items()}

    def value(self) -> Value:
        for dependency in self.case["dependencies"]:
            self.known[dependency["name"]] = self._dependency(dependency)
        return self._evaluate(self.case["expression"], self.case["requires"])

    def _input(self, name: str, typed: Typed) -> Value:
        return self.coerced(read_typed(typed), self.case["input_types"].get(name))

    def _dependency(self, dependency: Dependency) -> Value:
        name, requires = dependency["name"], dependency["requires"]
        if dependency["kind"] == "bkm":
            # A business knowledge model may call itself.
            self.known[name] = Function(
                call=lambda *arguments: invoke(self.known[name], arguments),
                parameters=(),
                types=(),
                choose=lambda positional, named: invoke(self.known[name], positional, named),
            )
            requires = [*requires, name]
        return self.coerced(self._evaluate(dependency["expression"], requires), dependency["type"])

    def _evaluate(self, text: str, requires: Sequence[str]) -> Value:
        names = [name for name in requires if name in self.known]
        expression = parse(text, Names(names), types=self.types, unknown_names=True, sugar=self.sugar)
        try:
            return expression.value({name: self.known[name] for name in names}, errors="null")
        except Failure as failure:
            if failure.code == "too deep":
                return None
            raise

    def coerced(self, value: Value, name: str | None) -> Value:
        """DMN 1.5, 10.3.2.9.4: a value of another type than its variable's is converted, or else null."""
        wanted = self._type(name) if name else ANYTHING
        if value is None or admits(wanted, value):
            return value
        return next((other for other in conversions(value) if admits(wanted, other)), None)

    def result(self) -> Value:
        """The decision's value as its output variable has it."""
        return self.coerced(self.value(), self.case["result_type"])

    def _type(self, definition: Definition | None, seen: tuple[str, ...] = ()) -> Type:
        if definition is None:
            return ANYTHING
        if isinstance(definition, str):
            if definition in self.case["types"] and definition not in seen:
                return self._type(self.case["types"][definition], (*seen, definition))
            return FEEL_TYPES.get(definition, ANYTHING)
        if definition.get("collection"):
            return ListOf(self._type({key: part for key, part in definition.items() if key != "collection"}, seen))
        match definition:
            case {"components": dict(components)}:
                return ObjectOf(tuple((name, self._type(of, seen)) for name, of in components.items()))
            case {"function": dict(function)}:
                parameters = tuple(self._type(of, seen) for of in _entries(function.get("parameters")).values())
                return FunctionOf(parameters, self._type(_name(function.get("output")), seen))
        return self._type(_name(definition.get("type")), seen)


def _entries(of: object) -> Mapping[str, Definition]:
    return of if isinstance(of, dict) else {}


def _name(of: object) -> str | None:
    return of if isinstance(of, str) else None
