"""What no trace, log or failure may show: the texts of a run that are secret, wherever they turn up.

A text is known by what it says, not by the way it came: once it was given to a secret input, or came out of a block
whose result is secret, it is masked in whatever leaves the run beside its result, alone or inside of other texts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

from blockwright.expressions.values import to_text
from blockwright.failure import Failure
from blockwright.language import program as p

if TYPE_CHECKING:
    from blockwright.expressions.values import Value

MASK = "•••"

SHORTEST_INSIDE = 4
"""Characters of the shortest secret that is looked for inside of other texts; shorter ones would be found in any."""

HEAD = 8
"""Characters of a longer secret that are masked even where the rest of it was cut off."""

MOST = 100_000
"""Texts that a run keeps secret; past that, it shows no text at all."""

NAMES = frozenset({"password", "user-token"})
"""Entries of objects that are masked whatever they hold."""


class Secrets:
    """The secret texts of one run."""

    __slots__ = ("_heads", "_is_full", "_texts")

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._heads: dict[str, list[str]] = {}
        self._is_full = False

    def __bool__(self) -> bool:
        return bool(self._texts)

    def note(self, value: Value, entries: Collection[str] = ()) -> None:
        """Keep a value secret, with all texts and numbers in it; in objects only these ``entries``, if any."""
        for text in _texts_in(value, entries):
            if text in self._texts:
                continue
            self._texts.add(text)
            self._is_full = self._is_full or len(self._texts) > MOST
            if len(text) >= SHORTEST_INSIDE and not self._is_full:
                for written in _ways_to_write(text):
                    self._heads.setdefault(written[:SHORTEST_INSIDE], []).append(written)

    def text(self, text: str) -> str:
        """The text with all secrets in it masked."""
        if self._is_full or text in self._texts:
            return MASK
        if not self._heads:
            return text
        places = self._by_heads(text) if len(self._heads) < len(text) else self._by_places(text)
        return _masked(text, sorted(places))

    def value(self, value: object) -> object:
        """Python's own value with all secrets in it masked."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.value(each) for each in value]
            case dict():
                return {
                    self.text(name): MASK if name in NAMES and each else self.value(each)
                    for name, each in value.items()
                }
            case bool() | None:
                return value
            case int() | Decimal() if self._texts:
                return MASK if self._is_full or to_text(value) in self._texts else value
        return value

    def failure(self, failure: Failure) -> Failure:
        """The failure with all secrets masked, in what caused it, too."""
        message, details = self.text(failure.message), self.value(failure.details)
        masked = Failure(failure.code, message, details, place=failure.place, flow=failure.flow, block=failure.block)
        masked.__cause__ = self._cause(failure.__cause__)
        return masked.with_traceback(failure.__traceback__)

    def _cause(self, cause: BaseException | None) -> BaseException | None:
        """What caused a failure, unless it or what caused it in turn tells a secret."""
        seen: list[BaseException] = []
        error = cause
        while error is not None and not any(error is each for each in seen):
            seen.append(error)
            said = _said_by(error)
            if self.text(said) != said:
                return MaskedError(f"{type(error).__name__}, which told a secret").with_traceback(error.__traceback__)
            error = error.__cause__ or error.__context__
        return cause

    def _by_heads(self, text: str) -> Iterator[tuple[int, int]]:
        for head, secrets in self._heads.items():
            at = text.find(head)
            while at >= 0:
                yield from _found_at(text, at, secrets)
                at = text.find(head, at + 1)

    def _by_places(self, text: str) -> Iterator[tuple[int, int]]:
        for at in range(len(text) - SHORTEST_INSIDE + 1):
            secrets = self._heads.get(text[at : at + SHORTEST_INSIDE])
            if secrets:
                yield from _found_at(text, at, secrets)


def written_secrets(program: p.Program) -> Iterator[tuple[Value, frozenset[str]]]:
    """What a file itself gives to secret inputs, and the entries of objects that are secret."""
    for routine in program.routines():
        for call in p.calls_in(routine.body):
            for given in call.arguments:
                if given.input.secret and isinstance(given.value, p.Constant):
                    entries = frozenset[str]() if isinstance(given.input, p.Asked) else given.input.secret_entries
                    yield given.value.value, entries


class MaskedError(Exception):
    """Stands for an exception that told a secret."""


def _said_by(error: BaseException) -> str:
    """All that an exception may show of itself."""
    try:
        return f"{error} {error!r} {vars(error)}"
    except Exception:
        return ""


def _found_at(text: str, at: int, secrets: list[str]) -> Iterator[tuple[int, int]]:
    for secret in secrets:
        if text.startswith(secret, at):
            yield at, at + len(secret)
        elif len(secret) > HEAD and text.startswith(secret[:HEAD], at):
            same = HEAD
            while text[at + same : at + same + 1] == secret[same]:
                same += 1
            yield at, at + same


def _masked(text: str, places: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in places:
        if end <= done:
            continue
        if start >= done:
            pieces += [text[done:start], MASK]
        done = end
    return "".join([*pieces, text[done:]])


def _texts_in(value: Value, entries: Collection[str]) -> Iterator[str]:
    """The texts and numbers in a value, without going round in trees that share their parts."""
    left: list[tuple[Value, bool]] = [(value, not entries)]
    seen: set[int] = set()
    while left:
        each, is_secret = left.pop()
        if isinstance(each, list | dict):
            if id(each) in seen:
                continue
            seen.add(id(each))
            if isinstance(each, list):
                left += [(item, is_secret) for item in each]
            else:
                left += [(item, is_secret or name in entries) for name, item in each.items()]
        elif is_secret and isinstance(each, str):
            if each:
                yield each
        elif is_secret and isinstance(each, int | Decimal) and not isinstance(each, bool):
            yield to_text(each)


def _ways_to_write(text: str) -> set[str]:
    """A text as it is, and as it looks inside of JSON, of Python's messages, and of addresses."""
    return {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1], quote(text, "")}
