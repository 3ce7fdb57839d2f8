"""What an author may write in a flow file: pydantic models, one per statement, with the author's own keys.

``read_document`` gives the models; nothing here knows which blocks, names or codes exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationError

from blockwright.language import fields, shape
from blockwright.language.diagnostics import FlowError, Span
from blockwright.language.fields import Entry, Name, NamedValues, Scalars, Switch, Text, Value, problem
from blockwright.language.shape import KEY, SPAN, VALUE, Opened, Part, UnknownKey
from blockwright.language.source import Mapping, Node, Scalar, parse_nodes

if TYPE_CHECKING:
    from blockwright.language.source import Source

ANYTHING_ELSE = "anything else"
IGNORE = "ignore"


class Handler(Part):
    """What to do about some codes. No ``codes`` means ``anything else``; no steps means ``ignore``."""

    label: ClassVar[str] = "a handler"
    sample: ClassVar[str] = "3102: ignore"
    codes: Scalars = Field(alias=KEY)
    steps: Steps = Field(alias=VALUE)

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        assert isinstance(node, Entry)
        key, value = node.key, node.value
        if isinstance(value, Scalar) and value.text != IGNORE:
            raise problem(value.span, "a handler is a list of steps, or the word `ignore`", f"`{key.text}: ignore`")
        codes = () if key.text == ANYTHING_ELSE else tuple(_codes(key))
        return Opened(cls, {SPAN: key.span, KEY: codes, VALUE: [] if isinstance(value, Scalar) else value})


def _codes(key: Scalar) -> list[Scalar]:
    """The codes of ``3102, 3104``, each with its own place."""
    codes, at = [], 0
    for part in key.text.split(","):
        text = part.strip()
        if not text:
            raise problem(key.span, "a code is missing here", "write `3102:`, `3102, 3104:` or `anything else:`")
        line, column = key.position(at + part.index(text))
        codes.append(Scalar(text, Span(line, column, line, column + len(text)), key.style))
        at += len(part) + 1
    return codes


Handlers: TypeAlias = Annotated[tuple[Handler, ...], BeforeValidator(fields.entries)]


class Retry(Part):
    """How to try again. Times are durations such as ``1 second``."""

    label: ClassVar[str] = "`retry`"
    sample: ClassVar[str] = "retry: {more tries: 3, wait: 1 second}"
    more_tries: Value = Field(alias="more tries")
    wait: Value | None = None
    growing: Value | None = None
    at_most: Value | None = Field(None, alias="at most")
    only_for: Value | None = Field(None, alias="only for")


class StepPart(Part):
    """What every step may carry beside its own keys."""

    handlers: Handlers = Field((), alias="if it fails")
    retry: Retry | None = None
    time_limit: Value | None = Field(None, alias="time limit")
    note: Text | None = None
    skip: Switch = False

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        if isinstance(node, Scalar):
            return Opened(cls, {SPAN: node.span} | cls.bare(node))
        opened = super().opened(node)
        for value in opened.values():
            if isinstance(value, UnknownKey) and value.key.text in STATEMENT_KEYS:
                value.suggest(f"begin a step of its own: `- {value.key.text}: …`")
        return opened

    @classmethod
    def bare(cls, node: Scalar) -> dict[str, object]:
        """The entries of a step written as bare text, such as ``- stop loop``."""
        raise problem(node.span, f"{cls.label} needs more than its name", f"write it like `{cls.sample}`")


MODIFIERS = StepPart.author_keys | {"save as"}


class Call(StepPart):
    """A block, a function or another flow: its label, its inputs below."""

    label: ClassVar[str] = "a block"
    sample: ClassVar[str] = "resend confirmation email: {user identity: = user}"
    called: Name = Field(alias=KEY)
    inputs: NamedValues = Field(alias=VALUE)
    save_as: Name | None = Field(None, alias="save as")

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        if isinstance(node, Scalar):
            if not node.text:
                raise problem(node.span, "this step is empty", "write a block after the `- `, or take the line out")
            return Opened(cls, {SPAN: node.span, KEY: node, VALUE: Scalar("", node.span)})
        assert not isinstance(node, Entry)
        if not isinstance(node, Mapping):
            raise problem(node.span, "a step is a block with its inputs below, not a list", f"`- {cls.sample}`")
        own = [entry for entry in node.entries if entry[0].text not in MODIFIERS]
        if not own:
            raise problem(node.span, "this step has no block, only what belongs beside one", f"`- {cls.sample}`")
        (key, value), rest = own[0], own[1:]
        if rest:
            raise _second_block(key, value, rest[0][0])
        modifiers = {name.text: given for name, given in node.entries if name.text in MODIFIERS}
        return Opened(cls, {SPAN: key.span, KEY: key, VALUE: value} | modifiers)


def _second_block(first: Scalar, value: Node, second: Scalar) -> Exception:
    if isinstance(value, Scalar) and value.is_empty:
        return problem(
            second.span,
            f"`{second.text}` stands beside `{first.text}`, so it is no input of it",
            f"indent it: inputs stand two spaces further in than `{first.text}`",
        )
    return problem(
        second.span,
        f"`{second.text}` stands in the same step as `{first.text}`",
        f"begin a step of its own: `- {second.text}: …`",
    )


class Set(StepPart):
    """Gives values to variables."""

    label: ClassVar[str] = "`set`"
    sample: ClassVar[str] = "set: {total: = total + 1}"
    values: NamedValues = Field(alias="set")


class If(StepPart):
    """Runs steps when a condition holds."""

    label: ClassVar[str] = "`if`"
    sample: ClassVar[str] = "if: = total > 3"
    condition: Value = Field(alias="if")
    then: Steps
    otherwise: Steps = Field((), alias="else")


class When(Part):
    """One case of a choice."""

    label: ClassVar[str] = "a case of `choose`"
    sample: ClassVar[str] = "when: = total > 3"
    condition: Value = Field(alias="when")
    do: Steps


class Choose(StepPart):
    """Runs the first case whose condition holds."""

    label: ClassVar[str] = "`choose`"
    sample: ClassVar[str] = "choose: [{when: = total > 3, do: […]}]"
    cases: Annotated[tuple[When, ...], BeforeValidator(fields.items)] = Field(alias="choose")
    otherwise: Steps = ()


class ForEach(StepPart):
    """Runs steps for each item of a list."""

    label: ClassVar[str] = "`for each`"
    sample: ClassVar[str] = "for each: user"
    name: Name = Field(alias="for each")
    items: Value = Field(alias="in")
    do: Steps
    at_once: Value | None = Field(None, alias="at once")
    collect_failures_as: Name | None = Field(None, alias="collect failures as")
    collect_as: Name | None = Field(None, alias="collect as")
    each_gives: Value | None = Field(None, alias="each gives")


class Count(StepPart):
    """Runs steps for each number from one to another."""

    label: ClassVar[str] = "`count`"
    sample: ClassVar[str] = "count: number"
    name: Name = Field(alias="count")
    start: Value = Field(alias="from")
    stop: Value = Field(alias="to")
    by: Value | None = None
    do: Steps


class Repeat(StepPart):
    """Runs steps a number of times."""

    label: ClassVar[str] = "`repeat`"
    sample: ClassVar[str] = "repeat: 3"
    times: Value = Field(alias="repeat")
    do: Steps


class While(StepPart):
    """Runs steps as long as a condition holds."""

    label: ClassVar[str] = "`while`"
    sample: ClassVar[str] = "while: = total < 3"
    condition: Value = Field(alias="while")
    do: Steps


class Until(StepPart):
    """Runs steps until a condition holds; it is asked before each round."""

    label: ClassVar[str] = "`until`"
    sample: ClassVar[str] = "until: = total > 3"
    condition: Value = Field(alias="until")
    do: Steps


class Bare(StepPart):
    """A statement that is a word alone; ``word`` may be written with an empty value too."""

    word: Text = Field(alias=KEY)

    @classmethod
    def bare(cls, node: Scalar) -> dict[str, object]:
        return {KEY: node}

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        opened = super().opened(node)
        for key, value in list(opened.items()):
            if isinstance(value, UnknownKey) and value.key.text == cls.sample:
                del opened[key]
                opened[KEY] = value.key
        return opened


class StopLoop(Bare):
    """Leaves the loop."""

    label: ClassVar[str] = "`stop loop`"
    sample: ClassVar[str] = "stop loop"


class NextRound(Bare):
    """Goes on with the loop's next round."""

    label: ClassVar[str] = "`next round`"
    sample: ClassVar[str] = "next round"


