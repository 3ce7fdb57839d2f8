"""What an author may write in a flow file: ``read_document`` gives its pydantic model.

Nothing here knows which blocks, names or codes exist. The steps are in ``steps``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, TypeAlias

from pydantic import Field, ValidationError

from blockwright.language import shape
from blockwright.language.cases.written import Cases
from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.fields import Entry, Name, Switch, Text, Value, listed, named, problem
from blockwright.language.shape import KEY, SPAN, Opened, Part
from blockwright.language.source import Mapping, Node, Scalar, Sequence, parse_nodes
from blockwright.language.source.quoting import cut
from blockwright.language.steps import Steps

if TYPE_CHECKING:
    from blockwright.language.source import Source


class InputWritten(Part):
    """An input that a flow or function asks for; its type alone may stand for all of it."""

    label: ClassVar[str] = "an input"
    sample: ClassVar[str] = "user identity: {type: text, example: alice@example.com}"
    name: Name = Field(alias=KEY)
    type: Text
    about: Text | None = None
    example: Value | None = None
    default: Value | None = None
    choices: Annotated[tuple[Value, ...], listed("choices", "`choices: [small, large]`")] = ()
    secret: Switch = False

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        assert isinstance(node, Entry)
        if not isinstance(node.value, Scalar):
            return super().opened(node)
        if node.value.is_empty:
            name = cut(node.key.text)
            raise problem(node.key.span, f"the input `{name}` has no type", f"`{name}: text`, or another type")
        return Opened(cls, {SPAN: node.key.span, KEY: node.key, "type": node.value})


Inputs: TypeAlias = Annotated[
    tuple[InputWritten, ...], named("inputs", "write each as `name: type`, a line each", may_be_empty=True)
]


class ReturnsWritten(Part):
    """What a flow or function promises to give; its type alone may stand for all of it."""

    label: ClassVar[str] = "`returns`"
    sample: ClassVar[str] = "returns: {type: list of text, about: Who was mailed.}"
    type: Text
    about: Text | None = None

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        if not isinstance(node, Scalar):
            return super().opened(node)
        if node.is_empty:
            raise problem(node.span, "`returns` has no type", "`returns: text`, or another type; or take it out")
        return Opened(cls, {SPAN: node.span, "type": node})


class DeclaredWritten(Part):
    """A code that a flow or function may fail with; its sentence alone may stand for all of it."""

    label: ClassVar[str] = "a declared failure"
    sample: ClassVar[str] = "3104: {about: Nobody is registered under this name., transient: false}"
    code: Scalar = Field(alias=KEY)
    about: Text
    transient: Switch = False

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        assert isinstance(node, Entry)
        if not isinstance(node.value, Scalar):
            return super().opened(node)
        if node.value.is_empty:
            message = f"nothing says what {cut(node.key.text)} means"
            raise problem(node.key.span, message, f"`{cut(node.key.text)}: Nobody is registered under this name.`")
        return Opened(cls, {SPAN: node.key.span, KEY: node.key, "about": node.value})


Failures: TypeAlias = Annotated[
    tuple[DeclaredWritten, ...],
    named("failures", "write each as `code: a sentence`, a line each", may_be_empty=True),
]


class FunctionWritten(Part):
    """Steps under a name of their own, used as a block in the same file."""

    label: ClassVar[str] = "a function"
    sample: ClassVar[str] = "greet: {inputs: {name: text}, steps: […]}"
    name: Name = Field(alias=KEY)
    about: Text | None = None
    inputs: Inputs = ()
    returns: ReturnsWritten | None = None
    failures: Failures | None = None
    steps: Steps


class Document(Part):
    """A flow file."""

    label: ClassVar[str] = "a flow"
    sample: ClassVar[str] = "flow: greet a user`, `steps: […]"
    lines: ClassVar[str] = "flow: greet a user\nsteps:\n  - log: hello"
    flow: Name
    about: Text | None = None
    inputs: Inputs = ()
    returns: ReturnsWritten | None = None
    failures: Failures | None = None
    steps: Steps
    functions: Annotated[tuple[FunctionWritten, ...], named("functions", f"`{FunctionWritten.sample}`")] = ()
    tests: Cases = ()

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        if not isinstance(node, Mapping | Entry):
            what = "a list" if isinstance(node, Sequence) else "only text"
            start = Span(*node.span[:2], node.span.line, node.span.column + 1)
            raise problem(start, f"this file is {what}, and a flow begins with `flow:` and its name", cls.lines)
        return super().opened(node)


def read_document(source: Source, warnings: list[Finding] | None = None) -> Document:
    """The flow that a file writes. Raises FlowError with every finding; what is only odd is added to ``warnings``."""
    odd: list[Finding] = []
    node = parse_nodes(source, odd)
    try:
        document = Document.model_validate(node)
    except ValidationError as error:
        raise FlowError([*odd, *shape.findings(error, source)]) from None
    if warnings is not None:
        warnings += odd
    return document
