"""How authors write values: plain scalars, ``= expressions``, text with ``${…}``, and lists and objects of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from blockwright.language.source import Node, Scalar, Sequence

if TYPE_CHECKING:
    from blockwright.language.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Plain:
    """A scalar as it was typed; the type asked for decides what it means."""

    scalar: Scalar

    @property
    def span(self) -> Span:
        return self.scalar.span


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression: ``text`` is FEEL, ``offset`` where it begins in the scalar's value."""

    text: str
    scalar: Scalar
    offset: int

    @property
    def span(self) -> Span:
        return self.scalar.span

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character of ``text`` in the file."""
        return self.scalar.position(self.offset + offset)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with expressions in it."""

    parts: tuple[str | Formula, ...]
    scalar: Scalar

    @property
    def span(self) -> Span:
        return self.scalar.span


@dataclass(frozen=True, slots=True)
class WrittenList:
    items: tuple[Written, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class WrittenObject:
    entries: tuple[tuple[Scalar, Written], ...]
    span: Span


Written: TypeAlias = Plain | Formula | Template | WrittenList | WrittenObject


class TemplateProblem(Exception):
    """A ``${`` that is never closed, or has nothing in it; ``offset`` says where in the scalar's value."""

    def __init__(self, message: str, mend: str, scalar: Scalar, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.scalar = scalar
        self.offset = offset


def read_value(node: Node) -> Written:
    """The value that a node writes. Raises TemplateProblem."""
    if isinstance(node, Scalar):
        return _read_scalar(node)
    if isinstance(node, Sequence):
        return WrittenList(tuple(read_value(item) for item in node.items), node.span)
    return WrittenObject(tuple((key, read_value(value)) for key, value in node.entries), node.span)


def _read_scalar(scalar: Scalar) -> Written:
    if scalar.text.startswith("="):
        return _formula(scalar, 1, len(scalar.text))
    if "${" not in scalar.text:
        return Plain(scalar)
    return Template(tuple(_split(scalar)), scalar)


def _split(scalar: Scalar) -> list[str | Formula]:
    text, parts, literal, at = scalar.text, list[str | Formula](), "", 0
    while (dollar := text.find("${", at)) >= 0:
        if dollar > at and text[dollar - 1] == "$":
            literal += text[at : dollar - 1] + "${"
            at = dollar + 2
            continue
        literal += text[at:dollar]
        end = _closing_brace(text, dollar + 2)
        if end is None:
            raise TemplateProblem(
                "this `${` is never closed",
                "write `${name}`, or `$${` to get the characters themselves",
                scalar,
                dollar,
            )
        inside = text[dollar + 2 : end]
        if not inside.strip():
            raise TemplateProblem("there is nothing between `${` and `}`", "write `${name}`", scalar, dollar)
        if literal:
            parts.append(literal)
        parts.append(_formula(scalar, dollar + 2, end))
        literal, at = "", end + 1
    literal += text[at:]
    if literal:
        parts.append(literal)
    return parts


def _formula(scalar: Scalar, start: int, end: int) -> Formula:
    raw = scalar.text[start:end]
    return Formula(raw.strip(), scalar, start + len(raw) - len(raw.lstrip()))


def _closing_brace(text: str, at: int) -> int | None:
    """Where the ``}`` is that closes an expression begun before ``at``; braces in texts and objects do not count."""
    depth, quoted = 0, False
    while at < len(text):
        char = text[at]
        if quoted:
            if char == "\\":
                at += 1
            elif char == '"':
                quoted = False
        elif char == '"':
            quoted = True
        elif char == "{":
            depth += 1
        elif char == "}":
            if depth == 0:
                return at
            depth -= 1
        at += 1
    return None
