"""Flow files on the disk: which there are in a folder, and what they are called. Each is looked into only when it may
have changed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from collections.abc import Mapping as ByName
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from blockwright.catalogue.naming import is_name
from blockwright.engine.clock import SystemClock
from blockwright.language.diagnostics import FlowError, Span
from blockwright.language.source import SIZE_LIMIT, Mapping, Scalar, Source, parse_nodes

_HEADER = re.compile(r"^flow:[ \t]*(['\"]?)(.*?)\1[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_HEADER_SIZE = 20_000
SUFFIXES = (".yaml", ".yml")
"""How the names of flow files end."""
_OF_OTHERS = frozenset(["node_modules", "__pycache__"])
_MOST_KNOWN = 20_000
_YOUNG = 2_000_000_000
"""Nanoseconds after which a file's stamp can be trusted: some disks tell times to two seconds only."""


@dataclass(frozen=True, slots=True)
class Header:
    """A file that begins like a flow, and where its name stands; ``real`` is its path without links, ``digest`` stands
    for all that it says."""

    name: str
    path: str
    real: str
    place: Span
    line: str
    digest: bytes


Index: TypeAlias = ByName[str, list[Header]]
"""The flows of a folder by name."""


@dataclass(frozen=True, slots=True)
class _File:
    """What is known of a file. ``is_settled`` says that as long as its stamp stays the same, so does the file."""

    stamp: tuple[int, ...]
    is_settled: bool
    header: Header | None


class Files:
    """Looks into folders, and remembers what it saw there."""

    def __init__(self) -> None:
        self._known: dict[str, _File] = {}
        self._seen: dict[tuple[Path, bool], Index] | None = None

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """While this is open each folder is looked into once."""
        before, self._seen = self._seen, {} if self._seen is None else self._seen
        try:
            yield
        finally:
            self._seen = before

    def index(self, folder: Path, *, deep: bool) -> Index:
        """The flows of a folder, with ``deep`` those of the folders below it too; what is hidden, and what cannot be
        looked into, is passed over."""
        if self._seen is None:
            return self._index(folder, deep=deep)
        if (folder, deep) not in self._seen:
            self._seen[folder, deep] = self._index(folder, deep=deep)
        return self._seen[folder, deep]

    def _index(self, folder: Path, *, deep: bool) -> Index:
        index: dict[str, list[Header]] = {}
        now = int(SystemClock().now().timestamp() * 1_000_000_000)
        for path in sorted(flow_files(folder, deep=deep)):
            header = self._look(path, now)
            if header is not None:
                index.setdefault(header.name, []).append(header)
        return index

    def _look(self, path: str, now: int) -> Header | None:
        try:
            status = os.stat(path)  # noqa: PTH116 - a Path for each file would cost more than the look
            stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev)
            known = self._known.get(path)
            if known is not None and known.is_settled and known.stamp == stamp:
                return known.header
            header = _header(path, _read(path))
        except (OSError, ValueError):
            self._known.pop(path, None)
            return None
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        is_settled = now - max(status.st_mtime_ns, status.st_ctime_ns) > _YOUNG
        self._known[path] = _File(stamp, is_settled, header)
        return header


def header_of(path: str) -> Header | None:
    """The name that a file has as a flow, and where it stands; None when it is none."""
    try:
        return _header(path, _read(path))
    except (OSError, ValueError):
        return None


def is_there(path: str) -> bool:
    """Whether a path leads to a file, as far as anybody can tell: also when it may not be looked at."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - as above
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True


def real_path(path: str | Path) -> str:
    """A path without links."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


def flow_files(folder: str | os.PathLike[str], *, deep: bool = True) -> Iterator[str]:
    """The YAML files of a folder, with ``deep`` of the folders below it too.

    What is hidden, what cannot be looked into, links to folders, and what others have put there (``node_modules``,
    virtual environments) is passed over.
    """
    waiting = [os.fspath(folder)]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                found = [entry for entry in entries if not entry.name.startswith(".")]
        except (OSError, ValueError):
            continue
        if here != os.fspath(folder) and any(entry.name == "pyvenv.cfg" for entry in found):
            continue
        for entry in found:
            with suppress(OSError):
                if deep and entry.is_dir(follow_symlinks=False):
                    waiting += [entry.path] if entry.name not in _OF_OTHERS else []
                elif entry.name.endswith(SUFFIXES) and entry.is_file():
                    yield entry.path


def _read(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(SIZE_LIMIT + 1)


def _header(path: str, data: bytes) -> Header | None:
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    match = _HEADER.search(text, 0, _HEADER_SIZE)
    found = None
    if match is not None:
        line = text.count("\n", 0, match.start()) + 1
        start, end = match.start(2) - match.start(), match.end(2) - match.start()
        found = match[2], Span(line, start + 1, line, end + 1), match[0]
    if found is None or not is_name(found[0]):
        found = (_read_as_yaml(path, text) if "flow" in text[:_HEADER_SIZE] else None) or found
    if found is None:
        return None
    name, place, written = found
    digest = hashlib.blake2b(data, digest_size=16).digest()
    return Header(name, path, real_path(path), place, written, digest)


def _read_as_yaml(path: str, text: str) -> tuple[str, Span, str] | None:
    """The name of a flow that is not written as nearly all are, such as in JSON or with a quoted key."""
    source = Source(path, text)
    try:
        node = parse_nodes(source)
    except FlowError:
        return None
    if isinstance(node, Mapping):
        for key, value in node.entries:
            if key.text == "flow" and isinstance(value, Scalar):
                return value.text, value.span, source.line(value.span.line)
    return None
