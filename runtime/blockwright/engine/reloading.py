"""Flows by name that follow their files: loaded again when these change, kept when an edit breaks them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from blockwright.engine.files import header_of, is_there
from blockwright.language.diagnostics import FlowError
from blockwright.language.source import read_source

if TYPE_CHECKING:
    from blockwright.engine.library import Contents, Library
    from blockwright.engine.runtime import Flow
    from blockwright.language.source import Source

_logger = logging.getLogger("blockwright.library")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a look at all files of a runtime's folders found: the ``flows`` that there are, by name, in the order of the
    files; which of them are new and changed, and which are gone.

    ``problems`` are the flows that cannot be loaded as they are now, each with what is wrong. One that could be before
    goes on as it was.
    """

    flows: Mapping[str, Flow]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    problems: Mapping[str, FlowError]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A flow as it was last loaded, and the files that it was made of; ``contents`` is what was in the folders when
    this was last looked at, ``problem`` what is wrong with the files since."""

    flow: Flow
    made_of: Mapping[str, tuple[str, str]]
    contents: Contents
    problem: FlowError | None = None


class Reloading:
    """The flows of a runtime's folders. Its caller sees to it that one thread is at work here at a time."""

    def __init__(self, library: Library, load: Callable[[Source], Flow]) -> None:
        self._library = library
        self._load = load
        self._kept: dict[str, _Kept] = {}

    def flow(self, name: str) -> Flow:
        """A flow as its files are now, or were when they were last right. Raises FlowError."""
        with self._library.files.one_look():
            return self._look(name, self._library.contents()).flow

    def refresh(self) -> Refreshed:
        """Look at every flow in the folders."""
        with self._library.files.one_look():
            return self._refresh()

    def _refresh(self) -> Refreshed:
        contents = self._library.contents()
        names = tuple(contents.flows)
        before = {name: kept.flow for name, kept in self._kept.items()}
        names += tuple(name for name, kept in self._kept.items() if name not in contents.flows and _is_spoilt(kept))
        there = frozenset(names)
        gone = tuple(name for name in before if name not in there)
        for name in gone:
            del self._kept[name]
        problems: dict[str, FlowError] = {}
        for name in names:
            try:
                problem = self._look(name, contents).problem
            except FlowError as error:
                problem = error
            if problem is not None:
                problems[name] = problem
        now = {name: self._kept[name].flow for name in names if name in self._kept}
        return Refreshed(
            flows=MappingProxyType(now),
            added=tuple(name for name in now if name not in before),
            changed=tuple(name for name, flow in now.items() if before.get(name, flow) is not flow),
            gone=gone,
            problems=MappingProxyType(problems),
        )

    def _look(self, name: str, contents: Contents) -> _Kept:
        kept = self._kept.get(name)
        if kept is not None and kept.contents is contents:
            return kept
        if kept is not None and _is_as_it_was(kept, contents):
            self._kept[name] = replace(kept, contents=contents)
            return self._kept[name]
        is_spoilt = kept is not None and name not in contents.flows and _is_spoilt(kept)
        if name not in contents.flows and not is_spoilt:
            self._kept.pop(name, None)
        try:
            source = (
                read_source(kept.flow.path) if kept is not None and is_spoilt else self._library.find(name, contents)
            )
            flow = self._load(source)
        except FlowError as error:
            kept = self._kept.get(name)
            if kept is None:
                raise
            if str(error) != str(kept.problem):
                _logger.warning("`%s` goes on as it was, because what its files say now is wrong:\n%s", name, error)
            self._kept[name] = replace(kept, contents=contents, problem=error)
            return self._kept[name]
        sources = {each: unit.program.source for each, unit in self._library.units.items()}
        made_of = {each: (source.path, source.text) for each, source in sources.items()}
        if kept is not None and kept.made_of == made_of:
            flow = kept.flow
        self._kept[name] = _Kept(flow, made_of, contents)
        return self._kept[name]


def _is_as_it_was(kept: _Kept, contents: Contents) -> bool:
    """Whether nothing was wrong with a flow, and all that it is made of is in the folders as it was."""
    return kept.problem is None and all(
        name in contents.flows and contents.has_still(name, kept.contents) for name in kept.made_of
    )


def _is_spoilt(kept: _Kept) -> bool:
    """Whether a flow's file is still there, and no longer begins like any flow, or may not be read any more."""
    return is_there(kept.flow.path) and header_of(kept.flow.path) is None
