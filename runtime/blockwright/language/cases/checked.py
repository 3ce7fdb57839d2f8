"""The checked tests of a flow: every value, code and label in them resolved. It is all that runs them needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

from blockwright.failure import Place

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.language.diagnostics import Span
    from blockwright.language.program import Value
    from blockwright.language.source import Source

Record: TypeAlias = Mapping[str, "Value"]
"""Entries by name, such as those of a user."""

BESIDE = (".tests.yaml", ".tests.yml")
"""How the names of files end that hold the tests of a flow beside it."""


def is_beside(path: PurePath) -> bool:
    """Whether a file holds tests of a flow, by its name, and so is no flow itself."""
    return path.name.endswith(BESIDE)


@dataclass(frozen=True, slots=True)
class MeantFailure:
    """A failure with the parts of it that matter."""

    code: Value
    message: Value | None
    details: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """What a block answers to a call with these inputs, by parameter: ``gives``, or the failure; ``takes`` is how long
    that lasts."""

    when: Mapping[str, Value]
    gives: Value | None
    fails: MeantFailure | None
    takes: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class GivenUser:
    """An account that is there before a test."""

    record: Record
    span: Span


@dataclass(frozen=True, slots=True)
class GivenSetting:
    """A setting of the app; ``span`` is where its name stands."""

    name: str
    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Given:
    """What is there before a test. ``answers`` are by the block's label, ``roles`` are lists of identities."""

    users: tuple[GivenUser, ...] = ()
    settings: tuple[GivenSetting, ...] = ()
    roles: Record = field(default_factory=dict)
    logged_in: Value | None = None
    answers: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    clock: Value | None = None


@dataclass(frozen=True, slots=True)
class Returns:
    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Fails:
    failure: MeantFailure
    span: Span


@dataclass(frozen=True, slots=True)
class Logs:
    """The lines of the log: these and no others, or these among others, in this order."""

    lines: Value
    exactly: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Mails:
    """To whom mail goes, in this order."""

    to: Value
    span: Span


@dataclass(frozen=True, slots=True)
class MailWords:
    """To whom mail goes, in any order, and the words that are in it."""

    words: Mapping[str, Value]
    span: Span


@dataclass(frozen=True, slots=True)
class MeantCall:
    """A call of a block, with the inputs that matter by name."""

    block: AnyBlock
    inputs: Record


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of these blocks, in this order; those of other blocks do not matter."""

    calls: tuple[MeantCall, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class NeverCalls:
    labels: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class TimePassed:
    duration: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Users:
    """The accounts that are there afterwards, no others, in any order, with the properties that matter."""

    records: tuple[GivenUser, ...]
    span: Span


Expectation: TypeAlias = Returns | Fails | Logs | Mails | MailWords | Calls | NeverCalls | TimePassed | Users


@dataclass(frozen=True, slots=True)
class Case:
    """One test: what is given, the inputs by name, and what is expected, in the order of the file."""

    source: Source
    sentence: str
    given: Given
    inputs: Record
    expected: tuple[Expectation, ...]
    span: Span

    @property
    def place(self) -> Place:
        return Place(self.source.path, self.span.line, self.span.column)
