"""Flow files on the disk: which there are in a folder, and what they are called. Each is looked into only when it may
have changed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from blockwright.engine.clock import SystemClock
from blockwright.language.diagnostics import Span
from blockwright.language.source import SIZE_LIMIT

_HEADER = re.compile(r"^flow:[ \t]*(['\"]?)(.*?)\1[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_HEADER_SIZE = 20_000
_SUFFIXES = (".yaml", ".yml")
_MOST_KNOWN = 20_000
_YOUNG = 2_000_000_000
"""Nanoseconds after which a file's stamp can be trusted: some disks tell times to two seconds only."""


@dataclass(frozen=True, slots=True)
class Header:
    """A file that begins like a flow, and where its name stands; ``real`` is its path without links."""

    name: str
    path: Path
    real: str
    place: Span
    line: str


Index: TypeAlias = Mapping[str, list[Header]]
"""The flows of a folder by name."""

State: TypeAlias = tuple[tuple[str, bytes], ...]
"""What is in a folder: its files, and a digest of each. Two equal ones mean that nothing changed."""


@dataclass(frozen=True, slots=True)
class _File:
    """What is known of a file. ``is_settled`` says that as long as its stamp stays the same, so does the file."""

    stamp: tuple[int, ...]
    is_settled: bool
    digest: bytes
    header: Header | None


class Files:
    """Looks into folders, and remembers what it saw there."""

    def __init__(self) -> None:
        self._known: dict[Path, _File] = {}
        self._seen: dict[tuple[Path, bool], tuple[Index, State]] | None = None

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """While this is open each folder is looked into once."""
        before, self._seen = self._seen, {} if self._seen is None else self._seen
        try:
            yield
        finally:
            self._seen = before

    def index(self, folder: Path, *, deep: bool) -> tuple[Index, State]:
        """The flows of a folder, with ``deep`` those of the folders below it too; what is hidden, and what cannot be
        looked into, is passed over."""
        if self._seen is None:
            return self._index(folder, deep=deep)
        if (folder, deep) not in self._seen:
            self._seen[folder, deep] = self._index(folder, deep=deep)
        return self._seen[folder, deep]

    def _index(self, folder: Path, *, deep: bool) -> tuple[Index, State]:
        index: dict[str, list[Header]] = {}
        state: list[tuple[str, bytes]] = []
        for path in sorted(_paths(folder, deep=deep)):
            file = self._look(path)
            if file is None or file.header is None:
                continue
            state.append((str(path), file.digest))
            index.setdefault(file.header.name, []).append(file.header)
        return index, tuple(state)

    def _look(self, path: Path) -> _File | None:
        now = int(SystemClock().now().timestamp() * 1_000_000_000)
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev)
            known = self._known.get(path)
            if known is not None and known.is_settled and known.stamp == stamp:
                return known
            with path.open("rb") as file:
                data = file.read(SIZE_LIMIT + 1)
        except OSError:
            self._known.pop(path, None)
            return None
        is_settled = now - max(status.st_mtime_ns, status.st_ctime_ns) > _YOUNG
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        digest = hashlib.blake2b(data, digest_size=16).digest()
        self._known[path] = _File(stamp, is_settled, digest, _header(path, data))
        return self._known[path]


def header_of(path: Path) -> Header | None:
    """The name that a file has as a flow, and where it stands; None when it is none."""
    try:
        with path.open("rb") as file:
            return _header(path, file.read(_HEADER_SIZE))
    except (OSError, ValueError):
        return None


def real_path(path: str | Path) -> str:
    """A path without links."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)


def _paths(folder: Path, *, deep: bool) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if deep and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif (
                        entry.name.endswith(_SUFFIXES) and not (deep and entry.name.startswith(".")) and entry.is_file()
                    ):
                        yield Path(entry.path)
        except (OSError, ValueError):
            continue


def _header(path: Path, data: bytes) -> Header | None:
    text = data[:_HEADER_SIZE].decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    match = _HEADER.search(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + 1
    start, end = match.start(2) - match.start(), match.end(2) - match.start()
    return Header(match[2], path, real_path(path), Span(line, start + 1, line, end + 1), match[0])
