"""Expressions one after another, with names that keep their values: what the prompt and a pipe of lines share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from blockwright.expressions import Expression, SyntaxProblem, UnknownName, parse
from blockwright.expressions.marks import MARKS
from blockwright.expressions.names import one_spaced
from blockwright.expressions.tree import Name
from blockwright.expressions.values import Value, take


class Answer(NamedTuple):
    """What a line came to: a value, and the name that it was given, if any."""

    value: Value
    name: str | None = None


class Session:
    """Names and their values, of which lines read and to which they add."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = {name: take(value, name) for name, value in values.items()}

    @property
    def names(self) -> Iterable[str]:
        """The names that have a value."""
        return self._values

    def answer(self, line: str) -> Answer:
        """Work out ``expression``, or ``name = expression``, which gives the name a value.

        A line that begins with ``=`` is an expression, as in a flow. Raises SyntaxProblem and Failure, whose places are
        those of the line.
        """
        text = re.sub(r"\A(\s*)=", r"\1 ", line)
        name, start = (None, 0) if text != line else self._given(text)
        # Blanks instead of what is left out keep every place what it is in the line.
        expression = parse(" " * start + text[start:], self._values)
        value = expression.value(self._values)
        if name is not None:
            self._values[name] = value
        return Answer(value, name)

    def _given(self, text: str) -> tuple[str | None, int]:
        """The name that a line gives a value to, and where its expression begins; otherwise none, and 0."""
        match = _GIVING.match(text)
        if match is None:
            return None, 0
        name = one_spaced(match[1])
        try:
            left: Expression | None = parse(name, self._values)
        except UnknownName as problem:
            return (name, match.end()) if problem.name == name else (None, 0)
        except SyntaxProblem:
            return None, 0
        # What is no single name, such as `first-name` where `first` and `name` are known, is compared.
        return (name, match.end()) if left and isinstance(left.tree, Name) else (None, 0)


_GIVING = re.compile(rf"\s*([^\W\d_][\w{MARKS}'-]*(?:\s+[\w{MARKS}'-]+)*)\s*=")
