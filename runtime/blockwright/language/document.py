"""What an author may write in a flow file: ``read_document`` gives its pydantic model.

Nothing here knows which blocks, names or codes exist. The steps are in ``steps``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, TypeAlias

from pydantic import Field, ValidationError

from blockwright.language import shape
from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.fields import Entry, Name, NamedValues, Text, Value, listed, named, named_values, problem
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


class FunctionWritten(Part):
    """Steps under a name of their own, used as a block in the same file."""

    label: ClassVar[str] = "a function"
    sample: ClassVar[str] = "greet: {inputs: {name: text}, steps: […]}"
    name: Name = Field(alias=KEY)
    about: Text | None = None
    inputs: Inputs = ()
    steps: Steps


class Given(Part):
    """What is there before a test: the users in the service, its settings, and the roles with who has them."""

    label: ClassVar[str] = "`given`"
    sample: ClassVar[str] = "given: {users: [{email: alice@example.com}]}"
    users: Value | None = None
    settings: Value | None = None
    roles: Value | None = None


class Expected(Part):
    """What a test expects of a run."""

    label: ClassVar[str] = "`expect`"
    sample: ClassVar[str] = "expect: {returns: sent}"
    returns: Value | None = None
    fails: Value | None = None
    log: Value | None = None
    emails_to: Value | None = Field(None, alias="emails to")


class TestWritten(Part):
    """A test that an author wrote for the flow."""

    label: ClassVar[str] = "a test"
    sample: ClassVar[str] = "it: mails a user`, `with: {user: alice}`, `expect: {returns: sent}"
    it: Text
    given: Given | None = None
    inputs: Annotated[NamedValues, named_values("inputs", "`with: {user identity: alice@example.com}`")] = Field(
        (), alias="with"
    )
    expect: Expected


class Document(Part):
    """A flow file."""

    label: ClassVar[str] = "a flow"
    sample: ClassVar[str] = "flow: greet a user`, `steps: […]"
    lines: ClassVar[str] = "flow: greet a user\nsteps:\n  - log: hello"
    flow: Name
    about: Text | None = None
    inputs: Inputs = ()
    steps: Steps
    functions: Annotated[tuple[FunctionWritten, ...], named("functions", f"`{FunctionWritten.sample}`")] = ()
    tests: Annotated[tuple[TestWritten, ...], listed("tests", "write each as `- it: …` with its `expect:`")] = ()

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
