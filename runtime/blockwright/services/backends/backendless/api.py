"""Calls of the REST API: what is asked, and how the answer is read."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Code, Failure
from blockwright.services.backends.backendless.address import Address
from blockwright.services.backends.backendless.answers import WrongShape, columns_of, read_json
from blockwright.services.backends.backendless.line import Line, Request
from blockwright.services.backends.backendless.refusals import refusal
from blockwright.services.records import Column

T = TypeVar("T")

LARGEST = 1_000_000
"""Bytes that an answer about one account may have."""
LARGEST_LIST = 10_000_000
"""Bytes that an answer about many may have."""
REMEMBERED = 60.0
"""Seconds for which the identity column is taken as known."""
MOST_SESSIONS = 10_000
"""How many sessions are remembered, the latest used."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``path`` follows the app's address, each part encoded. ``json`` is the body.

    ``repeatable`` calls change nothing, so one that was lost on an old connection is made again. The codes in
    ``reads_as`` mean the same as another one that is declared; those ``behind_closed_doors`` are believed with a status
    of 401 or 403, and where they could be about the key.
    """

    method: str
    path: str
    json: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    secret: str = field(default="", repr=False)
    reads_as: Mapping[int, Code] = field(default_factory=dict)
    behind_closed_doors: frozenset[int] = frozenset()
    repeatable: bool = False
    largest: int = LARGEST


class Api:
    """An app's REST API, and what of it is remembered."""

    def __init__(self, address: Address, remembered: float = REMEMBERED) -> None:
        self.address = address
        self.sessions = KnownSessions()
        self._line = Line(address)
        self._remembered = remembered
        self._identity_column: tuple[float, Column] | None = None

    async def ask(self, call: Call, read: Callable[[object], T]) -> T:
        """What ``read`` makes of the answer. Fails with documented codes, and ``unavailable``."""
        headers = {}
        if call.json is not None:
            headers["content-type"] = "application/json"
        if call.token is not None:
            headers["user-token"] = call.token
        body = None if call.json is None else call.json.encode("ascii")
        target = f"{self.address.path}/{call.path}"
        answer = await self._line.exchange(Request(call.method, target, headers, body, call.largest, call.repeatable))
        if not 200 <= answer.status < 300:
            secrets = (*self.address.secrets, *(text for text in (call.token, call.secret) if text))
            raise refusal(
                answer,
                self.address.host,
                reads_as=call.reads_as,
                behind_closed_doors=call.behind_closed_doors,
                with_token=call.token is not None,
                secrets=secrets,
            )
        try:
            return read(read_json(answer.body) if answer.body.strip() else None)
        except WrongShape as problem:
            raise Failure(
                UNAVAILABLE, f"The user service at {self.address.host} answered with something that is not {problem}."
            ) from None

    async def columns(self) -> tuple[Column, ...]:
        """The columns of the Users table. Fails as ``ask`` does."""
        return await self.ask(Call("GET", "users/userclassprops", repeatable=True, largest=LARGEST_LIST), columns_of)

    async def identity_column(self) -> Column:
        """The column whose value names an account, as it is now or was a moment ago."""
        known, now = self._identity_column, time.monotonic()
        if known is not None and now - known[0] < self._remembered:
            return known[1]
        column = next((each for each in await self.columns() if each.identity), None)
        if column is None or not column.name.isidentifier() or not column.name.isascii():
            raise Failure(
                UNAVAILABLE, f"The user service at {self.address.host} does not tell which column names an account."
            )
        self._identity_column = (now, column)
        return column

    async def close(self) -> None:
        await self._line.close()


class KnownSessions:
    """Whose the sessions are that began here, by the digest of the token: the API itself does not tell it."""

    def __init__(self) -> None:
        self._object_ids: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, token: str, object_id: str) -> None:
        with self._lock:
            self._object_ids[_digest(token)] = object_id
            while len(self._object_ids) > MOST_SESSIONS:
                self._object_ids.popitem(last=False)

    def object_id_of(self, token: str) -> str | None:
        digest = _digest(token)
        with self._lock:
            found = self._object_ids.get(digest)
            if found is not None:
                self._object_ids.move_to_end(digest)
            return found

    def forget(self, token: str) -> None:
        with self._lock:
            self._object_ids.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def body(**parameters: object) -> str:
    """Parameters as the body of a call. Fails with ``bad value`` for what JSON cannot say."""
    try:
        return json.dumps(parameters, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise Failure(BAD_VALUE, "What is asked of the user service holds something that cannot be sent.") from None