class FailAgain(Bare):
    """Passes on the failure that a handler was given."""

    label: ClassVar[str] = "`fail again`"
    sample: ClassVar[str] = "fail again"


class Try(StepPart):
    """Runs steps, with handlers for all of them and steps that always run at the end."""

    label: ClassVar[str] = "`try`"
    sample: ClassVar[str] = "try: […]"
    steps: Steps = Field(alias="try")
    always: Steps = ()


class Together(StepPart):
    """Runs branches side by side."""

    label: ClassVar[str] = "`together`"
    sample: ClassVar[str] = "together: [[…], […]]"
    branches: Annotated[tuple[Steps, ...], BeforeValidator(fields.items)] = Field(alias="together")


class Wait(StepPart):
    """Waits for a duration."""

    label: ClassVar[str] = "`wait`"
    sample: ClassVar[str] = "wait: 5 seconds"
    duration: Value = Field(alias="wait")


class Return(StepPart):
    """Ends the flow or function with a value."""

    label: ClassVar[str] = "`return`"
    sample: ClassVar[str] = "return: sent"
    value: Value = Field(alias="return")

    @classmethod
    def bare(cls, node: Scalar) -> dict[str, object]:
        return {"return": Scalar("", node.span)}


class FailureWritten(Part):
    """The failure that a ``fail`` step gives."""

    label: ClassVar[str] = "`fail`"
    sample: ClassVar[str] = "fail: {code: 3103, message: Turn on confirmation first}"
    code: Value
    message: Value
    details: Value | None = None


