"""The steps an author may write: pydantic models, one per statement, with the author's own keys."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Discriminator, Field, Tag

from blockwright.language.diagnostics import Span
from blockwright.language.fields import (
    Entry,
    Name,
    NamedValues,
    Reads,
    Scalars,
    Switch,
    Text,
    Value,
    listed,
    named,
    named_values,
    problem,
    read_entries,
    read_named_values,
)
from blockwright.language.shape import KEY, SPAN, VALUE, Opened, Part, UnknownKey
from blockwright.language.source import Mapping, Node, Scalar, Sequence
from blockwright.language.source.quoting import cut
from blockwright.language.suggest import did_you_mean

ANYTHING_ELSE = "anything else"
IGNORE = "ignore"

_EACH_STEP = "write each step on a line of its own, beginning with `- `"
_EACH_CASE = "write each case as `- when: = …` with its `do:`"
_HANDLER = "`3102: ignore`, or a code with steps below it; `anything else:` for every other code"


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
            what = cut(key.text)
            raise problem(value.span, "a handler is a list of steps, or the word `ignore`", f"`{what}: ignore`")
        codes = () if key.text == ANYTHING_ELSE else tuple(_codes(key))
        steps = Sequence([], value.span) if isinstance(value, Scalar) else value
        return Opened(cls, {SPAN: key.span, KEY: codes, VALUE: steps})


def _codes(key: Scalar) -> list[Scalar]:
    """The codes of ``3102, 3104``, each with its own place."""
    codes, at = [], 0
    for part in key.text.split(","):
        text = part.strip()
        if not text:
            raise problem(key.span, "a code is missing here", "write `3102:`, `3102, 3104:` or `anything else:`")
        if text == ANYTHING_ELSE:
            raise problem(key.span, f"`{ANYTHING_ELSE}` takes every code there is", f"write `{ANYTHING_ELSE}:` alone")
        line, column = key.position(at + part.index(text))
        codes.append(Scalar(text, Span(line, column, line, column + len(text)), key.style))
        at += len(part) + 1
    return codes


Handlers: TypeAlias = Annotated[tuple[Handler, ...], named("handlers", _HANDLER)]


class Retry(Part):
    """How to try again. Times are durations such as ``1 second``."""

    label: ClassVar[str] = "`retry`"
    sample: ClassVar[str] = "retry: {more tries: 3, wait: 1 second}"
    more_tries: Value = Field(alias="more tries")
    wait: Value | None = None
    growing: Value | None = None
    at_most: Value | None = Field(None, alias="at most")
    only_for: Value | None = Field(None, alias="only for")


NODE = " node"


class StepPart(Part):
    """What every step may carry beside its own keys. ``node`` is the step as it stands in the file."""

    node: Annotated[Node, Reads(lambda node: node)] = Field(alias=NODE)
    handlers: Handlers = Field((), alias="if it fails")
    retry: Retry | None = None
    time_limit: Value | None = Field(None, alias="time limit")
    note: Text | None = None
    skip: Switch = False

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        assert not isinstance(node, Entry)
        if isinstance(node, Scalar):
            return Opened(cls, {SPAN: node.span, NODE: node} | cls.bare(node))
        opened = super().opened(node)
        if isinstance(node, Mapping):
            own = node.key(_statement(node))
            opened |= {SPAN: own.span if own else node.span, NODE: node}
        for value in opened.values():
            if isinstance(value, UnknownKey) and value.key.text == "save as":
                value.suggest("only a block, a function or another flow gives something to save")
            elif isinstance(value, UnknownKey):
                value.suggest(f"if it is a step of its own, begin it with a dash: `- {cut(value.key.text)}: …`")
        return opened

    def has(self, key: str) -> bool:
        """Whether the author wrote this key."""
        return isinstance(self.node, Mapping) and key in self.node

    def place(self, key: str) -> Span:
        """Where a key stands; the step's own place when it is not there."""
        scalar = self.node.key(key) if isinstance(self.node, Mapping) else None
        return self.span if scalar is None else scalar.span

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
    inputs: Annotated[NamedValues, Reads(lambda values: values)] = Field(alias=VALUE)
    save_as: Name | None = Field(None, alias="save as")

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        assert not isinstance(node, Entry)
        if isinstance(node, Scalar):
            if not node.text:
                raise problem(node.span, "this step is empty", "write a block after the `- `, or take the line out")
            return Opened(cls, {SPAN: node.span, NODE: node, KEY: node, VALUE: ()})
        if not isinstance(node, Mapping):
            raise problem(node.span, "a step is a block with its inputs below, not a list", f"`- {cls.sample}`")
        own = [entry for entry in node.entries if entry[0].text not in MODIFIERS]
        if not own:
            raise problem(node.span, "this step has no block, only what belongs beside one", f"`- {cls.sample}`")
        (key, value), rest = own[0], own[1:]
        if rest:
            raise _second_block(key, value, rest[0][0])
        modifiers = {name.text: given for name, given in node.entries if name.text in MODIFIERS}
        return Opened(cls, {SPAN: key.span, NODE: node, KEY: key, VALUE: _inputs(key, value)} | modifiers)


