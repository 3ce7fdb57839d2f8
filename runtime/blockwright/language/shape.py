"""Reading nodes into pydantic models: which keys belong where, and what is wrong said in the author's words.

Pydantic decides what belongs where. This module hands it each mapping opened into a dict, and turns its errors into
findings that know their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from blockwright.language.diagnostics import Finding, Span
from blockwright.language.fields import Entry, Place, problem
from blockwright.language.source import Mapping, Node, Scalar
from blockwright.language.source.quoting import cut
from blockwright.language.suggest import did_you_mean

if TYPE_CHECKING:
    from blockwright.language.source import Source

SPAN, KEY, VALUE = " span", " key", " value"
"""Keys that an author cannot write: where a mapping stands, and the key and value of an entry of the author's own."""


class Part(BaseModel):
    """Something an author writes as a mapping with known keys. ``label`` names it in findings, ``sample`` shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
    label: ClassVar[str]
    sample: ClassVar[str]
    author_keys: ClassVar[frozenset[str]] = frozenset()
    span: Place = Field(alias=SPAN)

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
        """Say how to mend it where no known key is near."""
        self._mend = mend

    @property
    def message(self) -> str:
        return f"`{cut(self.key.text)}` does not belong to {self.part.label}"

    @property
    def mend(self) -> str:
        known = sorted(self.part.author_keys)
        near = did_you_mean(self.key.text, known)
        if near:
            return f"did you mean `{near}`?"
        return self._mend or "it knows " + ", ".join(f"`{key}`" for key in known)


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
