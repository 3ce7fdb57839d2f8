"""The flows that a runtime knows: files read, checked together with the flows they call, and found by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from blockwright.catalogue import Catalogue
from blockwright.engine.files import Files, Header, Index, header_of, is_there, real_path
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

_MOST_KEPT = 4_000
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
        self._contents = Contents({})
        self._read: dict[str, _Read] = {}
        self._homes: dict[tuple[Path, str], str] = {}

    def load(self, source: Source) -> Unit:
        """Check a file and every flow it calls. Raises FlowError with all findings in all of them."""
        if max(len(self._read), len(self._homes)) > _MOST_KEPT:
            self._read.clear()
            self._homes.clear()
        shelf = _Shelf(self.blocks, self.folders, self.files, self._read)
        first = shelf.take_in(shelf.read(source))
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

    def contents(self) -> Contents:
        """What is in the folders now: the same as before as long as no file of a flow in them has changed."""
        flows: dict[str, list[Header]] = {}
        for folder in self.folders:
            for name, headers in self.files.index(folder, deep=True).items():
                flows.setdefault(name, []).extend(headers)
        contents = Contents({name: tuple(headers) for name, headers in flows.items()})
        if contents.flows != self._contents.flows:
            self._contents = contents
        return self._contents

    def find(self, name: str, contents: Contents) -> Source:
        """The file in the folders of the flow with this name. Raises FlowError when there is none, or more than one."""
        found = _by_real_path(contents.flows.get(name, ()))
        if len(found) > 1:
            raise FlowError(_clash(found))
        if found:
            return read_source(found[0].path)
        raise FlowError([self._unknown(name, contents)])

    def _unknown(self, name: str, contents: Contents) -> Finding:
        place = str(self.folders[0]) if self.folders else "."
        missing = next((folder for folder in self.folders if not _is_folder(folder)), None)
        near = did_you_mean(name, contents.flows)
        if missing is not None:
            place, mend = str(missing), f"{missing} is no folder that can be looked into"
        elif near:
            mend = f"did you mean `{near}`?"
        else:
            mend = "a runtime looks in the folders that it is given as `flows`"
        message = f"there is no flow called `{cut(name)}` in the runtime's folders"
        return Finding(place, Span(1, 1, 1, 1), message, mend, "error", "unknown-flow")

    def _twins(self, read: _Read) -> list[Finding]:
        """Another file of the same folder that was loaded under the same name, and still has it."""
        path, name = Path(read.source.path), read.document.flow.text
        if not is_there(read.source.path):
            return []
        home = path.parent, name
        known = Path(self._homes.setdefault(home, read.source.path))
        if real_path(known) == real_path(path):
            return []
        header = header_of(str(known))
        if header is None or header.name != name:
            self._homes[home] = read.source.path
            return []
        return [_also(read.source.path, read.document.flow.span, name, header, read.source)]


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """The flows of a library's folders by name: more than one under a name where names clash, or where several ways
    lead to a file."""

    flows: Mapping[str, tuple[Header, ...]]

    def has_still(self, name: str, others: Contents) -> bool:
        """Whether the flow with this name is what it is in ``others``."""
        return self.flows.get(name) == others.flows.get(name)


@dataclass(slots=True, eq=False)
class _Read:
    """A file that was read; and its program, when it was checked and nothing was wrong, with the contracts of the flows
    that it calls."""

    source: Source
    document: Document
    contract: p.Contract
    warnings: tuple[Finding, ...]
    program: Program | None = None
    called: Mapping[str, p.Contract] = field(default_factory=dict)


class _Shelf:
    """The files that one ``load`` has looked at."""

    def __init__(self, blocks: Catalogue, folders: tuple[Path, ...], files: Files, known: dict[str, _Read]) -> None:
        self.blocks = blocks
        self._folders = folders
        self._files = files
        self._known = known
        self._read: dict[str, _Read] = {}
        self._real: dict[str, str] = {}
        self._broken: dict[str, FlowError] = {}
        self._indexes: dict[tuple[Path, bool], Index] = {}

    def read(self, source: Source) -> _Read:
        """A file taken apart; the same as the last time if it still says the same."""
        known = self._known.get(source.path)
        if known is not None and known.source.text == source.text:
            return known
        warnings: list[Finding] = []
        document = read_document(source, warnings)
        read = _Read(source, document, contract_of(document, source), tuple(warnings))
        if is_there(source.path):
            self._known[source.path] = read
        return read

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
        self._read[name], self._real[name] = read, real_path(read.source.path)
        return read

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
            labels = _Labels(self, self._read[name].source)
            try:
                programs[name] = self._program(self._read[name], labels)
            except FlowError as error:
                findings += error.findings
            waiting += labels.asked
        if findings:
            raise FlowError(findings)
        return programs

    def _program(self, read: _Read, labels: _Labels) -> Program:
        """A file checked; as it was the last time where it and the contracts of all that it calls are the same."""
        if read.program is not None:
            with suppress(FlowError):
                if all(labels.flow(name) is contract for name, contract in read.called.items()):
                    return read.program
        read.program = None
        program = check(read.document, read.source, labels, read.warnings)
        read.program, read.called = program, {name: self._read[name].contract for name in program.flows}
        return program

    def contract(self, name: str, near: Source) -> p.Contract | None:
        """What the flow called ``name`` asks for, looked for in the folders that a file may use."""
        if name in self._broken:
            raise self._broken[name]
        try:
            found = self._find(name, near)
            if found is not None:
                self.take_in(self.read(read_source(found.path)))
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
        """The file of a flow that is not on the shelf. Raises FlowError when there is another one of its name."""
        known = self._read.get(name)
        if known is not None and known.source is near:
            return None
        found = _by_real_path(each for index in self._indexes_near(near) for each in index.get(name, ()))
        if known is None:
            free = [each for each in found if each.real not in self._real.values()]
            if len(free) > 1:
                raise FlowError(_clash(free))
            return next(iter(free), None)
        others = [each for each in found if each.real != self._real[name]]
        if others and is_there(known.source.path):
            raise FlowError(_clash([_header_of(known), *others]))
        return None

    def _indexes_near(self, near: Source) -> Iterator[Index]:
        yield self._index(Path(near.path).parent, deep=False)
        for folder in self._folders:
            yield self._index(folder, deep=True)

    def _index(self, folder: Path, *, deep: bool) -> Index:
        if (folder, deep) not in self._indexes:
            self._indexes[folder, deep] = self._files.index(folder, deep=deep)
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


def _header_of(read: _Read) -> Header:
    path, place = read.source.path, read.document.flow.span
    return Header(read.document.flow.text, path, real_path(path), place, read.source.line(place.line), b"")


def _is_folder(folder: Path) -> bool:
    try:
        return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)
    except (OSError, ValueError):
        return False


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