class Fail(StepPart):
    """Ends the flow with a failure."""

    label: ClassVar[str] = "`fail`"
    sample: ClassVar[str] = FailureWritten.sample
    failure: FailureWritten = Field(alias="fail")


class Log(StepPart):
    """Writes a line into the run's log."""

    label: ClassVar[str] = "`log`"
    sample: ClassVar[str] = "log: mailing ${user}"
    text: Value = Field(alias="log")


STATEMENTS: dict[str, type[StepPart]] = {
    "set": Set,
    "if": If,
    "choose": Choose,
    "for each": ForEach,
    "count": Count,
    "repeat": Repeat,
    "while": While,
    "until": Until,
    "stop loop": StopLoop,
    "next round": NextRound,
    "fail again": FailAgain,
    "try": Try,
    "together": Together,
    "wait": Wait,
    "return": Return,
    "fail": Fail,
    "log": Log,
}
"""The language's own statements by the key that begins them; every other key is a block's label."""

STATEMENT_KEYS = frozenset(STATEMENTS)


def _statement(node: object) -> str:
    """Which model a step belongs to: the first statement key it has (``wait`` is also a key of ``retry``)."""
    if isinstance(node, Scalar) and node.text in STATEMENTS:
        return node.text
    if isinstance(node, Mapping):
        for key, _ in node.entries:
            if key.text in STATEMENTS:
                return key.text
    return "call"


Step: TypeAlias = Annotated[
    Annotated[Call, Tag("call")]
    | Annotated[Set, Tag("set")]
    | Annotated[If, Tag("if")]
    | Annotated[Choose, Tag("choose")]
    | Annotated[ForEach, Tag("for each")]
    | Annotated[Count, Tag("count")]
    | Annotated[Repeat, Tag("repeat")]
    | Annotated[While, Tag("while")]
    | Annotated[Until, Tag("until")]
    | Annotated[StopLoop, Tag("stop loop")]
    | Annotated[NextRound, Tag("next round")]
    | Annotated[FailAgain, Tag("fail again")]
    | Annotated[Try, Tag("try")]
    | Annotated[Together, Tag("together")]
    | Annotated[Wait, Tag("wait")]
    | Annotated[Return, Tag("return")]
    | Annotated[Fail, Tag("fail")]
    | Annotated[Log, Tag("log")],
    Discriminator(_statement),
]
Steps: TypeAlias = Annotated[tuple[Step, ...], BeforeValidator(fields.items)]


class InputWritten(Part):
    """An input that a flow or function asks for; its type alone may stand for all of it."""

    label: ClassVar[str] = "an input"
    sample: ClassVar[str] = "user identity: {type: text, example: alice@example.com}"
    name: Name = Field(alias=KEY)
    type: Text
    about: Text | None = None
    example: Value | None = None
    default: Value | None = None
    choices: Annotated[tuple[Value, ...], BeforeValidator(fields.items)] = ()

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        assert isinstance(node, Entry)
        if isinstance(node.value, Scalar) and not node.value.is_empty:
            return Opened(cls, {SPAN: node.key.span, KEY: node.key, "type": node.value})
        return super().opened(node)


Inputs: TypeAlias = Annotated[tuple[InputWritten, ...], BeforeValidator(fields.entries)]


class FunctionWritten(Part):
    """Steps under a name of their own, used as a block in the same file."""

    label: ClassVar[str] = "a function"
    sample: ClassVar[str] = "functions: {greet: {inputs: {name: text}, steps: […]}}"
    name: Name = Field(alias=KEY)
    about: Text | None = None
    inputs: Inputs = ()
    steps: Steps


class Given(Part):
    """What is there before a test: the users in the service and its settings."""

    label: ClassVar[str] = "`given`"
    sample: ClassVar[str] = "given: {users: [{email: alice@example.com}]}"
    users: Value | None = None
    settings: Value | None = None


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
    sample: ClassVar[str] = "it: mails a user who has not confirmed yet"
    it: Text
    given: Given | None = None
    inputs: NamedValues = Field((), alias="with")
    expect: Expected


class Document(Part):
    """A flow file."""

    label: ClassVar[str] = "a flow"
    sample: ClassVar[str] = "flow: greet a user"
    flow: Name
    about: Text | None = None
    inputs: Inputs = ()
    steps: Steps
    functions: Annotated[tuple[FunctionWritten, ...], BeforeValidator(fields.entries)] = ()
    tests: Annotated[tuple[TestWritten, ...], BeforeValidator(fields.items)] = ()


def read_document(source: Source) -> Document:
    """The flow that a file writes. Raises FlowError with every finding."""
    node = parse_nodes(source)
    try:
        return Document.model_validate(node)
    except ValidationError as error:
        raise FlowError(shape.findings(error, source)) from None
