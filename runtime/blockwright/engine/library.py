"""The flows that a runtime knows: files read, checked together with the flows they call, and found by name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from blockwright.catalogue import Catalogue
from blockwright.engine.unit import Unit
from blockwright.language import program as p
from blockwright.language.checker import Arising, check, check_across, contract_of
from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.document import Document, read_document
from blockwright.language.source import Source, read_source
from blockwright.language.steps import MODIFIERS, STATEMENTS

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.language.program import Program

_HEADER = re.compile(r"^flow:[ \t]*(['\"]?)(.*?)\1[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_HEADER_SIZE = 20_000
_ANOTHER_NAME = "give one of the two another name"
_SUFFIXES = frozenset([".yaml", ".yml"])


class Library:
    """Flows by name. A flow may call those of its own folder and of ``folders``.

    Every ``load`` reads the files anew, so what it finds is what they say now; ``units`` are the flow that was loaded
    last and all flows that it calls, ``arising`` is what they can fail with. Not for several threads at once.
    """

    def __init__(self, blocks: Catalogue, folders: Iterable[str | os.PathLike[str]] = ()) -> None:
        self.blocks = blocks
        self.units: Mapping[str, Unit] = {}
        self._folders = tuple(Path(folder) for folder in folders)
        self.arising = Arising([])
        self._homes: dict[tuple[Path, str], str] = {}

    def load(self, source: Source) -> Unit:
        """Check a file and every flow it calls. Raises FlowError with all findings in all of them."""
        shelf = _Shelf(self.blocks, self._folders)
        first = shelf.take_in(source)
        programs = shelf.check_all(first, self._twins(first))
        arising = Arising(programs.values())
        findings = [found for each in programs.values() if each.flows for found in check_across(each, arising)]
        if findings:
            raise FlowError(findings)
        self.units = {each: Unit.of(program) for each, program in programs.items()}
        self.arising = arising
        return self.units[first.document.flow.text]

    def _twins(self, read: _Read) -> list[Finding]:
        """Another file of the same folder that was loaded under the same name, and still has it."""
        path, name = Path(read.source.path), read.document.flow.text
        if not path.is_file():
            return []
        home = path.parent, name
        known = Path(self._homes.setdefault(home, read.source.path))
        if _real(known) == _real(path):
            return []
        header = _header(known)
        if header is None or header.name != name:
            self._homes[home] = read.source.path
            return []
        message = f"`{name}` is also the name of the flow in {known}"
        return [read.source.finding(read.document.flow.span, message, _ANOTHER_NAME, rule="clash")]


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read but is perhaps not checked yet."""

    source: Source
    document: Document
    contract: p.Contract
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Header:
    """A file that begins like a flow, and where its name stands; ``real`` is its path without links."""

    name: str
    path: Path
    real: str
    place: Span
    line: str


class _Shelf:
    """The files that one ``load`` has looked at."""

    def __init__(self, blocks: Catalogue, folders: tuple[Path, ...]) -> None:
        self.blocks = blocks
        self._folders = folders
        self._read: dict[str, _Read] = {}
        self._broken: dict[str, FlowError] = {}
        self._indexes: dict[Path, Mapping[str, list[_Header]]] = {}

    def take_in(self, source: Source) -> _Read:
        """Read a file. Raises FlowError when it cannot be read, or when no flow may have its name."""
        warnings: list[Finding] = []
        document = read_document(source, warnings)
        name = document.flow.text
        message = None
        if name in self.blocks:
            message = f"`{name}` is already the label of a block"
        elif name in STATEMENTS or name in MODIFIERS:
            message = f"`{name}` is a word of the language, so a flow of that name could never be called"
        if message is not None:
            found = source.finding(document.flow.span, message, "give the flow another name", rule="clash")
            raise FlowError([*warnings, found])
        self._read[name] = _Read(source, document, contract_of(document, source), tuple(warnings))
        return self._read[name]

    def check_all(self, first: _Read, findings: list[Finding]) -> dict[str, Program]:
        """The programs of a file and of all flows that it calls, by name. Raises FlowError with ``findings`` and all
        others."""
        programs: dict[str, Program] = {}
        waiting = [first.document.flow.text]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            there = self._read[name]
            labels = _Labels(self, there.source)
            try:
                programs[name] = check(there.document, there.source, labels, there.warnings)
            except FlowError as error:
                findings += error.findings
            waiting += labels.asked
        if findings:
            raise FlowError(findings)
        return programs

    def contract(self, name: str, near: Source) -> p.Contract | None:
        """What the flow called ``name`` asks for, looked for in the folders that a file may use."""
        if name in self._broken:
            raise self._broken[name]
        if name not in self._read:
            try:
                found = self._find(name, near)
                if found is None:
                    return None
                self.take_in(read_source(found.path))
            except FlowError as error:
                self._broken[name] = error
                raise
        return self._read[name].contract if name in self._read else None

    def names(self, near: Source) -> Iterator[str]:
        """The names of all flows that a file may call."""
        yield from self._read
        for index in self._indexes_near(near):
            yield from index

    def _find(self, name: str, near: Source) -> _Header | None:
        taken = {_real(read.source.path) for read in self._read.values()}
        found: dict[str, _Header] = {}
        for index in self._indexes_near(near):
            for header in index.get(name, ()):
                if header.real not in taken:
                    found.setdefault(header.real, header)
        if len(found) < 2:
            return next(iter(found.values()), None)
        first, second, *_ = found.values()
        message = f"`{name}` is also the name of the flow in {first.path}"
        raise FlowError(
            [Finding(str(second.path), second.place, message, _ANOTHER_NAME, "error", "clash", second.line)]
        )

    def _indexes_near(self, near: Source) -> Iterator[Mapping[str, list[_Header]]]:
        for folder in (Path(near.path).parent, *self._folders):
            if folder not in self._indexes:
                self._indexes[folder] = _index(folder)
            yield self._indexes[folder]


class _Labels:
    """What the labels of one file may mean (see ``checker.Labels``); ``asked`` are the flows it was asked for."""

    def __init__(self, shelf: _Shelf, source: Source) -> None:
        self.asked: list[str] = []
        self._shelf = shelf
        self._source = source

    @property
    def blocks(self) -> Mapping[str, AnyBlock]:
        return self._shelf.blocks

    def flow(self, name: str) -> p.Contract | None:
        contract = self._shelf.contract(name, self._source)
        if contract is not None:
            self.asked.append(name)
        return contract

    def flow_names(self) -> Iterable[str]:
        return self._shelf.names(self._source)


def _index(folder: Path) -> Mapping[str, list[_Header]]:
    """The flows of a folder by name; files that cannot be looked into are passed over."""
    found: dict[str, list[_Header]] = {}
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES and path.is_file())
    except (OSError, ValueError):
        return found
    for path in paths:
        header = _header(path)
        if header is not None:
            found.setdefault(header.name, []).append(header)
    return found


def _header(path: Path) -> _Header | None:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            text = file.read(_HEADER_SIZE)
    except OSError:
        return None
    match = _HEADER.search(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + 1
    start, end = match.start(2) - match.start(), match.end(2) - match.start()
    return _Header(match[2], path, _real(path), Span(line, start + 1, line, end + 1), match[0])


def _real(path: str | Path) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)
