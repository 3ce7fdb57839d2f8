"""The flows that a runtime knows: files read, checked together with the flows they call, and found by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from blockwright.catalogue import Catalogue
from blockwright.engine.files import Files, Header, Index, State, header_of, real_path
from blockwright.engine.unit import Unit
from blockwright.language import program as p
from blockwright.language.checker import Arising, check, check_across, contract_of
from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.document import Document, read_document
from blockwright.language.source import Source, read_source
from blockwright.language.source.quoting import cut
from blockwright.language.steps import MODIFIERS, STATEMENTS
from blockwright.language.suggest import did_you_mean

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.language.program import Program

_MOST_DOCUMENTS = 1_000
_ANOTHER_NAME = "give one of the two another name"


class Library:
    """Flows by name. A flow may call those of its own folder, and those of ``folders`` and the folders below them.

    Every ``load`` looks at the files anew, so what it finds is what they say now; ``units`` are the flow that was
    loaded last and all flows that it calls, ``arising`` is what they can fail with. Not for several threads at once.
    """

    def __init__(self, blocks: Catalogue, folders: Iterable[str | os.PathLike[str]] = ()) -> None:
        self.blocks = blocks
        self.units: Mapping[str, Unit] = {}
        self.folders = tuple(Path(folder) for folder in folders)
        self.arising = Arising([])
        self.files = Files()
        self._documents: dict[str, _Read] = {}
        self._homes: dict[tuple[Path, str], str] = {}

    def load(self, source: Source) -> Unit:
        """Check a file and every flow it calls. Raises FlowError with all findings in all of them."""
        shelf = _Shelf(self.blocks, self.folders, self.files, self._documents)
        first = shelf.take_in(_read(source))
        programs = shelf.check_all(first, [*self._twins(first), *shelf.twins(first)])
        arising = Arising(programs.values())
        across = {name: check_across(each, arising) for name, each in programs.items() if each.flows}
        if any(found.severity == "error" for each in across.values() for found in each):
            raise FlowError([found for each in across.values() for found in each])
        for name, found in across.items():
            programs[name] = replace(programs[name], warnings=(*programs[name].warnings, *found))
        self.units = {each: Unit.of(program) for each, program in programs.items()}
        self.arising = arising
        return self.units[first.document.flow.text]

    def state(self) -> State:
        """All files in the folders, as they are now."""
        return tuple(each for folder in self.folders for each in self.files.index(folder, deep=True)[1])

    def names(self) -> tuple[str, ...]:
        """The names of the flows in the folders, as they are now."""
        return tuple(dict.fromkeys(name for folder in self.folders for name in self.files.index(folder, deep=True)[0]))

    def find(self, name: str) -> Source:
        """The file in the folders of the flow with this name. Raises FlowError when there is none, or more than one."""
        found = _by_real_path(each for folder in self.folders for each in self._headers(folder, name))
        if len(found) > 1:
            raise FlowError(_clash(found))
        if found:
            return read_source(found[0].path)
        place = str(self.folders[0]) if self.folders else "."
        near = did_you_mean(name, self.names())
        mend = f"did you mean `{near}`?" if near else "a runtime looks in the folders that it is given as `flows`"
        message = f"there is no flow called `{cut(name)}` in the runtime's folders"
        raise FlowError([Finding(place, Span(1, 1, 1, 1), message, mend, "error", "unknown-flow")])

    def _headers(self, folder: Path, name: str) -> list[Header]:
        return self.files.index(folder, deep=True)[0].get(name, [])

    def _twins(self, read: _Read) -> list[Finding]:
        """Another file of the same folder that was loaded under the same name, and still has it."""
        path, name = Path(read.source.path), read.document.flow.text
        if not path.is_file():
            return []
        home = path.parent, name
        known = Path(self._homes.setdefault(home, read.source.path))
        if real_path(known) == real_path(path):
            return []
        header = header_of(known)
        if header is None or header.name != name:
            self._homes[home] = read.source.path
            return []
        return [_also(read.source.path, read.document.flow.span, name, header, read.source)]


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read but is perhaps not checked yet."""

    source: Source
    document: Document
    contract: p.Contract
    warnings: tuple[Finding, ...]


