"""The flows that a runtime knows: files read, checked together with the flows they call, and found by name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from blockwright.catalogue import Block, Catalogue
from blockwright.engine.unit import Unit
from blockwright.language.checker import Contract, check, codes_of, contract_of
from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.document import Document, read_document
from blockwright.language.source import Source, read_source

if TYPE_CHECKING:
    from blockwright.language.checker.codes import Codes

_HEADER = re.compile(r"^flow:[ \t]*(['\"]?)(.*?)\1[ \t]*(?:#.*)?$", re.MULTILINE)
_HEADER_SIZE = 20_000
_TOP = Span(1, 1, 1, 1)
_SUFFIXES = frozenset([".yaml", ".yml"])


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read but need not be checked yet."""

    source: Source
    document: Document
    contract: Contract


class Library:
    """Flows by name. A flow may call those of its own folder and of ``folders``."""

    def __init__(self, blocks: Catalogue, folders: Iterable[str | os.PathLike[str]] = ()) -> None:
        self.blocks = blocks
        self.units: dict[str, Unit] = {}
        self._folders = tuple(Path(folder) for folder in folders)
        self._read: dict[str, _Read] = {}

    def load(self, source: Source) -> Unit:
        """Check a file and every flow it calls. Raises FlowError with all findings in all of them."""
        read = self._take_in(source)
        findings: list[Finding] = []
        waiting = [read.document.flow.text]
        self.units.pop(waiting[0], None)
        while waiting:
            name = waiting.pop()
            if name in self.units:
                continue
            there = self._read[name]
            try:
                program = check(there.document, there.source, _Labels(self, there.source))
            except FlowError as error:
                findings += error.findings
                continue
            self.units[name] = Unit.of(program)
            waiting += program.flows
        if findings:
            self.units.pop(read.document.flow.text, None)
            raise FlowError(findings)
        return self.units[read.document.flow.text]

    def failures(self, name: str) -> Codes:
        """What a flow can fail with, the flows that it calls included."""
        found: dict[str, Codes] = dict.fromkeys(self.units, frozenset())
        while True:
            grown = {each: codes_of(unit.program, found.__getitem__) for each, unit in self.units.items()}
            if grown == found:
                return found[name]
            found = grown

    def contract(self, name: str, near: Source) -> Contract | None:
        """What the flow called ``name`` asks for, looked for in the folders that a file may use."""
        if name not in self._read:
            path = self._find(name, near)
            if path is None:
                return None
            self._take_in(read_source(path))
        return self._read[name].contract if name in self._read else None

    def names(self, near: Source) -> Iterator[str]:
        """The names of all flows that a file may call."""
        yield from self._read
        for path in self._files(near):
            yield from _headers(path)

    def _take_in(self, source: Source) -> _Read:
        document = read_document(source)
        name = document.flow.text
        known = self._read.get(name)
        if known is not None and not _same_file(known.source.path, source.path):
            message = f"two flows are called `{name}`; the other is in {known.source.path}"
            raise FlowError([source.finding(document.flow.span, message, "give one another name", rule="clash")])
        if name in self.blocks:
            message = f"`{name}` is already the label of a block"
            raise FlowError([source.finding(document.flow.span, message, "give the flow another name", rule="clash")])
        read = _Read(source, document, contract_of(document, source))
        self._read[name] = read
        return read

    def _find(self, name: str, near: Source) -> Path | None:
        found = [path for path in self._files(near) if name in _headers(path)]
        if len(found) > 1:
            places = ", ".join(str(path) for path in found)
            raise FlowError(
                [Finding(str(found[1]), _TOP, f"several files have a flow called `{name}`: {places}", rule="clash")]
            )
        return found[0] if found else None

    def _files(self, near: Source) -> Iterator[Path]:
        seen: set[Path] = set()
        for folder in (Path(near.path).parent, *self._folders):
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if path.suffix in _SUFFIXES and path.is_file() and path.resolve() not in seen:
                    seen.add(path.resolve())
                    yield path


class _Labels:
    """What the labels of one file may mean: see ``checker.Labels``."""

    def __init__(self, library: Library, source: Source) -> None:
        self._library = library
        self._source = source

    @property
    def blocks(self) -> Mapping[str, Block[..., object]]:
        return self._library.blocks

    def flow(self, name: str) -> Contract | None:
        return self._library.contract(name, self._source)

    def flow_names(self) -> Iterable[str]:
        return self._library.names(self._source)


def _headers(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [found[1].strip() for found in _HEADER.findall(file.read(_HEADER_SIZE))[:1]]
    except OSError:
        return []


def _same_file(first: str, second: str) -> bool:
    return Path(first).absolute() == Path(second).absolute()
