"""PyYAML's events with types: from libyaml's parser where there is one, else from the pure one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias, cast


class Mark(Protocol):
    """A point in the text, counted from 0, in characters."""

    index: int
    line: int
    column: int


class Event(Protocol):
    """One event of the parser; which attributes it has depends on its class."""

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    flow_style: bool | None
    version: tuple[int, int] | None
    tags: dict[str, str] | None


class Kinds(NamedTuple):
    """The classes of events that the builder tells apart."""

    scalar: type[object]
    alias: type[object]
    mapping: type[object]
    mapping_end: type[object]
    sequence_end: type[object]
    document: type[object]
    stream_end: type[object]


class Broken(Exception):
    """YAML cannot be read on from here: what the parser says, in its own words, and the indexes it points at."""

    def __init__(self, context: str, problem: str, start: int | None, at: int | None) -> None:
        super().__init__(context, problem, start, at)
        self.context = context
        self.problem = problem
        self.start = start
        self.at = at


NextEvent: TypeAlias = Callable[[], Event]


def event_kinds() -> Kinds:
    """The event classes; YAML is imported here, when a file is read, and not before."""
    from yaml import events

    return Kinds(
        events.ScalarEvent,
        events.AliasEvent,
        events.MappingStartEvent,
        events.MappingEndEvent,
        events.SequenceEndEvent,
        events.DocumentStartEvent,
        events.StreamEndEvent,
    )


def open_events(text: str) -> NextEvent:
    """A function that gives the next event of a text. It may raise YAML's own error: see ``broken_by``."""
    import yaml

    if yaml.__with_libyaml__:
        from yaml._yaml import CParser

        return cast(NextEvent, CParser(text).get_event)
    return open_pure_events(text)


def open_pure_events(text: str) -> NextEvent:
    """The same events, and much slower, without libyaml."""
    import yaml

    class PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
        def __init__(self) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)

    return cast(NextEvent, PureParser().get_event)


def broken_by(problem: Exception) -> Broken:
    """YAML's error as ours. The parsers' marks are all that is taken from it besides its sentence."""
    context_mark = cast(Mark | None, getattr(problem, "context_mark", None))
    problem_mark = cast(Mark | None, getattr(problem, "problem_mark", None))
    return Broken(
        str(getattr(problem, "context", None) or ""),
        str(getattr(problem, "problem", None) or problem),
        None if context_mark is None else context_mark.index,
        None if problem_mark is None else problem_mark.index,
    )