def _read(source: Source) -> _Read:
    warnings: list[Finding] = []
    document = read_document(source, warnings)
    return _Read(source, document, contract_of(document, source), tuple(warnings))


class _Shelf:
    """The files that one ``load`` has looked at."""

    def __init__(self, blocks: Catalogue, folders: tuple[Path, ...], files: Files, documents: dict[str, _Read]) -> None:
        self.blocks = blocks
        self._folders = folders
        self._files = files
        self._documents = documents
        self._read: dict[str, _Read] = {}
        self._broken: dict[str, FlowError] = {}
        self._indexes: dict[tuple[Path, bool], Index] = {}

    def take_in(self, read: _Read) -> _Read:
        """Put a file on the shelf. Raises FlowError when no flow may have its name."""
        name = read.document.flow.text
        message = None
        if name in self.blocks:
            message = f"`{name}` is already the label of a block"
        elif name in STATEMENTS or name in MODIFIERS:
            message = f"`{name}` is a word of the language, so a flow of that name could never be called"
        if message is not None:
            found = read.source.finding(read.document.flow.span, message, "give the flow another name", rule="clash")
            raise FlowError([*read.warnings, found])
        self._read[name] = read
        return read

    def _document(self, path: Path) -> _Read:
        """A file taken apart; the same as the last time if it still says the same."""
        source = read_source(path)
        known = self._documents.get(source.path)
        if known is None or known.source.text != source.text:
            known = _read(source)
            if len(self._documents) > _MOST_DOCUMENTS:
                self._documents.clear()
            self._documents[source.path] = known
        return known

    def twins(self, read: _Read) -> list[Finding]:
        """The other files in the folders that every flow may use which have the same name."""
        name, own = read.document.flow.text, real_path(read.source.path)
        headers = (each for folder in self._folders for each in self._index(folder, deep=True).get(name, ()))
        others = [each for each in _by_real_path(headers) if each.real != own]
        return [_also(read.source.path, read.document.flow.span, name, each, read.source) for each in others[:1]]

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
                self.take_in(self._document(found.path))
            except FlowError as error:
                self._broken[name] = error
                raise
        return self._read[name].contract if name in self._read else None

    def names(self, near: Source) -> Iterator[str]:
        """The names of all flows that a file may call."""
        yield from self._read
        for index in self._indexes_near(near):
            yield from index

    def _find(self, name: str, near: Source) -> Header | None:
        taken = {real_path(read.source.path) for read in self._read.values()}
        found = _by_real_path(each for index in self._indexes_near(near) for each in index.get(name, ()))
        free = [each for each in found if each.real not in taken]
        if len(free) < 2:
            return next(iter(free), None)
        raise FlowError(_clash(free))

    def _indexes_near(self, near: Source) -> Iterator[Index]:
        yield self._index(Path(near.path).parent, deep=False)
        for folder in self._folders:
            yield self._index(folder, deep=True)

    def _index(self, folder: Path, *, deep: bool) -> Index:
        if (folder, deep) not in self._indexes:
            self._indexes[folder, deep] = self._files.index(folder, deep=deep)[0]
        return self._indexes[folder, deep]


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


def _by_real_path(headers: Iterable[Header]) -> list[Header]:
    """Each file once, however many ways lead to it."""
    found: dict[str, Header] = {}
    for header in headers:
        found.setdefault(header.real, header)
    return list(found.values())


def _clash(headers: Sequence[Header]) -> list[Finding]:
    """A finding for each of the files that have one name."""
    first, *others = headers
    found = [(each, first) for each in others] + [(first, others[0])]
    return [_also(str(each.path), each.place, each.name, other, each.line) for each, other in found]


def _also(path: str, place: Span, name: str, other: Header, line: Source | str) -> Finding:
    message = f"`{name}` is also the name of the flow in {other.path}"
    text = line if isinstance(line, str) else line.line(place.line)
    return Finding(path, place, message, _ANOTHER_NAME, "error", "clash", text)
