"""The fields of what an author writes: how each is made of a node, and what is said when it cannot be."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeAlias, cast

from pydantic import BeforeValidator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from blockwright.catalogue.naming import is_name
from blockwright.language.diagnostics import Span
from blockwright.language.source import Mapping, Node, Scalar, Sequence
from blockwright.language.source.quoting import cut
from blockwright.language.writing import TemplateProblem, Written, read_value


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a mapping whose keys are the author's own: a handler, an input, a function."""

    key: Scalar
    value: Node


def problem(span: Span, message: str, mend: str | None = None) -> PydanticCustomError:
    """An error for pydantic that becomes a finding at ``span``."""
    return PydanticCustomError("written", "{message}", {"message": message, "mend": mend, "span": span})


def check_name(scalar: Scalar) -> Scalar:
    """The scalar, if it is a name; else a problem."""
    text = scalar.text
    if not is_name(text):
        message = f"`{cut(text)}` is not a name" if text else "a name is missing here"
        mend = "a name is words with single spaces: letters, digits, `-`, `_` and `'`, beginning with a letter"
        if is_name(unicodedata.normalize("NFC", text)):
            mend = "its accents are saved apart from their letters, as some systems do (NFD): type it anew"
        raise problem(scalar.span, message, mend)
    return scalar


def listed(what: str, mend: str) -> BeforeValidator:
    """A reader of lists. ``what`` stands in it, ``mend`` says how to write it; to write nothing is a slip."""

    def items(node: object) -> list[Node]:
        if isinstance(node, Sequence):
            return node.items
        written = cast("Node", node)
        if isinstance(written, Scalar) and written.is_empty:
            raise problem(written.span, f"{what} are missing here", mend)
        raise problem(written.span, f"{what} are written as a list", mend)

    return BeforeValidator(items)


def named(what: str, mend: str, *, may_be_empty: bool = False) -> BeforeValidator:
    """A reader of mappings whose keys are the author's own. ``what`` says what they hold, ``mend`` how to write one."""

    def entries(node: object) -> list[Entry]:
        return read_entries(cast("Node", node), what, mend, may_be_empty=may_be_empty)

    return BeforeValidator(entries)


def read_entries(node: Node, what: str, mend: str, *, may_be_empty: bool = False) -> list[Entry]:
    """The entries of a mapping whose keys are the author's own; anything else is a problem."""
    if isinstance(node, Mapping):
        return [Entry(key, value) for key, value in node.entries]
    if not (isinstance(node, Scalar) and node.is_empty):
        raise problem(node.span, f"{what} are written with a name each", mend)
    if may_be_empty:
        return []
    raise problem(node.span, f"{what} are missing here", mend)


def read_named_values(entries: list[Entry]) -> tuple[tuple[Scalar, Written], ...]:
    """Names with their values."""
    return tuple((check_name(entry.key), _value(entry.value)) for entry in entries)


def _value(node: object) -> Written:
    try:
        return read_value(cast("Node", node))
    except TemplateProblem as error:
        line, column = error.scalar.position(error.offset)
        raise problem(Span(line, column, line, column + 2), error.message, error.mend) from None


def _text(node: object) -> Scalar:
    if not isinstance(node, Scalar):
        raise problem(cast("Node", node).span, "this must be plain text", "write it on one line")
    return node


def _name(node: object) -> Scalar:
    return check_name(_text(node))


def _yes_or_no(node: object) -> bool:
    scalar = _text(node)
    if scalar.text not in ("true", "false", "yes", "no"):
        raise problem(scalar.span, f"`{cut(scalar.text)}` is neither true nor false", "write `true` or `false`")
    return scalar.text in ("true", "yes")


@dataclass(frozen=True, slots=True)
class Reads:
    """An annotation: the field is what this function makes of a node, and pydantic need not look inside."""

    read: Callable[[object], object]

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)


def named_values(what: str, mend: str, *, may_be_empty: bool = False) -> Reads:
    """A reader of names with values, such as those of ``set``."""

    def read(node: object) -> object:
        return read_named_values(read_entries(cast("Node", node), what, mend, may_be_empty=may_be_empty))

    return Reads(read)


Value: TypeAlias = Annotated[Written, Reads(_value)]
Place: TypeAlias = Annotated[Span, Reads(lambda span: span)]
Name: TypeAlias = Annotated[Scalar, Reads(_name)]
Text: TypeAlias = Annotated[Scalar, Reads(_text)]
Switch: TypeAlias = Annotated[bool, Reads(_yes_or_no)]
Scalars: TypeAlias = Annotated[tuple[Scalar, ...], Reads(lambda scalars: scalars)]
NamedValues: TypeAlias = tuple[tuple[Scalar, Written], ...]
"""Names with their values; each use says with ``named_values`` how they are written."""
