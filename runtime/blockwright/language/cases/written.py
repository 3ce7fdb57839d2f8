"""What an author may write as a test of a flow: pydantic models, with the author's own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, TypeAlias

from pydantic import Field, ValidationError

from blockwright.language import shape
from blockwright.language.diagnostics import Finding, FlowError
from blockwright.language.fields import (
    Entry,
    Name,
    NamedValues,
    Reads,
    Text,
    Value,
    listed,
    named,
    named_values,
    problem,
    read_entries,
    read_named_values,
)
from blockwright.language.shape import KEY, SPAN, VALUE, Opened, Part
from blockwright.language.source import Mapping, Node, Scalar, Sequence, parse_nodes

if TYPE_CHECKING:
    from blockwright.language.source import Source


class FailureMeant(Part):
    """A failure that an answer is, or that a test expects; its code alone may stand for all of it."""

    label: ClassVar[str] = "`fails`"
    sample: ClassVar[str] = "fails: {code: 3104, message: Nobody is registered with this address}"
    code: Value
    message: Value | None = None
    details: Value | None = None

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        if isinstance(node, Scalar):
            return Opened(cls, {SPAN: node.span, "code": node})
        return super().opened(node)


class AnswerWritten(Part):
    """What a block answers in a test instead of being run."""

    label: ClassVar[str] = "an answer"
    sample: ClassVar[str] = "{fails: unavailable}`, or `{gives: sent}"
    when: Annotated[NamedValues, named_values("inputs", "`when: {user identity: alice@example.com}`")] = ()
    gives: Value | None = None
    fails: FailureMeant | None = None
    takes: Value | None = None


class StandInWritten(Part):
    """The answers of one block: one for every call, or a list of them."""

    label: ClassVar[str] = "the answers of a block"
    sample: ClassVar[str] = "find user: {gives: null}"
    block: Name = Field(alias=KEY)
    answers: Annotated[tuple[AnswerWritten, ...], listed("answers", f"write each as `- {AnswerWritten.sample}`")] = (
        Field(alias=VALUE)
    )

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        assert isinstance(node, Entry)
        value = Sequence([node.value], node.value.corners) if isinstance(node.value, Mapping) else node.value
        return Opened(cls, {SPAN: node.key.span, KEY: node.key, VALUE: value})


class GivenWritten(Part):
    """What is there before a test: the app with its users, what blocks answer, and the time."""

    label: ClassVar[str] = "`given`"
    sample: ClassVar[str] = "given: {users: [{email: alice@example.com}]}"
    users: Value | None = None
    settings: Value | None = None
    roles: Value | None = None
    logged_in: Value | None = Field(None, alias="logged in")
    blocks: Annotated[
        tuple[StandInWritten, ...], named("blocks with their answers", f"`blocks: {{{StandInWritten.sample}}}`")
    ] = ()
    clock: Value | None = None


class CallMeant(Part):
    """A call of a block that a test expects, with the inputs that matter."""

    label: ClassVar[str] = "a call"
    sample: ClassVar[str] = "- resend confirmation email: {user identity: alice@example.com}"
    block: Name = Field(alias=KEY)
    inputs: Annotated[NamedValues, Reads(lambda values: values)] = Field(alias=VALUE)

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        assert not isinstance(node, Entry)
        if isinstance(node, Scalar):
            return Opened(cls, {SPAN: node.span, KEY: node, VALUE: ()})
        if not isinstance(node, Mapping) or len(node) != 1:
            raise problem(node.span, "a call is a block with its inputs behind it", f"`{cls.sample}`")
        ((key, value),) = node.entries
        inputs = read_named_values(read_entries(value, "the inputs of a call", f"`{cls.sample}`", may_be_empty=True))
        return Opened(cls, {SPAN: key.span, KEY: key, VALUE: inputs})


class ExpectedWritten(Part):
    """What a test expects of a run."""

    label: ClassVar[str] = "`expect`"
    sample: ClassVar[str] = "expect: {returns: sent}"
    node: Annotated[Node, Reads(lambda node: node)] = Field(alias=" node")
    returns: Value | None = None
    fails: FailureMeant | None = None
    log: Value | None = None
    log_has: Value | None = Field(None, alias="log has")
    emails_to: Value | None = Field(None, alias="emails to")
    calls: Annotated[tuple[CallMeant, ...], listed("calls", f"`{CallMeant.sample}`")] | None = None
    never_calls: Annotated[tuple[Name, ...], listed("blocks", "`never calls: [resend confirmation email]`")] = Field(
        (), alias="never calls"
    )
    time_passed: Value | None = Field(None, alias="time passed")
    users: Value | None = None

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        opened = super().opened(node)
        opened[" node"] = node
        return opened

    def place(self, key: str) -> Scalar | None:
        """A key as the author wrote it."""
        return self.node.key(key) if isinstance(self.node, Mapping) else None


class CaseWritten(Part):
    """A test that an author wrote for a flow."""

    label: ClassVar[str] = "a test"
    sample: ClassVar[str] = "it: mails a user`, `with: {user: alice}`, `expect: {returns: sent}"
    it: Text
    given: GivenWritten | None = None
    inputs: Annotated[NamedValues, named_values("inputs", "`with: {user identity: alice@example.com}`")] = Field(
        (), alias="with"
    )
    expect: ExpectedWritten


Cases: TypeAlias = Annotated[tuple[CaseWritten, ...], listed("tests", "write each as `- it: …` with its `expect:`")]


class CasesDocument(Part):
    """A file of tests that lies beside the flow it is about."""

    label: ClassVar[str] = "a file of tests"
    sample: ClassVar[str] = "tests of: greet a user`, `tests: […]"
    tests_of: Name = Field(alias="tests of")
    tests: Cases


def read_cases(source: Source, warnings: list[Finding] | None = None) -> CasesDocument:
    """The tests in a file of their own. Raises FlowError with every finding."""
    odd: list[Finding] = []
    node = parse_nodes(source, odd)
    try:
        document = CasesDocument.model_validate(node)
    except ValidationError as error:
        raise FlowError([*odd, *shape.findings(error, source)]) from None
    if warnings is not None:
        warnings += odd
    return document