def _inputs(label: Scalar, node: Node) -> NamedValues:
    meant = did_you_mean(label.text, STATEMENTS)
    if meant is not None and not isinstance(node, Mapping) and not (isinstance(node, Scalar) and node.is_empty):
        raise problem(label.span, f"there is no statement `{cut(label.text)}`", f"did you mean `{meant}`?")
    what = f"the inputs of `{cut(label.text)}`"
    mend = f"`- {cut(label.text)}:` and below it, two blanks further in, a line `name: value` for each input"
    return read_named_values(read_entries(node, what, mend, may_be_empty=True))


def _second_block(first: Scalar, value: Node, second: Scalar) -> Exception:
    meant = did_you_mean(first.text, STATEMENTS)
    if meant is not None and second.text in STATEMENTS[meant].author_keys:
        return problem(first.span, f"there is no statement `{cut(first.text)}`", f"did you mean `{meant}`?")
    modifier = did_you_mean(second.text, MODIFIERS)
    if modifier is not None:
        return problem(second.span, f"no step knows `{cut(second.text)}`", f"did you mean `{modifier}`?")
    if isinstance(value, Scalar) and value.is_empty:
        return problem(
            second.span,
            f"`{cut(second.text)}` stands beside `{cut(first.text)}`, so it is no input of it",
            f"indent it: inputs stand two blanks further in than `{cut(first.text)}`",
        )
    return problem(
        second.span,
        f"`{cut(second.text)}` stands in the same step as `{cut(first.text)}`",
        f"begin a step of its own: `- {cut(second.text)}: …`",
    )


class Set(StepPart):
    """Gives values to variables."""

    label: ClassVar[str] = "`set`"
    sample: ClassVar[str] = "set: {total: = total + 1}"
    values: Annotated[NamedValues, named_values("variables", "`- set: {total: = total + 1}`")] = Field(alias="set")


class If(StepPart):
    """Runs steps when a condition holds."""

    label: ClassVar[str] = "`if`"
    sample: ClassVar[str] = "if: = total > 3`, `then: […]"
    condition: Value = Field(alias="if")
    then: Steps
    otherwise: Steps = Field((), alias="else")


class When(Part):
    """One case of a choice."""

    label: ClassVar[str] = "a case of `choose`"
    sample: ClassVar[str] = "when: = total > 3`, `do: […]"
    condition: Value = Field(alias="when")
    do: Steps


class Choose(StepPart):
    """Runs the first case whose condition holds."""

    label: ClassVar[str] = "`choose`"
    sample: ClassVar[str] = "choose: [{when: = total > 3, do: […]}]"
    cases: Annotated[tuple[When, ...], listed("cases", _EACH_CASE)] = Field(alias="choose")
    otherwise: Steps = ()


class ForEach(StepPart):
    """Runs steps for each item of a list."""

    label: ClassVar[str] = "`for each`"
    sample: ClassVar[str] = "for each: user`, `in: = users`, `do: […]"
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
    sample: ClassVar[str] = "count: number`, `from: 1`, `to: 10`, `do: […]"
    name: Name = Field(alias="count")
    start: Value = Field(alias="from")
    stop: Value = Field(alias="to")
    by: Value | None = None
    do: Steps


class Repeat(StepPart):
    """Runs steps a number of times."""

    label: ClassVar[str] = "`repeat`"
    sample: ClassVar[str] = "repeat: 3`, `do: […]"
    times: Value = Field(alias="repeat")
    do: Steps


class While(StepPart):
    """Runs steps as long as a condition holds."""

    label: ClassVar[str] = "`while`"
    sample: ClassVar[str] = "while: = total < 3`, `do: […]"
    condition: Value = Field(alias="while")
    do: Steps


class Until(StepPart):
    """Runs steps until a condition holds; it is asked before each round."""

    label: ClassVar[str] = "`until`"
    sample: ClassVar[str] = "until: = total > 3`, `do: […]"
    condition: Value = Field(alias="until")
    do: Steps


class Bare(StepPart):
    """A statement that is a word alone; beside modifiers it is written as a key without a value."""

    word: Text = Field(alias=KEY)

    @classmethod
    def bare(cls, node: Scalar) -> dict[str, object]:
        return {KEY: node}

    @classmethod
    def opened(cls, node: Node | Entry) -> Opened:
        opened = super().opened(node)
        if isinstance(node, Mapping):
            word = opened.pop(cls.sample)
            assert isinstance(word, UnknownKey)
            value = node.get(cls.sample)
            if not (isinstance(value, Scalar) and value.is_empty):
                raise problem(word.key.span, f"{cls.label} has nothing behind it", f"write `- {cls.sample}` alone")
            opened |= {SPAN: word.key.span, KEY: word.key}
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
    branches: Annotated[tuple[Steps, ...], listed("branches", "write each branch as a list of steps")] = Field(
        alias="together"
    )


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
Steps: TypeAlias = Annotated[tuple[Step, ...], listed("steps", _EACH_STEP)]
