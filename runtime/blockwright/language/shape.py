"""Reading nodes into pydantic models: which keys belong where, and what is wrong said in the author's words.

Pydantic decides what belongs where. This module hands it each mapping opened into a dict, and turns its errors into
findings that know their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from blockwright.catalogue.naming import is_name
from blockwright.language.diagnostics import Finding, Span
from blockwright.language.source import Mapping, Node, Scalar, Sequence
from blockwright.language.suggest import did_you_mean
from blockwright.language.writing import TemplateProblem, Written, read_value

if TYPE_CHECKING:
    from blockwright.language.source import Source

SPAN, KEY, VALUE = " span", " key", " value"
"""Keys that an author cannot write: where a mapping stands, and the key and value of an entry of the author's own."""


class Part(BaseModel):
    """Something an author writes as a mapping with known keys. ``label`` names it in findings, ``sample`` shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    label: ClassVar[str]
    sample: ClassVar[str]
    author_keys: ClassVar[frozenset[str]] = frozenset()
    span: Span = Field(alias=SPAN)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        keys = (field.alias or name for name, field in cls.model_fields.items())
        cls.author_keys = frozenset(key for key in keys if not key.startswith(" "))

    @model_validator(mode="before")
    @classmethod
    def _open(cls, node: object) -> object:
        return cls.opened(cast("Node", node))

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        """The mapping's entries by key; unknown keys are wrapped, so that the error they cause knows its place."""
        entries: dict[str, object] = {}
        if isinstance(node, Entry):
            entries |= {SPAN: node.key.span, KEY: node.key}
            node = node.value
        if not isinstance(node, Mapping):
            raise problem(node.span, f"{cls.label} is written with keys of its own", f"write it like `{cls.sample}`")
        entries.setdefault(SPAN, node.entries[0][0].span if node.entries else node.span)
        for key, value in node.entries:
            entries[key.text] = value if key.text in cls.author_keys else UnknownKey(cls, key)
        return Opened(cls, entries)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a mapping whose keys are the author's own: a handler, an input, a function."""

    key: Scalar
    value: Node


class Opened(dict[str, object]):
    """A mapping on its way into a model; errors carry it, so that they know the model and the place."""

    def __init__(self, part: type[Part], entries: dict[str, object]) -> None:
        super().__init__(entries)
        self.part = part


class UnknownKey:
    """A key that its mapping does not know."""

    def __init__(self, part: type[Part], key: Scalar) -> None:
        self.part = part
        self.key = key
        self._mend: str | None = None

    def suggest(self, mend: str) -> None:
        """Say how to mend it, where more is known than the nearest key."""
        self._mend = mend

    @property
    def message(self) -> str:
        return f"`{self.key.text}` does not belong to {self.part.label}"

    @property
    def mend(self) -> str:
        if self._mend is not None:
            return self._mend
        known = sorted(self.part.author_keys)
        near = did_you_mean(self.key.text, known)
        return f"did you mean `{near}`?" if near else "it knows " + ", ".join(f"`{key}`" for key in known)


def problem(span: Span, message: str, mend: str | None = None) -> PydanticCustomError:
    """An error for pydantic that becomes a finding at ``span``."""
    return PydanticCustomError("written", "{message}", {"message": message, "mend": mend, "span": span})


def findings(error: ValidationError, source: Source) -> Iterator[Finding]:
    """What pydantic found wrong, as findings."""
    for each in error.errors(include_url=False):
        yield _finding(each, source)


def _finding(error: ErrorDetails, source: Source) -> Finding:
    culprit, context = error["input"], error.get("ctx", {})
    if error["type"] == "written":
        return source.finding(context["span"], context["message"], context["mend"], rule="shape")
    if isinstance(culprit, UnknownKey):
        return source.finding(culprit.key.span, culprit.message, culprit.mend, rule="unknown-key")
    if error["type"] == "missing" and isinstance(culprit, Opened):
        key, part = str(error["loc"][-1]), culprit.part
        span = cast("Span", culprit[SPAN])
        return source.finding(
            span, f"{part.label} needs `{key}:`", f"write it like `{part.sample}`", rule="missing-key"
        )
    raise AssertionError(f"an error of pydantic's that no reader causes: {error}")


def _value(node: object) -> Written:
    try:
        return read_value(cast("Node", node))
    except TemplateProblem as error:
        line, column = error.scalar.position(error.offset)
        raise problem(Span(line, column, line, column + 2), error.message, error.mend) from None


def check_name(scalar: Scalar) -> Scalar:
    """The scalar, if it is a name; else a problem."""
    if not is_name(scalar.text):
        raise problem(
            scalar.span,
            f"`{scalar.text}` is not a name" if scalar.text else "a name is missing here",
            "a name is words with single spaces: letters, digits, `-`, `_` and `'`, beginning with a letter",
        )
    return scalar


def _text(node: object) -> Scalar:
    if not isinstance(node, Scalar):
        raise problem(cast("Node", node).span, "this must be plain text", "write it on one line")
    return node


def entries(node: object) -> list[Entry]:
    """The entries of a mapping whose keys are the author's own; anything else is a problem."""
    if isinstance(node, Scalar) and node.is_empty:
        return []
    if not isinstance(node, Mapping):
        raise problem(cast("Node", node).span, "this must be names with values", "write `name: value`, a line each")
    return [Entry(key, value) for key, value in node.entries]


def items(node: object) -> list[Node]:
    """The entries of a list that an author wrote; anything else is a problem."""
    if isinstance(node, Scalar) and node.is_empty:
        return []
    if not isinstance(node, Sequence):
        raise problem(cast("Node", node).span, "this must be a list", "begin each entry with `- `")
    return list(node.items)


def _named_values(node: object) -> tuple[tuple[Scalar, Written], ...]:
    return tuple((check_name(entry.key), _value(entry.value)) for entry in entries(node))


def _name(node: object) -> Scalar:
    return check_name(_text(node))


def _yes_or_no(node: object) -> bool:
    scalar = _text(node)
    if scalar.text not in ("true", "false", "yes", "no"):
        raise problem(scalar.span, f"`{scalar.text}` is neither true nor false", "write `true` or `false`")
    return scalar.text in ("true", "yes")


Value: TypeAlias = Annotated[Written, PlainValidator(_value)]
Name: TypeAlias = Annotated[Scalar, PlainValidator(_name)]
Text: TypeAlias = Annotated[Scalar, PlainValidator(_text)]
Switch: TypeAlias = Annotated[bool, PlainValidator(_yes_or_no)]
NamedValues: TypeAlias = Annotated[tuple[tuple[Scalar, Written], ...], PlainValidator(_named_values)]
